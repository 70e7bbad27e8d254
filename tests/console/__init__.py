"""Pages for residents, and open data."""
