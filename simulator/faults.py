"""The knobs: what the platforms do badly, on demand (wechat.md 5.3 and 5.7, sms.md 3)."""

import math
from dataclasses import dataclass, field, fields
from typing import Any


class UnknownKnob(ValueError):
    """No such knob, or not such a value."""


@dataclass(slots=True, kw_only=True)
class Faults:
    """An int that begins with `next_` counts down; everything else stays until turned back."""

    # Pushes to the WeChat webhook
    next_pushes_doubled: int = 0  # a second copy while the first is running
    next_pushes_reversed: int = 0  # that many wait for each other, then go out last first
    msg_id: int | None = None  # every message bears this one
    create_time: int | None = None  # every message and event bears this one
    no_msg_id: bool = False
    empty_recognition: bool = False  # voice messages carry an empty Recognition
    stale_seconds: int = 0  # the query's timestamp lies that far back
    wrong_signature: bool = False
    wrong_msg_signature: bool = False
    other_app_id: bool = False
    padding_bytes: int = 0  # a further element of that size
    nested_levels: int = 0  # a further element of that depth
    doctype: bool = False
    slow_body_seconds: float = 0.0  # the body's second half comes that much later

    # The WeChat API
    unlisted_address: bool = False  # 40164 on token calls
    denied_apis: list[str] = field(default_factory=list)  # paths after /cgi-bin/, answered 48001
    api_errors: dict[str, int] = field(default_factory=dict)  # path -> errcode
    busy_rate: float = 0.0  # this share of calls is answered -1, not accepted
    daily_limits: dict[str, int] = field(default_factory=dict)  # path -> calls a day
    wechat_per_minute: int = 0  # calls an API takes in a minute, 0: no limit; 45011
    next_wechat_lost_502: int = 0  # accepted, then HTTP 502
    next_wechat_lost_hanging: int = 0  # accepted, then no answer until the caller gives up
    next_wechat_html: int = 0  # accepted, then an HTML page
    wechat_delay_seconds: float = 0.0
    test_account: bool = False  # the smaller daily quotas
    next_job_failures: int = 0  # finish events saying failed: system failed

    # The SMS API
    next_sms_lost_hanging: int = 0
    next_sms_lost_reset: int = 0  # accepted, then the connection is reset
    next_sms_lost_500: int = 0  # accepted, then HTTP 500 without a body
    next_sms_503: int = 0  # not accepted
    next_sms_not_json: int = 0  # accepted
    next_sms_truncated: int = 0  # accepted, half of the answer
    next_sms_code: int = 0  # not accepted, answered with sms_code
    sms_code: str = "isp.SYSTEM_ERROR"
    sms_message: str = ""
    sms_slow_body_seconds: float = 0.0
    sms_clock_ahead_seconds: int = 0  # the gateway's own clock is off
    sms_per_second: float = 5000.0
    suspended: bool = False
    balance_fen: int | None = None  # None: plenty
    day_limit: int | None = None
    month_limit: int | None = None
    banned_words: list[str] = field(default_factory=list)
    unlimited_numbers: list[str] = field(default_factory=list)  # the console's whitelist
    details_lag_seconds: float = 0.0  # QuerySendDetails knows a text only that much later

    # SMS callbacks
    receipts_before_answer: bool = False
    receipts_doubled: bool = False
    receipts_reversed: bool = False
    receipts_single: bool = False  # one an array, instead of all that are due
    receipts_withheld: bool = False
    next_callbacks_truncated: int = 0  # the array breaks off in the middle
    messy_replies: bool = False  # full-width digits, blanks, line ends
    uplink_dialect: str = "mixed"  # new, old or mixed
    long_repeats: bool = False  # ten tries instead of one, five and ten minutes

    def take(self, name: str) -> bool:
        """Whether this one is to go wrong; counts down."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0

    def turn(self, knobs: dict[str, Any]) -> None:
        """Set knobs by name; `{"reset": true}` first turns all of them back."""
        wanted = dict(knobs)
        fresh = Faults()
        reset = wanted.pop("reset", False)
        for name, value in wanted.items():
            self._check(name, value, fresh)
        if reset:
            for knob in fields(self):
                setattr(self, knob.name, getattr(fresh, knob.name))
        for name, value in wanted.items():
            setattr(self, name, value)

    def state(self) -> dict[str, Any]:
        return {knob.name: getattr(self, knob.name) for knob in fields(self)}

    @staticmethod
    def _check(name: str, value: object, fresh: "Faults") -> None:
        kinds = {knob.name: knob.type for knob in fields(Faults)}
        if name not in kinds:
            raise UnknownKnob(f"no knob {name}; there are {', '.join(kinds)}")
        kind = kinds[name]
        if kind == float:  # noqa: E721 - the annotation itself
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            fits = fits and math.isfinite(float(str(value)))
        elif kind == int | None:
            fits = value is None or (isinstance(value, int) and not isinstance(value, bool))
        else:
            fits = type(value) is type(getattr(fresh, name))
        if not fits:
            raise UnknownKnob(f"{name} cannot be {value!r}")
