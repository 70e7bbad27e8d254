"""The breaker as a table: what opens it, what closes it, and how long it rests."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breaker, is_failure
from notifications.channels.outcome import Outcome, Verdict
from notifications.channels.wire import NotSent, Unreadable, Unsure, failed_call

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FAILED = failed_call(Unsure("timeout"))
TAKEN = Outcome(verdict=Verdict.TAKEN, code="OK")


def opened_after(answers: str) -> int:
    """At which call of these (`x` failed, `.` answered) it opens; 0: at none."""
    breaker = Breaker()
    for number, answer in enumerate(answers, 1):
        if breaker.note(FAILED if answer == "x" else TAKEN, NOW):
            return number
    return 0


@pytest.mark.parametrize(
    ("answers", "opens"),
    [
        ("xxxxx", 5),
        ("xxxx.xxxx", 9),  # eight of the latest
        ("xx.xx.xx.xx", 11),
        ("x..x..x..x..x..x..x..x", 0),  # eight, but not of the latest twenty
        ("....", 0),
    ],
)
def test_it_opens_after_five_in_a_row_or_eight_of_the_latest_twenty(
    answers: str, opens: int
) -> None:
    assert opened_after(answers) == opens


@pytest.mark.parametrize(
    ("outcome", "failure"),
    [
        (failed_call(NotSent("not_sent")), True),
        (failed_call(Unreadable(502)), True),
        (failed_call(Unreadable(200)), True),
        (failed_call(Unsure("reset")), True),
        (failed_call(Unreadable(429)), False),  # too fast is an answer: the brake's affair
        (Outcome(verdict=Verdict.FALL_BACK, code="43004"), False),
        (Outcome(verdict=Verdict.LATER, code="Throttling"), False),
        (TAKEN, False),
    ],
)
def test_only_what_is_no_answer_is_a_failure(outcome: Outcome, *, failure: bool) -> None:
    assert is_failure(outcome) is failure


def test_its_pause_doubles_until_something_is_answered() -> None:
    breaker, now = Breaker(), NOW
    pauses: list[timedelta] = []
    for _ in range(5):
        until = breaker.note(FAILED, now)
    while until is not None and len(pauses) < 9:
        pauses.append(until - now)
        assert breaker.note(FAILED, now) is None  # was under way when it opened
        now = until
        until = breaker.note(FAILED, now)

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert breaker.note(TAKEN, now) is None
    for _ in range(4):
        assert breaker.note(FAILED, now) is None
    assert breaker.note(FAILED, now) == now + FIRST_PAUSE


def test_an_answer_of_a_call_under_way_closes_it() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.note(FAILED, NOW)

    breaker.note(TAKEN, NOW)

    assert breaker.note(FAILED, NOW + timedelta(minutes=1)) is None
