"""What the charts show: which months, which categories."""

from __future__ import annotations

from datetime import date

from console.charts import Category, categories, twelve_months
from storage.accounts import Accounts, Entry, VillageAccounts
from tests.conftest import NOW


def make_entry(subject: str, fen: int, direction: str = "支出") -> Entry:
    return Entry("x", date(2026, 10, 1), "", "", subject, direction, fen, "", "", "", ())


def make_accounts(*periods: str, book: str = "村委会") -> VillageAccounts:
    """Months whose spending is their number in fen."""
    return VillageAccounts(
        "990101101200",
        tuple(
            Accounts("x", "", book, period, 1, NOW, None, 0, int(period[5:]), None, (), "")
            for period in periods
        ),
    )


ALL = [f"{2025 + n // 12}-{n % 12 + 1:02d}" for n in range(4, 22)]  # 2025-05 to 2026-10


def shown(asked: str, *periods: str) -> list[str]:
    return [
        month.period for month in twelve_months(make_accounts(*periods), "村委会", asked, "支出")
    ]


def test_twelve_months_end_with_the_newest() -> None:
    assert shown("2026-10", *ALL) == shown("2026-05", *ALL) == ALL[-12:]


def test_old_month_is_shown_among_those_around_it() -> None:
    assert shown("2025-05", *ALL) == ALL[:12]
    assert shown("2025-12", *ALL) == ALL[1:13]


def test_month_that_was_not_published_leaves_a_gap() -> None:
    accounts = make_accounts("2026-08", "2026-10")

    months = twelve_months(accounts, "村委会", "2026-10", "支出")

    assert [(month.period[5:], month.fen) for month in months] == [
        ("08", 8),
        ("09", None),
        ("10", 10),
    ]


def test_categories_are_sorted_and_the_small_ones_stand_together() -> None:
    entries = [make_entry(f"科目{number}", number * 100) for number in range(1, 12)]
    entries += [make_entry("科目11", -50), make_entry("", 7), make_entry("收", 9, "收入")]

    found = categories(entries, "支出")

    assert found[0] == Category("科目11", 2, 1050)
    assert [category.fen for category in found[:-1]] == sorted(
        (category.fen for category in found[:-1]), reverse=True
    )
    assert found[-1] == Category("", 4, 100 + 200 + 300 + 7)
    assert sum(category.fen for category in found) == sum(e.amount_fen for e in entries[:-1])


def test_one_too_many_is_not_called_other() -> None:
    entries = [make_entry(f"科目{number}", number) for number in range(1, 10)]

    assert len(categories(entries, "支出")) == 9
    assert all(category.subject for category in categories(entries, "支出"))


def test_accounts_without_subjects_have_no_categories_to_compare() -> None:
    assert [category.entries for category in categories([make_entry("", 1)] * 3, "支出")] == [3]
    assert categories([], "支出") == ()
