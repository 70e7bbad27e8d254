"""Templates as operators and pushes see them: made, listed, shown, edited, bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications import texts
from notifications.catalogue import CATALOGUE, Parameter, Shipped, parameter
from notifications.conditions import all_words, are_sound, has_conditions
from notifications.menu import KEYS, MENU, is_whole
from notifications.rendering import WECHAT_FIELD, Fields, field_kind, misfit
from notifications.sms_rules import TemplateProblem, VariableKind, template_problems
from storage import audit, halts, templates
from storage.database import Database
from storage.templates import Binding, Template
from understanding.personal import hide_personal

GATEWAY_CHANNEL: Mapping[str, str] = {
    "wechat": "wechat",
    "subscribe": "wechat",
    "aliyun": "sms",
    "http": "sms",
}
"""Which channel a gateway belongs to."""


class TemplateError(ValueError):
    """A template cannot be shown or bound so: the message is for the operator, in plain Chinese."""


async def ensure_templates(db: Database, now: datetime) -> int:
    """Makes the templates that are not there yet; returns how many. `migrate` calls it."""
    return await templates.add_missing(db, [_as_stored(item) for item in CATALOGUE.values()], now)


async def known_template(db: Database, code: str) -> Template:
    """Raises TemplateError for a code that nobody has."""
    found = await templates.template(db, code)
    if found is None:
        raise TemplateError(texts.NO_TEMPLATE.format(code=code))
    return found


async def listing(db: Database) -> list[dict[str, Any]]:
    """Every template, as `template list --json` prints it (contract.md, section 2)."""
    bound = await templates.bindings(db)
    return [
        {
            "code": template.code,
            "class": template.notice_class,
            "parameters": list(template.parameters),
            "channels": list(template.channels),
            "bound": {
                gateway: bound[template.code, gateway].external_id
                for gateway in GATEWAY_CHANNEL
                if (template.code, gateway) in bound
            },
        }
        for template in await templates.all_templates(db)
    ]


async def edit(
    db: Database, code: str, channel: str, text: str, *, actor: str, now: datetime
) -> int:
    """Gives a template newer words on a channel; returns their version. Raises TemplateError.

    What is sent from then on bears them, answers within a message's time. For the operator, who
    needs no second person (notifications.editing is for those who do). `now` is real time.
    """
    template = await known_template(db, code)
    text = text.strip()
    await check_words(db, template, channel, text)
    async with db.transaction():
        await audit.record(db, actor, "edited", code, {"channel": channel}, now=now)
        return await templates.add_version(db, code, channel, text, author=actor, now=now)


async def go_back(
    db: Database, code: str, channel: str, version: int, *, actor: str, now: datetime
) -> int:
    """Gives a template an older wording of its own again, as a new version; returns that.

    Raises TemplateError, as `edit` does and where there is no such version or it is in use.
    """
    template = await known_template(db, code)
    _check_channel(template, channel, channel)
    known = {v.version: v.text for v in await templates.versions(db, code) if v.channel == channel}
    if version not in known:
        newest = max(known)
        raise TemplateError(texts.NO_VERSION.format(code=code, version=version, newest=newest))
    if version == (await templates.wordings_of(db, code))[channel].version:
        raise TemplateError(texts.VERSION_IN_USE.format(code=code, version=version))
    return await edit(db, code, channel, known[version], actor=actor, now=now)


async def check_words(db: Database, template: Template, channel: str, text: str) -> None:
    """Raises TemplateError for words that could not be said, or that nobody may change."""
    _check_words(template, channel, text)
    if channel == "sms" and has_conditions(text):
        await _check_unregistered(db, template.code)


def _check_words(template: Template, channel: str, text: str) -> None:
    code = template.code
    if not template.editable:
        raise TemplateError(texts.NOT_EDITABLE.format(code=code))
    _check_channel(template, channel, channel)
    kinds = {name: parameter(code, name).kind for name in template.parameters}
    if has_conditions(text) and not (template.parameters and are_sound(text, template.parameters)):
        raise TemplateError(texts.BAD_CONDITIONS.format(code=code))
    for problem in template_problems(all_words(text), kinds):
        if problem is TemplateProblem.REPEATED and has_conditions(text):
            continue  # in the one case and in the other
        if channel == "sms" or problem in _WRONG_ANYWHERE:
            known = " ".join(f"${{{name}}}" for name in template.parameters) or "(没有)"
            said = texts.TEMPLATE_PROBLEMS[problem].format(variables=known)
            raise TemplateError(texts.BAD_WORDS.format(code=code, problem=said))
    if code == MENU and not is_whole(text):
        raise TemplateError(texts.MENU_NOT_WHOLE.format(count=KEYS))
    if hide_personal(text) != text:
        raise TemplateError(texts.BAD_WORDS.format(code=code, problem=texts.PERSONAL_NUMBER))


_WRONG_ANYWHERE = frozenset(
    {TemplateProblem.EMPTY, TemplateProblem.UNDECLARED, TemplateProblem.MALFORMED}
)


async def bind(
    db: Database,
    code: str,
    *,
    gateway: str,
    external_id: str,
    fields: Mapping[str, str],
    now: datetime,
    actor: str = audit.OPERATOR,
) -> None:
    """Records which of a provider's fields takes which parameter; raises TemplateError.

    A halt for want of this binding, or for a wrong one, ends with it.
    """
    template = await known_template(db, code)
    _check(template, gateway, fields)
    if gateway == "aliyun":
        await _check_registrable(db, code)
    if gateway == "aliyun" and not fields:
        # Our own text was registered as it is, so its variables bear our names.
        fields = {name: name for name in template.parameters}
    async with db.transaction():
        await audit.record(db, actor, "bound", code, {"gateway": gateway}, now=now)
        await templates.bind(db, Binding(code, gateway, external_id, tuple(fields.items())), now)
        await halts.lift(db, GATEWAY_CHANNEL[gateway], code)


APPROVALS = ("unknown", "pending", "approved", "refused")


async def note_approval(
    db: Database,
    code: str,
    *,
    gateway: str,
    approval: str,
    reason: str = "",
    now: datetime,
    actor: str = audit.OPERATOR,
) -> None:
    """Notes whether the provider has approved a template: pending or refused, it is not sent.

    Raises TemplateError where it is not bound there.
    """
    await known_template(db, code)
    async with db.transaction():
        if not await templates.approve(db, code, gateway, approval, reason):
            raise TemplateError(texts.NOT_BOUND_THERE.format(code=code, gateway=gateway))
        details = {"gateway": gateway, "approval": approval}
        await audit.record(db, actor, "approval", code, details, now=now)


def _check(template: Template, gateway: str, fields: Mapping[str, str]) -> None:
    code = template.code
    _check_channel(template, GATEWAY_CHANNEL[gateway], gateway)
    unknown = [name for name in fields.values() if name not in template.parameters]
    if unknown:
        parameters = " ".join(template.parameters) or "(没有)"
        text = texts.BAD_PARAMETERS
        raise TemplateError(text.format(code=code, names="、".join(unknown), parameters=parameters))
    if gateway in ("wechat", "subscribe"):
        for field in fields:
            if not WECHAT_FIELD.fullmatch(field):
                raise TemplateError(texts.BAD_FIELD.format(field=field))
        if template.parameters and not fields:
            raise TemplateError(texts.NO_FIELDS.format(code=code))
        _check_kinds(code, tuple(fields.items()))


async def _check_unregistered(db: Database, code: str) -> None:
    """What the provider of SMS has registered stays as it is, whatever the values are."""
    if (code, "aliyun") in await templates.bindings(db):
        raise TemplateError(texts.NO_CONDITIONS.format(code=code))


async def _check_registrable(db: Database, code: str) -> None:
    """No provider of SMS approves variables that touch each other, or words under a condition."""
    wording = (await templates.wordings_of(db, code))["sms"]
    if has_conditions(wording.text):
        raise TemplateError(texts.NO_CONDITIONS.format(code=code))
    problem = TemplateProblem.ADJACENT
    if problem in template_problems(wording.text, {}):
        said = texts.TEMPLATE_PROBLEMS[problem]
        raise TemplateError(texts.NOT_REGISTERED_SO.format(code=code, problem=said))


def _check_kinds(code: str, fields: Fields) -> None:
    """Refuses a typed field that could never take what usually stands in the parameter."""
    for name in dict.fromkeys(name for _, name in fields):
        value = _usual_value(parameter(code, name))
        place = misfit(fields, name, value) if value else ""
        if place:
            kind = field_kind(place)
            said = texts.MISFIT.format(
                field=place, name=name, kind=kind, rule=texts.FIELD_RULES.get(kind, ""),
                chars=len(value),
            )  # fmt: skip
            raise TemplateError(said)


def _usual_value(known: Parameter) -> str:
    """A value as long as they usually are; empty where words and figures may both stand there."""
    if known.kind is VariableKind.MONEY:
        return f"{'9' * (known.longest - 3)}.99"
    if known.kind in (VariableKind.OTHER_NUMBER, VariableKind.PHONE_NUMBER):
        return "9" * known.longest
    if known.loose or known.kind is VariableKind.UNIT_NAME:
        return "某" * known.longest
    return ""


def _check_channel(template: Template, channel: str, way: str) -> None:
    if channel not in template.channels:
        channels = "、".join(template.channels)
        text = texts.BAD_GATEWAY.format(code=template.code, gateway=way, channels=channels)
        raise TemplateError(text)


def _as_stored(item: Shipped) -> tuple[Template, Mapping[str, str]]:
    template = Template(
        code=item.code,
        notice_class=item.notice_class.value,
        parameters=tuple(parameter.name for parameter in item.parameters),
        channels=tuple(item.texts),
        editable=item.editable,
    )
    return template, item.texts
