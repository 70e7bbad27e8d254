"""The body of a version of a power item: what is published, hashed and never changed again.

Fields that only supervisors see stay out of it: they lie in the dossier, by the step's id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from storage.canonical import canonical
from storage.ids import new_id
from workbooks.power_items import PowerItem, Step

KIND = "power-items"
CLASS = "村务"
FORMAT = 1

Kept = Mapping[str, Mapping[str, Any]]
"""The internal fields of each step, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of one unit's item. `unit` is a 12-digit code; the county's is a template.

    `effective_from` is an ISO day. `template` is the id of the county's version that was the newest
    when a unit made its own; empty for the county itself, and for an item that it does not have.
    """

    unit: str
    effective_from: str
    version: int
    reason: str
    template: str
    item: PowerItem


def compose(version: Version) -> str:
    """The body's canonical bytes, as text; every step must have an id."""
    item = version.item.public()
    entries = [
        {"id": step.id, "order": number, **step.as_json()}
        for number, step in enumerate(item.steps, 1)
    ]
    body = {
        **item.as_json(),
        "book": item.code,
        "class": CLASS,
        "entries": entries,
        "format": FORMAT,
        "kind": KIND,
        "period": version.effective_from,
        "personal": [],
        "reason": version.reason,
        "template": version.template,
        "version": version.version,
        "village": version.unit,
    }
    return canonical(body)


def parse(body: str, kept: Kept | None = None) -> Version:
    """What `compose` wrote; with `kept`, every step with its internal fields."""
    content = json.loads(body)
    steps = tuple(
        Step.from_json({**entry, **(kept or {}).get(entry["id"], {})})
        for entry in content["entries"]
    )
    return Version(
        unit=content["village"],
        effective_from=content["period"],
        version=content["version"],
        reason=content["reason"],
        template=content["template"],
        item=PowerItem.from_json(content, steps),
    )


def kept_of(item: PowerItem) -> dict[str, dict[str, Any]]:
    """What of an item stays out of its body."""
    return {step.id: step.kept() for step in item.steps if step.internal}


def with_ids(item: PowerItem, earlier: PowerItem | None) -> PowerItem:
    """The item with an id for every step: that of the same name's before, or a new one."""
    known = {step.name: step.id for step in reversed(earlier.steps)} if earlier else {}
    steps = [replace(step, id=known.pop(step.name, "") or new_id()) for step in item.steps]
    return replace(item, steps=tuple(steps))
