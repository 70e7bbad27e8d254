"""`mingbai template`: message templates and the providers' ids for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from bot.commands import store, texts
from bot.config import Config
from bot.errors import Refused
from notifications import templates as pushed
from notifications.catalogue import CATALOGUE
from notifications.segments import segments
from notifications.sms_rules import VariableKind, worst_case_segments
from storage import audit, templates
from storage.database import Database
from storage.templates import Template


def show_all(config: Config, *, as_json: bool) -> None:
    """Prints every template: code, class, parameters, channels, bindings."""
    listed = asyncio.run(_listing(config))
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for item in listed:
        click.echo(texts.TEMPLATE_LINE.format(**item | _in_words(item)))


def show(config: Config, code: str) -> None:
    """Prints one template: its text, its versions, its bindings."""
    for line in asyncio.run(_shown(config, code)):
        click.echo(line)


def edit(config: Config, code: str, *, channel: str, text: str) -> None:
    """Gives a template newer words on a channel, wechat or sms."""
    for line in asyncio.run(_edit(config, code, channel, text)):
        click.echo(line)


def bind(
    config: Config, code: str, *, gateway: str, provider_id: str, fields: Mapping[str, str]
) -> None:
    """Records the provider's id of a template, and which of its fields takes which parameter.

    `gateway` is wechat, subscribe, aliyun or http. `fields` is in the order given: one parameter in
    several fields runs through them in that order.
    """
    asyncio.run(_bind(config, code, gateway, provider_id, fields))
    click.echo(texts.TEMPLATE_BOUND.format(code=code, gateway=gateway, id=provider_id))


def approval(config: Config, code: str, *, gateway: str, state: str, reason: str = "") -> None:
    """Notes that the provider has approved a template, has refused it, or still looks at it."""
    asyncio.run(_approval(config, code, gateway, state, reason))
    click.echo(
        texts.APPROVAL_NOTED.format(code=code, gateway=gateway, state=texts.APPROVALS[state])
    )


async def _approval(config: Config, code: str, gateway: str, state: str, reason: str) -> None:
    async with store.opened(config) as db:
        try:
            await pushed.note_approval(
                db, code, gateway=gateway, approval=state, reason=reason, now=datetime.now(UTC)
            )
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None


async def _listing(config: Config) -> list[dict[str, Any]]:
    async with store.opened(config) as db:
        return await pushed.listing(db)


async def _edit(config: Config, code: str, channel: str, text: str) -> list[str]:
    async with store.opened(config) as db:
        try:
            version = await pushed.edit(
                db, code, channel, text, actor=audit.OPERATOR, now=datetime.now(UTC)
            )
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None
        said = texts.TEMPLATE_EDITED.format(
            code=code, channel=texts.CHANNELS[channel], version=version
        )
        return [said, *await _old_at_provider(db, code)]


async def _old_at_provider(db: Database, code: str) -> list[str]:
    """What to do where the SMS provider has other words than we."""
    is_old = code in await templates.edited_since_bound(db, "aliyun", "sms")
    return [texts.OLD_AT_PROVIDER.format(code=code)] if is_old else []


async def _bind(
    config: Config, code: str, gateway: str, provider_id: str, fields: Mapping[str, str]
) -> None:
    async with store.opened(config) as db:
        try:
            await pushed.bind(
                db,
                code,
                gateway=gateway,
                external_id=provider_id,
                fields=fields,
                now=datetime.now(UTC),
            )
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None


async def _shown(config: Config, code: str) -> list[str]:
    async with store.opened(config) as db:
        try:
            template = await pushed.known_template(db, code)
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None
        wordings = await templates.wordings_of(db, code)
        bindings = [b for (of, _), b in (await templates.bindings(db)).items() if of == code]
        old_at_provider = await _old_at_provider(db, code)
    lines = [texts.TEMPLATE_HEAD.format(code=code, notice_class=template.notice_class)]
    lines += [_parameter_line(code, name) for name in template.parameters]
    for channel, wording in wordings.items():
        lines.append(texts.WORDING.format(channel=channel, version=wording.version))
        lines += [f"  {line}" for line in wording.text.splitlines()]
        if channel == "sms":
            lines.append(_length_line(template, wording.text, config.sms.sign_name))
    for binding in bindings:
        fields = " ".join(f"{field}={name}" for field, name in binding.fields)
        lines.append(
            texts.BINDING.format(
                gateway=binding.gateway,
                id=binding.external_id,
                fields=fields,
                approval=" ".join(
                    filter(None, (texts.APPROVALS[binding.approval], binding.reason))
                ),
            )
        )
    if not bindings:
        lines.append(texts.NO_BINDING.format(code=code))
    return lines + old_at_provider


def _parameter_line(code: str, name: str) -> str:
    kinds = _kinds(code)
    return texts.PARAMETER.format(name=name, kind=kinds[name].value if name in kinds else "others")


def _length_line(template: Template, text: str, sign_name: str) -> str:
    """How many texts are billed usually, and at worst."""
    shipped = CATALOGUE.get(template.code)
    usual = text
    for parameter in shipped.parameters if shipped else ():
        usual = usual.replace(f"${{{parameter.name}}}", "某" * parameter.longest)
    return texts.LENGTH.format(
        usual=segments(usual, sign_name),
        worst=worst_case_segments(text, _kinds(template.code), sign_name),
    )


def _kinds(code: str) -> dict[str, VariableKind]:
    shipped = CATALOGUE.get(code)
    return {p.name: p.kind for p in shipped.parameters} if shipped else {}


def _in_words(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "parameters": " ".join(item["parameters"]) or texts.NO_PARAMETERS,
        "channels": "、".join(texts.CHANNELS[channel] for channel in item["channels"]),
        "bound": "、".join(item["bound"]) or texts.NOT_BOUND,
    }
