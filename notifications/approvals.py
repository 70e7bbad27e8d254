"""What the providers say of the templates that are bound at them, asked and noted.

WeChat lists what an account may send; Aliyun tells of one template how its review stands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import texts
from notifications.channels.aliyun import AliyunGateway, LookUpFailed
from notifications.channels.wechat_account import AccountError, template_ids
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.templates import note_approval
from storage import templates
from storage.database import Database
from storage.templates import Binding

UNKNOWN, APPROVED = "unknown", "approved"

Ask = Callable[[str], Awaitable[tuple[str, str]]]
"""By a template's id at the provider: its approval, and why. Raises AskFailed."""


class AskFailed(Exception):
    """The provider did not tell: the message says why, in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found of one template at one gateway; `failed` where the provider did not tell."""

    code: str
    gateway: str
    approval: str
    reason: str = ""
    failed: str = ""


async def ask_all(
    db: Database, providers: Mapping[str, Ask], *, now: datetime, actor: str
) -> list[Asked]:
    """Asks of every binding at these gateways, and notes what is news; real time.

    A template that a provider does not have is noted as unknown: the account may be another.
    """
    found = []
    for (code, gateway), binding in sorted((await templates.bindings(db)).items()):
        if ask := providers.get(gateway):
            found.append(await _ask(db, ask, code, binding, now, actor))
    return found


async def _ask(
    db: Database, ask: Ask, code: str, binding: Binding, now: datetime, actor: str
) -> Asked:
    gateway = binding.gateway
    try:
        approval, reason = await ask(binding.external_id)
    except AskFailed as failure:
        return Asked(code, gateway, binding.approval, binding.reason, str(failure))
    if (approval, reason) != (binding.approval, binding.reason):
        await note_approval(
            db, code, gateway=gateway, approval=approval, reason=reason, now=now, actor=actor
        )
    return Asked(code, gateway, approval, reason)


def by_wechat(client: AsyncWeChatClient) -> Mapping[str, Ask]:
    """Asks the account for its lists, each once."""
    listed: dict[str, frozenset[str]] = {}

    def of(gateway: str) -> Ask:
        async def ask(external_id: str) -> tuple[str, str]:
            if gateway not in listed:
                try:
                    listed[gateway] = await template_ids(client, gateway)
                except AccountError as failure:
                    raise AskFailed(str(failure)) from None
            if external_id in listed[gateway]:
                return APPROVED, ""
            return UNKNOWN, texts.NOT_AT_PROVIDER

        return ask

    return {gateway: of(gateway) for gateway in ("wechat", "subscribe")}


def by_aliyun(gateway: AliyunGateway) -> Mapping[str, Ask]:
    async def ask(external_id: str) -> tuple[str, str]:
        try:
            found = await gateway.approval(external_id)
        except LookUpFailed as failure:
            outcome = failure.outcome
            raise AskFailed(
                texts.PROVIDER_SAID.format(detail=outcome.detail, code=outcome.code)
            ) from None
        return found or (UNKNOWN, texts.NOT_AT_PROVIDER)

    return {"aliyun": ask}


def failures(found: Sequence[Asked]) -> list[str]:
    """Why providers did not tell, each once."""
    return list(dict.fromkeys(one.failed for one in found if one.failed))
