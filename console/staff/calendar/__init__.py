"""The calendar of what is due, with its reminders, and the rhythms that make it."""
