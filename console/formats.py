"""Money and days as pages show them: the filters of the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from pictures.typesetting import typeset
from storage import wording
from storage.clock import BEIJING
from understanding.personal import hide_personal


def yuan(fen: int) -> Markup:
    """1,234.50元; at large type it may break behind a comma, and nowhere else."""
    return Markup(wording.yuan(fen).replace(",", ",<wbr>"))  # noqa: S704 - digits, signs and 元


def day(moment: date) -> str:
    """2026年3月5日"""
    return f"{moment.year}年{moment.month}月{moment.day}日"


def short_day(moment: date) -> str:
    """3月5日"""
    return f"{moment.month}月{moment.day}日"


def published_day(at: datetime) -> str:
    """2026年3月5日, in Beijing."""
    return day(at.astimezone(BEIJING).date())


def moment(at: datetime) -> Markup:
    """2026年3月5日 09:30, in Beijing; the day stays whole while there is room."""
    local = at.astimezone(BEIJING)
    return Markup('<span class="whole">{}</span> {:%H:%M}').format(day(local.date()), local)


@lru_cache(maxsize=20_000)
def hidden(text: str) -> str:
    """What somebody typed in, without numbers of persons; pages show the same texts again."""
    return hide_personal(text)


FILTERS: dict[str, Callable[[Any], str]] = {
    "yuan": yuan,
    "day": day,
    "short_day": short_day,
    "published_day": published_day,
    "moment": moment,
    "month": wording.month,
    "hidden": hidden,
    "typeset": typeset,
}
"""`hidden` goes over every text that somebody typed in, `typeset` over sentences of ours."""
