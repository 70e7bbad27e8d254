"""`mingbai education`, as an operator works it."""

from datetime import date
from pathlib import Path

import pytest

from tests.bot.home import SAMPLE, Home

AT = ("--now", "2026-11-24T09:30")
LIBRARY = SAMPLE.parent / "education.json"
FESTIVALS = {"元旦": 1, "五一": 5, "七一": 7, "国庆": 10, "春节": 2, "端午": 6, "中秋": 9}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("education") / "home")
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    assert home.run("import", "education", LIBRARY).status == 0
    return home


@pytest.fixture
def home(ready: Home, tmp_path: Path) -> Home:
    return ready.copy(tmp_path / "home")


def test_the_usual_plan_has_every_tag_and_festivals_in_their_month(home: Home) -> None:
    made = home.run("education", "plan", "make", "2027", *AT)

    assert made.status == 0, made.err
    assert "正面" in made.out
    rows = home.rows(
        "SELECT p.day, i.tag FROM education_plan p JOIN education_items i ON i.id = p.item_id"
    )
    days = [date.fromisoformat(day) for day, _ in rows]
    tags = {tag for (tag,) in home.rows("SELECT tag FROM education_items")}
    assert {tag for _, tag in rows} == tags
    assert {day.month for day in days} == set(range(1, 13))
    assert len(set(days)) == len(days)
    for day, tag in rows:
        if tag in FESTIVALS:
            assert date.fromisoformat(day).month == FESTIVALS[tag], tag
    again = home.run("education", "plan", "make", "2027", *AT)
    assert (again.status, "已经有计划" in again.err) == (1, True)


def test_a_line_is_added_shown_and_removed(home: Home) -> None:
    words = ("--day", "2026-12-01", "--item", "EDU001", "--audience", "role=干部")
    added = home.run("education", "plan", "add", *words, "--owner", "镇纪委", *AT)
    twice = home.run("education", "plan", "add", *words, *AT)
    shown = home.run("education", "plan", "show", *AT)
    report = home.run("education", "report", "--json", *AT).json()

    assert added.status == 0, added.err
    assert (twice.status, "不用再排" in twice.err) == (1, True)
    assert all(word in shown.out for word in ("2026-12-01", "EDU001", "镇纪委", "待发", "正面 1"))
    (line,) = report["lines"]
    assert (line["item"], line["reached"], report["posts"]) == ("EDU001", 0, [])

    assert home.run("education", "plan", "remove", line["id"], *AT).status == 0
    gone = home.run("education", "plan", "remove", line["id"], *AT)
    assert (gone.status, "没有编号" in gone.err) == (1, True)
    assert "还没有教育计划" in home.run("education", "plan", "show", *AT).out
    assert home.run("verify").status == 0


def test_a_year_or_a_line_may_be_told_in_cards(home: Home) -> None:
    words = ("--day", "2026-12-01", "--item", "EDU001", "--audience", "role=干部")

    made = home.run("education", "plan", "make", "2027", "--form", "卡片", *AT)
    added = home.run("education", "plan", "add", *words, "--form", "卡片", *AT)
    wrong = home.run("education", "plan", "add", *words, "--form", "电报", *AT)

    assert (made.status, added.status) == (0, 0), added.err
    forms = home.rows("SELECT form, COUNT(*) FROM education_plan GROUP BY form")
    assert dict(forms)["卡片"] > 20
    assert wrong.status == 1
    assert "没有这种形式" in wrong.err


@pytest.mark.parametrize(
    ("day", "item", "audience", "said"),
    [
        ("2026-12-01", "EDU999", "role=干部", "EDU999"),
        ("2026-12-01", "EDU001", "role=皇帝", "皇帝"),
        ("2026-11-23", "EDU001", "role=干部", "已经过去"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_planned(
    home: Home, day: str, item: str, audience: str, said: str
) -> None:
    words = ("--day", day, "--item", item, "--audience", audience)
    refused = home.run("education", "plan", "add", *words, *AT)

    assert refused.status == 1
    assert said in refused.err
    assert home.rows("SELECT * FROM education_plan") == []
