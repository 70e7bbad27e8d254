"""People's inbox, and asking at the counter on behalf of somebody."""
