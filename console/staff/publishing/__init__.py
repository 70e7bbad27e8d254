"""Bring in and publish: files become drafts, two people sign them, everybody reads them."""
