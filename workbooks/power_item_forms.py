"""The two forms of a power items file, brought to one: an item's cells, and those of its steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbooks import texts
from workbooks.cells import Value, as_text, is_blank
from workbooks.characters import squeeze, to_half_width
from workbooks.forms import Column, Record, read_records
from workbooks.problems import Ignored, WorkbookError

CODE, NAME, CATEGORY, SUBCATEGORY, TOPICS = "编号", "名称", "类别", "子类", "主题"
CONTENT, TARGET, BASIS, LIMIT, DOCUMENTS = "内容", "行使对象", "法律依据", "办理时限", "所需材料"
EXERCISED_BY, SUPERVISED_BY = texts.EXERCISED_BY, texts.SUPERVISED_BY
DUTIES, LIABILITY = texts.DUTIES, "责任追究"
RHYTHM, RHYTHM_NOTE, RISK_AREA = "公开方式", "公开说明", "风险领域"
EFFECTIVE_FROM, EXAMPLE = "生效日期", "示例"
STEP, POST, POWER_CATEGORY, BOUNDARY = "步骤", "岗位", "权力类别", "职权边界"
LEVEL, RISK_POINT, MEASURES, STEP_LIMIT, INTERNAL = (
    "风险等级", "风险点", "防控措施", "步骤时限", "不公开",
)  # fmt: skip

COLUMNS = (
    Column(CODE, ("事项编号", "事项编码", "编码", "代码"), is_required=True),
    Column(NAME, ("事项名称", "权力事项", "职权名称"), is_required=True),
    Column(CATEGORY, ("事项类别",)),
    Column(SUBCATEGORY, ("小类",)),
    Column(TOPICS, ("主题代码",)),
    Column(CONTENT, ("职权内容", "权力内容", "事项内容")),
    Column(TARGET, ("对象", "办理对象")),
    Column(BASIS, ("依据", "行使依据", "政策依据")),
    Column(LIMIT, ("时限", "办结时限")),
    Column(DOCUMENTS, ("材料", "办理材料", "申请材料")),
    Column(EXERCISED_BY, ("实施主体", "责任主体")),
    Column(SUPERVISED_BY, ("监管主体", "监督单位")),
    Column(DUTIES, ("责任", "责任事项", "履职要求")),
    Column(LIABILITY, ("追责情形", "追责")),
    Column(RHYTHM, ("公开频次",)),
    Column(RHYTHM_NOTE),
    Column(RISK_AREA),
    Column(EFFECTIVE_FROM, ("起用日期", "施行日期")),
    Column(EXAMPLE),
    Column(STEP, ("步骤名称", "环节", "环节名称", "运行流程", "流程")),
    Column(POST, ("责任岗位", "步骤岗位")),
    Column(POWER_CATEGORY, ("岗位权力类别", "职权类别")),
    Column(BOUNDARY, ("权力边界", "边界")),
    Column(LEVEL, ("等级",)),
    Column(RISK_POINT, ("廉政风险点", "风险")),
    Column(MEASURES, ("防控", "措施")),
    Column(STEP_LIMIT, ("环节时限",)),
    Column(INTERNAL, ("内部字段",)),
)
INTERNAL_LABELS = {"boundary": BOUNDARY, "risk_point": RISK_POINT, "measures": MEASURES}
"""What of a step may be kept from the public version (M10), and how it is called."""

_OF_STEPS = (
    STEP, POST, POWER_CATEGORY, BOUNDARY, LEVEL, RISK_POINT, MEASURES, STEP_LIMIT, INTERNAL,
)  # fmt: skip
# Names are told apart by 、 as well; a sentence or a law's articles may hold one.
_NAMES = (TOPICS, DOCUMENTS, EXERCISED_BY, SUPERVISED_BY, INTERNAL)
_SENTENCES = (BASIS, DUTIES, LIABILITY, MEASURES)
_BETWEEN_NAMES, _BETWEEN_SENTENCES = re.compile(r"[、,;\n]+"), re.compile(r"[;\n]+")

_ITEM_KEYS = {
    "code": CODE, "name": NAME, "category": CATEGORY, "subcategory": SUBCATEGORY,
    "topics": TOPICS, "content": CONTENT, "target": TARGET, "legal_basis": BASIS,
    "documents_needed": DOCUMENTS, "exercised_by": EXERCISED_BY, "supervised_by": SUPERVISED_BY,
    "duties": DUTIES, "liability": LIABILITY, "disclosure_rhythm": RHYTHM,
    "disclosure_note": RHYTHM_NOTE, "risk_area": RISK_AREA, "effective_from": EFFECTIVE_FROM,
    "example": EXAMPLE,
}  # fmt: skip
_STEP_KEYS = {
    "name": STEP, "post": POST, "power_category": POWER_CATEGORY, "boundary": BOUNDARY,
    "risk_level": LEVEL, "risk_point": RISK_POINT, "measure": MEASURES, "measures": MEASURES,
    "limit": STEP_LIMIT, "internal": INTERNAL,
}  # fmt: skip


@dataclass(slots=True)
class Source:
    """The cells of an item or of a step; `lists` are those that hold several things."""

    record: Record
    lists: Mapping[str, tuple[str, ...]]
    steps: list[Source] = field(default_factory=list)

    def listed(self, column: str, expected: str = "") -> tuple[str, ...]:
        """The things in a cell; where `expected` is given, none at all is refused."""
        found = self.lists.get(column, ())
        if not found and expected:
            self.record.refuse(column, expected, texts.BLANK)
        return found

    def refuse(self, column: str, expected: str, found: str | None = None) -> None:
        self.record.refuse(column, expected, found)


# --- tables ---------------------------------------------------------------------------------------


def from_table(path: Path, source_name: str | None) -> tuple[list[Source], list[Ignored]]:
    """The items of a table: each begins in a row with another code, and has a row a step.

    Raises WorkbookError as `read_records` does.
    """
    _, records, ignored = read_records(path, COLUMNS, source_name)
    items: list[Source] = []
    for record in records:
        if not items or _begins(record, items[-1].record):
            items.append(_source(record))
        if any(not is_blank(record.values.get(column)) for column in _OF_STEPS):
            items[-1].steps.append(_source(Record(record.sheet, record.row, record.values)))
    return items, ignored


def _begins(record: Record, item: Record) -> bool:
    code = squeeze(as_text(record.values.get(CODE)))
    is_same = code == squeeze(as_text(item.values.get(CODE)))
    return record.sheet != item.sheet or bool(code and not is_same)


def _source(record: Record) -> Source:
    lists = {}
    for columns, between in ((_NAMES, _BETWEEN_NAMES), (_SENTENCES, _BETWEEN_SENTENCES)):
        for column in columns:
            lists[column] = _cleaned(between.split(_plain(record.values.get(column))))
    return Source(record, lists)


# --- JSON -----------------------------------------------------------------------------------------


def from_json(path: Path, file: str) -> list[Source]:
    """The items of the JSON form, counted as listed. Raises WorkbookError: damaged, wrong_kind."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise _not_power_items(file, texts.DAMAGED) from exc
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise _not_power_items(file, texts.OTHER_KINDS["json"])
    if not items:
        raise _not_power_items(file, texts.NO_ROWS)
    starts = {"effective_from": content.get("effective_from")}
    return [_json_item(number, starts | _object(item)) for number, item in enumerate(items, 1)]


def _json_item(number: int, content: dict[str, Any]) -> Source:
    source = _json_source(number, content, _ITEM_KEYS)
    limit = _value(content.get("time_limit_days")), _value(content.get("time_limit_unit"))
    source.record.values = {**source.record.values, LIMIT: "".join(map(as_text, limit))}
    steps = content.get("steps")
    for step in steps if isinstance(steps, list) else ():
        source.steps.append(_json_source(number, _object(step), _STEP_KEYS))
    return source


def _json_source(number: int, content: dict[str, Any], keys: Mapping[str, str]) -> Source:
    values: dict[str, Value] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for key, column in keys.items():
        given = content.get(key)
        if given is None:
            continue
        several = given if isinstance(given, list) else [given]
        lists[column] = _cleaned(_plain(_value(one)) for one in several)
        values[column] = "\n".join(lists[column])
    return Source(Record("", number, values), lists)


def _object(content: object) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}


def _value(content: object) -> Value:
    return content if isinstance(content, str | int | float) else None


def _not_power_items(file: str, found: str) -> WorkbookError:
    return WorkbookError("wrong_kind", file=file, found=found, expected=texts.POWER_JSON)


# --- both -----------------------------------------------------------------------------------------


def _plain(value: Value) -> str:
    return to_half_width(as_text(value)).strip()


def _cleaned(texts_: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(str.strip, texts_) if text)
