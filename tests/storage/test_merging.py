"""What becomes of a month when statements are brought in again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from storage.bodies import Line, Written, write_down
from storage.merging import Held, difference, merge
from tests.storage.making import make_line

MARCH, APRIL = "2026-03", "2026-04"


def hold(*lines: Line, statement: str = MARCH, importer: str = "first") -> list[Held]:
    return [Held(write_down(line), frozenset({statement}), importer) for line in lines]


def bring(held: list[Held], statement: str, *lines: Line, importer: str = "second") -> list[Held]:
    return merge(held, {statement: lines}, frozenset({statement}), importer)


def counted(held: list[Held]) -> Counter[Line]:
    return Counter(entry.line for entry in held)


def test_same_rows_in_any_order_keep_ids_salts_and_importer() -> None:
    lines = [make_line(voucher=f"记{number}") for number in range(5)]
    held = hold(*lines)

    after = bring(held, MARCH, *reversed(lines))

    assert sorted(after, key=lambda e: e.written.id) == sorted(held, key=lambda e: e.written.id)


def test_corrected_sheet_replaces_what_came_from_it_and_leaves_the_rest() -> None:
    wrong, other = make_line(voucher="记1"), make_line(voucher="记2")
    held = hold(wrong) + hold(other, statement=APRIL)

    after = bring(held, MARCH, make_line(voucher="记9"))

    assert counted(after) == Counter([make_line(voucher="记9"), other])


def test_row_that_two_statements_state_counts_once_and_stays_until_both_drop_it() -> None:
    line = make_line()
    twice = bring(hold(line), APRIL, line)

    without_march = bring(twice, MARCH)
    without_both = bring(without_march, APRIL)

    assert len(twice) == 1
    assert twice[0].statements == {MARCH, APRIL}
    assert counted(without_march) == Counter([line])
    assert without_both == []


def test_two_equal_rows_of_one_sheet_are_two_entries() -> None:
    line = make_line()

    after = bring(bring([], MARCH, line, line), APRIL, line)

    assert counted(after) == Counter({line: 2})


def test_changed_row_keeps_its_id_and_has_a_new_importer() -> None:
    old, new = make_line(amount=68_000), make_line(amount=86_000)
    held = hold(old)

    after = bring(held, MARCH, new)

    assert [entry.written.id for entry in after] == [held[0].written.id]
    assert after[0].importer == "second"
    assert difference([held[0].written], [after[0].written]).changed == ((old, new),)


def test_row_that_returns_gets_the_id_it_was_published_with() -> None:
    published = write_down(make_line())

    after = merge([], {MARCH: [make_line()]}, frozenset({MARCH}), "second", [published])

    assert after[0].written == published


def erased(line: Line) -> Written:
    written = write_down(line)
    return Written(written.id, line._replace(payee=None), (None, written.salts[1]), written.hashes)


def test_erased_name_does_not_come_back_with_the_same_file() -> None:
    held = [Held(erased(make_line(payee="郑*秀")), frozenset({MARCH}), "first")]

    after = bring(held, MARCH, make_line(payee="郑*秀"))

    assert after == held


def test_erased_name_stays_erased_in_a_changed_row() -> None:
    held = [Held(erased(make_line(payee="郑*秀")), frozenset({MARCH}), "first")]

    after = bring(held, MARCH, make_line(payee="郑*秀", amount=1))

    assert [entry.line.payee for entry in after] == [None]
    assert after[0].written.salts[0] is None
    assert after[0].written.id == held[0].written.id


LINES = st.builds(
    make_line,
    day=st.sampled_from(["2026-03-01", "2026-03-02"]),
    voucher=st.sampled_from(["记1", "记2", ""]),
    amount=st.integers(1, 3),
    summary=st.sampled_from(["甲", "乙"]),
)
SHEETS = st.lists(LINES, max_size=8)


@given(SHEETS, SHEETS, SHEETS)
def test_month_holds_the_maximum_over_statements_whatever_came_before(
    first: list[Line], second: list[Line], other: list[Line]
) -> None:
    held = bring(bring(bring([], MARCH, *first), APRIL, *other), MARCH, *second)

    assert counted(held) == Counter(second) | Counter(other)
    assert len({entry.written.id for entry in held}) == len(held)
    again = bring(held, MARCH, *second)
    assert {e.written for e in again} == {e.written for e in held}


@given(SHEETS, SHEETS)
def test_difference_accounts_for_every_row(first: list[Line], second: list[Line]) -> None:
    before = bring([], MARCH, *first)

    after = bring(before, MARCH, *second)

    found = difference([e.written for e in before], [e.written for e in after])
    gone = Counter(found.removed) + Counter(old for old, _ in found.changed)
    come = Counter(found.added) + Counter(new for _, new in found.changed)
    assert gone == Counter(first) - Counter(second)
    assert come == Counter(second) - Counter(first)
