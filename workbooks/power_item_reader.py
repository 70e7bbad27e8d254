"""The power items file: JSON as in `data/power_items.json`, or a table with a row a step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbooks import power_item_forms as forms
from workbooks import texts
from workbooks.characters import squeeze
from workbooks.filetypes import FileType, detect
from workbooks.forms import Reading, RefusedRow
from workbooks.power_item_forms import Source
from workbooks.power_items import DAYS, WORKDAYS, Level, PowerItem, Step
from workbooks.problems import Ignored

_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{0,19}")
_LIMIT = re.compile(r"(\d{1,4})个?(工作日|自然日|天|日)")
_LEVELS = {
    "high": Level.HIGH, "高": Level.HIGH, "高风险": Level.HIGH,
    "medium": Level.MEDIUM, "中": Level.MEDIUM, "中风险": Level.MEDIUM,
    "low": Level.LOW, "低": Level.LOW, "低风险": Level.LOW,
}  # fmt: skip
_INTERNAL = {label: name for name, label in forms.INTERNAL_LABELS.items()}
_YES = frozenset(("是", "示例", "true", "True", "1"))


@dataclass(frozen=True, slots=True)
class PowerItemRow:
    """A power item as its file tells it; `row` is where it begins (in JSON its place in the list).

    `effective_from` is None where the file leaves it open.
    """

    sheet: str
    row: int
    item: PowerItem
    effective_from: date | None

    def as_json(self) -> dict[str, object]:
        """For reports: the item in brief."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.item.code,
            "name": self.item.name,
            "steps": len(self.item.steps),
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
        }


def read_power_items(path: Path, *, source_name: str | None = None) -> Reading[PowerItemRow]:
    """The power items of a file. One that lacks a field of M11, or of a step (M13), is refused.

    Raises WorkbookError as `read_records` does.
    """
    file = source_name or path.name
    ignored: list[Ignored] = []
    if detect(path, file) is FileType.JSON:
        sources = forms.from_json(path, file)
    else:
        sources, ignored = forms.from_table(path, source_name)
    seen: dict[tuple[str, date | None], int] = {}
    accepted: list[PowerItemRow] = []
    refused: list[RefusedRow] = []
    for source in sources:
        row = _read(source)
        key = (row.item.code, row.effective_from)
        if key in seen:
            source.refuse(forms.CODE, texts.ITEM_ONCE.format(row=seen[key]))
        if source.record.reasons:
            refused.append(source.record.refused())
        else:
            seen[key] = row.row
            accepted.append(row)
    return Reading(file, tuple(accepted), tuple(refused), tuple(ignored))


def _read(source: Source) -> PowerItemRow:
    record = source.record
    days, unit = _limit(source)
    item = PowerItem(
        code=_code(source),
        name=record.text(forms.NAME, texts.A_NAME),
        content=record.text(forms.CONTENT, texts.A_CONTENT),
        target=record.text(forms.TARGET, texts.A_TARGET),
        basis=source.listed(forms.BASIS, texts.A_BASIS),
        limit_days=days,
        limit_unit=unit,
        steps=_steps(source),
        topics=tuple(topic.upper() for topic in source.listed(forms.TOPICS)),
        category=record.text(forms.CATEGORY),
        subcategory=record.text(forms.SUBCATEGORY),
        exercised_by=source.listed(forms.EXERCISED_BY),
        supervised_by=source.listed(forms.SUPERVISED_BY),
        duties=source.listed(forms.DUTIES),
        liability=source.listed(forms.LIABILITY),
        documents=source.listed(forms.DOCUMENTS),
        rhythm=record.text(forms.RHYTHM),
        rhythm_note=record.text(forms.RHYTHM_NOTE),
        risk_area=record.text(forms.RISK_AREA),
        is_example=record.text(forms.EXAMPLE) in _YES,
    )
    return PowerItemRow(record.sheet, record.row, item, record.day(forms.EFFECTIVE_FROM))


def _code(source: Source) -> str:
    code = squeeze(source.record.text(forms.CODE)).upper()
    if not _CODE.fullmatch(code):
        source.refuse(forms.CODE, texts.AN_ITEM_CODE)
    return code


def _limit(source: Source) -> tuple[int, str]:
    match = _LIMIT.fullmatch(squeeze(source.record.text(forms.LIMIT)))
    if match is None or int(match[1]) == 0:
        source.refuse(forms.LIMIT, texts.A_LIMIT)
        return 0, WORKDAYS
    return int(match[1]), WORKDAYS if match[2] == WORKDAYS else DAYS


def _steps(source: Source) -> tuple[Step, ...]:
    if not source.steps:
        source.refuse(forms.STEP, texts.STEPS)
    steps = []
    for number, given in enumerate(source.steps, 1):
        steps.append(_step(given))
        for reason in given.record.reasons:
            source.refuse(
                texts.OF_STEP.format(no=number, field=reason.column), reason.expected, reason.found
            )
    return tuple(steps)


def _step(source: Source) -> Step:
    record = source.record
    level = _LEVELS.get(squeeze(record.text(forms.LEVEL)))
    if level is None:
        source.refuse(forms.LEVEL, texts.A_LEVEL)
    return Step(
        name=record.text(forms.STEP, texts.A_STEP),
        post=record.text(forms.POST, texts.A_POST),
        category=record.text(forms.POWER_CATEGORY, texts.A_POWER_CATEGORY),
        boundary=record.text(forms.BOUNDARY, texts.A_BOUNDARY),
        level=level or Level.LOW,
        risk_point=record.text(forms.RISK_POINT),
        measures=source.listed(forms.MEASURES),
        limit=record.text(forms.STEP_LIMIT),
        internal=_internal(source),
    )


def _internal(source: Source) -> frozenset[str]:
    names = source.listed(forms.INTERNAL)
    known = {name: _INTERNAL.get(name, name) for name in names}
    for name, field in known.items():
        if field not in forms.INTERNAL_LABELS:
            allowed = "、".join(_INTERNAL)
            source.refuse(forms.INTERNAL, texts.INTERNAL_FIELD.format(fields=allowed), name)
    return frozenset(known.values())
