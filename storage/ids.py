"""Random public ids."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing that is mistaken for another


def new_id() -> str:
    """20 characters, 100 random bits: fit for a URL, a shell, client_msg_id and OutId."""
    bits = secrets.randbits(100)
    return "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(95, -1, -5))
