"""The holiday table of a year: days off, and weekends that are worked (`data/holidays_cn.json`)."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbooks import texts
from workbooks.dates import read_day
from workbooks.filetypes import FileType, detect
from workbooks.forms import Column, Reading, Record, RefusedRow, read_records
from workbooks.problems import Ignored, WorkbookError

COLUMNS = (
    Column("日期", ("日子",), is_required=True),
    Column("类型", ("安排", "放假或上班"), is_required=True),
    Column("名称", ("节日", "节日名称", "假日", "说明")),
)
_KINDS = {
    "放假": "off", "休": "off", "休息": "off", "假": "off", "off": "off",
    "上班": "work", "班": "work", "调休": "work", "调休上班": "work", "补班": "work",
    "work": "work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One day that differs from the week: `kind` is off or work."""

    sheet: str
    row: int
    date: date
    kind: str
    name: str

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "date": self.date.isoformat(),
            "kind": self.kind,
            "name": self.name,
        }


def read_holidays(path: Path, *, source_name: str | None = None) -> Reading[HolidayRow]:
    """The days of a CSV, a spreadsheet or the JSON form; in JSON, rows are counted as listed.

    Raises WorkbookError as `read_records` does.
    """
    file = source_name or path.name
    if detect(path, file) is FileType.JSON:
        ignored: tuple[Ignored, ...] = ()
        records = _json_records(path, file)
    else:
        file, records, left_out = read_records(path, COLUMNS, source_name)
        ignored = tuple(left_out)
    seen: dict[date, int] = {}
    accepted: list[HolidayRow] = []
    refused: list[RefusedRow] = []
    for record in records:
        holiday = _read(record)
        if holiday and holiday.date in seen:
            record.refuse("日期", texts.DAY_ONCE.format(row=seen[holiday.date]))
        if record.reasons or holiday is None:
            refused.append(record.refused())
        else:
            seen[holiday.date] = record.row
            accepted.append(holiday)
    return Reading(file, tuple(accepted), tuple(refused), ignored)


def _read(record: Record) -> HolidayRow | None:
    day = read_day(record.values.get("日期"))
    if day is None:
        record.refuse("日期", texts.A_DATE_WITH_YEAR)
    kind = _KINDS.get(record.text("类型"))
    if kind is None:
        record.refuse("类型", texts.A_HOLIDAY_KIND)
    if day is None or kind is None:
        return None
    return HolidayRow(record.sheet, record.row, day.date, kind, record.text("名称"))


def _json_records(path: Path, file: str) -> list[Record]:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise _not_holidays(file, texts.DAMAGED) from exc
    parts = [content.get(kind) for kind in ("off", "work")] if isinstance(content, dict) else []
    if not parts or not all(isinstance(part, dict) for part in parts):
        raise _not_holidays(file, texts.OTHER_KINDS["json"])
    records: list[Record] = []
    for kind in ("off", "work"):
        for day, name in content[kind].items():
            values = {"日期": day, "类型": kind, "名称": name if isinstance(name, str) else ""}
            records.append(Record("", len(records) + 1, values))
    if not records:
        raise _not_holidays(file, texts.NO_ROWS)
    return records


def _not_holidays(file: str, found: str) -> WorkbookError:
    return WorkbookError("wrong_kind", file=file, found=found, expected=texts.HOLIDAY_JSON)
