"""`mingbai rule`: what follows where nobody confirms a reminder."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import click

from bot.commands import store, texts
from bot.commands.acting import actor
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from notifications.confirming import DEFAULT_RULES, rules_in_force
from storage import audit, confirmations
from storage.confirmations import Rule
from storage.sealing import Sealer

_HOUR = timedelta(hours=1)


def show(config: Config, *, as_json: bool) -> None:
    """Prints the rule of every template that asks for a word back."""

    async def work() -> dict[str, Rule]:
        async with store.opened(config, load(config)) as db:
            return await rules_in_force(db)

    for template, rule in asyncio.run(work()).items():
        click.echo(json.dumps(_told(template, rule)) if as_json else _in_words(template, rule))


def change(
    config: Config,
    template: str,
    *,
    repeat_after: int | None,
    repeats: int | None,
    sms_after: int | None,
    superior_after: int | None,
    is_on: bool,
    person: str | None,
) -> None:
    """Changes a rule; times are hours, 0 leaves a step out, None what is so stays so."""
    if template not in DEFAULT_RULES:
        known = " ".join(DEFAULT_RULES)
        raise Refused(texts.RULE_UNKNOWN.format(template=template, known=known))

    async def work() -> Rule:
        keys = load(config)
        async with store.opened(config, keys) as db:
            doing = await actor(db, Sealer(keys), person)
            now = (await store.business_clock(db, None)).now()
            old = (await rules_in_force(db))[template]
            rule = replace(
                old,
                repeat_after=old.repeat_after if repeat_after is None else repeat_after * _HOUR,
                repeats=old.repeats if repeats is None else repeats,
                sms_after=_after(sms_after, old.sms_after),
                superior_after=_after(superior_after, old.superior_after),
                is_on=is_on,
            )
            async with db.transaction():
                await confirmations.set_rule(db, template, rule, doing, now)
                await audit.record(db, doing, "rule_set", template, _told(template, rule), now=now)
            return rule

    click.echo(_in_words(template, asyncio.run(work())))


def _after(hours: int | None, old: timedelta | None) -> timedelta | None:
    if hours is None:
        return old
    return hours * _HOUR if hours else None


def _told(template: str, rule: Rule) -> dict[str, object]:
    return {
        "template": template,
        "on": rule.is_on,
        "repeat_after_hours": _hours(rule.repeat_after),
        "repeats": rule.repeats,
        "sms_after_hours": _hours(rule.sms_after),
        "superior_after_hours": _hours(rule.superior_after),
    }


def _hours(span: timedelta | None) -> int:
    return int(span / _HOUR) if span else 0


def _in_words(template: str, rule: Rule) -> str:
    if not rule.is_on:
        return texts.RULE_OFF.format(template=template)
    steps = [texts.RULE_REPEAT.format(hours=_hours(rule.repeat_after))] * rule.repeats
    if rule.sms_after:
        steps.append(texts.RULE_SMS.format(hours=_hours(rule.sms_after)))
    if rule.superior_after:
        steps.append(texts.RULE_SUPERIOR.format(hours=_hours(rule.superior_after)))
    return texts.RULE_LINE.format(template=template, steps=texts.RULE_JOINT.join(steps))
