"""Signatures and the AES envelope (wechat.md 1.1, 1.2), by the platform's own description."""

import base64
import binascii
import hashlib
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # padded to 32 bytes, though AES itself has blocks of 16
HEAD = 20  # 16 random bytes and the length


class Unreadable(Exception):
    """An envelope that cannot be opened; `code` as the official samples number it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


def sign(*parts: str) -> str:
    """SHA-1 in lower-case hex over the sorted, joined parts."""
    joined = "".join(sorted(parts)).encode()
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 - the platform's choice


class Envelope:
    """Seals and opens messages under one EncodingAESKey and appid."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, message: bytes, random16: bytes) -> str:
        plain = random16 + struct.pack(">I", len(message)) + message + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, encrypt: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable(-40010, "Encrypt is not base64") from None
        if len(sealed) < BLOCK or len(sealed) % 16:
            raise Unreadable(-40008, "the sealed length is no multiple of 16, or under 32")
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise Unreadable(-40007, "the padding is not 1 to 32 equal bytes")
        if len(padded) % BLOCK:
            raise Unreadable(-40008, "not padded to blocks of 32")
        plain = padded[:-pad]
        if len(plain) < HEAD:
            raise Unreadable(-40008, "too short for its head")
        end = HEAD + int(struct.unpack(">I", plain[16:HEAD])[0])
        if end > len(plain):
            raise Unreadable(-40008, "the length inside is too large")
        if plain[end:] != self._app_id:
            raise Unreadable(-40005, "another appid inside")
        return plain[HEAD:end]


def random_bytes(random_bits: Callable[[int], int]) -> bytes:
    """The 16 leading bytes, from the simulator's seeded source so that a run can be repeated."""
    return random_bits(128).to_bytes(16, "big")
