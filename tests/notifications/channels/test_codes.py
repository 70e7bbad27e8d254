"""The tables of codes, line by line as wechat.md 2.6 and sms.md 1.4 have them."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels import aliyun_codes, wechat_codes
from notifications.channels.outcome import Outcome, Scope, Verdict, safe_code
from notifications.channels.windows import next_day, next_hour, next_minute, next_month

NOW = datetime(2026, 11, 24, 1, 30, 20, tzinfo=UTC)  # 09:30:20 in Beijing
MIDNIGHT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)

T, L, A, H, F, N, U = (
    Verdict.TAKEN,
    Verdict.LATER,
    Verdict.AT,
    Verdict.HALT,
    Verdict.FALL_BACK,
    Verdict.FINAL,
    Verdict.UNKNOWN,
)
PERSON, TEMPLATE, SIGN, CHANNEL, ACCOUNT = Scope

Expected = tuple[Verdict, Scope | None]

WECHAT: dict[Expected, list[int]] = {
    (T, None): [0, 45065],
    (L, None): [-1],
    (L, CHANNEL): [40001, 40014, 42001],
    (H, CHANNEL): [41001, 45009],
    (H, ACCOUNT): [40013, 40125, 41002, 41004, 40164, 61024],
    (H, TEMPLATE): [40037],
    (A, PERSON): [43108, 43117, 45066],
    (A, CHANNEL): [45011],
    (F, PERSON): [40003, 43004, 50005, 43019, 48002, 43101, 45015, 45047],
    (F, TEMPLATE): [43116, 40249],
    (F, CHANNEL): [43106, 43107, 48001],
    (F, ACCOUNT): [48004, 50002],
    (F, None): [41030, 47001, 47003, 40007, 45002, 44004, 45008, 45098],
    (N, None): [
        *(45056, 45057, 45058, 45059, 45157, 45158, 45159, 45067),
        *(48006, 40029, 40163, 42003, 45168, 87014),
        *(*range(40015, 40028), 45010, 40053, 45029),
    ],
}

ALIYUN: dict[Expected, str] = {
    (T, None): "OK",
    (U, None): "isp.SYSTEM_ERROR isp.GATEWAY_ERROR InternalError SignatureNonceUsed",
    (L, CHANNEL): "Throttling Throttling.User Throttling.Api ServiceUnavailable",
    (A, PERSON): "isv.BUSINESS_LIMIT_CONTROL",
    (H, ACCOUNT): (
        "isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE "
        "isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS "
        "isv.ACCOUNT_ABNORMAL isv.SECURITY_FROZEN_ACCOUNT isp.RAM_PERMISSION_DENY "
        "isv.DENY_IP_RANGE SignatureDoesNotMatch InvalidAccessKeyId.NotFound "
        "InvalidAccessKeyId.Inactive InvalidVersion InvalidAction.NotFound MissingTimestamp "
        "MissingSignature Forbidden.RAM InvalidTimeStamp.Expired InvalidTimeStamp.Format"
    ),
    (H, SIGN): (
        "isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL "
        "isv.SIGN_NAME_ILLEGAL isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.SIGN_SOURCE_ILLEGAL"
    ),
    (H, TEMPLATE): (
        "isv.SMS_TEMPLATE_ILLEGAL isv.EXTEND_CODE_ERROR isv.ONE_CODE_MULTIPLE_SIGN "
        "isv.CODE_EXCEED_LIMIT isv.CODE_ERROR"
    ),
    (F, None): (
        "isv.TEMPLATE_MISSING_PARAMETERS isv.TEMPLATE_PARAMS_ILLEGAL isv.INVALID_JSON_PARAM "
        "isv.INVALID_PARAMETERS isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL isv.NEW_ONE"
    ),
    (F, PERSON): (
        "isv.MOBILE_NUMBER_ILLEGAL isv.DOMESTIC_NUMBER_NOT_SUPPORTED isv.CUSTOMER_REFUSED"
    ),
    (N, None): (
        "isv.SMS_CONTENT_ILLEGAL isv.UNSUPPORTED_CONTENT isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE "
        "isv.MOBILE_COUNT_OVER_LIMIT isv.BLACK_KEY_CONTROL_LIMIT"
    ),
    (L, None): "isp.NEW_ONE",
}

RECEIPTS: dict[Expected, str] = {
    (U, PERSON): "REQUEST_SUCCESS",
    (U, None): "DELIVERED",  # and yet reported as failed
    (A, PERSON): (
        "MOBILE_NOT_ON_SERVICE INVALID_NUMBER MOBILE_ACCOUNT_ABNORMAL MOBLLE_TERMINAL_ERROR "
        "MOBILE_SEND_LIMIT VALVE:M_MC VALVE:H_MC VALVE:D_MC VALVE:MTH_MC UNDELIV EXPIRED"
    ),
    (F, PERSON): "MOBILE_IN_BLACK USER_REJECT REJECTD MK:0001 DB:0141 ID:0076",
    (H, TEMPLATE): "CONTENT_KEYWORD CONTENT_ERROR NO_ROUTE PARAMS_ILLEGAL",
    (H, SIGN): "SIGNATURE_BLACKLIST PORT_NOT_REGISTERED",
    (L, None): "IS_CLOSE SP_UNKNOWN_ERROR",
}


def judged(outcome: Outcome) -> Expected:
    return outcome.verdict, outcome.scope


@pytest.mark.parametrize(
    ("code", "expected"), [(code, key) for key, codes in WECHAT.items() for code in codes]
)
def test_wechats_codes(code: int, expected: Expected) -> None:
    outcome = wechat_codes.send_outcome(code, NOW)

    assert judged(outcome) == expected
    assert outcome.code == str(code)


def test_no_code_of_wechats_table_was_left_out_here() -> None:
    assert set(wechat_codes.RULES) == {code for codes in WECHAT.values() for code in codes}


@pytest.mark.parametrize("code", [1, 99999, 10001, -2, 40002])
def test_a_code_of_wechat_that_nobody_knows_is_a_refusal(code: int) -> None:
    assert wechat_codes.send_outcome(code, NOW).verdict is F
    assert wechat_codes.token_outcome(code, NOW).verdict is L


@pytest.mark.parametrize("code", [40001, 40013, 40125, 41002, 41004, 40164, 61024, 48004, 50002])
def test_what_keeps_the_token_from_us_halts_the_account(code: int) -> None:
    assert judged(wechat_codes.token_outcome(code, NOW)) == (H, ACCOUNT)


@pytest.mark.parametrize(
    ("code", "retry_at"),
    [
        (45009, MIDNIGHT),
        (45011, NOW.replace(minute=31, second=0)),
        (45066, NOW + timedelta(minutes=1)),
        (43108, NOW + timedelta(seconds=5)),
        (43117, NOW + timedelta(minutes=15)),
        (40037, None),
    ],
)
def test_when_wechat_can_be_tried_again(code: int, retry_at: datetime | None) -> None:
    assert wechat_codes.send_outcome(code, NOW).retry_at == retry_at


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("success", T),
        ("failed:user block", F),
        ("failed:system failed", F),
        ("failed:new", U),
        ("", U),
    ],
)
def test_the_fate_of_a_template_message(status: str, verdict: Verdict) -> None:
    outcome = wechat_codes.finish_outcome(status, NOW, reference="9")

    assert (outcome.verdict, outcome.reference) == (verdict, "9")


@pytest.mark.parametrize(
    ("code", "expected"), [(code, key) for key, codes in ALIYUN.items() for code in codes.split()]
)
def test_aliyuns_codes(code: str, expected: Expected) -> None:
    outcome = aliyun_codes.send_outcome(code, NOW)

    assert judged(outcome) == expected
    assert outcome.code == code


def test_no_code_of_aliyuns_tables_was_left_out_here() -> None:
    sending = {code for codes in ALIYUN.values() for code in codes.split()}
    receipts = {code for codes in RECEIPTS.values() for code in codes.split()}

    assert set(aliyun_codes.RULES) <= sending
    assert set(aliyun_codes.RECEIPT_RULES) <= receipts


@pytest.mark.parametrize("code", ["", "ok", "Success", "OK ", "What?"])
def test_a_code_of_aliyun_that_nobody_knows_is_unknown(code: str) -> None:
    assert aliyun_codes.send_outcome(code, NOW).verdict is U


@pytest.mark.parametrize(
    ("message", "retry_at"),
    [
        ("触发分钟级流控Permits:1", NOW.replace(minute=31, second=0)),
        ("触发小时级流控Permits:5", NOW.replace(hour=2, minute=0, second=0)),
        ("触发天级流控Permits:10", NOW + timedelta(days=1)),
        ("", NOW.replace(hour=2, minute=0, second=0)),
    ],
)
def test_a_numbers_limit_ends_with_its_window(message: str, retry_at: datetime) -> None:
    outcome = aliyun_codes.send_outcome("isv.BUSINESS_LIMIT_CONTROL", NOW, message=message)

    assert (outcome.verdict, outcome.retry_at) == (A, retry_at)


@pytest.mark.parametrize(
    ("code", "retry_at"),
    [
        ("isv.DAY_LIMIT_CONTROL", MIDNIGHT),
        ("isv.MONTH_LIMIT_CONTROL", DECEMBER),
        ("InvalidTimeStamp.Expired", NOW + timedelta(minutes=1)),
        ("isv.AMOUNT_NOT_ENOUGH", None),
    ],
)
def test_when_a_halt_of_aliyun_ends_by_itself(code: str, retry_at: datetime | None) -> None:
    assert aliyun_codes.send_outcome(code, NOW).retry_at == retry_at


@pytest.mark.parametrize(
    ("code", "expected"),
    [(code, key) for key, codes in RECEIPTS.items() for code in codes.split()],
)
def test_receipts_of_failure(code: str, expected: Expected) -> None:
    assert judged(aliyun_codes.receipt_outcome(code, NOW, success=False)) == expected


def test_a_receipt_of_success() -> None:
    outcome = aliyun_codes.receipt_outcome("DELIVERED", NOW, success=True, reference="1^0")

    assert outcome == Outcome(verdict=T, code="DELIVERED", reference="1^0")


@pytest.mark.parametrize(
    ("code", "retry_at"),
    [
        ("VALVE:M_MC", NOW.replace(minute=31, second=0)),
        ("VALVE:H_MC", NOW.replace(hour=2, minute=0, second=0)),
        ("VALVE:D_MC", NOW + timedelta(days=1)),
        ("UNDELIV", NOW + timedelta(days=1)),
    ],
)
def test_when_a_number_can_be_tried_again(code: str, retry_at: datetime) -> None:
    assert aliyun_codes.receipt_outcome(code, NOW, success=False).retry_at == retry_at


def test_every_moment_to_retry_is_set_where_the_verdict_needs_it() -> None:
    rules = [
        *wechat_codes.RULES.values(),
        *aliyun_codes.RULES.values(),
        *aliyun_codes.RECEIPT_RULES.values(),
    ]

    assert all(rule.until is not None for rule in rules if rule.verdict is A)
    assert all(rule.detail for rule in rules if rule.verdict is H)


def test_windows_end_in_beijing_time() -> None:
    late = datetime(2026, 12, 31, 16, 59, 59, 5, tzinfo=UTC)  # 00:59:59 on 1 January

    assert next_minute(late) == next_hour(late) == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert next_day(late) == datetime(2027, 1, 1, 16, tzinfo=UTC)
    assert next_month(late) == datetime(2027, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("isv.OK_1", "isv.OK_1"),
        (0, "0"),
        (True, "True"),
        ("MK:0001", "MK:0001"),
        ("手机16600010071", "unreadable"),
        ("x" * 65, "unreadable"),
        (None, "unreadable"),
        ("a\nb", "unreadable"),
    ],
)
def test_a_code_shows_nothing_but_a_code(value: object, code: str) -> None:
    assert safe_code(value) == code
