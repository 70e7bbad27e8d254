"""Versions of power items as they lie in the store, and which of them applies to a unit when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.database import Row
from storage.disclosures import State, signers_of
from storage.power_bodies import Version, parse
from workbooks.power_items import PowerItem


@dataclass(frozen=True, slots=True)
class Stored:
    """A version with its state. `published_at` is in milliseconds, None for a draft.

    `importers` brought in what has not been published yet, `signers` signed it, and `note` is why
    it is corrected in the words of whoever does it.
    """

    id: str
    state: State
    version: Version
    published_at: int | None
    author: str
    importers: tuple[str, ...] = ()
    note: str = ""
    signers: tuple[str, ...] = ()

    @property
    def item(self) -> PowerItem:
        return self.version.item

    @property
    def effective_from(self) -> str:
        return self.version.effective_from


def public(row: Row) -> Stored:
    """A row of `disclosures` as everybody sees it."""
    return _stored(row, parse(row["body"]), {})


def full(row: Row) -> Stored:
    """The same with the internal fields of its steps."""
    dossier = json.loads(row["dossier"])
    version = parse(row["body"], dossier.get("internal"))
    return _stored(row, version, dossier)


def _stored(row: Row, version: Version, dossier: Mapping[str, Any]) -> Stored:
    return Stored(
        id=row["id"],
        state=State(row["state"]),
        version=version,
        published_at=row["published_at"],
        author=row["author"],
        importers=tuple(dossier.get("importers", ())),
        note=dossier.get("note", ""),
        signers=signers_of(row["signatures"]) if dossier else (),
    )


def county_of(unit: str) -> str:
    """The county whose list is the unit's template."""
    return unit[:6].ljust(12, "0")


def applying(own: Iterable[Stored], template: Iterable[Stored], on: str) -> Stored | None:
    """What of one item applies to a unit on an ISO day: its own, else what it has of the county.

    A unit goes on with what it first had of the county: a change of the template is shown to it,
    and applies only once the unit has made it its own (M12).
    """
    current = [one for one in own if one.state is State.PUBLISHED]
    return _latest(current, on) or _latest(first_published(template), on)


def first_published(template: Iterable[Stored]) -> list[Stored]:
    """The versions with which the county began an item; they may be for several days."""
    shown = [one for one in template if one.state in (State.PUBLISHED, State.CORRECTED)]
    began = min((one.published_at or 0 for one in shown), default=0)
    return [one for one in shown if one.published_at == began]


def newest(template: Sequence[Stored]) -> Stored | None:
    """What the county says by now, from whatever day on."""
    current = [one for one in template if one.state is State.PUBLISHED]
    return max(current, key=lambda one: (one.published_at, one.effective_from), default=None)


def _latest(versions: Iterable[Stored], on: str) -> Stored | None:
    in_force = [one for one in versions if one.effective_from <= on]
    return max(in_force, key=lambda one: one.effective_from, default=None)
