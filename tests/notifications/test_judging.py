"""The one table of verdicts: only an explicit refusal lets a message be sent again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications import policy
from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.channels.rate import Lane
from notifications.judging import HALT_FOR, Moments, fallen_back, judge, release
from storage.moments import to_ms
from storage.outbox import Claimed

BUSINESS = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)  # another time altogether
AT = Moments(business=BUSINESS, real=REAL, sms_rest=timedelta(minutes=10))
ROW = Claimed(
    id="d",
    campaign_id="c",
    person_id="p",
    lane=Lane.NORMAL,
    channel="wechat",
    attempt_id="a",
    tries=1,
    not_before=BUSINESS - timedelta(hours=1),
    expires_at=None,
    owner="w",
)


def said(verdict: Verdict, code: str = "x", **more: object) -> Outcome:
    return replace(Outcome(verdict=verdict, code=code), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "state", "attempt", "falls_back"),
    [
        (Verdict.TAKEN, "sent", "taken", False),
        (Verdict.UNKNOWN, "unknown", "unknown", False),
        (Verdict.LATER, "new", "refused", False),
        (Verdict.AT, "new", "refused", False),
        (Verdict.HALT, "new", "refused", False),
        (Verdict.FALL_BACK, "refused", "refused", True),
        (Verdict.FINAL, "refused", "refused", False),
    ],
)
def test_what_each_verdict_leads_to(
    verdict: Verdict, state: str, attempt: str, falls_back: bool
) -> None:
    decision = judge(ROW, said(verdict), AT)

    assert (decision.finish.state, decision.finish.attempt) == (state, attempt)
    assert decision.fall_back is falls_back


def test_an_unknown_text_rests_in_real_time_and_a_wechat_message_but_a_moment() -> None:
    by_sms = judge(replace(ROW, channel="sms"), said(Verdict.UNKNOWN), AT)
    by_wechat = judge(ROW, said(Verdict.UNKNOWN), AT)

    assert by_sms.finish.not_before == to_ms(REAL + timedelta(minutes=10))
    assert 0 < by_wechat.finish.not_before - to_ms(REAL) < 1500


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.AT, Verdict.HALT])
def test_a_repeat_that_is_not_taken_leaves_the_first_call_unknown(verdict: Verdict) -> None:
    decision = judge(replace(ROW, was_unknown=True, tries=20), said(verdict), AT)

    assert decision.finish.state == "unknown"
    assert not decision.fall_back


def test_a_later_try_waits_longer_and_longer_in_business_time() -> None:
    first = judge(ROW, said(Verdict.LATER), AT).finish
    third = judge(replace(ROW, tries=3), said(Verdict.LATER), AT).finish

    assert 750 <= first.not_before - to_ms(BUSINESS) <= 1250
    assert 11_250 <= third.not_before - to_ms(BUSINESS) <= 18_750
    assert (first.tries, third.tries) == (1, 3)


def test_what_failed_together_comes_back_apart() -> None:
    failed = [judge(replace(ROW, id=f"d{n}"), said(Verdict.LATER), AT).finish for n in range(50)]

    assert len({finish.not_before for finish in failed}) > 40


def test_a_reference_is_kept_in_a_form_that_every_database_takes() -> None:
    decision = judge(ROW, said(Verdict.TAKEN, reference="1\0\ud800^0"), AT)

    assert decision.finish.reference == "1^0"


def test_tries_come_to_an_end_and_the_next_channel_has_its_turn() -> None:
    decision = judge(replace(ROW, tries=policy.MAX_TRIES), said(Verdict.LATER), AT)

    assert decision.finish.state == "dead"
    assert decision.fall_back


def test_what_concerns_the_whole_channel_does_not_count_as_a_try() -> None:
    row = replace(ROW, tries=policy.MAX_TRIES)

    decision = judge(row, said(Verdict.LATER, scope=Scope.CHANNEL), AT)

    assert decision.finish.state == "new"
    assert decision.finish.tries == policy.MAX_TRIES - 1
    assert decision.pause_until is not None


def test_a_moment_that_the_provider_names_is_kept() -> None:
    tomorrow = REAL + timedelta(days=1)

    decision = judge(ROW, said(Verdict.AT, scope=Scope.RECIPIENT, retry_at=tomorrow), AT)

    assert decision.finish.not_before == to_ms(BUSINESS + timedelta(days=1))


@pytest.mark.parametrize(
    ("scope", "template"),
    [
        (Scope.TEMPLATE, True),
        (Scope.CHANNEL, False),
        (Scope.ACCOUNT, False),
        (Scope.SIGNATURE, False),
    ],
)
def test_a_halt_hands_the_row_back_as_it_was(scope: Scope, template: bool) -> None:
    decision = judge(ROW, said(Verdict.HALT, scope=scope), AT)

    assert decision.halt_template is template
    assert decision.halt_until == REAL + HALT_FOR
    assert decision.finish.tries == 0
    assert decision.finish.not_before == to_ms(ROW.not_before)


def test_a_halt_that_ends_by_itself_says_when() -> None:
    midnight = REAL + timedelta(hours=5)

    decision = judge(ROW, said(Verdict.HALT, scope=Scope.CHANNEL, retry_at=midnight), AT)

    assert decision.halt_until == midnight


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("43004", "unfollowed"),
        ("40003", "dead"),
        ("isv.MOBILE_NUMBER_ILLEGAL", "dead"),
        ("isv.CUSTOMER_REFUSED", "opted_out"),
        ("USER_REJECT", "opted_out"),
        ("47003", ""),
    ],
)
def test_what_a_code_tells_of_the_address(code: str, address: str) -> None:
    assert judge(ROW, said(Verdict.FALL_BACK, code), AT).address == address


def test_what_is_looked_at_again_when_nothing_is_reported() -> None:
    urgent = replace(ROW, lane=Lane.URGENT)

    on_wechat = judge(urgent, said(Verdict.TAKEN), AT).finish
    by_sms = judge(replace(urgent, channel="sms"), said(Verdict.TAKEN), AT).finish

    assert on_wechat.not_before == to_ms(REAL + policy.SILENCE)
    assert by_sms.not_before == to_ms(REAL + policy.REPORTED_WITHIN)  # asked for, not repeated


def test_what_was_not_called_goes_back_and_what_falls_back_begins_anew() -> None:
    back = release(replace(ROW, was_unknown=True), "no_permit")
    fallen = fallen_back(replace(ROW, tries=5), "43101", "sms", AT)

    assert (back.state, back.attempt, back.tries) == ("unknown", "unknown", 0)
    assert (fallen.state, fallen.channel, fallen.tries) == ("new", "sms", 0)
    assert fallen.not_before == to_ms(BUSINESS)
