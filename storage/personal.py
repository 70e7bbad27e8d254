"""Which fields of a body are personal: hashed with a salt there, their values beside it.

A body of a kind without `personal` is of accounts, whose fields are fixed (docs/verify.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ACCOUNTS_FIELDS = ("payee", "summary")
"""The fields of an entry of accounts that may tell of a person."""


def personal_hashes(body: Mapping[str, Any]) -> dict[str, str]:
    """The salted hash of each personal field, as `ENTRY.field`; an entry may lack some of them."""
    names = body.get("personal", ACCOUNTS_FIELDS)
    return {
        f"{entry['id']}.{name}": entry[name]
        for entry in body["entries"]
        for name in names
        if name in entry
    }
