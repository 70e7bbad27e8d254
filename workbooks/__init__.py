"""Files as accountants send them in, rows understood (or why not) out: pure."""
