"""Versions of disclosures, from the draft to what is withdrawn; immutable once published.

Generic in the kind: what a body holds is its own module's (storage.bodies for accounts). One draft
at most lies above the published version of a month; publishing it makes the earlier one corrected,
and both stay visible. A draft that is submitted or signed (storage.signing) is an open one still:
whatever changes it makes it a mere draft again, and its signatures fall.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage import audit, chain
from storage.canonical import canonical, digest
from storage.chain import Event
from storage.database import Database, Row
from storage.moments import to_ms
from storage.personal import personal_hashes


class State(StrEnum):
    """contract.md, section 7."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether a version is still being prepared."""
        return self in (State.DRAFT, State.SUBMITTED, State.SIGNED)


OPEN = "state IN ('draft', 'submitted', 'signed')"
"""The condition on a version that is still being prepared."""


class NotPossible(Exception):
    """What was asked for cannot be done with a version in this state, or there is none."""


@dataclass(frozen=True, slots=True)
class Stub:
    """A version without its content."""

    id: str
    period: str
    version: int
    state: State
    dossier: str
    author: str
    signers: tuple[str, ...] = ()  # the ids of who has signed it


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft is written down with."""

    village: str
    kind: str
    disclosure_class: str
    book: str
    rhythm: str
    period: str
    version: int
    body: str
    personal: str
    dossier: str
    author: str
    reason: str


@dataclass(slots=True)
class Series:
    """The versions of one month that matter: the published one, the open one above it."""

    published: Stub | None = None
    draft: Stub | None = None
    last_version: int = 0

    @property
    def head(self) -> Stub | None:
        """The draft where there is one, else what is published."""
        return self.draft or self.published


async def series_of(db: Database, village: str, kind: str, book: str) -> dict[str, Series]:
    """What a village has of one kind and book, by period."""
    found = await all_series(db, village, kind)
    return {period: series for (own, period), series in found.items() if own == book}


async def all_series(db: Database, village: str, kind: str) -> dict[tuple[str, str], Series]:
    """What a village has of one kind, by book and period."""
    rows = await db.rows(
        "SELECT id, book, period, version, state, dossier, author, signatures FROM disclosures"
        " WHERE village = ? AND kind = ? ORDER BY book, period, version",
        village, kind,
    )  # fmt: skip
    found: dict[tuple[str, str], Series] = {}
    for row in rows:
        stub = Stub(
            row["id"], row["period"], row["version"], State(row["state"]), row["dossier"],
            row["author"], signers_of(row["signatures"]),
        )  # fmt: skip
        series = found.setdefault((row["book"], stub.period), Series())
        series.last_version = stub.version
        if stub.state is State.PUBLISHED:
            series.published = stub
        elif stub.state.is_open:
            series.draft = stub
    return found


def signers_of(signatures: str) -> tuple[str, ...]:
    """The ids of who has signed, as the column holds them."""
    return tuple(signature["actor"] for signature in json.loads(signatures))


async def content(db: Database, identity: str) -> tuple[str, str]:
    """A version's body and personal values, as they lie in the store."""
    row = await db.row("SELECT body, personal FROM disclosures WHERE id = ?", identity)
    if row is None:
        raise NotPossible(identity)
    return row["body"], row["personal"]


async def add_drafts(db: Database, drafts: Iterable[tuple[str, Draft]], now: datetime) -> None:
    """Writes new drafts down under the ids given."""
    await db.run_many(
        "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
        " version, state, body, personal, dossier, author, reason, signatures,"
        " created_at, withdrawn_reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, '[]', ?, '')",
        [
            (
                identity, draft.village, draft.kind, draft.disclosure_class, draft.rhythm,
                draft.book, draft.period, draft.version, draft.body, draft.personal,
                draft.dossier, draft.author, draft.reason, to_ms(now),
            )
            for identity, draft in drafts
        ],
    )  # fmt: skip


async def rewrite_draft(db: Database, identity: str, draft: Draft) -> None:
    """Gives a draft another content; whoever made it stays its author, signatures do not stay."""
    changed = await db.rows(
        "UPDATE disclosures SET body = ?, personal = ?, dossier = ?, reason = ?,"  # noqa: S608
        f" state = 'draft', signatures = '[]' WHERE id = ? AND {OPEN} RETURNING id",
        draft.body, draft.personal, draft.dossier, draft.reason, identity,
    )  # fmt: skip
    if not changed:
        raise NotPossible(identity)


async def drop_draft(db: Database, identity: str) -> None:
    await db.run(f"DELETE FROM disclosures WHERE id = ? AND {OPEN}", identity)  # noqa: S608


async def note_dossier(db: Database, identity: str, dossier: str) -> None:
    """What is known about a version may grow, published or not: it is no part of it."""
    await db.run("UPDATE disclosures SET dossier = ? WHERE id = ?", dossier, identity)


async def publish(db: Database, ids: Sequence[str], actor: str, now: datetime) -> list[int]:
    """Publishes drafts in their order, in the caller's transaction; gives their links' numbers.

    A version published before for the same month is corrected by it, and stays visible. What
    nobody has signed carries the word of `actor` alone. Whether it may be published was asked
    before (storage.signing).
    """
    signed, at = canonical([{"actor": actor, "at": to_ms(now)}]), to_ms(now)
    told, erased = [], []
    for identity in ids:
        row = await db.row(
            "UPDATE disclosures SET state = 'published', published_at = ?,"  # noqa: S608
            " signatures = CASE WHEN signatures = '[]' THEN ? ELSE signatures END"
            f" WHERE id = ? AND {OPEN}"
            " RETURNING body, personal, village, kind, book, period, version",
            at, signed, identity,
        )  # fmt: skip
        if row is None:
            raise NotPossible(identity)
        if row["version"] > 1:
            await db.run(
                "UPDATE disclosures SET state = 'corrected' WHERE village = ? AND kind = ?"
                " AND book = ? AND period = ? AND state = 'published' AND id <> ?",
                row["village"], row["kind"], row["book"], row["period"], identity,
            )  # fmt: skip
        told.append((identity, digest(row["body"])))
        if absent := _absent(row["body"], json.loads(row["personal"])):
            erased.append((identity, chain.erasure(identity, absent)))
    links = await chain.append_all(db, Event.PUBLISHED, told, now)
    # What was erased from an earlier version stays so: the chain says it of this one too.
    await chain.append_all(db, Event.ERASED, erased, now)
    acts = [(identity, {"link": seq}) for identity, seq in zip(ids, links, strict=True)]
    await audit.record_all(db, actor, "published", acts, now=now)
    return links


async def withdraw(db: Database, identity: str, reason: str, actor: str, now: datetime) -> int:
    """Hides a version from everybody and shows why; gives the number in the chain.

    A version that was published before it does not come back in its place.
    """
    async with db.transaction():
        changed = await db.rows(
            "UPDATE disclosures SET state = 'withdrawn', withdrawn_reason = ?"
            " WHERE id = ? AND state IN ('published', 'corrected') RETURNING id",
            reason, identity,
        )  # fmt: skip
        if not changed:
            raise NotPossible(identity)
        told = chain.withdrawal(identity, reason)
        seq = await chain.append(db, Event.WITHDRAWN, identity, told, now)
        await audit.record(db, actor, "withdrawn", identity, {"link": seq}, now=now)
    return seq


async def erase_personal(
    db: Database, identity: str, fields: Iterable[str], actor: str, now: datetime
) -> list[int]:
    """Erases values and salts of personal fields (`ENTRY.payee`, `ENTRY.summary`) for good.

    They go from every version of the month that holds the same entry, with a link in the chain for
    each that was published; the figures and all hashes stay as they are. Gives those links.
    """
    wanted = set(fields)
    links: list[int] = []
    async with db.transaction():
        erased = False
        rows = await _versions_of_month(db, identity)
        for row in rows:
            personal = json.loads(row["personal"])
            if not wanted & personal.keys():
                continue
            kept = {name: value for name, value in personal.items() if name not in wanted}
            erased = True
            await db.run(
                "UPDATE disclosures SET personal = ? WHERE id = ?",
                canonical(kept), row["id"],
            )  # fmt: skip
            if row["published_at"] is not None:
                told = chain.erasure(row["id"], _absent(row["body"], kept))
                links.append(await chain.append(db, Event.ERASED, row["id"], told, now))
        if erased:
            await audit.record(db, actor, "erased", identity, {"links": links}, now=now)
    return links


async def _versions_of_month(db: Database, identity: str) -> list[Row]:
    rows = await db.rows(
        "SELECT other.* FROM disclosures one JOIN disclosures other ON other.village = one.village"
        " AND other.kind = one.kind AND other.book = one.book AND other.period = one.period"
        " WHERE one.id = ? ORDER BY other.version",
        identity,
    )
    if not rows:
        raise NotPossible(identity)
    return rows


def _absent(body: str, personal: dict[str, object]) -> list[str]:
    return [name for name in personal_hashes(json.loads(body)) if name not in personal]
