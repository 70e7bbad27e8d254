"""Whether a month balances."""

import pytest

from storage.balancing import Balance, Stated, Stray, judge
from storage.bodies import Line
from tests.storage.making import make_line

MARCH = "2026-03"
ROWS = (
    make_line(amount=100_00),
    make_line(voucher="记2", amount=30_00, direction="收入"),
)


def verdict(
    *,
    rows: tuple[Line, ...] = ROWS,
    stated: Stated | None = None,
    balance: Balance | None = None,
    before: int | None = None,
    strays: tuple[Stray, ...] = (),
) -> tuple[int | None, int | None, int]:
    found = judge(
        MARCH,
        rows,
        stated=stated or Stated(),
        balance=balance,
        before_fen=before,
        strays=strays,
    )
    return found.opening_fen, found.closing_fen, len(found.problems)


def test_month_for_which_nothing_is_stated_does_not_balance() -> None:
    assert verdict() == (None, None, 1)


def test_opening_balance_alone_says_nothing_about_the_rows() -> None:
    assert verdict(stated=Stated(opening_fen=500_00)) == (500_00, 430_00, 1)
    assert verdict(before=500_00) == (500_00, 430_00, 1)


def test_total_that_was_checked_is_enough_and_leaves_balances_open() -> None:
    assert verdict(stated=Stated(is_checked=True)) == (None, None, 0)


def test_opening_and_closing_that_fit_the_rows_balance() -> None:
    assert verdict(stated=Stated(500_00, 430_00)) == (500_00, 430_00, 0)


def test_opening_of_the_month_before_and_a_closing_balance_the_month() -> None:
    assert verdict(stated=Stated(closing_fen=430_00), before=500_00) == (500_00, 430_00, 0)


def test_closing_alone_gives_the_opening() -> None:
    stated = Stated(closing_fen=430_00, is_checked=True)

    assert verdict(stated=stated) == (500_00, 430_00, 0)


@pytest.mark.parametrize(
    ("stated", "balance", "before"),
    [
        (Stated(500_00, 430_01), None, None),
        (Stated(500_00, 430_00), None, 500_01),
        (Stated(is_checked=True, problems=("合计差1元",)), None, None),
        (None, Balance(500_00, 30_00, 100_01, 430_00), None),
        (None, Balance(500_00, 29_99, 100_00, 430_00), None),
        (None, Balance(500_00, 30_00, 100_00, 430_00, 3), None),
        (Stated(501_00), Balance(500_00, 30_00, 100_00, 430_00), None),
        (None, Balance(500_00, 30_00, 100_00, 430_00), 501_00),
    ],
)
def test_one_figure_that_disagrees_is_enough(
    stated: Stated | None, balance: Balance | None, before: int | None
) -> None:
    assert verdict(stated=stated, balance=balance, before=before)[2] > 0


def test_balances_file_that_agrees_balances() -> None:
    balance = Balance(500_00, 30_00, 100_00, 430_00, 2)

    assert verdict(balance=balance, before=500_00) == (500_00, 430_00, 0)


def test_row_of_the_next_month_in_this_months_sheet_is_taken_out_of_its_closing() -> None:
    # The March sheet closes after a payment of 6 that is dated in April.
    stray = Stray(MARCH, "2026-04", -6_00)

    assert verdict(stated=Stated(500_00, 424_00), strays=(stray,)) == (500_00, 430_00, 0)


def test_row_that_the_sheet_before_had_already_is_put_back_into_the_opening() -> None:
    # 6 of this month's 100 stood in the February sheet, so this sheet opens with 494.
    stray = Stray("2026-02", MARCH, -6_00)

    assert verdict(stated=Stated(494_00, 430_00), before=500_00, strays=(stray,))[:2] == (
        500_00,
        430_00,
    )
    assert verdict(stated=Stated(494_00, 430_00), before=500_00, strays=(stray,))[2] == 0


def test_row_of_this_month_that_only_the_next_sheet_brings_is_taken_out_of_the_closing() -> None:
    stray = Stray("2026-04", MARCH, -6_00)

    assert verdict(stated=Stated(500_00, 436_00), strays=(stray,)) == (500_00, 430_00, 0)
