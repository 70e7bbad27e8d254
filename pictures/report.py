"""A region's monthly report on paper: indicators against the year before, places, topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from pictures.figures import full_day, month


@dataclass(frozen=True, slots=True)
class ReportLine:
    """An indicator in words: what it is, this year's figure, last year's, and how it is counted."""

    name: str
    what: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """A place below, with its figures in the order of the heads."""

    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyReport:
    """`heads` name the figures of places. Numbers that could tell of a person come suppressed."""

    template: ClassVar[str] = "monthly_report"
    region: str
    period: str
    made_on: date
    lines: tuple[ReportLine, ...]
    others: tuple[ReportLine, ...]
    heads: tuple[str, ...]
    places: tuple[ReportPlace, ...]
    topics: tuple[tuple[str, str, str], ...]

    def data(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "month": month(self.period),
            "made_on": full_day(self.made_on),
            "lines": [_line(one) for one in self.lines],
            "others": [_line(one) for one in self.others],
            "heads": list(self.heads),
            "places": [[one.name, *one.figures] for one in self.places],
            "topics": [list(one) for one in self.topics],
        }


def _line(one: ReportLine) -> list[str]:
    return [one.name, one.what, one.now, one.before]
