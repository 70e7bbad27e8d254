"""Columns that several tables share.

Every type is one that SQLite and PostgreSQL hold alike, so that one statement serves both:
moments are integers (milliseconds since 1970, UTC; storage/moments.py), days and months ISO text,
structured values JSON text (its bytes are what gets hashed), ids random text.

The docstrings of models become the tables' comments, and the SQLite schema editor cuts its script
at every semicolon: none may stand in one.
"""

from __future__ import annotations

from typing import Any

from tortoise import fields


def identity() -> Any:
    """A random public id (storage.ids.new_id); never sequential."""
    return fields.CharField(max_length=20, primary_key=True)


def reference(**options: Any) -> Any:
    """The id of a row in another table."""
    return fields.CharField(max_length=20, **options)


def code12(**options: Any) -> Any:
    """A region's 12-digit code."""
    return fields.CharField(max_length=12, **options)


def word(**options: Any) -> Any:
    """A short name from a fixed list: a state, a kind, a channel."""
    return fields.CharField(max_length=32, **options)


def provider_code(**options: Any) -> Any:
    """A provider's code as `safe_code` lets it through; the longest known has 38 characters."""
    return fields.CharField(max_length=64, **options)


def moment(**options: Any) -> Any:
    return fields.BigIntField(**options)


def day(**options: Any) -> Any:
    return fields.CharField(max_length=10, **options)


def digest(**options: Any) -> Any:
    """A hash in hexadecimal."""
    return fields.CharField(max_length=64, **options)
