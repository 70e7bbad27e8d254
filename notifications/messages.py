"""A message as a gateway takes it: made from a template's route, its values and its full text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from notifications import texts
from notifications.cutting import cut
from notifications.rendering import Filled, sms_variables, wechat_fields
from notifications.segments import segments
from notifications.terms import Route, Terms

CUSTOM_CHARS: Final = 600
CUSTOM_BYTES: Final = 2048
"""What a customer-service text holds (wechat.md 1.6)."""


CARD_PATH: Final = "/v/notices/{id}/card.png"
"""The picture of a notice that goes out as a card."""

ARTICLE_CHARS: Final = 120
"""What a phone shows below the heading of an article."""


@dataclass(frozen=True, slots=True)
class Card:
    """A picture of our pages that goes with a text, and its heading."""

    heading: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`values` are a provider's fields, `text` is the whole, `cost_fen` what sending it costs.

    With a `picture` (an address) it is an article under that heading, where the way carries one.
    """

    gateway: str
    external_id: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)
    url: str = ""
    heading: str = ""
    picture: str = ""
    cost_fen: int = 0
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Unsendable:
    """A parameter of which no form suits the gateway (a link, a phone number, ...)."""

    parameter: str


def compose(
    code: str,
    route: Route,
    params: Mapping[str, str],
    text: str,
    terms: Terms,
    *,
    link: str = "",
    card: Card | None = None,
    tail: str = texts.SEE_WHOLE,
) -> Message | Unsendable:
    """The message over that route; `text` is the filled wording, `link` a path of our pages.

    Of the ways, a customer-service message alone carries a card; the others lead to its page.
    """
    filled = Filled({})
    url = f"{terms.public_url}{link}" if link and route.channel == "wechat" else ""
    if route.gateway == "custom" and card:
        return _article(text, url, card.heading, f"{terms.public_url}{card.path}")
    if route.gateway == "custom":
        return _free_text(route, text, url)
    if route.channel == "wechat":
        filled = wechat_fields(route.fields, params)
    elif route.gateway != "http":
        filled = sms_variables(code, route.fields, params, tail=tail)
    if filled.refused:
        return Unsendable(filled.refused)
    by_sms = route.channel == "sms"
    return Message(
        gateway=route.gateway,
        external_id=route.external_id,
        values=filled.values,
        text=text,
        url=url,
        cost_fen=terms.price_fen * segments(text, terms.sign_name) if by_sms else 0,
        shortened=filled.shortened,
    )


def _free_text(route: Route, text: str, url: str) -> Message:
    """A customer-service text: the whole wording and the page, in what one message holds."""
    tail = f"\n{url}" if url else ""
    body = cut(text, max_chars=CUSTOM_CHARS, max_bytes=CUSTOM_BYTES - len(tail.encode()))
    return Message(
        gateway=route.gateway,
        external_id="",
        text=body + tail,
        url=url,
        shortened=len(body) < len(text),
    )


def _article(text: str, url: str, heading: str, picture: str) -> Message:
    """A card with the beginning of the wording below it, which leads to the page."""
    body = cut(text, max_chars=ARTICLE_CHARS, max_bytes=CUSTOM_BYTES)
    return Message(
        gateway="custom",
        external_id="",
        text=body,
        url=url,
        heading=heading,
        picture=picture,
        shortened=len(body) < len(text),
    )
