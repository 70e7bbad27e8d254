"""The audience expression: who is meant, as an operator writes it (contract.md, section 5).

`role=干部|监委会,region=990101,post=会计,village=听竹村,topic=FIN,person=ID`: conditions joined by
commas, all must hold; alternatives by `|`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from notifications import texts
from storage import people
from storage.audience import EVERYTHING, Audience, Group
from storage.database import Database
from storage.regions import SeveralRegions, UnknownRegion, find_village, prefix_of
from storage.sealing import Sealer
from workbooks.people import ROLES

KEYS = ("role", "region", "post", "village", "topic", "person")
UNKNOWN = "?"
"""Begins what stands for a person whom nobody knows; which of them it was follows."""

_TOPIC = re.compile(r"[A-Z]+(?:\.[A-Z]+)*")


class AudienceError(ValueError):
    """The expression cannot be read: the message names the piece, in plain Chinese."""


async def read_audience(db: Database, expression: str, on: date) -> Audience:
    """Whom the expression means on that day; raises AudienceError."""
    return Audience(groups=(await _group(db, parse(expression)),), on=on)


async def by_ids(db: Database, sealer: Sealer, expression: str) -> str:
    """The expression with everybody in `person` by id, for it is stored and shown.

    Whom a shared number reaches are all meant. Raises AudienceError.
    """
    conditions = parse(expression)
    if "person" in conditions:
        ids: list[str] = []
        for number, word in enumerate(conditions["person"], 1):
            found = await people.find_people(db, sealer, word)
            ids += [person.id for person in found] or [f"{UNKNOWN}{number}"]
        conditions["person"] = tuple(ids)
    return ",".join(written(key, values) for key, values in conditions.items())


def written(key: str, alternatives: Sequence[str]) -> str:
    """A condition as `parse` reads it."""
    return f"{key}={'|'.join(alternatives)}"


def parse(expression: str) -> dict[str, tuple[str, ...]]:
    """Key to alternatives, in the order written; raises AudienceError.

    >>> parse("role=干部|监委会,region=990101")
    {'role': ('干部', '监委会'), 'region': ('990101',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for piece in re.split("[,，]", expression):
        key, alternatives = _condition(piece.strip())
        if key in found:
            raise AudienceError(texts.KEY_TWICE.format(key=key))
        found[key] = alternatives
    return found


def _condition(piece: str) -> tuple[str, tuple[str, ...]]:
    if not piece:
        raise AudienceError(texts.NO_AUDIENCE)
    key, equals, value = (part.strip() for part in piece.partition("="))
    if not equals:
        raise AudienceError(texts.NO_KEY.format(piece=piece))
    if key not in KEYS:
        keys = " ".join(KEYS)
        raise AudienceError(texts.UNKNOWN_KEY.format(piece=piece, key=key, keys=keys))
    alternatives = tuple(word.strip() for word in value.split("|"))
    if not all(alternatives):
        raise AudienceError(texts.NO_VALUE.format(piece=piece))
    for word in alternatives:
        _check(piece, key, word)
    return key, alternatives


def _check(piece: str, key: str, word: str) -> None:
    if key == "role" and word not in ROLES:
        roles = "、".join(ROLES)
        raise AudienceError(texts.UNKNOWN_ROLE.format(piece=piece, value=word, roles=roles))
    if key == "region" and not re.fullmatch(r"\d{6}|\d{9}|\d{12}", word, re.ASCII):
        raise AudienceError(texts.BAD_REGION.format(piece=piece, value=word))
    if key == "topic" and not _TOPIC.fullmatch(word):
        raise AudienceError(texts.BAD_TOPIC.format(piece=piece, value=word))


def region_of(expression: str) -> str:
    """The 12-digit code of the one region that an expression names; empty where it names no one.

    >>> region_of("role=干部,region=990101"), region_of("region=990101|990102")
    ('990101000000', '')
    """
    try:
        named = parse(expression).get("region", ())
    except AudienceError:  # where code decides, what it writes need not be one
        return ""
    return named[0].ljust(12, "0") if len(named) == 1 else ""


def with_coarser(topic: str) -> tuple[str, ...]:
    """Whose followers get what is filed under a topic: its own, those of coarser ones, of all.

    >>> with_coarser("PROJ.ROAD")
    ('PROJ.ROAD', 'PROJ', '*')
    """
    words = topic.split(".")
    return (*(".".join(words[:n]) for n in range(len(words), 0, -1)), EVERYTHING)


async def _group(db: Database, conditions: Mapping[str, tuple[str, ...]]) -> Group:
    regions = tuple(prefix_of(code) for code in conditions.get("region", ()))
    villages = [await _village(db, name) for name in conditions.get("village", ())]
    topics = [name for topic in conditions.get("topic", ()) for name in with_coarser(topic)]
    if regions and villages:
        # Both must hold: the villages that lie in one of the regions. None is nobody.
        villages = [code for code in villages if code.startswith(regions)] or [_NOWHERE]
    return Group(
        roles=conditions.get("role", ()),
        regions=tuple(villages) or regions,
        titles=conditions.get("post", ()),
        topics=tuple(dict.fromkeys(topics)),
        people=conditions.get("person", ()),
    )


_NOWHERE = "000000000000"


async def _village(db: Database, name: str) -> str:
    piece = f"village={name}"
    try:
        return (await find_village(db, name)).code
    except UnknownRegion:
        raise AudienceError(texts.NO_VILLAGE.format(piece=piece, value=name)) from None
    except SeveralRegions as several:
        towns = "、".join(f"{v.town}{v.name}({v.code})" for v in several.candidates)
        text = texts.SEVERAL_VILLAGES.format(piece=piece, value=name, towns=towns)
        raise AudienceError(text) from None
