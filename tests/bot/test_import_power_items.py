"""`mingbai import power-items` as an operator works it: reports, publications, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bot.home import SAMPLE, Home

ITEMS = SAMPLE.with_name("power_items.json")
PUBLISH = ("import", "power-items", ITEMS, "--publish")
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="session")
def _with_villages(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("county"))
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    return home


@pytest.fixture
def county(_with_villages: Home, tmp_path: Path) -> Home:
    return _with_villages.copy(tmp_path / "home")


def edited(home: Home, *codes: str, change: Edit | None = None, name: str = "改过.json") -> Path:
    """A file with these items of the sample (all where none is named), changed."""
    content = json.loads(ITEMS.read_text("utf-8"))
    items = [item for item in content["items"] if not codes or item["code"] in codes]
    for item in items:
        if change:
            change(item)
    return home.write(name, [json.dumps({**content, "items": items})])


def test_sample_is_published_whole_and_again_it_is_nothing_new(county: Home) -> None:
    first = county.run(*PUBLISH, "--json").json()
    before = county.counts()
    again = county.run(*PUBLISH)

    assert first["counts"] == {"accepted": 42, "doubtful": 0, "refused": 0, "ignored": 0}
    assert {d["state"] for d in first["disclosures"]} == {"published"}
    assert first["disclosures"][0] | {"id": ""} == {
        "id": "", "village": "明禾县", "book": "A01", "period": "2026-01-01",
        "state": "published", "hindrances": [],
    }  # fmt: skip
    assert "和上次一样" in again.out
    assert {k: n - before[k] for k, n in county.counts().items() if n != before[k]} == {
        "imports": 1
    }
    assert county.run("verify").status == 0


def test_dry_run_says_all_and_stores_nothing(county: Home) -> None:
    before = county.counts()

    said = county.run(*PUBLISH, "--dry-run")

    assert said.status == 0
    assert "公开了 42 项" in said.out
    assert county.counts() == before


def test_item_without_duties_stays_a_draft_that_is_named(county: Home) -> None:
    file = edited(county, "A01", "A02", change=lambda item: item.pop("duties"))

    said = county.run("import", "power-items", file, "--publish")
    report = county.run("import", "power-items", file, "--publish", "--json").json()

    assert "共2项,存成草稿,还不能公开\n    没有写职责" in said.out
    assert [(d["state"], d["hindrances"]) for d in report["disclosures"]] == [
        ("draft", ["没有写职责"])
    ] * 2


def test_refused_item_is_told_with_its_field_and_stops_no_other(county: Home) -> None:
    def change(item: dict[str, Any]) -> None:
        if item["code"] == "A01":
            item["legal_basis"] = []

    report = county.run(
        "import", "power-items", edited(county, "A01", "A02", change=change), "--publish", "--json"
    ).json()

    assert (report["counts"]["accepted"], report["counts"]["refused"]) == (1, 1)
    ((refused,), (published,)) = (report["refused"], report["disclosures"])
    assert (refused["row"], refused["reasons"][0]["column"]) == (1, "法律依据")
    assert (published["book"], published["state"]) == ("A02", "published")


def test_changed_template_says_how_each_village_differs_and_is_not_applied(county: Home) -> None:
    county.run("import", "people", SAMPLE.with_name("people.csv"))
    county.run(*PUBLISH)
    file = edited(county, "A11", change=lambda item: item.update(time_limit_days=45))

    county.run("import", "power-items", file, "--publish", "--dry-run")
    assert county.rows("SELECT COUNT(*) FROM campaigns") == [(0,)]
    said = county.run("import", "power-items", file, "--publish")
    own = county.run("import", "power-items", file, "--publish", "--village", "听竹村")
    after = edited(county, "A11", change=lambda i: i.update(time_limit_days=50), name="又改.json")
    later = county.run("import", "power-items", after, "--publish")

    told = county.rows("SELECT template, audience, link FROM campaigns")
    assert (
        told
        == [  # only 听竹村 has somebody who enters its list
            ("power_changed", "role=录入,region=990101101200", "/v/990101101200/power/A11")
        ]
        * 2
    )
    assert "共40个\n    办理时限改为45个工作日" in said.out
    assert "听竹村的清单\n  公开了 1 项" in own.out
    assert later.out.count("办理时限改为50个工作日") == 2  # the county's change, and all 40 alike
    versions = county.rows("SELECT village, version, state FROM disclosures WHERE book = 'A11'")
    assert sorted(versions) == [
        ("990101000000", 1, "corrected"),
        ("990101000000", 2, "corrected"),
        ("990101000000", 3, "published"),
        ("990101101200", 1, "published"),
    ]


def test_village_goes_on_with_what_it_shares_with_the_county(county: Home) -> None:
    county.run(*PUBLISH)

    said = county.run(*PUBLISH, "--village", "听竹村")
    town = county.run(*PUBLISH, "--village", "990101101000")

    assert "照县里的用 42 项" in said.out
    assert "竹影镇的清单" in town.out
    assert county.rows("SELECT COUNT(*) FROM disclosures") == [(42,)]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--book", "集体"), "不用 --book"),
        (("--accept", "3"), "不用 --accept"),
        (("--village", "没有村"), "没有叫"),
        (("--village", "990199000000"), "没有叫"),
    ],
)
def test_what_does_not_fit_is_refused(county: Home, words: tuple[str, ...], part: str) -> None:
    said = county.run(*PUBLISH, *words)

    assert (said.status, part in said.err) == (1, True), said.err


def test_without_villages_it_says_what_comes_first(tmp_path: Path) -> None:
    home = Home.make(tmp_path / "home")
    home.run("migrate")

    said = home.run(*PUBLISH)

    assert (said.status, said.err.strip()) == (1, "还没有村庄。先导入村庄,再导入权力清单。")


def test_file_in_which_nothing_can_be_read_fails_and_stops_no_other(county: Home) -> None:
    broken = county.write("坏.json", ['{"items": 3}'])

    said = county.run("import", "power-items", broken, ITEMS, "--publish")

    assert said.status == 1
    assert "《坏.json》读不了" in said.err
    assert "公开了 42 项" in said.out
