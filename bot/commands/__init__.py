"""What each command does: one module a command, taking plain arguments; bot/cli.py reads them."""
