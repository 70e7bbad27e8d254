"""The envelope of a push: who signed it, whether it is fresh, what it holds (wechat.md 1.1, 1.2).

wechatpy gives the cipher and the padding. Around it stands what wechatpy lacks (wechat.md 3.4,
3.5): comparison in constant time, freshness, a bounded scan for `<Encrypt>` instead of an XML
parser, a check of every length, the keys before a rotation, and random bytes that nobody guesses.
"""

import binascii
import hashlib
import hmac
import os
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from wechatpy.crypto.cryptography import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from notifications.settings import WeChatMode, WeChatSettings

MAX_BODY_BYTES: Final = 64 * 1024
"""What the webhook reads of one push; more is answered with 413 (contract.md, section 4)."""
FRESH_SECONDS: Final = 300

_BLOCK = 32  # the platform pads to 32 bytes, though AES knows blocks of 16
# The plain fields beside <Encrypt> in compatible mode can hold the word too, when a person writes
# it; after so many candidates the search ends.
_CANDIDATES = 4
_OPEN, _CLOSE = b"<Encrypt>", b"</Encrypt>"
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


class Reason(StrEnum):
    """Why a push was not opened: for the log and the metrics, never with any content."""

    UNSIGNED = "no signature"
    BAD_SIGNATURE = "wrong signature"
    NOT_ENCRYPTED = "not encrypted"
    NO_ENCRYPT = "no Encrypt element"
    BAD_MSG_SIGNATURE = "wrong msg_signature"
    STALE = "stale"
    NO_ECHO = "no echostr"
    UNDECRYPTABLE = "cannot be decrypted"
    OTHER_APP = "of another appid"
    ENCRYPTED_IN_PLAIN_MODE = "encrypted, but mode is plain"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not from the platform: 403, an empty body, nothing written."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Ignored:
    """Validly signed, and still nothing to act on: 200 `success`."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Echo:
    """The platform tries our address: 200 with exactly this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A query whose `signature` holds: the body may be read."""

    token: bytes = field(repr=False)
    timestamp: bytes
    nonce: bytes
    msg_signature: bytes = field(repr=False)
    encrypted: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A message as the platform wrote it, and what its reply is to be sealed with."""

    xml: bytes = field(repr=False)
    token: bytes = field(repr=False)
    cipher: WeChatCipher | None = field(repr=False)
    """None: the message came plain, and so does the reply."""


class Envelope:
    """Opens pushes and seals replies with the current keys, or those before a rotation.

    `clock` is real time in Unix seconds: signatures never follow the business clock. Raises
    ValueError for a token or key with which nothing could be verified; wechatpy would accept any
    signature made with an empty token.
    """

    def __init__(self, settings: WeChatSettings, *, clock: Callable[[], float] = time.time) -> None:
        if not settings.token:
            raise ValueError("a token is needed to verify what the platform sends")
        self._clock = clock
        self._plain = settings.mode is WeChatMode.PLAIN
        self._app_id = settings.app_id.encode()
        if not (self._plain or self._app_id):
            raise ValueError("an appid is needed to tell whose messages are encrypted")
        self._tokens = [
            token.encode() for token in (settings.token, settings.previous_token) if token
        ]
        self._ciphers = []
        if not self._plain:
            keys = [settings.encoding_aes_key]
            if settings.previous_encoding_aes_key:
                keys.append(settings.previous_encoding_aes_key)
            self._ciphers = [WeChatCipher(_aes_key(key)) for key in keys]

    def handshake(self, query: Mapping[str, str]) -> Echo | Refused | Ignored:
        """Answers the GET by which the platform tries our address; its echo is never encrypted."""
        admitted = self.admit(query)
        if isinstance(admitted, Refused):
            return admitted
        if admitted.stale:
            return Ignored(Reason.STALE)
        echo = query.get("echostr", "")
        return Echo(echo) if echo else Ignored(Reason.NO_ECHO)

    def admit(self, query: Mapping[str, str]) -> Admitted | Refused:
        """Checks `signature`, before anything of the body is read."""
        given = _bytes(query.get("signature", ""))
        timestamp = _bytes(query.get("timestamp", ""))
        nonce = _bytes(query.get("nonce", ""))
        if not (given and timestamp and nonce):
            return Refused(Reason.UNSIGNED)
        for token in self._tokens:
            if hmac.compare_digest(_signature(token, timestamp, nonce), given):
                return Admitted(
                    token=token,
                    timestamp=timestamp,
                    nonce=nonce,
                    msg_signature=_bytes(query.get("msg_signature", "")),
                    encrypted=query.get("encrypt_type") == "aes",
                    stale=not self._fresh(timestamp),
                )
        return Refused(Reason.BAD_SIGNATURE)

    def open(self, admitted: Admitted, body: bytes) -> Opened | Refused | Ignored:
        """Takes the message out of the body of an admitted push.

        In compatible mode, too, only what is encrypted counts: `signature` covers no body, so
        whoever saw one query could otherwise write any message under it.
        """
        if self._plain:
            return self._take_plain(admitted, body)
        if not admitted.encrypted:
            return Refused(Reason.NOT_ENCRYPTED)
        sealed = None
        for candidate in _encrypted(body):
            sealed = candidate
            made = _signature(admitted.token, admitted.timestamp, admitted.nonce, sealed)
            if hmac.compare_digest(made, admitted.msg_signature):
                break
        else:
            return Refused(Reason.BAD_MSG_SIGNATURE if sealed else Reason.NO_ENCRYPT)
        if admitted.stale:
            return Ignored(Reason.STALE)
        return self._decrypt(sealed, admitted.token)

    def seal(self, opened: Opened, reply: bytes) -> bytes:
        """Wraps a reply with the key that opened the message; a plain one stays as it is."""
        if opened.cipher is None:
            return reply
        content = b"".join((os.urandom(16), len(reply).to_bytes(4, "big"), reply, self._app_id))
        sealed = b64encode(opened.cipher.encrypt(PKCS7Encoder.encode(content)))
        timestamp = b"%d" % int(self._clock())
        nonce = b"%d" % int.from_bytes(os.urandom(5), "big")
        return (
            b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
            b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
        ) % (sealed, _signature(opened.token, timestamp, nonce, sealed), timestamp, nonce)

    def _fresh(self, timestamp: bytes) -> bool:
        # int() would also take blanks, signs, underscores and any number of digits.
        if not timestamp.isdigit() or len(timestamp) > 12:
            return False
        return abs(self._clock() - int(timestamp)) <= FRESH_SECONDS

    def _take_plain(self, admitted: Admitted, body: bytes) -> Opened | Ignored:
        if admitted.stale:
            return Ignored(Reason.STALE)
        if admitted.encrypted:
            return Ignored(Reason.ENCRYPTED_IN_PLAIN_MODE)
        return Opened(xml=body, token=admitted.token, cipher=None)

    def _decrypt(self, sealed: bytes, token: bytes) -> Opened | Ignored:
        try:
            ciphertext = binascii.a2b_base64(sealed, strict_mode=True)
        except binascii.Error:
            return Ignored(Reason.UNDECRYPTABLE)
        if len(ciphertext) % 16 or len(ciphertext) < _BLOCK:
            return Ignored(Reason.UNDECRYPTABLE)
        reason = Reason.UNDECRYPTABLE
        for cipher in self._ciphers:
            found = _unpack(cipher.decrypt(ciphertext))
            if found is None:
                continue
            xml, app_id = found
            if hmac.compare_digest(app_id, self._app_id):
                return Opened(xml=xml, token=token, cipher=cipher)
            reason = Reason.OTHER_APP
        return Ignored(reason)


def _aes_key(encoded: str) -> bytes:
    try:
        key = binascii.a2b_base64(encoded + "=")
    except (binascii.Error, ValueError):
        key = b""
    if len(encoded) != 43 or len(key) != 32:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _signature(*parts: bytes) -> bytes:
    return hashlib.sha1(b"".join(sorted(parts)), usedforsecurity=False).hexdigest().encode()


def _encrypted(body: bytes) -> Iterator[bytes]:
    """What stands in the first few `<Encrypt>` elements, found without parsing."""
    start = 0
    for _ in range(_CANDIDATES):
        start = body.find(_OPEN, start)
        end = body.find(_CLOSE, start)
        if start < 0 or end < 0:
            return
        start += len(_OPEN)
        yield body[start:end].strip().removeprefix(_CDATA).removesuffix(_CDATA_END)


def _unpack(plaintext: bytes) -> tuple[bytes, bytes] | None:
    """Message and appid, or None where padding or length do not fit (16 random bytes, 4 of length,
    the message, the appid, 1 to 32 bytes of padding)."""
    padding = plaintext[-1]
    if not 1 <= padding <= _BLOCK or plaintext[-padding:] != plaintext[-1:] * padding:
        return None
    end = 20 + int.from_bytes(plaintext[16:20], "big")
    if end > len(plaintext) - padding:
        return None
    return plaintext[20:end], plaintext[end:-padding]
