"""Message templates: what they are, their wordings by version, how each gateway knows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of message. `notice_class` is answer, duty, legal, reminder or news."""

    code: str
    notice_class: str
    parameters: tuple[str, ...]
    channels: tuple[str, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a template's text for one channel, parameters as ${name}."""

    code: str
    channel: str
    version: int
    text: str


APPROVED, WAITING, REFUSED, REPLACED = "approved", "waiting", "refused", "replaced"
"""States of a version: said are only approved ones, of those the newest."""


@dataclass(frozen=True, slots=True)
class Version:
    """A wording, and who wrote it: `author` is system, operator or a person's id.

    `decided_by` is who approved or refused it, empty where nobody had to; `replaced` is one that
    waited when a newer one came.
    """

    channel: str
    version: int
    text: str
    author: str
    at: datetime
    state: str = APPROVED
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""  # why it was refused


@dataclass(frozen=True, slots=True)
class Binding:
    """A provider's id of a template; `fields` says which of its fields takes which parameter.

    One parameter in several fields runs through them in order.
    """

    code: str
    gateway: str  # wechat subscribe aliyun http
    external_id: str
    fields: tuple[tuple[str, str], ...]
    approval: str = "unknown"  # or pending, approved, refused
    reason: str = ""  # why it was refused


async def add_missing(
    db: Database,
    shipped: Iterable[tuple[Template, Mapping[str, str]]],
    now: datetime,
) -> int:
    """Adds templates that are not there, each with its texts (by channel) as version 1.

    What is there stays as it is, edited or not. Returns how many were added.
    """
    at, added = to_ms(now), 0
    async with db.transaction():
        for template, texts in shipped:
            new = await db.rows(
                "INSERT INTO templates (code, notice_class, parameters, channels, editable)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING RETURNING code",
                template.code, template.notice_class, json.dumps(template.parameters),
                json.dumps(template.channels), template.editable,
            )  # fmt: skip
            added += len(new)
            await db.run_many(
                "INSERT INTO template_versions (id, code, channel, version, text, author, at)"
                " VALUES (?, ?, ?, 1, ?, 'system', ?)"
                " ON CONFLICT (code, channel, version) DO NOTHING",
                [(new_id(), template.code, channel, text, at) for channel, text in texts.items()],
            )
    return added


async def add_version(
    db: Database,
    code: str,
    channel: str,
    text: str,
    *,
    author: str,
    now: datetime,
    state: str = APPROVED,
) -> int:
    """Stores a newer wording; returns its version. One writer at a time, as the audit allows.

    An older one that waits for approval waits no longer.
    """
    await db.run(
        "UPDATE template_versions SET state = ? WHERE code = ? AND channel = ? AND state = ?",
        REPLACED, code, channel, WAITING,
    )  # fmt: skip
    (row,) = await db.rows(
        "INSERT INTO template_versions (id, code, channel, version, text, author, at, state)"
        " SELECT ?, ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, CAST(? AS BIGINT), ?"
        " FROM template_versions WHERE code = ? AND channel = ? RETURNING version",
        new_id(), code, channel, text, author, to_ms(now), state, code, channel,
    )  # fmt: skip
    return int(row["version"])


async def decide_version(
    db: Database, code: str, channel: str, version: int, *, state: str, by: str, reason: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Approves or refuses a version; False where it does not wait (any more)."""
    changed = await db.rows(
        "UPDATE template_versions SET state = ?, decided_by = ?, decided_at = ?, reason = ?"
        " WHERE code = ? AND channel = ? AND version = ? AND state = ? RETURNING id",
        state, by, to_ms(now), reason[:200], code, channel, version, WAITING,
    )  # fmt: skip
    return bool(changed)


async def all_templates(db: Database) -> list[Template]:
    """Every template, by code."""
    return [_template(row) for row in await db.rows("SELECT * FROM templates ORDER BY code")]


async def template(db: Database, code: str) -> Template | None:
    row = await db.row("SELECT * FROM templates WHERE code = ?", code)
    return _template(row) if row else None


async def wordings(db: Database) -> dict[tuple[str, str], Wording]:
    """The wording in use of every template, by code and channel."""
    rows = await db.rows(
        "SELECT code, channel, version, text FROM template_versions WHERE state = ?"
        " ORDER BY code, channel, version",
        APPROVED,
    )
    found = (Wording(row["code"], row["channel"], row["version"], row["text"]) for row in rows)
    return {(wording.code, wording.channel): wording for wording in found}


async def wordings_of(db: Database, code: str) -> dict[str, Wording]:
    """A template's wordings in use, by channel."""
    rows = await db.rows(
        "SELECT code, channel, version, text FROM template_versions WHERE code = ? AND state = ?"
        " ORDER BY channel, version",
        code, APPROVED,
    )  # fmt: skip
    return {r["channel"]: Wording(r["code"], r["channel"], r["version"], r["text"]) for r in rows}


async def versions(db: Database, code: str) -> list[Version]:
    """Every wording that a template has or had, or that waits, by channel, the newest first."""
    rows = await db.rows(
        "SELECT * FROM template_versions WHERE code = ? ORDER BY channel DESC, version DESC", code
    )
    return [_version(row) for row in rows]


async def waiting(db: Database) -> list[tuple[str, Version]]:
    """What waits for a second person, with its template's code, the oldest first."""
    rows = await db.rows(
        "SELECT * FROM template_versions WHERE state = ? ORDER BY at, code, channel", WAITING
    )
    return [(row["code"], _version(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Use:
    """How much was sent of a template: messages since a moment, and when last at all."""

    messages: int
    last: datetime | None


async def uses(db: Database, since: datetime) -> dict[str, Use]:
    """By code, of every template; business time. What answers a question is not counted."""
    rows = await db.rows(
        "SELECT t.code, (SELECT MAX(c.created_at) FROM campaigns c WHERE c.template = t.code)"
        " AS last, (SELECT SUM(y.total) FROM campaigns c JOIN tallies y ON y.campaign_id = c.id"
        " WHERE c.template = t.code AND c.created_at >= ?) AS messages FROM templates t",
        to_ms(since),
    )
    return {
        row["code"]: Use(
            int(row["messages"] or 0), None if row["last"] is None else from_ms(row["last"])
        )
        for row in rows
    }


async def bindings(db: Database) -> dict[tuple[str, str], Binding]:
    """Every binding, by code and gateway."""
    rows = await db.rows("SELECT * FROM template_bindings ORDER BY code, gateway")
    found = [_binding(row) for row in rows]
    return {(binding.code, binding.gateway): binding for binding in found}


async def edited_since_bound(db: Database, gateway: str, channel: str) -> frozenset[str]:
    """Templates whose text on the channel is newer than what the gateway's provider has."""
    rows = await db.rows(
        "SELECT b.code FROM template_bindings b JOIN template_versions v ON v.code = b.code"
        " WHERE b.gateway = ? AND v.channel = ? AND v.state = ? GROUP BY b.code, b.at"
        " HAVING MAX(COALESCE(v.decided_at, v.at)) > b.at",
        gateway, channel, APPROVED,
    )  # fmt: skip
    return frozenset(row["code"] for row in rows)


async def bind(db: Database, binding: Binding, now: datetime) -> None:
    """Records a binding in place of an earlier one of the same template and gateway."""
    await db.run(
        "INSERT INTO template_bindings"
        " (id, code, gateway, external_id, fields_json, approval, reason, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code, gateway) DO UPDATE"
        " SET external_id = excluded.external_id, fields_json = excluded.fields_json,"
        " approval = excluded.approval, reason = excluded.reason, at = excluded.at",
        new_id(), binding.code, binding.gateway, binding.external_id,
        json.dumps(binding.fields, ensure_ascii=False), binding.approval, binding.reason[:200],
        to_ms(now),
    )  # fmt: skip


async def approve(db: Database, code: str, gateway: str, approval: str, reason: str) -> bool:
    """Notes what the provider said of a template; False where it is not bound there."""
    changed = await db.rows(
        "UPDATE template_bindings SET approval = ?, reason = ? WHERE code = ? AND gateway = ?"
        " RETURNING code",
        approval, reason[:200], code, gateway,
    )  # fmt: skip
    return bool(changed)


def _template(row: Row) -> Template:
    return Template(
        code=row["code"],
        notice_class=row["notice_class"],
        parameters=tuple(json.loads(row["parameters"])),
        channels=tuple(json.loads(row["channels"])),
        editable=bool(row["editable"]),
    )


def _version(row: Row) -> Version:
    decided = row["decided_at"]
    return Version(
        row["channel"], row["version"], row["text"], row["author"], from_ms(row["at"]),
        row["state"], row["decided_by"], None if decided is None else from_ms(decided),
        row["reason"],
    )  # fmt: skip


def _binding(row: Row) -> Binding:
    fields = tuple((field, parameter) for field, parameter in json.loads(row["fields_json"]))
    return Binding(
        row["code"], row["gateway"], row["external_id"], fields, row["approval"], row["reason"]
    )
