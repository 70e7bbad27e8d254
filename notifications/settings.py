"""What the config says about WeChat, SMS, delivery and times of day (contract.md, section 3).

`bot/config.py` reads, validates and builds these; an empty string means "not given".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo


class WeChatMode(StrEnum):
    """How the platform wraps what it pushes (wechat.md 1.2); off means: no WeChat at all."""

    SAFE = "safe"
    COMPATIBLE = "compatible"
    PLAIN = "plain"
    OFF = "off"


class SmsGateway(StrEnum):
    """Who carries our SMS."""

    ALIYUN = "aliyun"
    HTTP = "http"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A stretch of every day in local time, from `start` up to but without `end`.

    It may run over midnight; with both alike it is empty, so "00:00-00:00" switches it off.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "TimeWindow":
        """Reads "20:00-08:00"; raises ValueError for anything else."""
        found = re.fullmatch(r"\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*", text, re.ASCII)
        if found is None:
            raise ValueError("expected a window such as 20:00-08:00")
        return cls(_clock_time(found[1]), _clock_time(found[2]))

    def __contains__(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _clock_time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    return time(hour, minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """[wechat]: the service account."""

    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    encoding_aes_key: str = field(default="", repr=False)
    mode: WeChatMode = WeChatMode.SAFE
    api_base: str = "https://api.weixin.qq.com"
    rate_per_second: float = 100
    template_per_day: int = 100_000
    """wechat.md 2.3: more from 100,000 followers on."""
    previous_token: str = field(default="", repr=False)
    previous_encoding_aes_key: str = field(default="", repr=False)
    verify_files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The platform's `MP_verify_*.txt`: file name to content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGatewaySettings:
    """[sms.http]: a government SMS port, described rather than programmed."""

    url: str = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    body: str = field(repr=False)
    """The request's body, JSON or a form, with `{phone}`, `{text}` and `{id}` where they belong."""
    ok_path: str
    """Where the answer tells of success, keys joined by dots: `code`, `data.0.status`."""
    ok_value: str
    """What stands there on success, as the JSON answer writes it: `0`, `true`, `OK`."""
    id_path: str = ""
    """Where the answer holds the gateway's own message id; empty: it gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """[sms]: who carries texts, in whose name, at what price."""

    gateway: SmsGateway = SmsGateway.ALIYUN
    access_key_id: str = field(default="", repr=False)
    access_key_secret: str = field(default="", repr=False)
    endpoint: str = "https://dysmsapi.aliyuncs.com"
    sign_name: str = ""
    callback_secret: str = field(default="", repr=False)
    previous_callback_secret: str = field(default="", repr=False)
    rate_per_second: float = 50
    price_fen: int = 5
    """Price of one segment."""
    budget_yuan_per_month: int = 0
    """0: no limit."""
    http: HttpGatewaySettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """[delivery]: how the outbox works its rows off."""

    lease_seconds: float = 30
    unknown_rest_seconds: float = 600
    """How long an SMS of unknown outcome rests before the provider is asked; it is asked twice."""
    poll_seconds: float = 1
    second_person_over: int = 200
    """A campaign to more people than that, composed on the console, waits for a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """[schedule]: when people are left in peace."""

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    quiet_hours: TimeWindow = TimeWindow(time(20), time(8))
    noon_rest: TimeWindow = TimeWindow(time(12), time(14))
