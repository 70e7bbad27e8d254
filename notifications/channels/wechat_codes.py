"""Every error code of WeChat's APIs, and what to do about it (wechat.md 2.6)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from notifications.channels import texts
from notifications.channels.outcome import Outcome, Rule, Scope, Verdict
from notifications.channels.windows import after, next_day, next_minute

_OPERATORS_ACT = Verdict.HALT
_REFUSED = Verdict.FALL_BACK

# What is refused to this person only.
_OTHER_ACCOUNT = Rule(_REFUSED, Scope.RECIPIENT, detail=texts.WECHAT_OTHER_ACCOUNT)
_NOT_FOLLOWING = Rule(_REFUSED, Scope.RECIPIENT, detail=texts.WECHAT_NOT_FOLLOWING)
_BLOCKED = Rule(_REFUSED, Scope.RECIPIENT, detail=texts.WECHAT_BLOCKED)
_WINDOW = Rule(_REFUSED, Scope.RECIPIENT, detail=texts.WECHAT_WINDOW)
# What our config gets wrong: worth waiting for, since it is mended within the hour.
_SECRET = Rule(_OPERATORS_ACT, Scope.ACCOUNT, detail=texts.WECHAT_CREDENTIALS)
_BUG = Rule(_OPERATORS_ACT, Scope.CHANNEL, detail=texts.WECHAT_BUG)
# What the platform has forbidden for days or for good: the others must carry it.
_PUNISHED = Rule(_REFUSED, Scope.ACCOUNT, detail=texts.WECHAT_PUNISHED)
_CAPABILITY = Rule(_REFUSED, Scope.CHANNEL, detail=texts.WECHAT_CAPABILITY_BANNED)
_TEMPLATE_BANNED = Rule(_REFUSED, Scope.TEMPLATE, detail=texts.WECHAT_TEMPLATE_BANNED)
# What does not suit WeChat in this form.
_FIELD = Rule(_REFUSED, detail=texts.WECHAT_FIELD)
_LENGTH = Rule(_REFUSED, detail=texts.WECHAT_LENGTH)

_BUSY = Rule(Verdict.LATER, detail=texts.WECHAT_BUSY)
_TOKEN_DEAD = Rule(Verdict.LATER, Scope.CHANNEL, detail=texts.WECHAT_NO_ACCESS)
_TAGS = Rule(Verdict.FINAL, detail=texts.WECHAT_TAGS)
_LOGIN = Rule(Verdict.FINAL, detail=texts.WECHAT_LOGIN)
_SENSITIVE = Rule(Verdict.FINAL, detail=texts.WECHAT_SENSITIVE)
_MENU = Rule(Verdict.FINAL, detail=texts.WECHAT_MENU)

RULES: Final[Mapping[int, Rule]] = MappingProxyType(
    {
        0: Rule(Verdict.TAKEN),
        -1: _BUSY,
        # The client has renewed the token and tried once more before these get here.
        40001: _TOKEN_DEAD,
        40014: _TOKEN_DEAD,
        42001: _TOKEN_DEAD,
        41001: _BUG,
        40013: _SECRET,
        40125: _SECRET,
        41002: _SECRET,
        41004: _SECRET,
        40164: Rule(_OPERATORS_ACT, Scope.ACCOUNT, detail=texts.WECHAT_ADDRESS),
        61024: Rule(_OPERATORS_ACT, Scope.ACCOUNT, detail=texts.WECHAT_COMPONENT),
        40003: _OTHER_ACCOUNT,
        43004: _NOT_FOLLOWING,
        50005: _NOT_FOLLOWING,
        43019: _BLOCKED,
        48002: _BLOCKED,
        43101: Rule(_REFUSED, Scope.RECIPIENT, detail=texts.WECHAT_TEMPLATE_REFUSED),
        43106: _CAPABILITY,
        43107: _CAPABILITY,
        43108: Rule(
            Verdict.AT, Scope.RECIPIENT, after(timedelta(seconds=5)), texts.WECHAT_TOO_OFTEN
        ),
        43116: _TEMPLATE_BANNED,
        40249: _TEMPLATE_BANNED,
        43117: Rule(
            Verdict.AT, Scope.RECIPIENT, after(timedelta(minutes=15)), texts.WECHAT_TOO_OFTEN
        ),
        40037: Rule(_OPERATORS_ACT, Scope.TEMPLATE, detail=texts.WECHAT_TEMPLATE_ID),
        41030: Rule(_REFUSED, detail=texts.WECHAT_LINK),
        47001: _FIELD,
        47003: _FIELD,
        40007: Rule(_REFUSED, detail=texts.WECHAT_MEDIA),
        45002: _LENGTH,
        44004: _LENGTH,
        45008: _LENGTH,
        45098: _LENGTH,
        45009: Rule(Verdict.HALT, Scope.CHANNEL, next_day, texts.WECHAT_QUOTA),
        45011: Rule(Verdict.AT, Scope.CHANNEL, next_minute, texts.WECHAT_MINUTE),
        45015: _WINDOW,
        45047: _WINDOW,
        # The same clientmsgid again: the platform has the message.
        45065: Rule(Verdict.TAKEN),
        45066: Rule(
            Verdict.AT, Scope.RECIPIENT, after(timedelta(minutes=1)), texts.WECHAT_TOO_OFTEN
        ),
        45067: Rule(Verdict.FINAL, detail=texts.WECHAT_BUG),
        **dict.fromkeys((45056, 45057, 45058, 45059, 45157, 45158, 45159), _TAGS),
        48001: Rule(_REFUSED, Scope.CHANNEL, detail=texts.WECHAT_NOT_GRANTED),
        48004: _PUNISHED,
        50002: _PUNISHED,
        48006: Rule(Verdict.FINAL, detail=texts.WECHAT_CLEAR_QUOTA),
        40029: _LOGIN,
        40163: _LOGIN,
        42003: _LOGIN,
        45168: _SENSITIVE,
        87014: _SENSITIVE,
        # Menu and QR codes, which reach nobody.
        **dict.fromkeys((*range(40015, 40028), 45010), _MENU),
        40053: Rule(Verdict.FINAL, detail=texts.WECHAT_SCENE),
        45029: Rule(Verdict.FINAL, detail=texts.WECHAT_CODES_FULL),
    }
)

_UNKNOWN = Rule(_REFUSED, detail=texts.WECHAT_UNKNOWN)
"""Refused it is, for a reason that nobody has told us."""

# The same codes say something else where a token was asked for: nothing of ours was tried.
TOKEN_RULES: Final[Mapping[int, Rule]] = MappingProxyType(
    {
        -1: _BUSY,
        40001: _SECRET,
        40013: _SECRET,
        40125: _SECRET,
        41002: _SECRET,
        41004: _SECRET,
        40164: RULES[40164],
        61024: RULES[61024],
        48004: Rule(_OPERATORS_ACT, Scope.ACCOUNT, detail=texts.WECHAT_PUNISHED),
        50002: Rule(_OPERATORS_ACT, Scope.ACCOUNT, detail=texts.WECHAT_PUNISHED),
        45009: RULES[45009],
        45011: RULES[45011],
    }
)
_TOKEN_UNKNOWN = Rule(Verdict.LATER, Scope.CHANNEL, detail=texts.WECHAT_NO_ACCESS)

_FINISHED: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "success": Rule(Verdict.TAKEN),
        "failed:user block": _BLOCKED,
        "failed:system failed": Rule(_REFUSED),
    }
)


def send_outcome(code: int, now: datetime, *, reference: str = "", message: str = "") -> Outcome:
    """What the answer to a sending call means; `message` is the platform's errmsg."""
    outcome = RULES.get(code, _UNKNOWN).outcome(str(code), now, reference=reference)
    return _with_particulars(outcome, code, message)


def token_outcome(code: int, now: datetime, *, message: str = "") -> Outcome:
    """What it means that no token was given out: whatever waits for one has not been sent."""
    outcome = TOKEN_RULES.get(code, _TOKEN_UNKNOWN).outcome(str(code), now)
    return _with_particulars(outcome, code, message)


def finish_outcome(status: str, now: datetime, *, reference: str = "") -> Outcome:
    """What TEMPLATESENDJOBFINISH says; `status` as `FinishedJob` normalises it.

    A failure is an explicit report that nothing arrived. TAKEN means that it arrived.
    """
    rule = _FINISHED.get(status, Rule(Verdict.UNKNOWN, detail=texts.WECHAT_UNKNOWN))
    code = status if status in _FINISHED else "unreadable"
    return rule.outcome(code, now, reference=reference)


def refused_address(message: str) -> str:
    """The caller's address in the errmsg of 40164 (`invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not
    in whitelist`); empty where there is none."""
    found = re.search(r"invalid ip ([0-9a-fA-F.:]{3,45})", message)
    return found[1] if found else ""


def refused_field(message: str) -> str:
    """The field in the errmsg of 47003 (`argument invalid! data.thing3.value invalid`)."""
    found = re.search(r"data\.([A-Za-z0-9_]{1,40})\.value", message)
    return found[1] if found else ""


def _with_particulars(outcome: Outcome, code: int, message: str) -> Outcome:
    # Nothing else of the errmsg is kept: it may quote what we sent.
    if code == 40164 and (address := refused_address(message)):
        return replace(outcome, detail=texts.WECHAT_ADDRESS_IS.format(address=address))
    if code == 47003 and (field := refused_field(message)):
        return replace(outcome, detail=texts.WECHAT_FIELD_IS.format(field=field))
    return outcome
