"""The phones on the page: what each channel would show of words that are being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from console.staff.wordings import texts
from notifications.terms import Route, Terms
from notifications.trying import Tried, try_words
from storage.templates import Binding, Template

_WITH_MENU = frozenset({"welcome", "help", "not_understood", "not_understood_again"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """`fields` are those of a template message, by what stands in them; `note` is about the
    platform."""

    channel: str
    shown: Tried
    fields: tuple[tuple[str, str], ...]
    note: str
    problem: str


def phone(
    template: Template,
    channel: str,
    words: str,
    values: Mapping[str, str],
    bindings: Mapping[str, Binding],
    terms: Terms,
    menu: str,
) -> Phone:
    """`bindings` are the template's, by gateway; `menu` the words of the menu in use."""
    route = _route(channel, bindings, terms)
    shown = try_words(template, channel, words, values, route, terms)
    if channel == "wechat" and template.code in _WITH_MENU:
        shown = replace(shown, text=f"{shown.text}\n{menu}")
    labels = dict(route.fields) if route else {}
    fields = tuple(
        (_label(labels.get(place, place)), value) for place, value in shown.fields.items()
    )
    problem = ""
    if shown.refused:
        problem = texts.REFUSED_VALUE.format(label=_label(shown.refused))
    return Phone(
        channel=channel,
        shown=shown,
        fields=fields if channel == "wechat" else (),
        note=_note(channel, bindings, terms),
        problem=problem,
    )


def _route(channel: str, bindings: Mapping[str, Binding], terms: Terms) -> Route | None:
    gateway = "wechat" if channel == "wechat" else terms.sms_gateway
    bound = bindings.get(gateway) or (bindings.get("subscribe") if channel == "wechat" else None)
    if bound is None:
        return None
    return Route(channel, bound.gateway, bound.external_id, bound.fields)


def _note(channel: str, bindings: Mapping[str, Binding], terms: Terms) -> str:
    if channel == "wechat":
        return texts.WECHAT_FIELDS if {"wechat", "subscribe"} & bindings.keys() else ""
    return texts.REGISTERED if terms.sms_gateway == "aliyun" else ""


def _label(name: str) -> str:
    return texts.PARAMETERS.get(name, (name, ""))[0]
