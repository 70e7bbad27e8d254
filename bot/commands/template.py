"""`mingbai template`: message templates and the providers' ids for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from bot.commands import store, texts
from bot.commands.campaign import terms
from bot.commands.keys import load
from bot.commands.platforms import as_words, ask_templates
from bot.config import Config
from bot.errors import Refused
from notifications import approvals, previewing
from notifications import templates as pushed
from notifications.approvals import Asked
from notifications.audience import AudienceError, by_ids
from notifications.campaigns import CampaignError, Order
from notifications.catalogue import CATALOGUE
from notifications.conditions import all_words
from notifications.previewing import Preview
from notifications.rendering import fill
from notifications.segments import segments
from notifications.settings import SmsSettings
from notifications.sms_rules import VariableKind, worst_case_segments
from notifications.waking import CHANNELS, wake_others
from storage import audit, people, templates
from storage.clock import BEIJING
from storage.database import Database
from storage.sealing import Sealer
from storage.templates import Template, Version


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


def edit(config: Config, code: str, *, channel: str, text: str | None, version: int | None) -> None:
    """Gives a template newer words on a channel, wechat or sms: a text, or those of a version."""
    for line in asyncio.run(_edit(config, code, channel, text, version)):
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


def check(config: Config) -> None:
    """Asks the providers how the review of each bound template stands, notes and prints it."""
    asked = asyncio.run(_checked(config))
    if not asked:
        raise Refused(texts.NOTHING_BOUND)
    for one in asked:
        if not one.failed:
            click.echo(texts.TEMPLATE_STANDS.format(**as_words(one)))
    if unasked := approvals.failures(asked):
        raise Refused("\n".join(texts.TEMPLATES_UNASKED.format(why=why) for why in unasked))


def preview(
    config: Config,
    code: str,
    *,
    audience: str,
    params: Mapping[str, str],
    limit: int,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Prints what the first recipients would get, their names and numbers masked; sends nothing."""
    order = Order(template=code, audience=audience, params=params)
    shown = asyncio.run(_preview(config, order, limit, now))
    if as_json:
        click.echo(json.dumps([one.as_json() for one in shown], ensure_ascii=False))
        return
    for one in shown:
        click.echo("\n".join(_preview_lines(one)))
    click.echo(texts.PREVIEW_ONLY)


def send_test(
    config: Config, code: str, *, to: str, params: Mapping[str, str], now: datetime | None
) -> None:
    """Sends a template to one person, at once; prints the campaign's id."""
    click.echo(asyncio.run(_send_test(config, code, to, params, now)))


async def _preview(config: Config, order: Order, limit: int, now: datetime | None) -> list[Preview]:
    keys = load(config)
    sealer = Sealer(keys)
    async with store.opened(config, keys) as db:
        clock = await store.business_clock(db, now)
        try:
            order = replace(order, audience=await by_ids(db, sealer, order.audience))
            return await previewing.preview(
                db, sealer, terms(config), order, limit=limit, now=clock.now()
            )
        except (CampaignError, AudienceError, pushed.TemplateError) as error:
            raise Refused(str(error)) from None


async def _send_test(
    config: Config, code: str, to: str, params: Mapping[str, str], now: datetime | None
) -> str:
    keys = load(config)
    async with store.opened(config, keys) as db:
        clock = await store.business_clock(db, now)
        person = await _recipient(db, Sealer(keys), to)
        try:
            made = await previewing.send_test(
                db, terms(config), code, params, to=person, now=clock.now(), real=datetime.now(UTC)
            )
        except (CampaignError, AudienceError, pushed.TemplateError) as error:
            raise Refused(str(error)) from None
    await wake_others(config.queue.url, keys.fingerprint, CHANNELS)
    return made


async def _recipient(db: Database, sealer: Sealer, text: str) -> str:
    """The id of whom `--to` names; refuses nobody, and a number that several people share."""
    try:
        return (await people.find_person(db, sealer, text)).id
    except people.UnknownPerson:
        raise Refused(texts.NO_RECIPIENT) from None
    except people.SeveralPeople as several:
        ids = "\n".join(f"  {person.id} {person.name}" for person in several.people)
        raise Refused(texts.SEVERAL_RECIPIENTS.format(people=ids)) from None


def _preview_lines(one: Preview) -> list[str]:
    way = texts.GATEWAYS[one.gateway]
    lines = [texts.PREVIEW_HEAD.format(name=one.name, post=one.post, way=way, address=one.address)]
    if one.channel == "sms":
        lines += [f"  {line}" for line in one.text.splitlines()]
        yuan = f"{one.price_fen / 100:.2f}"
        lines.append(texts.PREVIEW_PRICE.format(segments=one.segments, yuan=yuan))
    else:
        lines += [f"  {field}: {value}" for field, value in one.fields.items()]
    if one.shortened:
        lines.append(texts.PREVIEW_SHORTENED)
    return [line.rstrip() for line in lines]


async def _approval(config: Config, code: str, gateway: str, state: str, reason: str) -> None:
    async with store.opened(config) as db:
        try:
            await pushed.note_approval(
                db, code, gateway=gateway, approval=state, reason=reason, now=datetime.now(UTC)
            )
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None


async def _checked(config: Config) -> list[Asked]:
    keys = load(config)
    async with store.opened(config, keys) as db:
        asked = await ask_templates(config, db)
    await wake_others(config.queue.url, keys.fingerprint, CHANNELS)
    return asked


async def _listing(config: Config) -> list[dict[str, Any]]:
    async with store.opened(config) as db:
        return await pushed.listing(db)


async def _edit(
    config: Config, code: str, channel: str, text: str | None, version: int | None
) -> list[str]:
    actor, now = audit.OPERATOR, datetime.now(UTC)
    async with store.opened(config) as db:
        try:
            if version is not None:
                made = await pushed.go_back(db, code, channel, version, actor=actor, now=now)
            else:
                made = await pushed.edit(db, code, channel, text or "", actor=actor, now=now)
        except pushed.TemplateError as error:
            raise Refused(str(error)) from None
        said = texts.TEMPLATE_EDITED.format(
            code=code, channel=texts.CHANNELS[channel], version=made
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
        versions = await templates.versions(db, code)
        authors = {one.author: await _author(db, one.author) for one in versions}
        bindings = [b for (of, _), b in (await templates.bindings(db)).items() if of == code]
        old_at_provider = await _old_at_provider(db, code)
    lines = [texts.TEMPLATE_HEAD.format(code=code, notice_class=template.notice_class)]
    lines += [_parameter_line(code, name) for name in template.parameters]
    for channel in template.channels:
        of_channel = [one for one in versions if one.channel == channel]
        lines += _wording_lines(template, of_channel, authors, config.sms)
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


def _wording_lines(
    template: Template, versions: list[Version], authors: Mapping[str, str], sms: SmsSettings
) -> list[str]:
    """What is said on a channel, by SMS its price, and what was said before; the newest first."""
    lines: list[str] = []
    for place, one in enumerate(versions):
        head = texts.EARLIER_WORDING if place else texts.WORDING
        lines.append(
            head.format(
                channel=one.channel, version=one.version, at=_local(one.at),
                author=authors[one.author],
            )
        )  # fmt: skip
        lines += [f"  {line}" for line in one.text.splitlines()]
        if one.channel == "sms" and not place:
            lines.append(_length_line(template, one.text, sms))
    return lines


async def _author(db: Database, author: str) -> str:
    """Who wrote a wording, as an operator knows them."""
    if author in texts.AUTHORS:
        return texts.AUTHORS[author]
    found = await people.person(db, author)
    return found.name if found and found.name else author


def _length_line(template: Template, text: str, sms: SmsSettings) -> str:
    """How many texts are billed usually, and at worst, and what they cost."""
    shipped = CATALOGUE.get(template.code)
    longest = {p.name: "某" * p.longest for p in shipped.parameters} if shipped else {}
    usual = segments(fill(text, longest), sms.sign_name)
    worst = worst_case_segments(all_words(text), _kinds(template.code), sms.sign_name)
    return texts.LENGTH.format(
        usual=usual,
        usual_yuan=f"{usual * sms.price_fen / 100:.2f}",
        worst=worst,
        worst_yuan=f"{worst * sms.price_fen / 100:.2f}",
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _kinds(code: str) -> dict[str, VariableKind]:
    shipped = CATALOGUE.get(code)
    return {p.name: p.kind for p in shipped.parameters} if shipped else {}


def _in_words(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "parameters": " ".join(item["parameters"]) or texts.NO_PARAMETERS,
        "channels": "、".join(texts.CHANNELS[channel] for channel in item["channels"]),
        "bound": "、".join(item["bound"]) or texts.NOT_BOUND,
    }
