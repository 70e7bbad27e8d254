"""The table of what a class of notices means."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications import policy
from notifications.channels.rate import Lane
from notifications.policy import POLICIES, REFUSABLE, NoticeClass
from notifications.settings import ScheduleSettings, TimeWindow

SCHEDULE = ScheduleSettings()

TABLE = [
    # class, lane, may be refused, a day, night, noon, worth nothing after
    ("answer", Lane.INTERACTIVE, False, None, False, False, timedelta(hours=1)),
    ("duty", Lane.NORMAL, False, None, True, False, timedelta(days=3)),
    ("legal", Lane.NORMAL, False, None, True, True, timedelta(days=15)),
    ("reminder", Lane.BULK, True, 1, True, True, timedelta(days=2)),
    ("news", Lane.NORMAL, True, 5, True, True, timedelta(days=3)),
]


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(("word", "lane", "refusable", "cap", "night", "noon", "ends"), TABLE)
def test_the_table_of_classes(
    word: str,
    lane: Lane,
    refusable: bool,
    cap: int | None,
    night: bool,
    noon: bool,
    ends: timedelta,
) -> None:
    found = POLICIES[NoticeClass(word)]

    assert (found.lane, found.may_refuse, found.per_day) == (lane, refusable, cap)
    assert (found.rests_at_night, found.rests_at_noon) == (night, noon)
    assert found.expires_after == ends


def test_every_class_has_its_line() -> None:
    assert set(POLICIES) == set(NoticeClass) == {NoticeClass(row[0]) for row in TABLE}
    assert set(REFUSABLE) == {NoticeClass.NEWS, NoticeClass.REMINDER}


@pytest.mark.parametrize(
    ("word", "lane", "at", "opens"),
    [
        ("news", Lane.NORMAL, "24T09:30", "24T09:30"),
        ("news", Lane.NORMAL, "24T20:00", "25T08:00"),
        ("news", Lane.BULK, "24T23:59", "25T08:00"),
        ("news", Lane.NORMAL, "25T03:00", "25T08:00"),
        ("news", Lane.NORMAL, "24T12:00", "24T14:00"),
        ("news", Lane.NORMAL, "24T14:00", "24T14:00"),
        ("duty", Lane.NORMAL, "24T12:30", "24T12:30"),
        ("duty", Lane.NORMAL, "24T21:00", "25T08:00"),
        ("legal", Lane.NORMAL, "24T13:00", "24T14:00"),
        ("reminder", Lane.BULK, "24T07:59", "24T08:00"),
        ("answer", Lane.INTERACTIVE, "24T23:00", "24T23:00"),
        ("news", Lane.URGENT, "24T23:00", "24T23:00"),
    ],
)
def test_when_a_notice_may_go_out(word: str, lane: Lane, at: str, opens: str) -> None:
    found = policy.opens_at(NoticeClass(word), lane, beijing(at), SCHEDULE)

    assert found == beijing(opens)


def test_windows_that_touch_are_passed_together() -> None:
    schedule = ScheduleSettings(
        quiet_hours=TimeWindow.parse("22:00-12:00"), noon_rest=TimeWindow.parse("12:00-14:00")
    )

    found = policy.opens_at(NoticeClass.NEWS, Lane.NORMAL, beijing("24T23:00"), schedule)

    assert found == beijing("25T14:00")


def test_urgent_and_answers_pass_caps() -> None:
    assert policy.next_cap(Lane.BULK, NoticeClass.REMINDER) == 1
    assert policy.next_cap(Lane.URGENT, NoticeClass.REMINDER) is None
    assert policy.next_cap(Lane.NORMAL, NoticeClass.DUTY) is None


def test_waits_grow_between_tries() -> None:
    waits = [policy.back_off_seconds(tries) for tries in range(1, policy.MAX_TRIES + 3)]

    assert waits == sorted(waits)
    assert waits[0] == 1
    assert sum(waits[: policy.MAX_TRIES]) < 30 * 60
