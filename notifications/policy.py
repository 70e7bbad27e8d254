"""What a notice's class and lane mean for when, to whom and how it goes out: one table.

Contract.md, section 7, and sms.md 1.8: nobody is woken at night or at noon without need; answers
and what is urgent pass quiet hours and caps; a duty of office cannot be refused, news can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from notifications.channels.rate import Lane
from notifications.settings import ScheduleSettings, TimeWindow
from storage.audience import Day


class NoticeClass(StrEnum):
    """What a notice is, as far as its handling goes."""

    ANSWER = "answer"  # somebody has asked
    DUTY = "duty"  # what an office obliges to
    LEGAL = "legal"  # what the law wants delivered
    REMINDER = "reminder"  # integrity, feasts
    NEWS = "news"  # what somebody follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a class of notices is handled."""

    lane: Lane  # unless a person chose another
    may_refuse: bool  # an opt-out counts
    per_day: int | None  # how many of the class a person gets in a day
    rests_at_night: bool
    rests_at_noon: bool
    expires_after: timedelta  # then it is worth nothing any more


POLICIES: Final[Mapping[NoticeClass, Policy]] = MappingProxyType(
    {
        NoticeClass.ANSWER: Policy(
            lane=Lane.INTERACTIVE,
            may_refuse=False,
            per_day=None,
            rests_at_night=False,
            rests_at_noon=False,
            expires_after=timedelta(hours=1),
        ),
        NoticeClass.DUTY: Policy(
            lane=Lane.NORMAL,
            may_refuse=False,
            per_day=None,
            rests_at_night=True,
            rests_at_noon=False,
            expires_after=timedelta(days=3),
        ),
        NoticeClass.LEGAL: Policy(
            lane=Lane.NORMAL,
            may_refuse=False,
            per_day=None,
            rests_at_night=True,
            rests_at_noon=True,
            expires_after=timedelta(days=15),
        ),
        NoticeClass.REMINDER: Policy(
            lane=Lane.BULK,
            may_refuse=True,
            per_day=1,  # domain.md, section 9: no more than one a day
            rests_at_night=True,
            rests_at_noon=True,
            expires_after=timedelta(days=2),
        ),
        NoticeClass.NEWS: Policy(
            lane=Lane.NORMAL,
            may_refuse=True,
            per_day=5,
            rests_at_night=True,
            rests_at_noon=True,
            expires_after=timedelta(days=3),
        ),
    }
)

CHANNEL_ORDER: Final = ("wechat", "sms")
"""WeChat costs nothing and shows the page; SMS reaches whom it does not."""

WECHAT_WAYS: Final = ("wechat", "subscribe", "custom")
"""Within WeChat: the template message, the subscription notice, the customer-service message."""

QUOTA_USED_UP: Final = "45009"
"""The day's calls of one of WeChat's interfaces are used up; the others have their own."""

PASSED_ON: Final = frozenset(
    {"43101", "43106", "43107", "43116", "40249", "41030", "47001", "47003", "48001", QUOTA_USED_UP}
)
"""Refusals of one way within WeChat after which another may reach the person (wechat.md 2.6).

Not following, a wrong openid, a block: those are true of every way.
"""

REFUSABLE: Final = tuple(c for c, policy in POLICIES.items() if policy.may_refuse)

REPORTED_WITHIN: Final = timedelta(hours=2)
"""So long the receipt of a text is waited for; then the provider is asked for it."""

SILENCE: Final = timedelta(minutes=5)
"""So long an urgent message may go unreported before it is sent over the next channel too."""

MAX_TRIES: Final = 8
"""Over one channel, as long as the provider plainly says no and a later try may help."""

RETRIES_AFTER_REPORTS: Final = 1
"""So often a text is tried again whose receipt says that the phone was not reached (sms.md 1.4)."""

_BACK_OFF: Final = (1, 5, 15, 30, 60, 120, 240, 300)


def passes(lane: int) -> bool:
    """Whether a lane passes quiet hours and caps."""
    return lane <= Lane.URGENT


def opens_at(
    notice_class: NoticeClass, lane: int, moment: datetime, schedule: ScheduleSettings
) -> datetime:
    """The first moment, from this one on, at which such a notice may go out."""
    policy = POLICIES[notice_class]
    if passes(lane):
        return moment
    windows = [schedule.quiet_hours] if policy.rests_at_night else []
    windows += [schedule.noon_rest] if policy.rests_at_noon else []
    for _ in range(2 * len(windows)):  # one window's end may lie in the other
        for window in windows:
            moment = _end_of(window, moment, schedule)
    return moment


def next_cap(lane: int, notice_class: NoticeClass) -> int | None:
    """How many of the class a person gets in a day, None: any number."""
    return None if passes(lane) else POLICIES[notice_class].per_day


def day_of(moment: datetime, schedule: ScheduleSettings) -> tuple[datetime, datetime]:
    """Beginning and end of the local day of a moment."""
    start = moment.astimezone(schedule.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    return start.astimezone(moment.tzinfo), (start + timedelta(days=1)).astimezone(moment.tzinfo)


def days_from(
    notice_class: NoticeClass, lane: int, opens: datetime, schedule: ScheduleSettings
) -> tuple[Day, ...]:
    """The days on which a notice that opens then is still worth something, and one more."""
    days, moment = [], opens
    while True:
        start, end = day_of(moment, schedule)
        days.append(Day(start, end, moment))
        if moment >= opens + POLICIES[notice_class].expires_after:
            return tuple(days)
        moment = opens_at(notice_class, lane, end, schedule)


def back_off_seconds(tries: int) -> int:
    """How long to wait after that many tries that were not taken."""
    return _BACK_OFF[min(max(tries, 1), len(_BACK_OFF)) - 1]


def _end_of(window: TimeWindow, moment: datetime, schedule: ScheduleSettings) -> datetime:
    local = moment.astimezone(schedule.timezone)
    if local.time() not in window:
        return moment
    end = local.replace(hour=window.end.hour, minute=window.end.minute, second=0, microsecond=0)
    if end <= local:
        end += timedelta(days=1)
    return end.astimezone(moment.tzinfo)
