"""What a push depends on besides its own words: gateways that are on, prices, times of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from notifications import policy
from notifications.settings import (
    DeliverySettings,
    ScheduleSettings,
    SmsGateway,
    SmsSettings,
    WeChatMode,
    WeChatSettings,
)
from storage.templates import Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Built once from the config. `sms_gateway` is aliyun, http, or empty: no SMS."""

    wechat: bool = False
    sms_gateway: str = ""
    sign_name: str = ""
    price_fen: int = 0
    budget_fen: int = 0  # a month; 0: no limit
    public_url: str = ""
    wechat_per_second: float = 100
    wechat_per_day: int = 100_000  # template messages
    sms_per_second: float = 50
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)

    @classmethod
    def of(
        cls,
        wechat: WeChatSettings,
        sms: SmsSettings,
        *,
        delivery: DeliverySettings,
        schedule: ScheduleSettings,
        public_url: str,
    ) -> Terms:
        """From the config's sections."""
        on = sms.gateway is not SmsGateway.NONE
        return cls(
            wechat=wechat.mode is not WeChatMode.OFF,
            sms_gateway=sms.gateway.value if on else "",
            sign_name=sms.sign_name,
            price_fen=sms.price_fen,
            budget_fen=sms.budget_yuan_per_month * 100,
            public_url=public_url,
            wechat_per_second=wechat.rate_per_second,
            wechat_per_day=wechat.template_per_day,
            sms_per_second=sms.rate_per_second,
            delivery=delivery,
            schedule=schedule,
        )


@dataclass(frozen=True, slots=True)
class Route:
    """How a template goes out over a channel: the gateway, its id there, its fields."""

    channel: str
    gateway: str
    external_id: str = ""
    fields: tuple[tuple[str, str], ...] = ()


CUSTOM: Final = Route("wechat", "custom")
"""The customer-service text: for everybody who has just written to us, bound to no template."""

BARRED: Final = frozenset({"pending", "refused"})
"""Approval states in which the provider would not carry a template."""


def ways(
    code: str, bindings: Mapping[tuple[str, str], Binding], terms: Terms
) -> dict[str, tuple[Route, ...]]:
    """By channel, the ways that are open to a template, in the order in which they are tried.

    Within WeChat policy.WECHAT_WAYS, where a template or subscription notice is bound at all; a
    government port needs no binding.
    """
    found: dict[str, tuple[Route, ...]] = {}
    bound = [_bound(code, gateway, bindings) for gateway in policy.WECHAT_WAYS]
    known = tuple(route for route in bound if route)
    if terms.wechat and known:
        found["wechat"] = (*known, CUSTOM)
    if terms.sms_gateway == "http":
        found["sms"] = (Route("sms", "http"),)
    elif terms.sms_gateway and (route := _bound(code, terms.sms_gateway, bindings)):
        found["sms"] = (route,)
    return found


def routes(
    code: str, bindings: Mapping[tuple[str, str], Binding], terms: Terms
) -> dict[str, Route]:
    """By channel, the way that is tried first."""
    return {channel: first for channel, (first, *_) in ways(code, bindings, terms).items()}


def _bound(code: str, gateway: str, bindings: Mapping[tuple[str, str], Binding]) -> Route | None:
    """None too where the provider has not approved, or has refused, the template."""
    bound = bindings.get((code, gateway))
    if bound is None or bound.approval in BARRED:
        return None
    channel = "wechat" if gateway in policy.WECHAT_WAYS else "sms"
    return Route(channel, gateway, bound.external_id, bound.fields)
