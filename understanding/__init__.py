"""A resident's message in, intent and slots out: pure, no I/O but its own word lists."""
