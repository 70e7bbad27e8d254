"""The days that a rhythm would fall on, as its page shows them before it is laid down."""

from __future__ import annotations

from datetime import date

from notifications.rhythms import forecast
from notifications.rhythms.days import WorkDays

TODAY = date(2026, 11, 24)
DAYS = WorkDays({date(2026, 12, 10): "off", date(2026, 12, 12): "work"}, {2026})


def test_a_day_of_every_month_moves_behind_what_is_not_worked() -> None:
    found = forecast.regular(TODAY, 10, 1, DAYS)

    assert len(found) == forecast.SHOWN
    assert [one.due_on for one in found[:3]] == [
        date(2026, 12, 11), date(2027, 1, 11), date(2027, 2, 10),
    ]  # fmt: skip
    assert found[0].months == "2026年11月"
    assert [one.provisional for one in found[:2]] == [False, True]


def test_a_quarter_is_owed_in_the_month_after_it() -> None:
    found = forecast.regular(TODAY, 20, 3, DAYS)

    assert (found[0].due_on, found[0].months) == (date(2027, 1, 20), "2026年10月至12月")
    assert found[-1].due_on.year == 2029


def test_this_months_day_counts_as_long_as_it_has_not_passed() -> None:
    assert forecast.regular(TODAY, 24, 1, DAYS)[0].due_on == TODAY
    assert forecast.regular(TODAY, 23, 1, DAYS)[0].due_on == date(2026, 12, 23)


def test_working_days_run_from_the_day_of_the_event() -> None:
    found = forecast.after_events(TODAY, 3, DAYS)

    assert [one.begins.day for one in found[:3]] == [24, 25, 26]
    assert [one.due_on for one in found[:3]] == [
        date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1),
    ]  # fmt: skip


def test_reviews_come_round_every_year_on_their_days_and_once_each() -> None:
    since = [date(2024, 2, 29), date(2025, 11, 30), date(2025, 11, 30), date(2026, 11, 24)]

    found = forecast.reviews(since, TODAY, DAYS)

    assert [one.begins for one in found] == [
        date(2026, 11, 30), date(2027, 2, 28), date(2027, 11, 24),
    ]  # fmt: skip


def test_reminders_stand_around_the_due_day() -> None:
    (one, *_) = forecast.after_events(TODAY, 3, DAYS)

    assert forecast.reminded(one, (-1, 0, 3)) == [
        date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30),
    ]  # fmt: skip
