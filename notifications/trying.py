"""What words would look like on a phone, and cost, before anything is stored or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifications.catalogue import parameter
from notifications.conditions import all_words
from notifications.messages import Message, compose
from notifications.rendering import fill
from notifications.segments import length, segments
from notifications.sms_rules import worst_case_segments
from notifications.terms import CUSTOM, Route, Terms
from storage.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a phone shows. `fields` are a WeChat template message's, with what stands in each.

    `chars` counts the signature. The worst case is every variable as long as it may be.
    `refused` names a parameter of which no form suits the gateway.
    """

    channel: str
    text: str = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    chars: int = 0
    segments: int = 0
    price_fen: int = 0
    worst_segments: int = 0
    worst_price_fen: int = 0
    shortened: bool = False
    refused: str = ""


def try_words(
    template: Template,
    channel: str,
    words: str,
    params: Mapping[str, str],
    route: Route | None,
    terms: Terms,
) -> Tried:
    """The words with these values, over this way; None: over the one that needs no binding."""
    text = fill(words, params)
    route = route or _unbound(template, channel, terms)
    made = compose(template.code, route, params, text, terms)
    if not isinstance(made, Message):
        return Tried(channel=channel, text=text, refused=made.parameter)
    if channel == "sms":
        return _by_sms(template, words, params, route, made, terms)
    return Tried(channel=channel, text=made.text, fields=made.values, shortened=made.shortened)


def _by_sms(
    template: Template,
    words: str,
    params: Mapping[str, str],
    route: Route,
    made: Message,
    terms: Terms,
) -> Tried:
    text = fill(words, {**params, **as_fitted(route, made)})
    billed = segments(text, terms.sign_name)
    kinds = {name: parameter(template.code, name).kind for name in template.parameters}
    worst = worst_case_segments(all_words(words), kinds, terms.sign_name)
    return Tried(
        channel="sms",
        text=text,
        chars=length(text, terms.sign_name),
        segments=billed,
        price_fen=billed * terms.price_fen,
        worst_segments=worst,
        worst_price_fen=worst * terms.price_fen,
        shortened=made.shortened,
    )


def as_fitted(route: Route, message: Message) -> dict[str, str]:
    """Parameters as the provider gets them: one that runs through several fields is their whole."""
    fitted: dict[str, str] = {}
    for place, name in route.fields:
        fitted[name] = fitted.get(name, "") + message.values.get(place, "")
    return fitted


def _unbound(template: Template, channel: str, terms: Terms) -> Route:
    """As it would go once it is registered under our own names."""
    if channel == "wechat":
        return CUSTOM
    fields = tuple((name, name) for name in template.parameters)
    return Route("sms", terms.sms_gateway or "http", fields=fields)
