"""Alarms: what is wrong is found, and whoever administers the county is told, once."""
