"""`mingbai import` as an operator works it: reports, publications, refusals."""

from __future__ import annotations

import csv
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.importing.places import read_book
from tests.bot.home import DATA, SAMPLE, Home

LEDGER, BALANCES = SAMPLE.with_name("ledger_sample.csv"), SAMPLE.with_name("ledger_balances.csv")
MESSY = DATA / "ledger_messy.xlsx"
EXPECTED = json.loads((DATA / "ledger_messy.expected.json").read_text("utf-8"))
PUBLISH = ("import", "ledger", LEDGER, "--balances", BALANCES, "--publish")
HEAD = "日期,凭证号,摘要,科目,收入,支出,对方,经手人,审批人,监委会"


@pytest.fixture(scope="session")
def _county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("county"))
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    return home


@pytest.fixture(scope="session")
def _published(_county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = _county.copy(tmp_path_factory.mktemp("published"))
    assert home.run(*PUBLISH).status == 0
    return home


@pytest.fixture
def county(_county: Home, tmp_path: Path) -> Home:
    """An installation with the sample county's villages."""
    return _county.copy(tmp_path / "home")


@pytest.fixture
def published(_published: Home, tmp_path: Path) -> Home:
    """The same with the sample ledger published."""
    return _published.copy(tmp_path / "home")


def sheet(*rows: str, title: str = "听竹村2026年3月收支明细表", total: str = "") -> list[str]:
    """A ledger of one month as CSV; `total` is 收入,支出."""
    lines = [title, HEAD, *rows]
    return [*lines, f",,合计,,{total},,,,"] if total else lines


ROW_1 = "2026-03-05,记1,打印纸,管理费用,,680.00,稻香印务部,柏青松,骆启明,靳三"
ROW_2 = "2026-03-09,记2,铺面租金,经营收入,3500.00,,祝*梅,柏青松,骆启明,靳三"
TOTAL = "3500.00,680.00"


def publications(home: Home) -> list[tuple[Any, ...]]:
    return home.rows(
        "SELECT village, book, period, version, state FROM disclosures ORDER BY village, period,"
        " version"
    )


# --- the sample ledger ----------------------------------------------------------------------------


def test_dry_run_reports_in_full_and_stores_nothing(county: Home) -> None:
    before = county.counts()

    report = county.run(*PUBLISH, "--dry-run", "--json").json()

    assert report["counts"] == {"accepted": 2231, "doubtful": 0, "refused": 0, "ignored": 1}
    assert len(report["disclosures"]) == 54
    assert county.counts() == before


def test_sample_ledger_reconciles_to_the_fen_and_is_published(county: Home) -> None:
    report = county.run(*PUBLISH, "--json").json()

    assert [d["state"] for d in report["disclosures"]] == ["published"] * 54
    assert report["accepted"] == []  # over 2,000 rows
    assert {d["village"] for d in report["disclosures"]} == {"听竹村", "鹭洲村", "向阳坪村"}
    with BALANCES.open(encoding="utf-8", newline="") as file:
        stated = {
            (row["区划代码"], row["月份"]): [
                row[name].replace(".", "")
                for name in ("期初余额", "本月收入", "本月支出", "期末余额")
            ]
            for row in csv.DictReader(file)
        }
    bodies = county.rows("SELECT village, period, body FROM disclosures")
    found = {
        (village, period): [
            str(json.loads(body)[name]) for name in ("opening", "income", "expense", "closing")
        ]
        for village, period, body in bodies
    }
    assert found == stated


def test_same_ledger_again_stores_a_note_and_nothing_else(published: Home) -> None:
    before, contents = published.counts(), published.rows("SELECT * FROM disclosures")

    said = published.run(*PUBLISH)

    assert said.status == 0
    assert "什么也没有变" in said.out
    after = published.counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {"imports": 1}
    assert published.rows("SELECT * FROM disclosures") == contents


def reordered(file: Path) -> Path:
    head, *rows = LEDGER.read_text("utf-8").splitlines()
    random.Random(7).shuffle(rows)  # noqa: S311
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return file


def other_encoding(file: Path) -> Path:
    file.write_bytes(LEDGER.read_text("utf-8").encode("gb18030"))
    return file


def as_workbook(file: Path) -> Path:
    file = file.with_suffix(".xlsx")
    book = Workbook()
    assert book.active is not None
    with LEDGER.open(encoding="utf-8", newline="") as opened:
        for row in csv.reader(opened):
            book.active.append(row)
    book.save(file)
    return file


@pytest.mark.parametrize("form", [reordered, other_encoding, as_workbook])
def test_same_ledger_in_another_form_changes_nothing(
    published: Home, form: Callable[[Path], Path]
) -> None:
    contents = published.rows("SELECT id, body, personal, state FROM disclosures")

    said = published.run("import", "ledger", form(published.folder / "again.csv"), "--publish")

    assert said.status == 0, said.err
    assert "什么也没有变" in said.out
    assert published.rows("SELECT id, body, personal, state FROM disclosures") == contents


def with_another_amount(home: Home) -> Path:
    """The sample's May with one payment of 736.52 put right to 700, running balances and all."""
    head, *rows = csv.reader(LEDGER.read_text("utf-8").splitlines())
    may = [row for row in rows if row[1] == "听竹村" and row[0] < "2025-06"]
    balance = 386_420_57
    for row in may:
        row[5] = "700.00" if row[11] == "记-202505-002" else row[5]
        fen = int(row[5].replace(".", ""))
        balance += fen if row[3] == "收入" else -fen
        row[12] = f"{balance / 100:.2f}"
    return home.write("changed.csv", [",".join(row) for row in [head, *may]])


def test_changed_row_is_a_new_version_with_a_difference_to_read(published: Home) -> None:
    file = with_another_amount(published)

    drafted = published.run("import", "ledger", file, "--publish")
    balances = published.write(
        "balances.csv",
        [
            "村名,月份,期初余额,本月收入,本月支出,期末余额",
            "听竹村,2025-05,386420.57,71515.00,38138.43,419797.14",
        ],
    )
    corrected = published.run("import", "ledger", file, "--balances", balances, "--publish")

    assert "原来 5月6日 记-202505-002 支出736.52元 铺面屋面补漏" in drafted.out
    assert "现在 5月6日 记-202505-002 支出700元 铺面屋面补漏" in drafted.out
    assert "余额表是38,174.95元,各笔加起来是38,138.43元,差36.52元" in drafted.out
    assert "2025年6月已公开的月初余额,和2025年5月的月末对不上了" in corrected.out
    found = [row for row in publications(published) if row[:3:2] == ("990101101200", "2025-05")]
    assert [row[3:] for row in found] == [(1, "corrected"), (2, "published")]
    (reason,) = published.rows("SELECT reason FROM disclosures WHERE version = 2")
    assert reason == ("改动1笔:5月6日 记-202505-002 支出736.52元,金额改为700元",)
    assert published.run("verify").status == 0


@pytest.mark.postgres
def test_postgres_publishes_the_same(tmp_path: Path, postgres_url: str) -> None:
    home = Home.make(tmp_path / "there", postgres_url)
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0

    report = home.run(*PUBLISH, "--json").json()
    again = home.run(*PUBLISH)

    assert [d["state"] for d in report["disclosures"]] == ["published"] * 54
    assert "什么也没有变" in again.out
    assert home.run("verify").status == 0


@pytest.mark.parametrize(
    ("text", "book"),
    [
        ("村委会", "村委会"),
        ("听竹村村民委员会", "村委会"),
        ("集体", "集体"),
        ("听竹村股份经济合作社", "集体"),
        ("村集体经济组织", "集体"),
        ("3组", "3组"),
        ("第十二村民小组", "12组"),
        (" 二 社 ", "2组"),
        ("三队", "3组"),
        ("小金库", None),
        ("", None),
        ("0组", None),
    ],
)
def test_book_is_read_however_it_is_written(text: str, book: str | None) -> None:
    assert read_book(text) == book


# --- the messy workbook ---------------------------------------------------------------------------


def messy(home: Home, *words: str) -> Any:
    return home.run("import", "ledger", MESSY, "--village", "半溪村", *words, "--json").json()


def test_messy_workbook_comes_out_as_expected_row_by_row(county: Home) -> None:
    report = messy(county, "--dry-run")

    seen = {
        (row["sheet"], row["row"]): row
        for kind in ("accepted", "doubtful", "refused")
        for row in report[kind]
    }
    assert {kind: report["counts"][kind] for kind in ("accepted", "doubtful", "refused")} == {
        "accepted": 24,
        "doubtful": 3,
        "refused": 3,
    }
    for row in EXPECTED["rows"]:
        found = seen[row["sheet"], row["row"]]
        assert {key: found[key] for key in row} == row
    assert report["counts"]["ignored"] == len(report["ignored"])
    places = {(item["sheet"], item["row"]): item["reason"] for item in report["ignored"]}
    for item in EXPECTED["ignored_rows"]:
        assert places[item["sheet"], item["row"]] == item["reason"]
    assert places["一卡通发放", None] == "other_kind"
    for total, expected in zip(report["totals"], EXPECTED["totals"], strict=True):
        assert {key: total[key] for key in expected if key != "explained_by"} == {
            key: value for key, value in expected.items() if key != "explained_by"
        }


def test_nothing_personal_leaves_the_messy_workbook(county: Home) -> None:
    texts = [
        json.dumps(messy(county), ensure_ascii=False),
        county.run("import", "ledger", MESSY, "--village", "半溪村").out,
        repr(county.rows("SELECT body, personal, dossier, reason FROM disclosures")),
        repr(county.rows("SELECT * FROM imports")) + repr(county.rows("SELECT * FROM audit")),
    ]

    for text in texts:
        for secret in ("9901011990", "19900000001", "郑文秀", "贺水生", "宁兰", "残疾", "低保"):
            assert secret not in text


def test_months_with_doubts_and_refused_rows_are_kept_as_drafts_and_named(county: Home) -> None:
    said = county.run("import", "ledger", MESSY, "--publish")

    assert said.status == 0
    assert {row[2:] for row in publications(county)} == {
        ("2026-03", 1, "draft"),
        ("2026-04", 1, "draft"),
    }
    for reason in ("要先确认:“3月收支”第30行", "读不懂,要改好再导", "合计和各行对不上"):
        assert reason in said.out


def test_accepted_doubts_open_the_way_for_the_month_that_balances(county: Home) -> None:
    rows = "3月收支!17,3月收支!30,3月收支!31"

    report = messy(county, "--accept", rows, "--publish")
    again = messy(county)

    assert {d["period"]: d["state"] for d in report["disclosures"]} == {
        "2026-03": "draft",  # its total does not agree, and three rows are refused
        "2026-04": "published",
    }
    assert (report["counts"]["accepted"], report["counts"]["doubtful"]) == (27, 0)
    assert again["counts"]["doubtful"] == 0  # no second word
    assert [row[0] for row in county.rows("SELECT actor FROM accepted_doubts")] == ["operator"] * 3


def test_corrected_workbook_is_published_whole(county: Home) -> None:
    messy(county)
    book = load_workbook(MESSY)
    march = book["3月收支"]
    march["B27"], march["G28"], march["F29"] = "2026.3.31", "1200.00", None
    march["F32"], march["G32"] = "25,432.07", "10,341.70"
    file = county.folder / "corrected.xlsx"
    book.save(file)
    rows = "3月收支!17,3月收支!30,3月收支!31"

    said = county.run("import", "ledger", file, "--accept", rows, "--publish", "--json").json()

    assert [d["state"] for d in said["disclosures"]] == ["published", "published"]
    (body,) = county.rows("SELECT body FROM disclosures WHERE period = '2026-03'")
    march_body = json.loads(body[0])
    assert march_body["opening"] == 86_205_40
    # By date: the sheet's total without the payment of 2 April that stands in it.
    assert march_body["expense"] == 10_341_70 - 600_00
    assert county.run("verify").status == 0


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("3月收支!28", "读不懂,确认不了"),
        ("3月收支!99", "没有“3月收支”第99行"),
        ("五月!17", "没有“五月”第17行"),
    ],
)
def test_row_that_cannot_be_accepted_is_refused_before_anything_is_stored(
    county: Home, accept: str, text: str
) -> None:
    said = county.run("import", "ledger", MESSY, "--accept", accept)

    assert said.status == 1
    assert text in said.err
    assert publications(county) == []


# --- who does it ----------------------------------------------------------------------------------


def people_file(home: Home) -> Path:
    return home.write(
        "people.csv",
        [
            "姓名,手机号,角色,区划代码,职务,openid",
            "靳三,13900000001,录入,990101101200,会计,",
            "班喜,13900000002,审核,990101101200,,",
            "宁兰,13900000003,审核,990101101200,,",
            "宁贵,13900000003,居民,990101101200,,",
        ],
    )


def test_two_reviewers_other_than_the_importer_publish(county: Home) -> None:
    assert county.run("import", "people", people_file(county)).status == 0
    of_town = ["姓名,手机号,角色,区划代码", "宁和,13900000004,审核,990101101000"]
    assert county.run("import", "people", county.write("town.csv", of_town)).status == 0
    file = county.write("march.csv", sheet(ROW_1, ROW_2, total=TOTAL))
    words = ("import", "ledger", file)

    steps = [
        county.run(*words, "--as", "13900000001"),
        county.run(*words, "--publish", "--as", "13900000001"),
        county.run(*words, "--publish"),
    ]
    states = [row[4] for row in publications(county)]
    signed = county.run(*words, "--publish", "--as", "13900000002", "--json").json()
    again = county.run(*words, "--publish", "--as", "13900000002")
    published = county.run(*words, "--publish", "--as", "13900000004")

    assert [said.status for said in steps] == [0, 0, 0]
    assert "才能签" in steps[1].out
    assert "要由其中一位来办" in steps[2].out
    assert states == ["draft"]
    assert [one["state"] for one in signed["disclosures"]] == ["submitted"]
    assert "已经签过了" in again.out
    assert "公开了 2026年3月" in published.out
    assert [row[4] for row in publications(county)] == ["published"]


@pytest.mark.parametrize(
    ("person", "text"), [("13900000009", "没有登记过"), ("13900000003", "几个人合用")]
)
def test_unclear_person_is_refused_before_anything_is_stored(
    county: Home, person: str, text: str
) -> None:
    county.run("import", "people", people_file(county))
    file = county.write("march.csv", sheet(ROW_1, total="0.00,680.00"))

    said = county.run("import", "ledger", file, "--as", person)

    assert said.status == 1
    assert text in said.err
    assert person not in said.err
    assert publications(county) == []


# --- which village, which book --------------------------------------------------------------------


def test_file_that_names_no_village_needs_one_to_be_said(county: Home) -> None:
    file = county.write("march.csv", sheet(ROW_1, title="2026年3月收支明细表", total="0,680"))

    without = county.run("import", "ledger", file)
    with_name = county.run("import", "ledger", file, "--village", "听竹村")

    assert without.status == 1
    assert "--village" in without.out + without.err
    assert with_name.status == 0
    assert [row[0] for row in publications(county)] == ["990101101200"]


def test_title_with_an_unknown_village_is_named_once_for_all_rows(county: Home) -> None:
    file = county.write("march.csv", sheet(ROW_1, ROW_2, title="桃花源村2026年3月收支明细表"))

    said = county.run("import", "ledger", file)

    assert said.status == 1
    assert said.out.count("桃花源村") == 1
    assert "共2行" in said.out


def test_title_that_contradicts_village_is_refused(county: Home) -> None:
    file = county.write("march.csv", sheet(ROW_1, total="0,680"))

    said = county.run("import", "ledger", file, "--village", "半溪村")

    assert said.status == 1
    assert "听竹村" in said.out
    assert publications(county) == []


def test_unknown_village_is_refused_by_name(county: Home) -> None:
    said = county.run("import", "ledger", LEDGER, "--village", "桃花源村")

    assert said.status == 1
    assert "桃花源村" in said.err


def test_village_name_that_two_villages_bear_is_refused_with_their_towns(county: Home) -> None:
    twin = [SAMPLE.read_text("utf-8").splitlines()[0]]
    twin.append("990101103299,明禾县,990101103000,花椒坡镇,听竹村,村,1,1,1,是,每月,5,3,15,,")
    assert county.run("import", "villages", county.write("twin.csv", twin)).status == 0
    file = county.write("march.csv", sheet(ROW_1, title="2026年3月收支明细表", total="0,680"))

    by_name = county.run("import", "ledger", file, "--village", "听竹村")
    by_code = county.run("import", "ledger", file, "--village", "990101103299")

    assert by_name.status == 1
    assert "竹影镇" in by_name.err
    assert "花椒坡镇" in by_name.err
    assert by_code.status == 0


@pytest.mark.parametrize(
    ("words", "book"), [((), "村委会"), (("--book", "集体"), "集体"), (("--book", "第三组"), "3组")]
)
def test_book_is_the_one_given_or_the_committees(
    county: Home, words: tuple[str, ...], book: str
) -> None:
    file = county.write("march.csv", sheet(ROW_1, total="0,680"))

    county.run("import", "ledger", file, *words)

    assert [row[1] for row in publications(county)] == [book]


def test_column_decides_the_book_of_each_row(county: Home) -> None:
    rows = [f"{HEAD},账套", f"{ROW_1},村委会", f"{ROW_2},经济合作社", f"{ROW_1},二组"]
    file = county.write("books.csv", ["听竹村2026年3月收支", *rows])

    county.run("import", "ledger", file, "--book", "9组")

    assert [row[1] for row in publications(county)] == ["2组", "村委会", "集体"]


def test_groups_own_ledger_does_not_mix_with_the_villages(county: Home) -> None:
    county.run("import", "ledger", county.write("v.csv", sheet(ROW_1, total="0,680")))
    group = sheet(ROW_2, title="听竹村三组2026年3月收支明细表", total="3500,0")

    county.run("import", "ledger", county.write("g.csv", group))

    assert [row[1] for row in publications(county)] == ["3组", "村委会"]


def test_unknown_book_is_refused(county: Home) -> None:
    said = county.run("import", "ledger", LEDGER, "--book", "小金库")

    assert said.status == 1
    assert "小金库" in said.err


# --- several files, balances, unreadable ones -----------------------------------------------------


def test_row_that_two_files_bring_counts_once(county: Home) -> None:
    one = county.write("one.csv", sheet(ROW_1, total="0,680"))
    two = county.write("two.csv", sheet(ROW_1, ROW_2, total=TOTAL))

    reports = [
        json.loads(line)
        for line in county.run("import", "ledger", one, two, "--json").out.splitlines()
    ]

    assert [report["counts"]["accepted"] for report in reports] == [1, 2]
    (body,) = county.rows("SELECT body FROM disclosures")
    assert len(json.loads(body[0])["entries"]) == 2


def test_refused_row_keeps_its_month_back_and_lets_the_others_go(county: Home) -> None:
    march = sheet(ROW_1, ROW_2.replace("3500.00", "待定"), total="0,680")
    april = [
        line.replace("2026-03", "2026-04").replace("3月", "4月")
        for line in sheet(ROW_1, total="0,680")
    ]
    files = county.write("march.csv", march), county.write("april.csv", april)

    said = county.run("import", "ledger", *files, "--publish")

    assert said.status == 0
    assert "“待定”,要填数字" in said.out
    assert {row[2]: row[4] for row in publications(county)} == {
        "2026-03": "draft",
        "2026-04": "published",
    }


def test_undated_refused_row_stands_against_the_months_around_it(county: Home) -> None:
    lines = [
        "村名,区划代码,日期,凭证号,摘要,方向,金额,余额",
        "听竹村,990101101200,2026-03-01,记1,补助,收入,100.00,1100.00",
        "听竹村,990101101200,2026-03-32,记2,水费,支出,10.00,1090.00",
        "听竹村,990101101200,2026-03-31,记3,电费,支出,20.00,1080.00",
        "听竹村,990101101200,2026-04-01,记1,补助,收入,100.00,1180.00",
        "听竹村,990101101200,2026-05-01,记1,补助,收入,100.00,1280.00",
    ]

    county.run("import", "ledger", county.write("year.csv", lines), "--publish")

    states = {row[2]: row[4] for row in publications(county)}
    assert (states["2026-03"], states["2026-05"]) == ("draft", "published")


def test_unbalanced_month_says_by_how_much(county: Home) -> None:
    balances = county.write(
        "balances.csv",
        [
            "村名,区划代码,月份,期初余额,本月收入,本月支出,期末余额,笔数",
            "听竹村,990101101200,2026-03,1000.00,3500.00,690.00,3810.00,2",
        ],
    )
    file = county.write("march.csv", sheet(ROW_1, ROW_2, total=TOTAL))

    said = county.run("import", "ledger", file, "--balances", balances, "--publish")

    assert "支出对不上:余额表是690元,各笔加起来是680元,差10元" in said.out
    assert [row[4] for row in publications(county)] == ["draft"]


def test_unclear_balances_are_refused_before_anything_is_stored(county: Home) -> None:
    balances = county.write(
        "balances.csv",
        [
            "村名,月份,期初余额,本月收入,本月支出,期末余额",
            "听竹村,2026-03,1000.00,3500.00,680.00,9999.00",
            "桃花源村,2026-03,0,0,0,0",
        ],
    )
    file = county.write("march.csv", sheet(ROW_1, ROW_2, total=TOTAL))

    said = county.run("import", "ledger", file, "--balances", balances)

    assert said.status == 1
    assert "第2行" in said.err
    assert "桃花源村" in said.err
    assert publications(county) == []


def test_unreadable_file_is_named_and_stops_no_other(county: Home) -> None:
    picture = county.folder / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    file = county.write("march.csv", sheet(ROW_1, total="0,680"))

    said = county.run("import", "ledger", picture, file, county.folder / "nowhere.csv")

    assert said.status == 1
    assert "picture.xlsx" in said.err
    assert "nowhere.csv" in said.err
    assert "Traceback" not in said.err
    assert len(publications(county)) == 1


def test_missing_column_is_named(county: Home) -> None:
    lines = ["听竹村2026年3月收支", "日期,摘要,对方", "2026-03-01,水费,水站"]

    said = county.run("import", "ledger", county.write("march.csv", lines))

    assert said.status == 1
    assert "金额" in said.err


# --- the other kinds ------------------------------------------------------------------------------


def test_villages_again_change_nothing(county: Home) -> None:
    before = county.counts()

    report = county.run("import", "villages", SAMPLE, "--json").json()

    assert report["counts"] == {"accepted": 40, "doubtful": 0, "refused": 0, "ignored": 0}
    assert report["kind"] == "villages"
    after = county.counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {"imports": 1}


def test_people_report_holds_no_address(county: Home) -> None:
    said = county.run("import", "people", people_file(county), "--json")
    again = county.run("import", "people", people_file(county))

    assert said.json()["counts"]["accepted"] == 4
    assert "1390000" not in said.out
    assert "什么也没有变" in again.out
    assert county.rows("SELECT COUNT(*) FROM people") == [(4,)]


def test_person_in_an_unknown_place_is_refused_and_the_others_stored(county: Home) -> None:
    lines = people_file(county).read_text("utf-8").splitlines()
    lines.append("丘山,13900000008,干部,990999999999,,")

    report = county.run("import", "people", county.write("p.csv", lines), "--json").json()

    assert (report["counts"]["accepted"], report["counts"]["refused"]) == (4, 1)
    assert report["refused"][0]["reasons"][0]["column"] == "区划代码"


@pytest.mark.parametrize("kind", ["people", "villages"])
def test_dry_run_of_a_list_stores_nothing(county: Home, kind: str) -> None:
    files = {"people": people_file(county), "villages": county.folder / "v.csv"}
    head, first, *_ = SAMPLE.read_text("utf-8").splitlines()
    files["villages"].write_text(f"{head}\n{first.replace('暖阳', '寒阳')}\n", "utf-8")
    before, regions = county.counts(), county.rows("SELECT * FROM regions")

    said = county.run("import", kind, files[kind], "--dry-run")

    assert said.status == 0
    assert "什么也没有存" in said.out
    assert county.counts() == before
    assert county.rows("SELECT * FROM regions") == regions


def test_holidays_come_from_their_json_form(county: Home) -> None:
    report = county.run("import", "holidays", SAMPLE.with_name("holidays_cn.json"), "--json").json()

    assert report["counts"]["accepted"] == county.counts()["holidays"] > 30


@pytest.mark.parametrize("option", [("--publish",), ("--village", "听竹村"), ("--accept", "3")])
def test_option_that_a_kind_does_not_take_is_refused(county: Home, option: tuple[str, ...]) -> None:
    said = county.run("import", "villages", SAMPLE, *option)

    assert said.status == 1
    assert option[0] in said.err


def test_without_a_database_nothing_is_imported(tmp_path: Path) -> None:
    home = Home.make(tmp_path / "home")
    shutil.copy(SAMPLE, home.folder)

    said = home.run("import", "villages", SAMPLE)

    assert said.status == 1
    assert not home.database.exists()


# --- what follows a publication -------------------------------------------------------------------


def test_followers_get_one_notice_for_all_months_of_a_village(
    county: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rest in ("QUIET_HOURS", "NOON_REST"):  # at any hour that this is run
        monkeypatch.setenv(f"MINGBAI_SCHEDULE__{rest}", "00:00-00:00")
    assert county.run("import", "people", people_file(county)).status == 0
    (person,) = county.rows("SELECT id FROM people WHERE name = '宁贵'")
    with sqlite3.connect(county.database) as db:
        db.execute("INSERT INTO follows VALUES ('f', ?, 'FIN', '', 'at_once', '', 0)", person)

    dry = county.run(*PUBLISH, "--dry-run")
    before = county.counts()["campaigns"]
    assert county.run(*PUBLISH).status == 0
    after_one = county.rows("SELECT template, params, key FROM campaigns ORDER BY key")
    assert county.run(*PUBLISH).status == 0

    assert (dry.status, before) == (0, 0)
    # The village with reviewers is not published by the operator.
    assert [json.loads(params)["village"] for _, params, _ in after_one] == ["鹭洲村", "向阳坪村"]
    assert {template for template, _, _ in after_one} == {"disclosure_published"}
    assert len({key for _, _, key in after_one}) == 2
    assert county.rows("SELECT template, params, key FROM campaigns ORDER BY key") == after_one
