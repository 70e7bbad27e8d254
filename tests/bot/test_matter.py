"""`mingbai matter` at the counter: opened by the list, moved on in order, ended with a result."""

from pathlib import Path

import pytest

from tests.bot.home import SAMPLE, Home

ITEMS = SAMPLE.with_name("power_items.json")
PHONE = "16600010071"
AT = ("--now", "2026-11-24T10:00")


@pytest.fixture(scope="session")
def _with_list(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("matters"))
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "people", SAMPLE.with_name("people.csv")),
        ("import", "power-items", ITEMS, "--publish"),
    ):
        assert home.run(*words).status == 0
    return home


@pytest.fixture
def county(_with_list: Home, tmp_path: Path) -> Home:
    return _with_list.copy(tmp_path / "home")


def opened(county: Home, *more: str) -> str:
    words = ("--village", "听竹村", "--item", "A24", "--applicant", "李桂芳")
    said = county.run("matter", "open", *words, "--contact", PHONE, *more, *AT)
    assert said.status == 0, said.err
    return said.out.split()[-1]


def test_an_application_goes_its_way_and_the_applicant_follows_it(county: Home) -> None:
    number = opened(county)
    asked = ("ask", "我的事办到哪步了", "--as", PHONE, "--channel", "sms", *AT)
    at_first = county.run(*asked)
    shown = county.run("matter", "show", number)
    steps = shown.out.count("还没有办")
    for no in range(1, steps + 1):
        assert county.run("matter", "step", number, str(no), *AT).status == 0
    ended = county.run("matter", "close", number, "--result", "已盖章", *AT)
    at_last = county.run(*asked)

    assert "李*芳" in shown.out
    assert "李桂芳" not in shown.out
    assert number in at_first.out
    assert "结果会发给申请人" in ended.out
    assert "已盖章" in at_last.out


def test_a_step_out_of_order_is_refused_with_the_one_that_is_due(county: Home) -> None:
    number = opened(county)

    said = county.run("matter", "step", number, "2", *AT)

    assert said.status == 1
    assert "现在该办第1步" in said.err


def test_nothing_is_done_without_its_steps(county: Home) -> None:
    said = county.run("matter", "close", opened(county), "--result", "同意", *AT)

    assert said.status == 1
    assert "第1步还没有办" in said.err


def test_a_step_is_refused_to_whoever_does_not_hold_its_post(county: Home) -> None:
    said = county.run("matter", "step", opened(county), "1", "--as", PHONE, *AT)

    assert said.status == 1
    assert "--as 写的人在这个村不是" in said.err


def test_an_item_that_is_on_no_list_cannot_be_applied_for(county: Home) -> None:
    said = county.run(
        "matter", "open", "--village", "听竹村", "--item", "Z99", "--applicant", "李桂芳", *AT
    )

    assert said.status == 1
    assert "没有 Z99" in said.err


def test_an_amount_that_is_none_is_named(county: Home) -> None:
    said = county.run(
        "matter", "close", opened(county), "--result", "同意", "--amount", "待定", *AT
    )

    assert said.status == 1
    assert "“待定”" in said.err
