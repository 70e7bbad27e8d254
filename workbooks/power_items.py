"""Power items: what a unit may decide or do, by whom, in which steps (domain.md M7-M15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from workbooks import texts

WORKDAYS, DAYS = "工作日", "日"


class Level(StrEnum):
    """How great the risk of a step is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: which post does it, how far it may go, what may go wrong, what is done against it.

    `internal` names the fields that only supervisors see; in the public version they are empty.
    `id` is given when a version is stored, and is no part of what the step says.
    """

    name: str
    post: str
    category: str
    boundary: str
    level: Level
    risk_point: str = ""
    measures: tuple[str, ...] = ()
    limit: str = ""
    internal: frozenset[str] = frozenset()
    id: str = field(default="", compare=False)

    def public(self) -> Step:
        """The step as residents see it."""
        hidden: dict[str, Any] = {name: type(getattr(self, name))() for name in self.internal}
        return replace(self, **hidden)

    def kept(self) -> dict[str, Any]:
        """The values of its internal fields."""
        return {name: self.as_json()[name] for name in sorted(self.internal)}

    def as_json(self) -> dict[str, Any]:
        """The form of `data/power_items.json`, every field of it."""
        return {
            "name": self.name,
            "post": self.post,
            "power_category": self.category,
            "boundary": self.boundary,
            "risk_level": self.level.value,
            "risk_point": self.risk_point,
            "measures": list(self.measures),
            "limit": self.limit,
            "internal": sorted(self.internal),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Step:
        """What `as_json` wrote."""
        return cls(
            name=content["name"],
            post=content["post"],
            category=content["power_category"],
            boundary=content["boundary"],
            level=Level(content["risk_level"]),
            risk_point=content["risk_point"],
            measures=tuple(content["measures"]),
            limit=content["limit"],
            internal=frozenset(content["internal"]),
            id=content.get("id", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerItem:
    """One item of the list: the power, beside it duties and liability, and its steps in order.

    `topics` are codes of queries.md; `limit_unit` is 工作日 or 日; `is_example` marks an item that
    no authority has approved.
    """

    code: str
    name: str
    content: str
    target: str
    basis: tuple[str, ...]
    limit_days: int
    limit_unit: str
    steps: tuple[Step, ...]
    topics: tuple[str, ...] = ()
    category: str = ""
    subcategory: str = ""
    exercised_by: tuple[str, ...] = ()
    supervised_by: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    liability: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    rhythm: str = ""
    rhythm_note: str = ""
    risk_area: str = ""
    is_example: bool = False

    @property
    def limit(self) -> str:
        """30个工作日"""
        unit = texts.WORKDAYS if self.limit_unit == WORKDAYS else texts.DAYS
        return unit.format(days=self.limit_days)

    @property
    def posts(self) -> tuple[str, ...]:
        """Every post that takes part, in the order of the steps; then who else exercises it."""
        return tuple(dict.fromkeys([*(step.post for step in self.steps), *self.exercised_by]))

    def gaps(self) -> tuple[str, ...]:
        """What it lacks for being published, in words (M2, M8, M10)."""
        lacking = [
            texts.LACKS.format(field=name)
            for name, value in (
                (texts.EXERCISED_BY, self.exercised_by),
                (texts.SUPERVISED_BY, self.supervised_by),
                (texts.DUTIES, self.duties),
            )
            if not value
        ]
        lacking += [
            texts.LACKS_MEASURE.format(no=number, name=step.name)
            for number, step in enumerate(self.steps, 1)
            if step.level is Level.HIGH and not step.public().measures
        ]
        return tuple(lacking)

    def public(self) -> PowerItem:
        """The item as residents see it."""
        return replace(self, steps=tuple(step.public() for step in self.steps))

    def as_json(self) -> dict[str, Any]:
        """The form of `data/power_items.json`, every field but the steps."""
        return {
            "code": self.code,
            "name": self.name,
            "topics": list(self.topics),
            "category": self.category,
            "subcategory": self.subcategory,
            "exercised_by": list(self.exercised_by),
            "supervised_by": list(self.supervised_by),
            "content": self.content,
            "target": self.target,
            "legal_basis": list(self.basis),
            "time_limit_days": self.limit_days,
            "time_limit_unit": self.limit_unit,
            "documents_needed": list(self.documents),
            "duties": list(self.duties),
            "liability": list(self.liability),
            "disclosure_rhythm": self.rhythm,
            "disclosure_note": self.rhythm_note,
            "risk_area": self.risk_area,
            "example": self.is_example,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], steps: tuple[Step, ...]) -> PowerItem:
        """What `as_json` wrote."""
        return cls(
            code=content["code"],
            name=content["name"],
            topics=tuple(content["topics"]),
            category=content["category"],
            subcategory=content["subcategory"],
            exercised_by=tuple(content["exercised_by"]),
            supervised_by=tuple(content["supervised_by"]),
            content=content["content"],
            target=content["target"],
            basis=tuple(content["legal_basis"]),
            limit_days=content["time_limit_days"],
            limit_unit=content["time_limit_unit"],
            documents=tuple(content["documents_needed"]),
            duties=tuple(content["duties"]),
            liability=tuple(content["liability"]),
            rhythm=content["disclosure_rhythm"],
            rhythm_note=content["disclosure_note"],
            risk_area=content["risk_area"],
            is_example=content["example"],
            steps=steps,
        )
