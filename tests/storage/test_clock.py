"""Business time: UTC moments, Beijing dates, clocks that run ahead or stand still."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.clock import BEIJING, Clock, HeldClock, MovableClock, SystemClock, read_moment

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_the_system_clock_tells_real_time_in_utc() -> None:
    before = datetime.now(UTC)
    shown = SystemClock().now()
    after = datetime.now(UTC)

    assert before <= shown <= after
    assert shown.tzinfo is UTC


@pytest.mark.parametrize("clock", [SystemClock(), MovableClock(timedelta(days=3)), HeldClock(NOON)])
def test_today_is_the_date_in_beijing(clock: Clock) -> None:
    before, today = clock.now(), clock.today()

    beijing = ZoneInfo("Asia/Shanghai")
    assert before.astimezone(beijing).date() <= today <= clock.now().astimezone(beijing).date()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_begins_at_midnight_in_beijing(moment: datetime, day: date) -> None:
    assert HeldClock(moment).today() == day
    assert MovableClock.starting_at(moment, base=HeldClock(NOON)).today() == day


def test_a_movable_clock_runs_on_from_where_it_was_started() -> None:
    real = HeldClock(NOON)
    clock = MovableClock.starting_at(datetime(2026, 1, 1, tzinfo=UTC), base=real)

    real.move(timedelta(seconds=90))

    assert clock.now() == datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC)


def test_a_movable_clock_starts_now_over_real_time() -> None:
    clock = MovableClock.starting_at(NOON)

    assert timedelta(0) <= clock.now() - NOON < timedelta(seconds=10)


def test_a_movable_clock_is_moved_by_an_hour_and_a_day() -> None:
    clock = MovableClock(base=HeldClock(NOON))

    clock.move(timedelta(hours=1))
    clock.move(timedelta(days=1))

    assert clock.now() == NOON + timedelta(hours=25)
    assert clock.offset == timedelta(hours=25)


def test_a_held_clock_stands_still_until_it_is_moved() -> None:
    clock = HeldClock(datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING))

    assert clock.now() == clock.now() == NOON
    clock.move(timedelta(minutes=5))
    assert clock.now() == NOON + timedelta(minutes=5)


def test_a_held_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        HeldClock(datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:00",
        "2026-11-24 12:00:00",
        "2026-11-24T12:00+08:00",
        "2026-11-24T04:00Z",
        "20261124T1200",
        " 2026-11-24T05:00+01:00 ",
    ],
)
def test_a_time_without_a_zone_is_beijings(text: str) -> None:
    moment = read_moment(text)

    assert moment == NOON
    assert moment.tzinfo is UTC


def test_a_date_alone_is_its_first_moment() -> None:
    assert read_moment("2026-11-24") == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "明天", "2026-02-30", "0001-01-01", "2026-11-24T25:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_moment(text)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_every_time_is_read_as_it_is_written(local: datetime) -> None:
    moment = read_moment(local.isoformat())

    assert moment.astimezone(BEIJING).replace(tzinfo=None) == local


@given(st.text())
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        moment = read_moment(text)
    except ValueError:
        return
    assert moment.tzinfo is UTC
