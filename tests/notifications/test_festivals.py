"""When festivals are, and on which days reminders fall before them."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from notifications.calendar import is_worked
from notifications.festivals import Event, events, plan, reminders_of

SAMPLE = Path(__file__).parents[2] / "bot" / "sample" / "holidays_cn.json"
TABLE = {
    date.fromisoformat(day): kind
    for kind in ("off", "work")
    for day in json.loads(SAMPLE.read_text("utf-8"))[kind]
}


@pytest.mark.parametrize(
    ("year", "spring", "qingming", "dragon_boat", "mid_autumn"),
    [  # domain.md, section 9
        (2026, (2, 17), (4, 5), (6, 19), (9, 25)),
        (2027, (2, 6), (4, 5), (6, 9), (9, 15)),
        (2028, (1, 26), (4, 4), (5, 28), (10, 3)),
    ],
)
def test_the_festivals_of_a_year(
    year: int,
    spring: tuple[int, int],
    qingming: tuple[int, int],
    dragon_boat: tuple[int, int],
    mid_autumn: tuple[int, int],
) -> None:
    found = {event.tag: event.day for event in events(year)}

    for tag, month, day in (("元旦", 1, 1), ("五一", 5, 1), ("七一", 7, 1), ("国庆", 10, 1)):
        assert found[tag] == date(year, month, day)
    assert found["春节"] == date(year, *spring)
    assert found["元宵"] == date(year, *spring) + timedelta(days=14)
    assert found["清明"] == date(year, *qingming)
    assert found["端午"] == date(year, *dragon_boat)
    assert found["中秋"] == date(year, *mid_autumn)


def test_the_ninth_of_the_ninth() -> None:
    assert Event(date(2026, 10, 18), "重阳") in events(2026)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_every_festival_has_its_reminders_on_worked_days_and_no_day_two(year: int) -> None:
    planned = [one for one in plan(date(year, 6, 1), TABLE) if one.event.day.year == year]

    assert max(Counter(one.on for one in planned).values()) == 1
    assert all(is_worked(one.on, TABLE) for one in planned)
    seconds = {one.event.tag for one in planned if one.number == 2}
    assert seconds == {event.tag for event in events(year) if event.is_festival}
    for one in planned:
        ahead = (one.event.day - one.on).days
        assert (3 <= ahead <= 7) if one.number == 1 else (1 <= ahead <= 10)


def test_the_second_falls_on_the_last_working_day_before() -> None:
    spring = Event(date(2026, 2, 17), "春节")  # off from the 15th; Saturday the 14th is worked

    first, second = sorted(reminders_of(spring, TABLE, set()), key=lambda one: one.on)

    assert (first.on, second.on) == (date(2026, 2, 12), date(2026, 2, 14))


def test_of_two_festivals_in_one_holiday_the_later_one_gives_way() -> None:
    planned = plan(date(2025, 9, 1), TABLE)
    autumn = [
        (one.on, one.event.tag, one.number)
        for one in planned
        if (one.on.year, one.on.month) == (2025, 9)
    ]

    assert autumn == [
        (date(2025, 9, 26), "国庆", 1),
        (date(2025, 9, 29), "中秋", 2),
        (date(2025, 9, 30), "国庆", 2),
    ]


@pytest.mark.parametrize("seen_from", [date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_plan_is_the_same_from_both_sides_of_the_turn_of_a_year(seen_from: date) -> None:
    found = [
        (one.on, one.event.tag, one.number)
        for one in plan(seen_from, TABLE)
        if date(2026, 12, 15) <= one.on <= date(2027, 1, 15)
    ]

    assert found == [
        (date(2026, 12, 15), "年终结账", 1),
        (date(2026, 12, 25), "元旦", 1),
        (date(2026, 12, 31), "元旦", 2),
    ]
