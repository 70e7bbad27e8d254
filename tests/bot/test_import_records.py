"""The seven kinds from files to publications, as an operator sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.home import SAMPLE as VILLAGES
from tests.bot.home import Home
from workbooks.records.kinds import KINDS

SAMPLE = VILLAGES.parent
RELIEF = "补贴项目,所属期,姓名,组别,金额"


@pytest.fixture(scope="session")
def _county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("records"))
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", VILLAGES).status == 0
    return home


@pytest.fixture
def county(_county: Home, tmp_path: Path) -> Home:
    return _county.copy(tmp_path / "home")


def states(home: Home) -> list[tuple[Any, ...]]:
    return home.rows(
        "SELECT book, period, version, state FROM disclosures ORDER BY period, version"
    )


@pytest.mark.parametrize("code", sorted(KINDS))
def test_the_sample_is_read_whole_published_and_nothing_changes_again(
    county: Home, code: str
) -> None:
    words = ("import", code, SAMPLE / f"{code}.csv", "--publish", "--json")

    first = county.run(*words).json()
    before = county.counts()
    second = county.run(*words).json()

    assert first["kind"] == code
    assert first["counts"]["accepted"] >= 12
    assert (first["counts"]["doubtful"], first["counts"]["refused"]) == (0, 0)
    assert {one["state"] for one in first["disclosures"]} == {"published"}
    assert len({one["village"] for one in first["disclosures"]}) >= 3
    assert second["disclosures"] == first["disclosures"]
    after = county.counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {"imports": 1}
    assert county.run("verify").status == 0


def test_dry_run_reports_in_full_and_stores_nothing(county: Home) -> None:
    before = county.counts()

    said = county.run("import", "rules", SAMPLE / "rules.csv", "--publish", "--dry-run")

    assert "公开了 8 份" in said.out
    assert "什么也没有存" in said.out
    assert county.counts() == before


def test_a_list_with_a_doubt_waits_until_somebody_says_yes(county: Home) -> None:
    file = county.write(
        "低保.csv",
        [
            "听竹村2026年10月低保名单", RELIEF,
            "最低生活保障,2026年10月,王小军,3组,420", "最低生活保障,2026年10月,王小军,3组,420",
        ],
    )  # fmt: skip

    held = county.run("import", "subsidies", file, "--publish")
    settled = county.run("import", "subsidies", file, "--publish", "--accept", "4")

    assert "最低生活保障 2026年10月 存成草稿,还不能公开" in held.out
    assert "看过没有错,就加上 --accept 4" in held.out
    assert "公开了 1 份:最低生活保障 2026年10月" in settled.out
    assert "王小军" not in held.out + settled.out
    assert states(county) == [("最低生活保障", "2026-10", 1, "published")]


def test_refused_rows_and_wrong_totals_stop_their_own_list_only(county: Home) -> None:
    file = county.write(
        "补贴.csv",
        [
            f"村名,{RELIEF}",
            "听竹村,临时救助,2026年9月,王*,3组,待定", "听竹村,临时救助,2026年9月,李*,3组,500",
            "听竹村,高龄津贴,2026年9月,李*,3组,120",
            "没有的村,高龄津贴,2026年9月,李*,3组,120",
        ],
    )  # fmt: skip

    said = county.run("import", "subsidies", file, "--publish")

    assert "第2行 金额:写的是“待定”,要填数字" in said.out
    assert "第5行 村名:写的是“没有的村”,要填已经导入过的村" in said.out
    assert "有1行读不懂,要改好再导:第5行" in said.out  # it may belong to the list above it
    assert {state for *_, state in states(county)} == {"draft"}


def test_a_correction_shows_what_changed_and_leaves_the_earlier_figure(county: Home) -> None:
    head = "村名,项目名称,立项日期,中标价,已付,阶段"
    first = county.write("一.csv", [head, "听竹村,修桥,2026年3月1日,10000,0,在建"])
    second = county.write("二.csv", [head, "听竹村,修桥,2026年3月1日,10000,9500,完工"])
    county.run("import", "projects", first, "--publish")

    said = county.run("import", "projects", second, "--publish")

    assert "修桥 和上次比:" in said.out
    assert "已付改为9,500元,阶段改为完工" in said.out
    assert states(county) == [("修桥", "2026", 1, "corrected"), ("修桥", "2026", 2, "published")]


def test_rows_of_several_files_make_one_list(county: Home) -> None:
    head = f"村名,{RELIEF}"
    one = county.write("一组.csv", [head, "听竹村,临时救助,2026年9月,王*,1组,500"])
    two = county.write("二组.csv", [head, "听竹村,临时救助,2026年9月,李*,2组,500"])

    county.run("import", "subsidies", one, two, "--publish")

    rows = county.rows("SELECT version, body FROM disclosures")
    assert [(version, body.count('"amount":50000')) for version, body in rows] == [(1, 2)]


def test_options_of_other_kinds_are_refused(county: Home) -> None:
    file = SAMPLE / "rules.csv"

    book = county.run("import", "rules", file, "--book", "集体")
    village = county.run("import", "rules", file, "--village", "半溪村")

    assert (book.status, book.err) == (1, "rules 不用 --book,去掉再来。\n")
    assert village.status == 1
    assert "是半溪村的(--village 写的是它)" in village.out


def test_a_file_in_which_nothing_can_be_read_is_refused(county: Home) -> None:
    file = county.write("账.csv", ["日期,摘要,金额", "2026-03-05,打印纸,680"])

    said = county.run("import", "contacts", file)

    assert said.status == 1
    assert "《账.csv》读不了:没有找到表头" in said.err


# --- empty workbooks ------------------------------------------------------------------------------


def test_an_empty_workbook_is_made_once_and_can_be_brought_in(county: Home) -> None:
    file = county.folder / "空表.xlsx"

    made = county.run("workbook", "decisions", file)
    again = county.run("workbook", "decisions", file)
    brought = county.run("import", "decisions", file, "--json").json()

    assert (made.status, again.status) == (0, 1)
    assert "已经有了,没有动它" in again.err
    assert brought["counts"]["accepted"] == 2
    assert [item["reason"] for item in brought["ignored"]] == ["other_kind"]


def test_an_empty_workbook_needs_a_kind_and_an_ending(county: Home) -> None:
    unknown = county.run("workbook", "tips", county.folder / "表.xlsx")
    ending = county.run("workbook", "rules", county.folder / "表.doc")

    assert unknown.status == 2
    assert (ending.status, ending.err) == (1, "《表.doc》要以 .xlsx 或 .csv 结尾。\n")


# --- what follows a publication -------------------------------------------------------------------


def test_followers_of_a_list_are_told_of_it_in_one_message(
    county: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rest in ("QUIET_HOURS", "NOON_REST"):  # at any hour that this is run
        monkeypatch.setenv(f"MINGBAI_SCHEDULE__{rest}", "00:00-00:00")
    people = [
        "姓名,手机号,角色,区划代码",
        *(f"许{name},1390000000{n},居民,990101101200" for n, name in enumerate("一二三四", 1)),
    ]
    assert county.run("import", "people", county.write("people.csv", people)).status == 0
    for phone, *wishes in (
        ("13900000001", "订阅低保"),
        ("13900000002", "订阅低保", "订阅高龄津贴"),
        ("13900000003", "订阅低保,每周一次"),
        ("13900000004", "订阅修路"),
    ):
        for wish in wishes:
            said = county.run("ask", wish, "--as", phone, "--channel", "sms")
            assert said.status == 0, said.err
    lists = [f"村名,{RELIEF}", "听竹村,最低生活保障,2026-10,杨*英,1组,380"]
    lists.append("听竹村,高龄津贴,2026-10,罗*贵,2组,100")

    for _ in "12":
        file = county.write("名单.csv", lists)
        assert county.run("import", "subsidies", file, "--publish").status == 0

    told = county.rows(
        "SELECT p.name, c.params FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " JOIN people p ON p.id = d.person_id ORDER BY p.name"
    )
    assert [(name, json.loads(params)["text"]) for name, params in told] == [
        ("许一", "听竹村最低生活保障名单"),
        ("许二", "听竹村最低生活保障名单、高龄津贴名单"),
    ]
