"""What `mingbai demo` needs besides the service: a county, and approved templates."""
