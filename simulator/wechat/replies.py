"""What the answer to a push is: silence, something to show, or a failure (wechat.md 1.6)."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.wechat.envelope import Envelope, Unreadable, sign

TEXT_BYTES = 2048
ARTICLES_TO_A_MESSAGE = 1
ARTICLES_TO_AN_EVENT = 8
TO_MESSAGES = ("text", "image", "voice", "video", "shortvideo", "location", "link")
HEAD = ("ToUserName", "FromUserName", "CreateTime", "MsgType")


class Faulty(Exception):
    """The person is shown that the service is out of order; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to show. `text` is all of it that can be read."""

    kind: str
    text: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The push that is answered."""

    openid: str
    original_id: str
    kind: str  # MsgType


class Judge:
    """Opens and judges answers as the platform does in its mode."""

    def __init__(
        self, mode: str, token: str, envelopes: list[Envelope], has_media: Callable[[str], bool]
    ) -> None:
        self._mode = mode
        self._token = token
        self._envelopes = envelopes
        self._has_media = has_media

    def read(self, status: int, body: bytes, asked: Asked) -> Reply | None:
        """None is silence. Raises Faulty for whatever the platform cannot show."""
        if status != 200:
            raise Faulty(f"HTTP {status}")
        if body in (b"", b"success"):
            return None
        root = _parse(body)
        if root.find("Encrypt") is not None:
            if self._mode == "plain":
                raise Faulty("an encrypted reply in plain mode")
            root = _parse(self._open(root))
        elif self._mode == "safe":
            raise Faulty("a plain reply in safe mode")
        return self._judge(root, asked)

    def _open(self, outer: ET.Element) -> bytes:
        encrypt, signature, stamp, nonce = (
            _once(outer, name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
        )
        if not stamp.isdigit() or not nonce:
            raise Faulty("TimeStamp or Nonce is missing")
        if signature != sign(self._token, stamp, nonce, encrypt):
            raise Faulty("-40001 MsgSignature is wrong")
        failure: Unreadable | None = None
        for envelope in self._envelopes:
            try:
                return envelope.open(encrypt)
            except Unreadable as unreadable:
                failure = unreadable
        raise Faulty(str(failure))

    def _judge(self, root: ET.Element, asked: Asked) -> Reply | None:
        names = Counter(child.tag for child in root)
        if repeated := [name for name, count in names.items() if count > 1]:
            raise Faulty(f"{repeated[0]} stands there twice")
        to, sender, created, kind = (_once(root, name) for name in HEAD)
        if (to, sender) != (asked.openid, asked.original_id):
            raise Faulty("ToUserName and FromUserName are not swapped")
        if not created.isdigit():
            raise Faulty("CreateTime is no whole number")
        match kind:
            case "text":
                return _text(root)
            case "news":
                return _news(root, asked)
            case "image" | "voice" | "video":
                return self._media(root, kind)
            case "music":
                return self._music(root)
            case "transfer_customer_service":
                return None
        raise Faulty("MsgType is unknown")

    def _media(self, root: ET.Element, kind: str) -> Reply:
        inside = _child(root, kind.capitalize())
        media_id = _once(inside, "MediaId")
        if not self._has_media(media_id):
            raise Faulty("MediaId is unknown or expired")
        title = (inside.findtext("Title") or "").strip()
        return Reply(kind, title, {"media_id": media_id})

    def _music(self, root: ET.Element) -> Reply:
        inside = _child(root, "Music")
        if not self._has_media(_once(inside, "ThumbMediaId")):
            raise Faulty("ThumbMediaId is unknown or expired")
        text = "\n".join(filter(None, (inside.findtext("Title"), inside.findtext("Description"))))
        return Reply("music", text, {"url": inside.findtext("MusicUrl") or ""})


def _parse(body: bytes) -> ET.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Faulty("a document type in the XML")
    try:
        # Entities are refused above; what is left cannot expand. Expat refuses control characters.
        root = ET.fromstring(body)  # noqa: S314
    except ET.ParseError as wrong:
        raise Faulty(f"no XML: line {wrong.position[0]}, column {wrong.position[1]}") from None
    except ValueError:
        raise Faulty("no XML") from None
    if root.tag != "xml":
        raise Faulty("the root is not xml")
    return root


def _text(root: ET.Element) -> Reply:
    content = root.findtext("Content") or ""
    if not content.strip():
        raise Faulty("Content is empty")
    if len(content.encode()) > TEXT_BYTES:
        raise Faulty(f"Content has {len(content.encode())} bytes")
    return Reply("text", content)


def _news(root: ET.Element, asked: Asked) -> Reply:
    items = _child(root, "Articles").findall("item")
    most = ARTICLES_TO_A_MESSAGE if asked.kind in TO_MESSAGES else ARTICLES_TO_AN_EVENT
    if not 1 <= len(items) <= most:
        raise Faulty(f"{len(items)} articles where at most {most} are shown")
    if _once(root, "ArticleCount") != str(len(items)):
        raise Faulty("ArticleCount is not the number of articles")
    articles = [
        {
            name.lower(): item.findtext(name) or ""
            for name in ("Title", "Description", "PicUrl", "Url")
        }
        for item in items
    ]
    if not all(article["title"] for article in articles):
        raise Faulty("an article without a Title")
    lines = [article[part] for article in articles for part in ("title", "description")]
    return Reply("news", "\n".join(filter(None, lines)), {"articles": articles})


def _child(parent: ET.Element, name: str) -> ET.Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise Faulty(f"{name} is missing")
    return found[0]


def _once(parent: ET.Element, name: str) -> str:
    return (_child(parent, name).text or "").strip()
