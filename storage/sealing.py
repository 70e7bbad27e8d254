"""Sealing of what is secret at rest: addresses, inbox rows, conversations, remembered replies.

An address is found by a keyed hash and sent to by opening a ciphertext; without the key file the
database tells neither (design.md, section 4). Sealed bytes are the id of the key, then a nonce,
then libsodium's secret box: the id lets an old key and a new one live side by side.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from enum import StrEnum
from typing import Literal

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from storage.keys import ID_BYTES, Key, Keys

AddressKind = Literal["phone", "openid"]
LookUp = Literal["phone", "openid", "identity", "confirm", "code", "guesser"]
"""What is found by a keyed hash: an address, a name with the last four of a number, the page on
which a delivery is confirmed, a code to log in with, or where a password was guessed from."""

_PLAIN_MOBILE = re.compile(r"1[0-9]{10}")
_COUNTRY = re.compile(r"\A(?:\+|00)?86(?=1[0-9]{10}\Z)")
_SEPARATORS = re.compile(r"[\s().-]+")


class SealProblem(StrEnum):
    """Why something sealed cannot be opened."""

    OTHER_KEY = "other_key"  # sealed with a key that this key file does not hold
    DAMAGED = "damaged"


class SealError(Exception):
    """Sealed bytes cannot be opened; says nothing of what is in them."""

    def __init__(self, problem: SealProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def normal_phone(number: str) -> str:
    """A number as it is looked up: half-width digits, no separators, no +86 before a mobile number.

    >>> normal_phone("+86 138-0013-8000")
    '13800138000'
    """
    if _PLAIN_MOBILE.fullmatch(number):
        return number
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", number))
    return _COUNTRY.sub("", bare)


class Sealer:
    """Seals and opens with the keys of one key file."""

    def __init__(self, keys: Keys) -> None:
        self._lookup = keys.lookup.secret
        self._addresses = _Box(keys.addresses)
        self._inbox = _Box(keys.inbox)
        self.fingerprint = keys.fingerprint
        """Which key file it is, and so which installation; no secret."""

    def lookup_hash(self, kind: LookUp, value: str) -> str:
        """64 hexadecimal digits that find an address, however a phone number was written."""
        plain = normal_phone(value) if kind == "phone" else value
        digest = hashlib.blake2b(
            plain.encode(), digest_size=32, key=self._lookup, person=kind.encode()
        )
        return digest.hexdigest()

    def seal_address(self, address: bytes) -> bytes:
        return self._addresses.seal(address)

    def open_address(self, sealed: bytes) -> bytes:
        """Raises SealError."""
        return self._addresses.open(sealed)

    def seal_inbox(self, content: bytes) -> bytes:
        """For inbox rows, conversations and remembered replies."""
        return self._inbox.seal(content)

    def open_inbox(self, sealed: bytes) -> bytes:
        """Raises SealError."""
        return self._inbox.open(sealed)


class _Box:
    def __init__(self, key: Key) -> None:
        self._id = key.id
        self._box = SecretBox(key.secret)

    def seal(self, content: bytes) -> bytes:
        return self._id + self._box.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        if sealed[:ID_BYTES] != self._id and len(sealed) > ID_BYTES:
            raise SealError(SealProblem.OTHER_KEY)
        try:
            return self._box.decrypt(sealed[ID_BYTES:])
        except (CryptoError, ValueError):
            raise SealError(SealProblem.DAMAGED) from None
