"""Money as open data shows it: exact to the fen, no floats on the way."""


def plain(fen: int | None) -> str | None:
    """1234.50 as a string, for programs; None where nothing was stated."""
    if fen is None:
        return None
    sign, size = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{size // 100}.{size % 100:02d}"
