"""How staff get in, what they do with their own account, and who has one."""
