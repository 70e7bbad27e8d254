"""The education library's two forms, and what is said of a row that cannot be used."""

import json
from pathlib import Path

import pytest

from workbooks.education import read_education
from workbooks.problems import WorkbookError

SAMPLE = Path(__file__).parents[2] / "bot/sample/education.json"
HEAD = "编号,种类,标签,风险领域,对象,教育类型,正文,形式,题目,选项,答案,解释\n"
GOOD = "E1,节日,春节,作风建设,干部,正面示范教育,干净过年,短信、微信,,,,\n"


def test_the_sample_library_is_read_whole() -> None:
    reading = read_education(SAMPLE)

    items = [row for row in reading.accepted if row.text]
    assert reading.refused == ()
    assert len(items) == 65
    assert sum(row.kind == "case" for row in items) == 5
    assert all(row.quiz for row in reading.accepted if not row.text)
    case = next(row for row in items if row.id == "CASE01")
    assert json.loads(case.body)["consequence"].startswith("合同依法解除")


def test_a_table_with_a_question_of_its_own_row(tmp_path: Path) -> None:
    file = tmp_path / "education.csv"
    file.write_text(HEAD + GOOD + "E1,,,,,,,,年货能收吗,能|不能,2,一律退回\n", encoding="utf-8-sig")

    first, second = read_education(file).accepted

    assert (first.kind, first.forms, first.quiz) == ("festival", ("短信", "微信"), None)
    assert second.quiz is not None
    assert (second.quiz.options, second.quiz.answer) == (("能", "不能"), 2)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD, "编号"),  # a second time
        ("E2,节气,春节,作风建设,干部,正面示范教育,好,短信,,,,\n", "种类"),
        (f"E2,节日,春节,作风建设,干部,正面示范教育,{'长' * 61},短信,,,,\n", "正文"),
        ("E2,节日,春节,作风建设,干部,瞎填,好,短信,,,,\n", "教育类型"),
        ("E2,节日,春节,作风建设,干部,正面示范教育,好,广播,,,,\n", "形式"),
        ("E1,,,,,,,,能收吗,能,1,\n", "选项"),
        ("E1,,,,,,,,能收吗,能|不能,3,\n", "答案"),
        ("E9,,,,,,,,能收吗,能|不能,2,\n", "编号"),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_is_read(tmp_path: Path, row: str, column: str) -> None:
    file = tmp_path / "education.csv"
    file.write_text(HEAD + GOOD + row, encoding="utf-8-sig")

    reading = read_education(file)

    assert [one.id for one in reading.accepted] == ["E1"]
    assert [(one.row, one.reasons[0].column) for one in reading.refused] == [(3, column)]


def test_other_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"off": {}}', encoding="utf-8")

    with pytest.raises(WorkbookError, match="reminders"):
        read_education(file)
