"""Every code of Aliyun's SMS API and of its receipts, and what to do about it (sms.md 1.4)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from notifications.channels import texts
from notifications.channels.outcome import Outcome, Rule, Scope, Verdict, safe_code
from notifications.channels.windows import after, next_day, next_hour, next_minute, next_month

_BUSY = Rule(Verdict.LATER, Scope.CHANNEL, detail=texts.ALIYUN_BUSY)
_INTERNAL = Rule(Verdict.UNKNOWN, detail=texts.ALIYUN_INTERNAL)
_ACCOUNT = Rule(Verdict.HALT, Scope.ACCOUNT, detail=texts.ALIYUN_ACCOUNT)
_MONEY = Rule(Verdict.HALT, Scope.ACCOUNT, detail=texts.ALIYUN_MONEY)
_KEY = Rule(Verdict.HALT, Scope.ACCOUNT, detail=texts.ALIYUN_KEY)
_SIGN = Rule(Verdict.HALT, Scope.SIGNATURE, detail=texts.ALIYUN_SIGN)
_EXTEND = Rule(Verdict.HALT, Scope.TEMPLATE, detail=texts.ALIYUN_EXTEND)
_PARAMETER = Rule(Verdict.FALL_BACK, detail=texts.ALIYUN_PARAMETER)
_CONTENT = Rule(Verdict.FINAL, detail=texts.ALIYUN_CONTENT)
_NUMBER = Rule(Verdict.FALL_BACK, Scope.RECIPIENT, detail=texts.ALIYUN_NUMBER)


def _alike(rule: Rule, codes: str) -> Mapping[str, Rule]:
    return dict.fromkeys(codes.split(), rule)


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "OK": Rule(Verdict.TAKEN),
        **_alike(_BUSY, "Throttling Throttling.User Throttling.Api ServiceUnavailable"),
        **_alike(_INTERNAL, "isp.SYSTEM_ERROR isp.GATEWAY_ERROR InternalError"),
        # Which window it was stands in the message only: see `send_outcome`.
        "isv.BUSINESS_LIMIT_CONTROL": Rule(
            Verdict.AT, Scope.RECIPIENT, next_hour, texts.ALIYUN_NUMBER_LIMIT
        ),
        "isv.DAY_LIMIT_CONTROL": Rule(
            Verdict.HALT, Scope.ACCOUNT, next_day, texts.ALIYUN_DAY_LIMIT
        ),
        "isv.MONTH_LIMIT_CONTROL": Rule(
            Verdict.HALT, Scope.ACCOUNT, next_month, texts.ALIYUN_MONTH_LIMIT
        ),
        **_alike(_MONEY, "isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE"),
        **_alike(
            _ACCOUNT,
            "isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS "
            "isv.ACCOUNT_ABNORMAL isv.SECURITY_FROZEN_ACCOUNT isp.RAM_PERMISSION_DENY "
            "isv.DENY_IP_RANGE",
        ),
        **_alike(_KEY, "SignatureDoesNotMatch InvalidVersion InvalidAction.NotFound Forbidden.RAM"),
        "InvalidTimeStamp.Expired": Rule(
            Verdict.HALT, Scope.ACCOUNT, after(timedelta(minutes=1)), texts.ALIYUN_CLOCK
        ),
        # We never use a nonce twice, so something on the way sent the request twice, and the first
        # copy has arrived.
        "SignatureNonceUsed": Rule(Verdict.UNKNOWN, detail=texts.ALIYUN_REPEATED),
        "isv.SMS_TEMPLATE_ILLEGAL": Rule(
            Verdict.HALT, Scope.TEMPLATE, detail=texts.ALIYUN_TEMPLATE
        ),
        **_alike(
            _SIGN,
            "isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL "
            "isv.SIGN_NAME_ILLEGAL isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.SIGN_SOURCE_ILLEGAL",
        ),
        **_alike(
            _EXTEND,
            "isv.EXTEND_CODE_ERROR isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR",
        ),
        **_alike(
            _PARAMETER,
            "isv.TEMPLATE_MISSING_PARAMETERS isv.TEMPLATE_PARAMS_ILLEGAL isv.INVALID_JSON_PARAM "
            "isv.INVALID_PARAMETERS isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL",
        ),
        **_alike(
            _CONTENT,
            "isv.SMS_CONTENT_ILLEGAL isv.UNSUPPORTED_CONTENT "
            "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE",
        ),
        **_alike(_NUMBER, "isv.MOBILE_NUMBER_ILLEGAL isv.DOMESTIC_NUMBER_NOT_SUPPORTED"),
        "isv.MOBILE_COUNT_OVER_LIMIT": Rule(Verdict.FINAL, detail=texts.ALIYUN_COUNT),
        # A word on a black list, or a number that wants no texts: sources disagree. For a person
        # to look at; the number is not opted out by it.
        "isv.BLACK_KEY_CONTROL_LIMIT": Rule(Verdict.FINAL, detail=texts.ALIYUN_KEYWORD),
        "isv.CUSTOMER_REFUSED": Rule(
            Verdict.FALL_BACK, Scope.RECIPIENT, detail=texts.ALIYUN_OPTED_OUT
        ),
    }
)

# Families of codes, and what is new to us: refused it is, but why?
_PREFIXES: Final = (
    ("Throttling", _BUSY),
    ("InvalidAccessKeyId", _KEY),
    ("InvalidTimeStamp", RULES["InvalidTimeStamp.Expired"]),
    ("Missing", _KEY),
    ("Forbidden", _KEY),
    ("Signature", _KEY),
    ("isv.", Rule(Verdict.FALL_BACK, detail=texts.ALIYUN_UNKNOWN)),
    ("isp.", Rule(Verdict.LATER, detail=texts.ALIYUN_UNKNOWN)),
)
_UNKNOWN = Rule(Verdict.UNKNOWN, detail=texts.ALIYUN_UNKNOWN)
"""Neither a business code nor one of the gateway's: nobody knows what it did."""

# Wording of isv.BUSINESS_LIMIT_CONTROL: 触发天级流控Permits:10.
_LIMITS: Final[Iterable[tuple[str, Callable[[datetime], datetime]]]] = (
    ("分钟级", next_minute),
    ("小时级", next_hour),
    ("天级", after(timedelta(days=1))),  # the day runs from the first text, not from midnight
)

_NOT_REACHED = Rule(
    Verdict.AT, Scope.RECIPIENT, after(timedelta(days=1)), texts.RECEIPT_NOT_REACHED
)
_OPTED_OUT = Rule(Verdict.FALL_BACK, Scope.RECIPIENT, detail=texts.RECEIPT_REFUSED)
_CARRIER_CONTENT = Rule(Verdict.HALT, Scope.TEMPLATE, detail=texts.RECEIPT_CONTENT)
_CARRIER_SIGN = Rule(Verdict.HALT, Scope.SIGNATURE, detail=texts.RECEIPT_SIGN)
_CARRIER_ERROR = Rule(Verdict.LATER, detail=texts.RECEIPT_CARRIER)

RECEIPT_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # Failed and delivered at once: nothing can be made of it.
        "DELIVERED": Rule(Verdict.UNKNOWN, detail=texts.RECEIPT_UNKNOWN),
        # Accepted, and the carrier is silent: wait, ask after a day.
        "REQUEST_SUCCESS": Rule(Verdict.UNKNOWN, Scope.RECIPIENT, detail=texts.RECEIPT_SILENT),
        **_alike(
            _NOT_REACHED,
            "MOBILE_NOT_ON_SERVICE INVALID_NUMBER MOBILE_ACCOUNT_ABNORMAL UNDELIV EXPIRED",
        ),
        "MOBLLE_TERMINAL_ERROR": Rule(  # spelled so
            Verdict.AT, Scope.RECIPIENT, after(timedelta(days=1)), texts.RECEIPT_HANDSET
        ),
        "MOBILE_SEND_LIMIT": Rule(
            Verdict.AT, Scope.RECIPIENT, after(timedelta(days=1)), texts.RECEIPT_LIMIT
        ),
        **_alike(_OPTED_OUT, "MOBILE_IN_BLACK USER_REJECT"),
        **_alike(_CARRIER_CONTENT, "CONTENT_KEYWORD CONTENT_ERROR NO_ROUTE PARAMS_ILLEGAL"),
        **_alike(_CARRIER_SIGN, "SIGNATURE_BLACKLIST PORT_NOT_REGISTERED"),
        **_alike(_CARRIER_ERROR, "IS_CLOSE SP_UNKNOWN_ERROR"),
    }
)
_RECEIPT_UNKNOWN = Rule(Verdict.FALL_BACK, Scope.RECIPIENT, detail=texts.RECEIPT_UNKNOWN)
"""Reported as failed, in a carrier's own words (REJECTD, MK:..., DB:..., ID:...)."""

# Quotas of a number, by window: VALVE:M_MC minute, H hour, D day, MTH month.
_VALVES: Final[Mapping[str, Callable[[datetime], datetime]]] = MappingProxyType(
    {
        "VALVE:M_MC": next_minute,
        "VALVE:H_MC": next_hour,
        "VALVE:D_MC": after(timedelta(days=1)),
    }
)


def send_outcome(code: str, now: datetime, *, reference: str = "", message: str = "") -> Outcome:
    """What the answer to SendSms means; `message` is its `Message`."""
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        for words, until in _LIMITS:
            if words in message:
                rule = Rule(Verdict.AT, Scope.RECIPIENT, until, texts.ALIYUN_NUMBER_LIMIT)
                return rule.outcome(code, now)
    rule = RULES.get(code) or _by_prefix(code)
    return rule.outcome(safe_code(code), now, reference=reference)


def is_known(code: str) -> bool:
    """Whether the reference has this code; others are worth a line in the log."""
    return code in RULES


def receipt_outcome(code: str, now: datetime, *, success: bool, reference: str = "") -> Outcome:
    """What a receipt, or a look-up's `ErrCode`, says of a text that had been taken.

    TAKEN means that it arrived. All else but UNKNOWN says that it did not, so that the person has
    not got it, however it is tried next; of AT and LATER one retry is meant, not a series.
    """
    if success:
        rule = Rule(Verdict.TAKEN)
    elif code.startswith("VALVE:"):
        until = _VALVES.get(code, after(timedelta(days=1)))
        rule = Rule(Verdict.AT, Scope.RECIPIENT, until, texts.RECEIPT_LIMIT)
    else:
        rule = RECEIPT_RULES.get(code, _RECEIPT_UNKNOWN)
    return rule.outcome(safe_code(code), now, reference=reference)


def _by_prefix(code: str) -> Rule:
    return next((rule for prefix, rule in _PREFIXES if code.startswith(prefix)), _UNKNOWN)
