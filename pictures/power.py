"""Flow charts and risk charts of power items (domain.md M9, M10, M13)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar

BOXES_PER_PICTURE = 8
_LETTERS = 2000  # in one picture: more would be too tall to scroll, and too heavy for WeChat


class Level(StrEnum):
    """How great a risk is; the picture tells it by word, shape and colour."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a power item, what may go wrong in it and what is done against that.

    `internal` names the fields that only supervisors see: of boundary, risk_point, measures.
    """

    name: str
    post: str
    category: str
    boundary: str
    level: Level
    risk_point: str
    measures: tuple[str, ...]
    limit: str = ""
    internal: frozenset[str] = frozenset()

    def public(self) -> Step:
        """The same step without its internal fields."""
        blank: dict[str, Any] = {name: type(getattr(self, name))() for name in self.internal}
        return replace(self, **blank, internal=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerItem:
    """A power item of one unit, with its steps in their order.

    `limit` is the whole time as people say it (30个工作日); `source` says which version this is.
    """

    unit: str
    name: str
    target: str
    limit: str
    steps: tuple[Step, ...]
    documents: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    source: str = ""

    def public(self) -> PowerItem:
        """What residents see: every step without its internal fields."""
        return replace(self, steps=tuple(step.public() for step in self.steps))


@dataclass(frozen=True, slots=True)
class FlowChart:
    """What is done, by which post and how soon: top to bottom, one box a step."""

    template: ClassVar[str] = "flow"
    item: PowerItem

    def data(self) -> dict[str, Any]:
        return _data(self.item)


@dataclass(frozen=True, slots=True)
class RiskChart:
    """The same boxes with post, boundary, risk and what is done against it.

    All that the item holds is drawn, internal fields marked 内部: residents get the chart of
    `item.public()`, which differs in nothing else.
    """

    template: ClassVar[str] = "risk"
    item: PowerItem

    def data(self) -> dict[str, Any]:
        return _data(self.item)


def _data(item: PowerItem) -> dict[str, Any]:
    steps = [_step(number, step) for number, step in enumerate(item.steps, start=1)]
    return asdict(replace(item, steps=())) | {"pictures": _shares(steps), "count": len(steps)}


def _step(number: int, step: Step) -> dict[str, Any]:
    return asdict(step) | {"number": number, "internal": sorted(step.internal)}


def _shares(steps: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    """As few pictures as the limits allow, filled alike: 12 steps are 6 and 6."""
    written = sum(len(str(value)) for step in steps for value in step.values())
    count = max(1, math.ceil(len(steps) / BOXES_PER_PICTURE), math.ceil(written / _LETTERS))
    count = min(count, max(1, len(steps)))
    ends = [len(steps) * index // count for index in range(count + 1)]
    return [steps[start:end] for start, end in pairwise(ends)]
