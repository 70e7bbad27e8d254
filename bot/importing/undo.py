"""How a dry run stores nothing: it does everything, and takes it back."""


class Undo(Exception):
    """Leaves a transaction so that nothing of it stays."""
