"""Random public ids."""

import base64
import secrets

_ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing that is mistaken for another
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)


def new_id() -> str:
    """20 characters, 100 random bits: fit for a URL, a shell, client_msg_id and OutId."""
    return base64.b32encode(secrets.token_bytes(13))[:20].translate(_TO_CROCKFORD).decode()
