"""What a push depends on besides its own words: gateways that are on, prices, times of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


def routes(
    code: str, bindings: Mapping[tuple[str, str], Binding], terms: Terms
) -> dict[str, Route]:
    """By channel, the ways that are open to a template.

    A template message goes before a subscription notice; a government port needs no binding.
    """
    found: dict[str, Route] = {}
    if terms.wechat:
        bound = bindings.get((code, "wechat")) or bindings.get((code, "subscribe"))
        if bound:
            found["wechat"] = Route("wechat", bound.gateway, bound.external_id, bound.fields)
    if terms.sms_gateway == "http":
        found["sms"] = Route("sms", "http")
    elif terms.sms_gateway and (bound := bindings.get((code, terms.sms_gateway))):
        found["sms"] = Route("sms", bound.gateway, bound.external_id, bound.fields)
    return found
