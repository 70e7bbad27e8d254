"""Web pages: resident pages (H5) and open data."""
