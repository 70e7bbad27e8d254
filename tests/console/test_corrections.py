"""What became of an entry: only versions that touched it, only what a correction changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from console.corrections import Change, compare, turns
from storage import texts
from storage.accounts import Accounts, Entry
from storage.published import PastVersion
from tests.conftest import NOW

ENTRY = Entry(
    "a", date(2026, 10, 1), "记1", "打印纸", "办公费", "支出", 680_00, "稻香", "柏", "骆", ("靳",)
)
OTHER = replace(ENTRY, id="b")


def make_history(*versions: tuple[Entry, ...] | None) -> list[PastVersion]:
    """Versions, the oldest first; None was withdrawn."""
    told = [
        PastVersion(
            "x", "2026-10", "村委会", number, "withdrawn" if entries is None else "corrected",
            NOW, "", "误公开" if entries is None else "", NOW if entries is None else None,
            None if entries is None else Accounts(
                "x", "", "村委会", "2026-10", number, NOW, None, 0, 0, None, entries, ""
            ),
        )
        for number, entries in enumerate(versions, 1)
    ]  # fmt: skip
    return told[::-1]


def test_versions_that_left_an_entry_alone_are_passed_over() -> None:
    dearer = replace(ENTRY, amount_fen=700_00)

    told = turns(make_history((ENTRY,), (ENTRY, OTHER), (dearer, OTHER)), "a")

    assert [turn.version for turn in told] == [1, 3]
    assert told[1].changes == (Change("金额", "680元", "700元"),)


def test_entry_that_came_later_begins_with_its_own_version() -> None:
    assert [turn.version for turn in turns(make_history((ENTRY,), (ENTRY, OTHER)), "b")] == [2]


def test_removal_and_return_are_told() -> None:
    told = turns(make_history((ENTRY,), (), (ENTRY,)), "a")

    assert [(turn.version, turn.entry is None) for turn in told] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_withdrawal_is_told_and_compares_with_nothing() -> None:
    told = turns(make_history((ENTRY,), None, (replace(ENTRY, handler="洪"),)), "a")

    assert [turn.withdrawn_reason for turn in told] == ["", "误公开", ""]
    assert told[2].changes == (Change("经手人", "柏", "洪"),)


def test_erasure_is_no_correction() -> None:
    erased = replace(ENTRY, payee=texts.ERASED)

    assert compare(erased, replace(ENTRY, payee="别人")) == ()
    assert [turn.version for turn in turns(make_history((erased,), (ENTRY,)), "a")] == [1]


def test_numbers_of_persons_are_hidden_on_both_sides() -> None:
    before = replace(ENTRY, summary="电话13812345678")

    assert compare(before, ENTRY) == (Change("摘要", "电话***", "打印纸"),)
