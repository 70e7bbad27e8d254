"""The education library: texts to remind with, cases to learn from, and questions about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbooks import texts
from workbooks.filetypes import FileType, detect
from workbooks.forms import Column, Reading, Record, RefusedRow, read_records
from workbooks.problems import Ignored, WorkbookError

COLUMNS = (
    Column("编号", ("序号", "条目编号"), is_required=True),
    Column("种类", ("类别",)),
    Column("标签", ("主题", "节日")),
    Column("风险领域", ("领域",)),
    Column("对象", ("教育对象", "受众")),
    Column("教育类型", ("教育内容", "内容类别")),
    Column("标题", ("案例名称",)),
    Column("正文", ("内容", "文字"), is_required=True),
    Column("形式", ("日常形式", "发布形式")),
    Column("题目", ("测验题", "问题")),
    Column("选项", ("备选答案",)),
    Column("答案", ("正确答案", "正确选项")),
    Column("解释", ("解析", "说明")),
)
KINDS = {
    "节日": "festival", "festival": "festival", "法规": "rule", "规定": "rule", "rule": "rule",
    "风险": "risk", "risk": "risk", "案例": "case", "case": "case",
}  # fmt: skip
FORMS = ("短信", "微信", "卡片", "标语", "警句")
TYPES = (
    "思想道德教育",
    "党性党风教育",
    "党规党纪教育",
    "法律法规教育",
    "党规党纪和法律法规教育",
    "正面示范教育",
    "反面警示教育",
)
"""Domain.md, M56 and M57."""
LONGEST, LONGEST_CASE = 60, 500
"""Characters: what stays one text by SMS with its signature; a case is read on a page."""
_JOINTS = "、,;/|"


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question and its options; `answer` counts them from 1."""

    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationRow:
    """An item, a question about one, or both: without a text it is a further question."""

    sheet: str
    row: int
    id: str
    kind: str = ""
    tag: str = ""
    risk_area: str = ""
    audience: str = ""
    education_type: str = ""
    title: str = ""
    text: str = ""
    forms: tuple[str, ...] = ()
    body: str = ""  # JSON of a case in full
    quiz: Quiz | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "id": self.id,
            "kind": self.kind,
            "tag": self.tag,
            "education_type": self.education_type,
            "text": self.text,
            "forms": list(self.forms),
            "question": self.quiz.question if self.quiz else "",
        }


def read_education(path: Path, *, source_name: str | None = None) -> Reading[EducationRow]:
    """The items of a CSV, a spreadsheet or the JSON form; in JSON, rows are counted as listed.

    Raises WorkbookError as `read_records` does.
    """
    file, ignored = source_name or path.name, tuple[Ignored, ...]()
    if detect(path, file) is FileType.JSON:
        records, bodies = _json_records(path, file)
    else:
        file, records, left_out = read_records(path, COLUMNS, source_name)
        ignored, bodies = tuple(left_out), {}
    seen: dict[str, int] = {}
    accepted: list[EducationRow] = []
    refused: list[RefusedRow] = []
    for record in records:
        row = _read(record, seen, bodies.get(record.row, ""))
        if record.reasons:
            refused.append(record.refused())
            continue
        if row.text:
            seen[row.id] = row.row
        accepted.append(row)
    return Reading(file, tuple(accepted), tuple(refused), ignored)


def _read(record: Record, seen: Mapping[str, int], body: str) -> EducationRow:
    identity = record.text("编号", texts.AN_EDUCATION_ID)
    if len(identity) > 20:
        record.refuse("编号", texts.AN_EDUCATION_ID)
    quiz = _quiz(record)
    if quiz and not record.text("正文"):
        if identity not in seen:
            record.refuse("编号", texts.AN_ITEM_ABOVE)
        return EducationRow(sheet=record.sheet, row=record.row, id=identity, quiz=quiz)
    if identity in seen:
        record.refuse("编号", texts.EDUCATION_ONCE.format(row=seen[identity]))
    kind = KINDS.get(record.text("种类"), "")
    if not kind:
        record.refuse("种类", texts.AN_EDUCATION_KIND)
    education_type = record.text("教育类型")
    if education_type not in TYPES:
        record.refuse("教育类型", texts.ONE_OF.format(words="、".join(TYPES)))
    text = record.text("正文", texts.AN_EDUCATION_TEXT)
    longest = LONGEST_CASE if kind == "case" else LONGEST
    if len(text) > longest:
        found = texts.CHARACTERS.format(count=len(text))
        record.refuse("正文", texts.AT_MOST_CHARACTERS.format(count=longest), found)
    forms = _split(record.text("形式"))
    if not forms or not set(forms) <= set(FORMS):
        record.refuse("形式", texts.ONE_OR_MORE_OF.format(words="、".join(FORMS)))
    return EducationRow(
        sheet=record.sheet,
        row=record.row,
        id=identity,
        kind=kind,
        tag=record.text("标签", texts.AN_EDUCATION_TAG),
        risk_area=record.text("风险领域", texts.A_RISK_AREA),
        audience=record.text("对象"),
        education_type=education_type,
        title=record.text("标题"),
        text=text,
        forms=forms,
        body=body,
        quiz=quiz,
    )


def _quiz(record: Record) -> Quiz | None:
    question = record.text("题目")
    if not question:
        return None
    options = tuple(part.strip() for part in record.text("选项").split("|") if part.strip())
    if not 2 <= len(options) <= 6:
        record.refuse("选项", texts.QUIZ_OPTIONS)
        return None
    answer = record.whole("答案", texts.QUIZ_ANSWER, range(1, len(options) + 1))
    if answer is None:
        if not record.reasons:
            record.refuse("答案", texts.QUIZ_ANSWER)
        return None
    return Quiz(question, options, answer, record.text("解释"))


def _split(text: str) -> tuple[str, ...]:
    for joint in _JOINTS:
        text = text.replace(joint, "、")
    return tuple(part.strip() for part in text.split("、") if part.strip())


# --- the JSON form --------------------------------------------------------------------------------


def _json_records(path: Path, file: str) -> tuple[list[Record], dict[int, str]]:
    """The records, and the cases in full by their row."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise _not_education(file, texts.DAMAGED) from exc
    parts = [content.get(part, []) for part in _PARTS] if isinstance(content, dict) else []
    if not any(parts) or not all(isinstance(part, list) for part in parts):
        raise _not_education(file, texts.OTHER_KINDS["json"])
    records: list[Record] = []
    bodies: dict[int, str] = {}
    for name, items in zip(_PARTS, parts, strict=True):
        for told in items:
            row = len(records) + 1
            given = told if isinstance(told, dict) else {}
            records.append(Record("", row, _PARTS[name](given)))
            if name == "cases":
                bodies[row] = json.dumps(given, ensure_ascii=False, sort_keys=True)
    return records, bodies


def _reminder(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "编号": _word(told, "id"),
        "种类": _word(told, "kind"),
        "标签": _word(told, "tag"),
        "风险领域": _word(told, "risk_area"),
        "对象": _word(told, "audience"),
        "教育类型": _word(told, "education_type"),
        "正文": _word(told, "text"),
        "形式": "、".join(_words(told.get("forms"))),
    }


def _case(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "编号": _word(told, "id"),
        "种类": "case",
        "标签": _word(told, "risk_area"),
        "风险领域": _word(told, "risk_area"),
        "对象": _word(told, "warning_scope"),
        "教育类型": "反面警示教育",
        "标题": _word(told, "title"),
        "正文": _word(told, "summary"),
        "形式": "微信",
    }


def _question(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "编号": _word(told, "item"),
        "题目": _word(told, "question"),
        "选项": "|".join(_words(told.get("options"))),
        "答案": told.get("answer"),
        "解释": _word(told, "explanation"),
    }


_PARTS = {"reminders": _reminder, "cases": _case, "quiz": _question}


def _word(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _words(value: object) -> Iterable[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _not_education(file: str, found: str) -> WorkbookError:
    return WorkbookError("wrong_kind", file=file, found=found, expected=texts.EDUCATION_JSON)
