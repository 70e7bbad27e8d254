"""How long the platforms wait for others: the only durations measured in real seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds. A test that needs a time-out shortens them instead of waiting."""

    wechat_answer: float = (
        5.0  # wechat.md 1.3: then the connection is dropped and the push repeated
    )
    wechat_pause: float = 1.0  # before the next attempt where nobody listened at all
    sms_answer: float = 0.7  # sms.md 1.3
    say_settles: float = 0.3  # contract.md 9: after the first text
    say_patience: float = 10.0  # contract.md 9: at most
