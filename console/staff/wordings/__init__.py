"""Message templates on the console: what they say, who approved it, where it is used."""
