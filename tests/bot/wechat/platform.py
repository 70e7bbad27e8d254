"""The platform's side of the envelope, written again for the tests without the code under test."""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ACCOUNT = "gh_0123456789ab"
OPENID = "oPerson000000000000000000001"
NOW = 1_763_950_000


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Platform:
    token: str = "platformToken"
    encoding_aes_key: str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
    app_id: str = "wx0123456789abcdef"

    def query(self, *, at: int = NOW, nonce: str = "4711", **more: str) -> dict[str, str]:
        return {
            "signature": sign(self.token, str(at), nonce),
            "timestamp": str(at),
            "nonce": nonce,
            "openid": OPENID,
        } | more

    def push(self, xml: bytes, *, at: int = NOW, beside: str = "") -> tuple[dict[str, str], bytes]:
        """Query and body of a push in safe mode; with `beside`, as compatible mode has it."""
        return self.wrap(self.encrypt(self.frame(xml)), at=at, beside=beside)

    def wrap(self, sealed: str, *, at: int = NOW, beside: str = "") -> tuple[dict[str, str], bytes]:
        query = self.query(at=at, encrypt_type="aes")
        query["msg_signature"] = sign(self.token, query["timestamp"], query["nonce"], sealed)
        to = f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        body = f"<xml>{to}{beside}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return query, body.encode()

    def frame(
        self, xml: bytes, *, length: int | None = None, padding: bytes | None = None
    ) -> bytes:
        """What is encrypted: random bytes, length, message, appid, padding to 32."""
        length = len(xml) if length is None else length
        plain = os.urandom(16) + struct.pack(">I", length) + xml + self.app_id.encode()
        missing = 32 - len(plain) % 32
        return plain + (bytes([missing]) * missing if padding is None else padding)

    def encrypt(self, frame: bytes) -> str:
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(frame) + encryptor.finalize()).decode()

    def read(self, reply: bytes) -> bytes:
        """Opens an encrypted reply and judges it as the platform does."""
        outer = ElementTree.fromstring(reply)  # noqa: S314 - our own
        sealed, signature, timestamp, nonce = (
            outer.findtext(name) or "" for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
        )
        assert signature == sign(self.token, timestamp, nonce, sealed)
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        padding = plain[-1]
        assert plain[-padding:] == bytes([padding]) * padding
        assert len(plain) % 32 == 0
        end = 20 + int(struct.unpack(">I", plain[16:20])[0])
        assert plain[end:-padding] == self.app_id.encode()
        return plain[20:end]

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.encoding_aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def message_xml(kind: str = "text", *, inner: str = "", msg_id: str = "24000000000000001") -> bytes:
    ids = f"<MsgId>{msg_id}</MsgId>" if msg_id else ""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{OPENID}]]></FromUserName><CreateTime>{NOW}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}{ids}</xml>"
    ).encode()


def text_xml(text: str = "上个月花了多少钱") -> bytes:
    return message_xml(inner=f"<Content><![CDATA[{text}]]></Content>")


def event_xml(event: str, inner: str = "") -> bytes:
    return message_xml("event", inner=f"<Event><![CDATA[{event}]]></Event>{inner}", msg_id="")
