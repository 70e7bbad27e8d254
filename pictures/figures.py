"""Money and days as they stand in a picture."""

from __future__ import annotations

from datetime import date


def yuan(fen: int) -> str:
    """56,805.63元, 1,200元: decimals only where there are fen."""
    return f"{exact(fen).removesuffix('.00')}元"


def exact(fen: int) -> str:
    """1,200.00, for columns whose points stand below each other."""
    sign, size = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{size // 100:,}.{size % 100:02d}"


def month(period: str) -> str:
    """2026年10月 for 2026-10."""
    year, number = period.split("-")
    return f"{year}年{int(number)}月"


def day(moment: date) -> str:
    return f"{moment.month}月{moment.day}日"


def full_day(moment: date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"
