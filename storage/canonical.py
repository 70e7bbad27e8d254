"""The bytes that are hashed: one way to write a value down, and salted hashes of what is personal.

Documented for outsiders in docs/verify.md, and written once more, on its own, in
docs/verify_chain.py.
"""

import hashlib
import json
import secrets
from typing import Any

SALT_BYTES = 16
GENESIS = "0" * 64
"""What the first link of a chain follows."""


def canonical(value: Any) -> str:
    """JSON with sorted keys, without blanks, no character escaped that need not be."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_salt() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(SALT_BYTES)


def salted(salt: str, value: str) -> str:
    """What stands in a body for a personal value: SHA-256 of the salt's digits and the value."""
    return digest(salt + value)
