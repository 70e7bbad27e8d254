"""Passive replies as XML (wechat.md 1.6), with whatever text goes in.

wechatpy's reply classes let `]]>` and control characters through, with which a text can break the
XML or add elements of its own, and know no limits (wechat.md 3.6); hence these few lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notifications.cutting import cut

MAX_TEXT_BYTES: Final = 2048
MAX_TEXT_CHARS: Final = 600
MAX_TITLE_CHARS: Final = 64
MAX_DESCRIPTION_CHARS: Final = 120
MAX_ARTICLES: Final = 8
"""For a reply to an event; to a message the platform shows one article only."""

# What XML 1.0 cannot hold, halves of surrogate pairs and DEL; TAB and LF are kept.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Article:
    """One card of a news reply."""

    title: str
    url: str
    description: str = ""
    picture_url: str = ""


def safe_text(text: str) -> str:
    """The text as it will arrive: without what XML cannot hold, every line end as LF."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fitting_text(text: str, *, tail: str = "") -> str:
    """The safe text within 2048 bytes and 600 characters; one that is too long ends in `tail`."""
    return cut(
        safe_text(text), max_chars=MAX_TEXT_CHARS, max_bytes=MAX_TEXT_BYTES, tail=safe_text(tail)
    )


def text_reply(*, to: str, sender: str, at: int, text: str, tail: str = "") -> bytes:
    """A text; `to` is the openid, `sender` the account's original id, `at` Unix seconds.

    Raises ValueError for a text of which nothing is left: the platform would tell the person that
    the service is out of order.
    """
    content = fitting_text(text, tail=tail)
    if not content.strip():
        raise ValueError("an empty text is no reply")
    return _reply(to, sender, at, "text", _element("Content", content))


def image_reply(*, to: str, sender: str, at: int, media_id: str) -> bytes:
    """A picture that has been uploaded before."""
    return _reply(to, sender, at, "image", f"<Image>{_element('MediaId', media_id)}</Image>")


def news_reply(*, to: str, sender: str, at: int, articles: Sequence[Article]) -> bytes:
    """Cards with links, 1 to 8; titles and descriptions are cut at what the phone shows."""
    if not 1 <= len(articles) <= MAX_ARTICLES:
        raise ValueError("a news reply has 1 to 8 articles")
    items = "".join(
        "<item>"
        + _element("Title", cut(safe_text(article.title), max_chars=MAX_TITLE_CHARS))
        + _element(
            "Description", cut(safe_text(article.description), max_chars=MAX_DESCRIPTION_CHARS)
        )
        + _element("PicUrl", article.picture_url)
        + _element("Url", article.url)
        + "</item>"
        for article in articles
    )
    count = f"<ArticleCount>{len(articles)}</ArticleCount>"
    return _reply(to, sender, at, "news", f"{count}<Articles>{items}</Articles>")


def transfer_reply(*, to: str, sender: str, at: int, account: str = "") -> bytes:
    """Hands the conversation to the platform's customer service, to one account where given."""
    info = f"<TransInfo>{_element('KfAccount', account)}</TransInfo>" if account else ""
    return _reply(to, sender, at, "transfer_customer_service", info)


def _reply(to: str, sender: str, at: int, kind: str, inner: str) -> bytes:
    return (
        f"<xml>{_element('ToUserName', to)}{_element('FromUserName', sender)}"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    ).encode()


def _element(name: str, text: str) -> str:
    content = safe_text(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{content}]]></{name}>"
