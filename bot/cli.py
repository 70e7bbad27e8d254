"""The command line `mingbai`: commands, options and arguments (contract.md, section 2).

Exit status: 0 done; 1 refused or failed, with the reason on stderr; 2 wrong usage. What a command
does lies in `bot/commands/`, imported only when it is run, so that help comes at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import arguments, texts
from bot.errors import Refused
from bot.usage import Group, explain

if TYPE_CHECKING:
    from bot.config import Config


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    try:
        status = cli.main(words, texts.PROGRAM, standalone_mode=False)
    except click.UsageError as error:
        click.echo(explain(error), err=True)
        return 2
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo(texts.INTERRUPTED, err=True)
        return 1
    return status if isinstance(status, int) else 0


def _config(file: Path) -> Config:
    """The config, with its warnings on stderr."""
    from bot.config import load_config

    config = load_config(file)
    for note in config.notes:
        click.echo(texts.NOTE.format(note=note), err=True)
    return config


@click.group(cls=Group, help=texts.MAIN)
def cli() -> None:
    pass


# --- to see, to set up ----------------------------------------------------------------------------


@cli.command("demo", help=texts.DEMO, heading=texts.TO_SEE)
@click.option("--port", type=arguments.port, default="8080", metavar="N", help=texts.DEMO_PORT)
@click.option("--data", type=Path, default=Path(".demo"), metavar="DIR", help=texts.DEMO_DATA)
@arguments.now_option
@click.option("--config", type=Path, metavar="FILE", help=texts.DEMO_CONFIG)
def _demo(port: int, data: Path, now: datetime | None, config: Path | None) -> None:
    from bot.commands import demo

    if config:
        note = texts.DEMO_HAS_ITS_OWN.format(file=config, data=data / "config.toml")
        click.echo(texts.NOTE.format(note=note), err=True)
    demo.run(port=port, data=data, now=now)


@cli.group("keys", help=texts.KEYS, heading=texts.TO_SET_UP)
def _keys() -> None:
    pass


@_keys.command("init", help=texts.KEYS_INIT)
@arguments.config_option
def _keys_init(config: Path) -> None:
    from bot.commands import keys

    keys.init(_config(config))


@_keys.command("fingerprint", help=texts.KEYS_FINGERPRINT)
@arguments.config_option
def _keys_fingerprint(config: Path) -> None:
    from bot.commands import keys

    keys.fingerprint(_config(config))


@cli.command("migrate", help=texts.MIGRATE, heading=texts.TO_SET_UP)
@arguments.config_option
def _migrate(config: Path) -> None:
    from bot.commands import migrate

    migrate.run(_config(config))


@cli.command("check", help=texts.CHECK, heading=texts.TO_SET_UP)
@arguments.config_option
def _check(config: Path) -> int:
    from bot.commands import check

    return check.run(config)


@cli.command("serve", help=texts.SERVE, heading=texts.TO_SET_UP)
@click.option(
    "--role",
    type=arguments.process_role,
    default="all",
    metavar="all|web|worker|scheduler",
    help=texts.SERVE_ROLE,
)
@arguments.config_option
@arguments.now_option
def _serve(role: str, config: Path, now: datetime | None) -> None:
    from bot.commands import serve
    from notifications.process import ProcessRole

    serve.run(_config(config), role=ProcessRole(role), now=now)


@cli.group("menu", help=texts.MENU, heading=texts.TO_SET_UP)
def _menu() -> None:
    pass


@_menu.command("push", help=texts.MENU_PUSH)
@click.option("--dry-run", is_flag=True, help=texts.MENU_DRY_RUN)
@arguments.config_option
def _menu_push(dry_run: bool, config: Path) -> None:
    from bot.commands import menu

    menu.push(_config(config), dry_run=dry_run)


@cli.command("qrcode", help=texts.QRCODE, heading=texts.TO_SET_UP)
@click.argument("name", metavar="NAME", help=texts.QRCODE_NAME)
@click.argument("file", type=arguments.picture, metavar="FILE", help=texts.QRCODE_FILE)
@click.option("--force", is_flag=True, help=texts.QRCODE_FORCE)
@arguments.config_option
def _qrcode(name: str, file: Path, force: bool, config: Path) -> None:
    from bot.commands import qrcode

    qrcode.run(_config(config), name, file, force=force)


# --- to feed, to try ------------------------------------------------------------------------------


@cli.command("import", help=texts.IMPORT, heading=texts.TO_FEED)
@click.argument("kind", type=arguments.kind, metavar="KIND", help=texts.IMPORT_KIND)
@click.argument(
    "files", type=Path, metavar="FILE...", nargs=-1, required=True, help=texts.IMPORT_FILES
)
@click.option("--village", metavar="NAME", help=texts.IMPORT_VILLAGE)
@click.option("--book", metavar="BOOK", help=texts.IMPORT_BOOK)
@click.option("--balances", type=Path, metavar="FILE", help=texts.IMPORT_BALANCES)
@click.option("--publish", is_flag=True, help=texts.IMPORT_PUBLISH)
@click.option(
    "--accept",
    type=arguments.rows,
    multiple=True,
    metavar="ROW|SHEET!ROW,...",
    help=texts.IMPORT_ACCEPT,
)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@click.option("--dry-run", is_flag=True, help=texts.IMPORT_DRY_RUN)
@arguments.json_option
@arguments.config_option
def _import(
    kind: str,
    files: tuple[Path, ...],
    village: str | None,
    book: str | None,
    balances: Path | None,
    publish: bool,
    accept: tuple[tuple[arguments.SheetRow, ...], ...],
    person: str | None,
    dry_run: bool,
    as_json: bool,
    config: Path,
) -> None:
    from bot.commands import import_

    import_.run(
        _config(config),
        kind,
        files,
        village=village,
        book=book,
        balances=balances,
        publish=publish,
        accept=tuple(row for rows in accept for row in rows),
        person=person,
        dry_run=dry_run,
        as_json=as_json,
    )


@cli.command("workbook", help=texts.WORKBOOK, heading=texts.TO_FEED)
@click.argument("kind", type=arguments.kind, metavar="KIND", help=texts.WORKBOOK_KIND)
@click.argument("file", type=Path, metavar="FILE", help=texts.WORKBOOK_FILE)
@arguments.config_option
def _workbook(kind: str, file: Path, config: Path) -> None:
    from bot.commands import workbook

    workbook.run(kind, file)


@cli.command("ask", help=texts.ASK, heading=texts.TO_FEED)
@click.argument("text", metavar="TEXT", help=texts.ASK_TEXT)
@click.option("--village", metavar="NAME", help=texts.ASK_VILLAGE)
@click.option(
    "--channel",
    type=arguments.channel,
    default="wechat",
    metavar="wechat|sms",
    help=texts.ASK_CHANNEL,
)
@click.option("--as", "person", metavar="PERSON", help=texts.ASK_AS)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _ask(
    text: str,
    village: str | None,
    channel: str,
    person: str | None,
    as_json: bool,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import ask

    ask.run(
        _config(config),
        text,
        village=village,
        channel=channel,
        person=person,
        as_json=as_json,
        now=now,
    )


@cli.command("understand", help=texts.UNDERSTAND, heading=texts.TO_FEED)
@click.argument("text", metavar="[TEXT]", required=False, help=texts.UNDERSTAND_TEXT)
@click.option("--today", type=arguments.day, metavar="DATE", help=texts.UNDERSTAND_TODAY)
@click.option("--village", metavar="NAME", help=texts.UNDERSTAND_VILLAGE)
@click.option("--explain", "explained", is_flag=True, help=texts.UNDERSTAND_EXPLAIN)
@click.option("--jsonl", type=Path, metavar="FILE", help=texts.UNDERSTAND_JSONL)
@click.option("--config", type=Path, metavar="FILE", help=texts.UNDERSTAND_CONFIG)
def _understand(
    text: str | None,
    today: date | None,
    village: str | None,
    explained: bool,
    jsonl: Path | None,
    config: Path | None,
) -> None:
    _exactly_one({"TEXT": text is not None, "--jsonl": jsonl is not None})
    from bot.commands import understand

    settings = _config(config) if config else None
    if jsonl:
        understand.run_file(jsonl, today=today, village=village, config=settings)
    elif text is not None:
        understand.run(text, today=today, village=village, explained=explained, config=settings)


@cli.group("schedule", help=texts.SCHEDULE, heading=texts.TO_SEND)
def _schedule() -> None:
    pass


@_schedule.command("list", help=texts.SCHEDULE_LIST)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _schedule_list(as_json: bool, now: datetime | None, config: Path) -> None:
    from bot.commands import schedule

    schedule.show(_config(config), as_json=as_json, now=now)


@_schedule.command("set", help=texts.SCHEDULE_SET)
@click.argument("name", metavar="NAME", help=texts.SCHEDULE_NAME)
@click.option("--cron", metavar="RULE", help=texts.SCHEDULE_CRON)
@click.option("--misfire", type=arguments.misfire, metavar="RULE", help=texts.SCHEDULE_MISFIRE)
@click.option("--usual", is_flag=True, help=texts.SCHEDULE_USUAL)
@arguments.now_option
@arguments.config_option
def _schedule_set(
    name: str,
    cron: str | None,
    misfire: str | None,
    usual: bool,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import schedule

    schedule.change(_config(config), name, cron=cron, misfire=misfire, usual=usual, now=now)


@cli.command("simulator", help=texts.SIMULATOR, heading=texts.TO_FEED)
@click.option("--port", type=arguments.port, default="8081", metavar="N", help=texts.SIMULATOR_PORT)
@click.option("--push", metavar="URL", help=texts.SIMULATOR_PUSH)
@arguments.config_option
def _simulator(port: int, push: str | None, config: Path) -> int:
    from bot.commands import simulator

    return simulator.run(_config(config), port=port, push=push)


@cli.group("matter", help=texts.MATTER, heading=texts.TO_FEED)
def _matter() -> None:
    pass


@_matter.command("open", help=texts.MATTER_OPEN)
@click.option("--village", required=True, metavar="NAME", help=texts.MATTER_VILLAGE)
@click.option("--item", required=True, metavar="CODE", help=texts.MATTER_ITEM)
@click.option("--applicant", required=True, metavar="NAME", help=texts.MATTER_APPLICANT)
@click.option("--contact", metavar="PERSON", help=texts.MATTER_CONTACT)
@click.option("--public", "is_public", is_flag=True, help=texts.MATTER_PUBLIC)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@arguments.now_option
@arguments.config_option
def _matter_open(
    village: str,
    item: str,
    applicant: str,
    contact: str | None,
    is_public: bool,
    person: str | None,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import matter

    matter.open_one(
        _config(config),
        village=village,
        item=item,
        applicant=applicant,
        contact=contact,
        is_public=is_public,
        person=person,
        now=now,
    )


@_matter.command("step", help=texts.MATTER_STEP)
@click.argument("number", metavar="NUMBER", help=texts.MATTER_NUMBER)
@click.argument("no", type=click.IntRange(1), metavar="STEP", help=texts.MATTER_NO)
@click.option("--note", default="", metavar="TEXT", help=texts.MATTER_NOTE)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@arguments.now_option
@arguments.config_option
def _matter_step(
    number: str, no: int, note: str, person: str | None, now: datetime | None, config: Path
) -> None:
    from bot.commands import matter

    matter.do_step(_config(config), number, no, note=note, person=person, now=now)


@_matter.command("close", help=texts.MATTER_CLOSE)
@click.argument("number", metavar="NUMBER", help=texts.MATTER_NUMBER)
@click.option("--result", required=True, metavar="TEXT", help=texts.MATTER_SAID)
@click.option("--amount", metavar="YUAN", help=texts.MATTER_AMOUNT)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@arguments.now_option
@arguments.config_option
def _matter_close(
    number: str,
    result: str,
    amount: str | None,
    person: str | None,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import matter

    matter.close(_config(config), number, result=result, amount=amount, person=person, now=now)


@_matter.command("show", help=texts.MATTER_SHOW)
@click.argument("number", metavar="NUMBER", help=texts.MATTER_NUMBER)
@arguments.config_option
def _matter_show(number: str, config: Path) -> None:
    from bot.commands import matter

    matter.show(_config(config), number)


@cli.command("vouch", help=texts.VOUCH, heading=texts.TO_FEED)
@click.argument("contact", metavar="PERSON", help=texts.VOUCH_CONTACT)
@click.option("--name", required=True, metavar="NAME", help=texts.VOUCH_NAME)
@click.option("--last-four", required=True, metavar="DIGITS", help=texts.VOUCH_LAST_FOUR)
@click.option("--note", required=True, metavar="TEXT", help=texts.VOUCH_NOTE)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@arguments.config_option
def _vouch(
    contact: str, name: str, last_four: str, note: str, person: str | None, config: Path
) -> None:
    from bot.commands import vouch

    vouch.run(_config(config), contact, name=name, last_four=last_four, note=note, person=person)


# --- to send --------------------------------------------------------------------------------------


@cli.group("template", help=texts.TEMPLATE, heading=texts.TO_SEND)
def _template() -> None:
    pass


@_template.command("list", help=texts.TEMPLATE_LIST)
@arguments.json_option
@arguments.config_option
def _template_list(as_json: bool, config: Path) -> None:
    from bot.commands import template

    template.show_all(_config(config), as_json=as_json)


@_template.command("show", help=texts.TEMPLATE_SHOW)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@arguments.config_option
def _template_show(code: str, config: Path) -> None:
    from bot.commands import template

    template.show(_config(config), code)


@_template.command("edit", help=texts.TEMPLATE_EDIT)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@click.option(
    "--channel",
    type=arguments.channel,
    required=True,
    metavar="wechat|sms",
    help=texts.TEMPLATE_CHANNEL,
)
@click.option("--text", metavar="TEXT", help=texts.TEMPLATE_TEXT)
@click.option("--version", type=arguments.version, metavar="N", help=texts.TEMPLATE_VERSION)
@arguments.config_option
def _template_edit(
    code: str, channel: str, text: str | None, version: int | None, config: Path
) -> None:
    _exactly_one({"--text": text is not None, "--version": version is not None})
    from bot.commands import template

    template.edit(_config(config), code, channel=channel, text=text, version=version)


@_template.command("bind", help=texts.TEMPLATE_BIND)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@click.option(
    "--gateway",
    type=arguments.gateway,
    required=True,
    metavar="wechat|subscribe|aliyun|http",
    help=texts.TEMPLATE_GATEWAY,
)
@click.option("--id", "provider_id", required=True, metavar="ID", help=texts.TEMPLATE_ID)
@click.option(
    "--field",
    "fields",
    type=arguments.pair,
    multiple=True,
    metavar="NAME=PARAM",
    help=texts.TEMPLATE_FIELD,
)
@arguments.config_option
def _template_bind(
    code: str, gateway: str, provider_id: str, fields: tuple[tuple[str, str], ...], config: Path
) -> None:
    named = arguments.unique(fields)
    from bot.commands import template

    template.bind(_config(config), code, gateway=gateway, provider_id=provider_id, fields=named)


_gateway_option = click.option(
    "--gateway",
    type=arguments.gateway,
    required=True,
    metavar="wechat|subscribe|aliyun|http",
    help=texts.TEMPLATE_GATEWAY,
)


_param_option = click.option(
    "--param",
    "params",
    type=arguments.pair,
    multiple=True,
    metavar="K=V",
    help=texts.CAMPAIGN_PARAM,
)


@_template.command("preview", help=texts.TEMPLATE_PREVIEW)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@click.option("--audience", required=True, metavar="EXPR", help=texts.CAMPAIGN_AUDIENCE)
@_param_option
@click.option(
    "--n",
    "limit",
    type=arguments.count,
    default="5",
    metavar="N",
    help=texts.TEMPLATE_PREVIEW_N,
)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _template_preview(
    code: str,
    audience: str,
    params: tuple[tuple[str, str], ...],
    limit: int,
    as_json: bool,
    now: datetime | None,
    config: Path,
) -> None:
    values = arguments.unique(params)
    from bot.commands import template

    template.preview(
        _config(config),
        code,
        audience=audience,
        params=values,
        limit=limit,
        as_json=as_json,
        now=now,
    )


@_template.command("test", help=texts.TEMPLATE_TEST)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@click.option("--to", required=True, metavar="PERSON", help=texts.TEMPLATE_TO)
@_param_option
@arguments.now_option
@arguments.config_option
def _template_test(
    code: str, to: str, params: tuple[tuple[str, str], ...], now: datetime | None, config: Path
) -> None:
    values = arguments.unique(params)
    from bot.commands import template

    template.send_test(_config(config), code, to=to, params=values, now=now)


@_template.command("check", help=texts.TEMPLATE_CHECK)
@arguments.config_option
def _template_check(config: Path) -> None:
    from bot.commands import template

    template.check(_config(config))


@_template.command("approve", help=texts.TEMPLATE_APPROVE)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@_gateway_option
@click.option("--pending", is_flag=True, help=texts.TEMPLATE_PENDING)
@arguments.config_option
def _template_approve(code: str, gateway: str, pending: bool, config: Path) -> None:
    from bot.commands import template

    state = "pending" if pending else "approved"
    template.approval(_config(config), code, gateway=gateway, state=state)


@_template.command("refuse", help=texts.TEMPLATE_REFUSE)
@click.argument("code", metavar="CODE", help=texts.TEMPLATE_CODE)
@_gateway_option
@click.option("--reason", required=True, metavar="TEXT", help=texts.TEMPLATE_REASON)
@arguments.config_option
def _template_refuse(code: str, gateway: str, reason: str, config: Path) -> None:
    from bot.commands import template

    template.approval(_config(config), code, gateway=gateway, state="refused", reason=reason)


@cli.group("campaign", help=texts.CAMPAIGN, heading=texts.TO_SEND)
def _campaign() -> None:
    pass


@_campaign.command("create", help=texts.CAMPAIGN_CREATE)
@click.option("--template", required=True, metavar="CODE", help=texts.CAMPAIGN_TEMPLATE)
@click.option("--audience", required=True, metavar="EXPR", help=texts.CAMPAIGN_AUDIENCE)
@_param_option
@click.option("--at", type=arguments.moment, metavar="TIME", help=texts.CAMPAIGN_AT)
@click.option("--lane", type=arguments.lane, metavar="L", help=texts.CAMPAIGN_LANE)
@click.option("--key", metavar="K", help=texts.CAMPAIGN_KEY)
@click.option("--spread", is_flag=True, help=texts.CAMPAIGN_SPREAD)
@click.option("--dry-run", is_flag=True, help=texts.CAMPAIGN_DRY_RUN)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _campaign_create(
    template: str,
    audience: str,
    params: tuple[tuple[str, str], ...],
    at: datetime | None,
    lane: str | None,
    key: str | None,
    spread: bool,
    dry_run: bool,
    as_json: bool,
    now: datetime | None,
    config: Path,
) -> None:
    values = arguments.unique(params)
    from bot.commands import campaign

    campaign.create(
        _config(config),
        template=template,
        audience=audience,
        params=values,
        at=at,
        lane=lane,
        key=key,
        spread=spread,
        dry_run=dry_run,
        as_json=as_json,
        now=now,
    )


@_campaign.command("show", help=texts.CAMPAIGN_SHOW)
@click.argument("campaign_id", metavar="ID", help=texts.CAMPAIGN_ID)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _campaign_show(campaign_id: str, as_json: bool, now: datetime | None, config: Path) -> None:
    from bot.commands import campaign

    campaign.show(_config(config), campaign_id, as_json=as_json, now=now)


@_campaign.command("list", help=texts.CAMPAIGN_LIST)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _campaign_list(as_json: bool, now: datetime | None, config: Path) -> None:
    from bot.commands import steering

    steering.show_list(_config(config), as_json=as_json)


@_campaign.command("report", help=texts.CAMPAIGN_REPORT)
@click.argument("campaign_id", metavar="ID", help=texts.CAMPAIGN_ID)
@click.option("--csv", "file", type=Path, metavar="FILE", help=texts.CAMPAIGN_CSV)
@arguments.now_option
@arguments.config_option
def _campaign_report(
    campaign_id: str, file: Path | None, now: datetime | None, config: Path
) -> None:
    from bot.commands import steering

    steering.report(_config(config), campaign_id, file)


@_campaign.command("pause", help=texts.CAMPAIGN_PAUSE)
@click.argument("campaign_id", metavar="ID", help=texts.CAMPAIGN_ID)
@arguments.now_option
@arguments.config_option
def _campaign_pause(campaign_id: str, now: datetime | None, config: Path) -> None:
    from bot.commands import steering

    steering.pause(_config(config), campaign_id, now=now)


@_campaign.command("cancel", help=texts.CAMPAIGN_CANCEL)
@click.argument("campaign_id", metavar="ID", help=texts.CAMPAIGN_ID)
@arguments.now_option
@arguments.config_option
def _campaign_cancel(campaign_id: str, now: datetime | None, config: Path) -> None:
    from bot.commands import steering

    steering.cancel(_config(config), campaign_id, now=now)


@_campaign.command("resend", help=texts.CAMPAIGN_RESEND)
@click.argument("campaign_id", metavar="ID", help=texts.CAMPAIGN_ID)
@click.option("--unknown", is_flag=True, help=texts.CAMPAIGN_UNKNOWN)
@click.option("--spread", is_flag=True, help=texts.CAMPAIGN_SPREAD)
@click.option("--dry-run", is_flag=True, help=texts.CAMPAIGN_DRY_RUN)
@arguments.now_option
@arguments.config_option
def _campaign_resend(
    campaign_id: str,
    unknown: bool,
    spread: bool,
    dry_run: bool,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import steering

    steering.resend(
        _config(config), campaign_id, unknown=unknown, spread=spread, dry_run=dry_run, now=now
    )


@_campaign.command("resume", help=texts.CAMPAIGN_RESUME)
@click.argument("campaign_id", metavar="[ID]", required=False, help=texts.CAMPAIGN_ID)
@click.option("--all", "everything", is_flag=True, help=texts.CAMPAIGN_ALL)
@arguments.now_option
@arguments.config_option
def _campaign_resume(
    campaign_id: str | None, everything: bool, now: datetime | None, config: Path
) -> None:
    _exactly_one({"ID": campaign_id is not None, "--all": everything})
    from bot.commands import campaign

    campaign.resume(_config(config), campaign_id, now=now)


# --- to keep --------------------------------------------------------------------------------------


@cli.group("rule", help=texts.RULE, heading=texts.TO_SEND)
def _rule() -> None:
    """Holds the commands below."""


@_rule.command("list", help=texts.RULE_LIST)
@arguments.json_option
@arguments.config_option
def _rule_list(as_json: bool, config: Path) -> None:
    from bot.commands import rule

    rule.show(_config(config), as_json=as_json)


_hours = click.IntRange(0, 24 * 60)


@_rule.command("set", help=texts.RULE_SET)
@click.argument("template", metavar="TEMPLATE", help=texts.RULE_TEMPLATE)
@click.option("--repeat-after", metavar="HOURS", type=_hours, help=texts.RULE_REPEAT_AFTER)
@click.option("--repeats", metavar="N", type=click.IntRange(0, 5), help=texts.RULE_REPEATS)
@click.option("--sms-after", metavar="HOURS", type=_hours, help=texts.RULE_SMS_AFTER)
@click.option("--superior-after", metavar="HOURS", type=_hours, help=texts.RULE_SUPERIOR_AFTER)
@click.option("--on/--off", "is_on", default=True, help=texts.RULE_ON)
@click.option("--as", "person", metavar="PERSON", help=texts.IMPORT_AS)
@arguments.config_option
def _rule_set(
    template: str,
    repeat_after: int | None,
    repeats: int | None,
    sms_after: int | None,
    superior_after: int | None,
    is_on: bool,
    person: str | None,
    config: Path,
) -> None:
    from bot.commands import rule

    rule.change(
        _config(config),
        template,
        repeat_after=repeat_after,
        repeats=repeats,
        sms_after=sms_after,
        superior_after=superior_after,
        is_on=is_on,
        person=person,
    )


@cli.group("staff", help=texts.STAFF, heading=texts.TO_SET_UP)
def _staff() -> None:
    """Holds the commands below."""


@_staff.command("add", help=texts.STAFF_ADD)
@click.argument("login", metavar="LOGIN", help=texts.STAFF_LOGIN)
@click.option("--person", required=True, metavar="PERSON", help=texts.STAFF_PERSON)
@arguments.config_option
def _staff_add(login: str, person: str, config: Path) -> None:
    from bot.commands import staff

    staff.add(_config(config), login, person)


@_staff.command("list", help=texts.STAFF_LIST)
@arguments.json_option
@arguments.config_option
def _staff_list(as_json: bool, config: Path) -> None:
    from bot.commands import staff

    staff.show(_config(config), as_json=as_json)


@_staff.command("reset", help=texts.STAFF_RESET)
@click.argument("login", metavar="LOGIN", help=texts.STAFF_LOGIN)
@arguments.config_option
def _staff_reset(login: str, config: Path) -> None:
    from bot.commands import staff

    staff.reset(_config(config), login)


@cli.group("proposal", help=texts.PROPOSAL, heading=texts.TO_SEND)
def _proposal() -> None:
    """Holds the commands below."""


_deciding_option = click.option(
    "--as", "person", required=True, metavar="PERSON", help=texts.PROPOSAL_AS
)


@_proposal.command("list", help=texts.PROPOSAL_LIST)
@arguments.json_option
@arguments.config_option
def _proposal_list(as_json: bool, config: Path) -> None:
    from bot.commands import proposal

    proposal.show(_config(config), as_json=as_json)


@_proposal.command("confirm", help=texts.PROPOSAL_CONFIRM)
@click.argument("number", metavar="NUMBER", help=texts.PROPOSAL_NUMBER)
@click.option(
    "--form",
    type=arguments.reminder_form,
    required=True,
    metavar="text|call",
    help=texts.PROPOSAL_FORM,
)
@_deciding_option
@arguments.now_option
@arguments.config_option
def _proposal_confirm(
    number: str, form: str, person: str, now: datetime | None, config: Path
) -> None:
    from bot.commands import proposal

    proposal.confirm(_config(config), number, form=form, person=person, now=now)


@_proposal.command("dismiss", help=texts.PROPOSAL_DISMISS)
@click.argument("number", metavar="NUMBER", help=texts.PROPOSAL_NUMBER)
@click.option("--reason", required=True, metavar="TEXT", help=texts.PROPOSAL_REASON)
@_deciding_option
@arguments.now_option
@arguments.config_option
def _proposal_dismiss(
    number: str, reason: str, person: str, now: datetime | None, config: Path
) -> None:
    from bot.commands import proposal

    proposal.dismiss(_config(config), number, reason=reason, person=person, now=now)


@cli.group("education", help=texts.EDUCATION, heading=texts.TO_SEND)
def _education() -> None:
    """Holds the commands below."""


@_education.group("plan", help=texts.EDUCATION_PLAN)
def _education_plan() -> None:
    """Holds the commands below."""


_a_year = click.IntRange(2020, 2099)


@_education_plan.command("show", help=texts.EDUCATION_SHOW)
@click.argument("year", metavar="[YEAR]", required=False, type=_a_year, help=texts.EDUCATION_YEAR)
@arguments.now_option
@arguments.config_option
def _education_plan_show(year: int | None, now: datetime | None, config: Path) -> None:
    from bot.commands import education

    education.show(_config(config), year, now=now)


@_education_plan.command("make", help=texts.EDUCATION_MAKE)
@click.argument("year", metavar="YEAR", type=_a_year, help=texts.EDUCATION_YEAR)
@click.option("--form", default="", metavar="FORM", help=texts.EDUCATION_FORM)
@arguments.now_option
@arguments.config_option
def _education_plan_make(year: int, form: str, now: datetime | None, config: Path) -> None:
    from bot.commands import education

    education.make(_config(config), year, form, now=now)


@_education_plan.command("add", help=texts.EDUCATION_ADD)
@click.option("--day", type=arguments.day, required=True, metavar="DATE", help=texts.EDUCATION_DAY)
@click.option("--item", required=True, metavar="ID", help=texts.EDUCATION_ITEM)
@click.option("--audience", required=True, metavar="EXPR", help=texts.EDUCATION_AUDIENCE)
@click.option("--owner", default="", metavar="TEXT", help=texts.EDUCATION_OWNER)
@click.option("--form", default="", metavar="FORM", help=texts.EDUCATION_FORM)
@arguments.now_option
@arguments.config_option
def _education_plan_add(
    day: date,
    item: str,
    audience: str,
    owner: str,
    form: str,
    now: datetime | None,
    config: Path,
) -> None:
    from bot.commands import education

    education.add(_config(config), day, item, audience, owner, form, now=now)


@_education_plan.command("remove", help=texts.EDUCATION_REMOVE)
@click.argument("line_id", metavar="ID", help=texts.EDUCATION_ID)
@arguments.now_option
@arguments.config_option
def _education_plan_remove(line_id: str, now: datetime | None, config: Path) -> None:
    from bot.commands import education

    education.remove(_config(config), line_id, now=now)


@_education.command("report", help=texts.EDUCATION_REPORT)
@click.argument("year", metavar="[YEAR]", required=False, type=_a_year, help=texts.EDUCATION_YEAR)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _education_report(year: int | None, as_json: bool, now: datetime | None, config: Path) -> None:
    from bot.commands import education

    education.report(_config(config), year, as_json=as_json, now=now)


@cli.command("backup", help=texts.BACKUP, heading=texts.TO_KEEP)
@click.argument("file", type=Path, metavar="FILE", help=texts.BACKUP_FILE)
@arguments.config_option
def _backup(file: Path, config: Path) -> None:
    from bot.commands import backup

    backup.run(_config(config), file)


@cli.command("restore", help=texts.RESTORE, heading=texts.TO_KEEP)
@click.argument("file", type=Path, metavar="FILE", help=texts.RESTORE_FILE)
@arguments.config_option
def _restore(file: Path, config: Path) -> None:
    from bot.commands import restore

    restore.run(_config(config), file)


@cli.command("purge", help=texts.PURGE, heading=texts.TO_KEEP)
@click.option("--dry-run", is_flag=True, help=texts.PURGE_DRY_RUN)
@arguments.json_option
@arguments.now_option
@arguments.config_option
def _purge(dry_run: bool, as_json: bool, now: datetime | None, config: Path) -> None:
    from bot.commands import purge

    purge.run(_config(config), dry_run=dry_run, as_json=as_json, now=now)


@cli.command("verify", help=texts.VERIFY, heading=texts.TO_KEEP)
@click.option("--head", metavar="HASH", help=texts.VERIFY_HEAD)
@arguments.config_option
def _verify(head: str | None, config: Path) -> None:
    from bot.commands import verify

    verify.run(_config(config), head=head)


def _exactly_one(given: dict[str, bool]) -> None:
    """Wrong usage unless one of the two was given."""
    if sum(given.values()) != 1:
        first, second = given
        raise click.UsageError(
            texts.ONE_OF_TWO.format(first=first, second=second), click.get_current_context()
        )
