"""What somebody has typed on the page that edits a template, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from console.staff.routes import Visit
from console.staff.wordings import texts
from notifications.catalogue import parameter
from notifications.sms_rules import make_fit, max_chars
from storage.templates import APPROVED, WAITING, Template, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """By channel the words and the newest version that the writer has seen; example values."""

    words: Mapping[str, str]
    based_on: Mapping[str, int]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A parameter with its example. `most` is how many characters it may have by SMS."""

    name: str
    label: str
    kind: str
    most: int
    value: str
    problem: str


def fresh(template: Template, versions: Sequence[Version], chosen: Mapping[str, int]) -> Typed:
    """The form as it is opened: what waits, else what is in use; `chosen` versions go before."""
    words, based_on = {}, {}
    for channel in template.channels:
        mine = of_channel(versions, channel)
        wanted = next((v for v in mine if v.version == chosen.get(channel)), None)
        waiting = mine[0] if mine[0].state == WAITING else None
        words[channel] = (wanted or waiting or in_use(versions, channel)).text
        based_on[channel] = mine[0].version
    return Typed(words=words, based_on=based_on, values=examples(template))


def typed(visit: Visit, template: Template) -> Typed:
    """The form as it was sent."""
    return Typed(
        words={c: visit.text(f"words_{c}").replace("\r\n", "\n") for c in template.channels},
        based_on={c: _number(visit.text(f"based_{c}")) for c in template.channels},
        values={name: visit.text(f"value_{name}") for name in template.parameters},
    )


def changed(form: Typed, versions: Sequence[Version]) -> list[str]:
    """The channels whose words are neither in use nor waiting already."""
    found = []
    for channel, words in form.words.items():
        newest = of_channel(versions, channel)[0]
        known = {in_use(versions, channel).text}
        known |= {newest.text} if newest.state == WAITING else set()
        if words not in known:
            found.append(channel)
    return found


def fields(text: str) -> dict[str, str] | None:
    """A provider's fields as somebody writes them, one a line; None where one cannot be read.

    >>> fields("thing1=title\\nthing2 = text")
    {'thing1': 'title', 'thing2': 'text'}
    """
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        place, equals, name = (part.strip() for part in line.partition("="))
        if not (place and equals and name):
            return None
        found[place] = name
    return found


def of_channel(versions: Sequence[Version], channel: str) -> list[Version]:
    """The newest first."""
    mine = [one for one in versions if one.channel == channel]
    return sorted(mine, key=lambda one: -one.version)


def in_use(versions: Sequence[Version], channel: str) -> Version:
    return next(one for one in of_channel(versions, channel) if one.state == APPROVED)


def examples(template: Template) -> dict[str, str]:
    return {name: texts.PARAMETERS.get(name, (name, name))[1] for name in template.parameters}


def variables(
    template: Template, values: Mapping[str, str], *, complain: bool = True
) -> list[Variable]:
    """Each parameter with its value; without `complain` nothing is wrong yet."""
    found = [_variable(template.code, name, values[name]) for name in template.parameters]
    return found if complain else [replace(one, problem="") for one in found]


def _variable(code: str, name: str, value: str) -> Variable:
    known = parameter(code, name)
    most = known.longest if known.loose else max_chars(known.kind)
    problem = ""
    if not value:
        problem = texts.VALUE_MISSING
    elif len(value) > most:
        problem = texts.VALUE_TOO_LONG.format(most=most, count=len(value))
    elif make_fit(known.kind, value) is None:
        problem = texts.VALUE_UNFIT.format(rule=texts.KINDS[known.kind.value])
    label = texts.PARAMETERS.get(name, (name, ""))[0]
    kind = texts.KIND.format(kind=texts.KINDS[known.kind.value], most=most)
    return Variable(name=name, label=label, kind=kind, most=most, value=value, problem=problem)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
