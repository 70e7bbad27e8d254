"""Pushes on the console: composed, approved by a second person, watched, reported."""
