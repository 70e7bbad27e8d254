"""What a version is written down as, and how its figures are worded."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bodies import Line, Shared, Version, as_accounts, compose, in_order, parse, write_down
from storage.canonical import canonical, salted
from storage.merging import Difference
from storage.wording import month, reason, yuan
from tests.conftest import NOW
from tests.storage.making import BOOK, VILLAGE, make_line

TEXTS = st.text(max_size=12)
LINES = st.builds(
    Line,
    date=st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat),
    voucher_no=TEXTS,
    summary=TEXTS,
    subject=TEXTS,
    direction=st.sampled_from(["收入", "支出"]),
    amount_fen=st.integers(-(10**14), 10**14),
    payee=TEXTS,
    handler=TEXTS,
    approver=TEXTS,
    supervisors=st.lists(TEXTS, max_size=3).map(tuple),
)


def make_version(lines: list[Line], reason: str = "") -> Version:
    entries = in_order(write_down(line) for line in lines)
    return Version(VILLAGE, BOOK, "2026-03", 1, reason, None, None, entries)


@given(st.lists(LINES, max_size=6))
def test_whatever_is_written_down_is_read_back(lines: list[Line]) -> None:
    version = make_version(lines)

    assert parse(*compose(version)) == version


@given(st.lists(LINES, max_size=6))
def test_readers_see_the_lines_and_their_sums(lines: list[Line]) -> None:
    body, personal = compose(make_version(lines))

    accounts = as_accounts("id", body, personal, NOW, Shared())

    shown = sorted((e.date.isoformat(), e.summary, e.payee, e.amount_fen) for e in accounts.entries)
    assert shown == sorted((e.date, e.summary, e.payee, e.amount_fen) for e in lines)
    net = sum(line.signed_fen for line in lines)
    assert accounts.income_fen - accounts.expense_fen == net


def test_summary_that_reads_like_a_date_stays_a_text() -> None:
    body, personal = compose(make_version([make_line("2026-03-05", summary="2026-03-05")]))

    (entry,) = as_accounts("id", body, personal, NOW, Shared()).entries

    assert (entry.date, entry.summary) == (date(2026, 3, 5), "2026-03-05")


def test_body_holds_no_personal_value_and_its_hash_needs_the_salt() -> None:
    version = make_version([make_line(payee="郑*秀", summary="慰问")])
    body, personal = compose(version)

    (entry,) = version.entries
    salt, value = json.loads(personal)[f"{entry.id}.payee"]
    assert "郑" not in body
    assert "慰问" not in body
    assert (value, salted(salt, value)) == ("郑*秀", json.loads(body)["entries"][0]["payee"])
    assert salted("", value) not in body


@given(st.dictionaries(TEXTS, TEXTS))
def test_canonical_bytes_do_not_depend_on_the_order(told: dict[str, str]) -> None:
    turned = dict(reversed(told.items()))

    assert canonical(told) == canonical(turned)
    assert json.loads(canonical(told)) == told


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (5_680_563, "56,805.63元"),
        (120_000, "1,200元"),
        (-30_000, "-300元"),
        (5, "0.05元"),
        (0, "0元"),
        (-1, "-0.01元"),
        (100_000_000_010, "1,000,000,000.10元"),
    ],
)
def test_figures_are_worded_to_the_fen(fen: int, words: str) -> None:
    assert yuan(fen) == words


def test_reason_tells_what_changed_and_names_nobody() -> None:
    old = make_line(payee="郑*秀", summary="打印纸")
    new = old._replace(amount_fen=86_000, summary="硒鼓", payee="王*", subject="")
    found = Difference(added=(make_line("2026-03-09", ""),), removed=(), changed=((old, new),))

    text = reason(found, (None, 100_00))

    assert text == (
        "改动1笔:3月5日 记1 支出680元,金额改为860元,科目改为空,摘要、对方改了"
        "。新增1笔:3月9日 支出680元。月初余额由没有写改为100元"
    )


def test_long_reason_says_how_many_and_names_the_first() -> None:
    lines = tuple(make_line(voucher=f"记{number}") for number in range(1, 60))

    text = reason(Difference(added=lines), (None, None))

    assert text.startswith("新增59笔:")
    assert "记20 " in text
    assert "记21 " not in text
    assert text.endswith(";等")


def test_month_is_worded_without_a_leading_zero() -> None:
    assert month("2026-03") == "2026年3月"
