"""Rules of schedules: what may be written, and how it is read."""

from datetime import datetime

import pytest

from notifications.cron import BadRule, coming, in_words, normal_cron
from notifications.schedules import next_run
from storage.clock import BEIJING

TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 9 * * *", "每天9:00"),
        ("5 14 * * *", "每天14:05"),
        ("0 9 * * mon", "每周一9:00"),
        ("0 8 20 * *", "每月20日8:00"),
        ("20 * * * *", "每小时第20分"),
        ("*/5 * * * *", "每5分钟"),
        ("0 9 1,15 * *", "0 9 1,15 * *"),
        ("0 9 1 1 *", "0 9 1 1 *"),
    ],
)
def test_a_rule_in_words(cron: str, words: str) -> None:
    assert in_words(cron) == words


@pytest.mark.parametrize(
    ("typed", "cron", "first"),
    [
        ("0 10 * * 1", "0 10 * * mon", (11, 30)),  # a Monday, as cron counts
        ("0 10 * * 7", "0 10 * * sun", (11, 29)),
        ("0 10 * * 1-5", "0 10 * * mon-fri", (11, 24)),
        (" 0  10 1 * MON ", "0 10 1 * mon", (2, 1)),
    ],
)
def test_days_of_the_week_are_those_of_cron(typed: str, cron: str, first: tuple[int, int]) -> None:
    found = normal_cron(typed)

    assert found == cron
    day = next_run(found, TUESDAY)
    assert (day.month, day.day) == first


@pytest.mark.parametrize(
    "typed", ["", "每天9点", "0 9 * *", "0 25 * * *", "0 9 30 2 *", "a b c d e"]
)
def test_what_is_no_rule_is_refused(typed: str) -> None:
    with pytest.raises(BadRule):
        normal_cron(typed)


def test_the_coming_occurrences() -> None:
    found = coming("0 9 * * mon", next_run("0 9 * * mon", TUESDAY), 3)

    assert [(one.month, one.day) for one in found] == [(11, 30), (12, 7), (12, 14)]
