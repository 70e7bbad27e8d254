"""The console: pages for those who work with it, each declared with who may use it."""
