"""From a draft to what everybody reads: submitted, reviewed, signed by two, published.

What is refused says in Chinese which rule stands against it. Every step is one transaction, holds
only for the content that whoever takes it has seen, and is in the audit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from storage import audit, disclosures, doubts, ledgers, power_items, records, signatures, texts
from storage import wording as words
from storage.batches import Order
from storage.bodies import KIND as ACCOUNTS
from storage.canonical import canonical, digest
from storage.database import Database, Row
from storage.disclosures import OPEN, NotPossible, State
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.panels import NEEDED, Panel, panel
from storage.power_bodies import KIND as POWER_ITEMS
from storage.signatures import Standing
from workbooks.records.kinds import KINDS

LONGEST_REASON = 200


class Refused(Exception):
    """A step is against a rule: `reasons` say which, in words."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(";".join(reasons))
        self.reasons = tuple(reasons)


class Overtaken(Exception):
    """The version is not as whoever takes the step has seen it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, by which role, when."""

    person_id: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as those who prepare it see it."""

    id: str
    village: str
    kind: str
    book: str
    period: str
    version: int
    state: State
    author: str
    reason: str
    withdrawn_reason: str
    body: str
    personal: str
    dossier: dict[str, Any]
    signatures: tuple[Signature, ...]
    created_at: datetime
    published_at: datetime | None

    @property
    def seen(self) -> str:
        """What tells this content from any other: it travels with the forms."""
        return digest(canonical([self.state, self.body, len(self.signatures)]))[:16]

    @property
    def content_code(self) -> str:
        """What tells the content on paper: the same for as long as nothing in it is changed."""
        return digest(self.body)[:16]

    @property
    def note(self) -> str:
        """Why it is corrected, or why it was given back, in somebody's words."""
        return str(self.dossier.get("note", ""))

    @property
    def given_back(self) -> str:
        """Why a reviewer gave it back last; empty where none did."""
        return str(self.dossier.get("given_back", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """Who takes a step upon a version, when, and what of it they have seen (`Version.seen`)."""

    actor: str
    now: datetime
    today: date
    seen: str

    @property
    def order(self) -> Order:
        return Order(self.actor, self.now, self.today)


async def load(db: Database, identity: str) -> Version:
    """Raises NotPossible where there is none."""
    row = await db.row("SELECT * FROM disclosures WHERE id = ?", identity)
    if row is None:
        raise NotPossible(identity)
    return _version(row)


async def standing(db: Database, version: Version) -> Standing:
    """What stands for and against an open version."""
    if version.kind == ACCOUNTS:
        return await ledgers.standing(db, version.village, version.book, version.period)
    if version.kind == POWER_ITEMS:
        return await power_items.standing(db, version.id)
    return await records.standing(
        db, KINDS[version.kind], version.village, version.book, version.period
    )


async def panel_of(db: Database, version: Version, today: date) -> Panel:
    """Whoever may sign it."""
    return await panel(db, version.village, today)


async def submit(db: Database, identity: str, step: Step, reason: str = "") -> None:
    """Lays a draft before the reviewers; a correction says why (`reason`).

    Refused while something in it is to be mended, and where too few may sign.
    """
    async with db.transaction():
        version = await _as_seen(db, identity, step, State.DRAFT)
        found = await standing(db, version)
        against = list(found.problems)
        if version.version > 1 and not reason:
            against.append(texts.CORRECTION_NEEDS_REASON)
        if len(reason) > LONGEST_REASON:
            against.append(texts.REASON_TOO_LONG.format(most=LONGEST_REASON))
        free = await _free_to_sign(db, version, found, step)
        if free < NEEDED:
            against.append(texts.TOO_FEW_REVIEWERS.format(count=free, needed=NEEDED))
        if against:
            raise Refused(against)
        await _note(db, version, reason if version.version > 1 else "")
        await _move(db, version, State.SUBMITTED, "submitted", step)


async def _free_to_sign(db: Database, version: Version, found: Standing, step: Step) -> int:
    reviewing = await panel_of(db, version, step.today)
    concern = replace(found.concern, signers=())
    ids = {one.person_id for one in reviewing.reviewers}
    return sum(not reviewing.against(one, concern) for one in ids)


async def recall(db: Database, identity: str, step: Step) -> None:
    """Takes a submitted version back to mend it, as long as nobody has signed."""
    async with db.transaction():
        version = await _as_seen(db, identity, step, State.SUBMITTED)
        if version.signatures:
            raise Refused([texts.SIGNED_NOT_RECALLED])
        await _move(db, version, State.DRAFT, "recalled", step)


async def give_back(db: Database, identity: str, step: Step, reason: str) -> None:
    """A reviewer wants something mended: the version is a draft again, its signatures fall."""
    if not reason:
        raise Refused([texts.BACK_NEEDS_REASON])
    async with db.transaction():
        version = await _as_seen(db, identity, step, State.SUBMITTED, State.SIGNED)
        reviewing = await panel_of(db, version, step.today)
        if reviewing.member(step.actor) is None:
            raise Refused([texts.NOT_A_REVIEWER])
        dossier = {**version.dossier, "given_back": reason[:LONGEST_REASON]}
        await disclosures.note_dossier(db, identity, canonical(dossier))
        await _move(db, version, State.DRAFT, "given_back", step)


async def settle(db: Database, identity: str, step: Step) -> int:
    """A reviewer accepts the doubts that are open in a version; gives how many."""
    async with db.transaction():
        version = await _as_seen(db, identity, step, State.DRAFT, State.SUBMITTED)
        found = await standing(db, version)
        reviewing = await panel_of(db, version, step.today)
        if against := reviewing.against(step.actor, replace(found.concern, signers=())):
            raise Refused(against)
        book = version.book if version.kind == ACCOUNTS else version.kind
        for remark in found.doubts:
            await db.run(
                "INSERT INTO accepted_doubts (id, village, book, doubt, actor, at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (village, book, doubt) DO NOTHING",
                new_id(), version.village, book, remark.doubt, step.actor, to_ms(step.now),
            )  # fmt: skip
        rows = [f"{remark.sheet}!{remark.row}" for remark in found.doubts]
        await audit.record(db, step.actor, "accepted", identity, {"rows": rows}, now=step.now)
    return len(found.doubts)


async def against_signing(
    db: Database, version: Version, found: Standing, actor: str, today: date
) -> tuple[str, ...]:
    """Every rule that keeps somebody from signing a submitted version."""
    reviewing = await panel_of(db, version, today)
    unsettled = doubts.in_words(found.doubts, texts.OPEN_DOUBTS)
    if reviewing.member(actor) is None:
        return (texts.NOT_A_REVIEWER,)
    return (*found.problems, *unsettled, *reviewing.against(actor, found.concern))


async def sign(db: Database, identity: str, step: Step) -> State:
    """Puts a signature under a submitted version; gives its state then."""
    async with db.transaction():
        version = await _as_seen(db, identity, step, State.SUBMITTED)
        found = await standing(db, version)
        if against := await against_signing(db, version, found, step.actor, step.today):
            raise Refused(against)
        member = (await panel_of(db, version, step.today)).member(step.actor)
        assert member is not None  # noqa: S101 - nothing stands against who is no member
        return await signatures.add(db, identity, member, step.order)


async def publish(db: Database, identity: str, step: Step) -> list[int]:
    """Makes a signed version public, in the caller's transaction; gives its links in the chain.

    Who signed must still be in office, and nothing may have come up since.
    """
    version = await _as_seen(db, identity, step, State.SIGNED)
    found = await standing(db, version)
    unsettled = doubts.in_words(found.doubts, texts.OPEN_DOUBTS)
    if against := (*found.problems, *unsettled):
        raise Refused(against)
    return await disclosures.publish(db, [identity], step.actor, step.now)


async def drop(db: Database, identity: str, step: Step) -> None:
    """Throws a draft away; what was published before stays as it is."""
    async with db.transaction():
        await _as_seen(db, identity, step, State.DRAFT)
        await disclosures.drop_draft(db, identity)
        await db.run("DELETE FROM attachments WHERE disclosure_id = ?", identity)
        await audit.record(db, step.actor, "dropped", identity, now=step.now)


async def withdraw(db: Database, identity: str, step: Step, reason: str) -> None:
    """Hides a published version and shows why."""
    if not reason:
        raise Refused([texts.WITHDRAWAL_NEEDS_REASON])
    if len(reason) > LONGEST_REASON:
        raise Refused([texts.REASON_TOO_LONG.format(most=LONGEST_REASON)])
    async with db.transaction():
        await _as_seen(db, identity, step, State.PUBLISHED, State.CORRECTED)
        await disclosures.withdraw(db, identity, reason, step.actor, step.now)


async def _as_seen(db: Database, identity: str, step: Step, *states: State) -> Version:
    """The version, held for this transaction. Raises Overtaken where it is another by now."""
    held = await db.rows(
        "UPDATE disclosures SET dossier = dossier WHERE id = ? RETURNING id", identity
    )
    if not held:
        raise NotPossible(identity)
    version = await load(db, identity)
    if version.seen != step.seen or version.state not in states:
        raise Overtaken(identity)
    return version


async def _move(db: Database, version: Version, state: State, act: str, step: Step) -> None:
    await db.run(
        f"UPDATE disclosures SET state = ?, signatures = '[]' WHERE id = ? AND {OPEN}",  # noqa: S608
        state.value, version.id,
    )  # fmt: skip
    await audit.record(db, step.actor, act, version.id, now=step.now)


async def _note(db: Database, version: Version, note: str) -> None:
    """Puts the reason of a correction into its body; what a reviewer had wanted mended is done."""
    dossier = {key: value for key, value in version.dossier.items() if key != "given_back"}
    body = json.loads(version.body)
    changes = str(body["reason"])
    if version.note and changes.startswith(version.note):
        changes = changes.removeprefix(version.note).removeprefix("(").removesuffix(")")
    body["reason"] = words.with_note(note, changes)
    dossier |= {"note": note} if note else {}
    await db.run(
        f"UPDATE disclosures SET body = ?, reason = ?, dossier = ? WHERE id = ? AND {OPEN}",  # noqa: S608
        canonical(body), body["reason"], canonical(dossier), version.id,
    )  # fmt: skip


def _version(row: Row) -> Version:
    return Version(
        id=row["id"],
        village=row["village"],
        kind=row["kind"],
        book=row["book"],
        period=row["period"],
        version=row["version"],
        state=State(row["state"]),
        author=row["author"],
        reason=row["reason"],
        withdrawn_reason=row["withdrawn_reason"],
        body=row["body"],
        personal=row["personal"],
        dossier=json.loads(row["dossier"]),
        signatures=tuple(
            Signature(one["actor"], one.get("role", ""), from_ms(one["at"]))
            for one in json.loads(row["signatures"])
        ),
        created_at=from_ms(row["created_at"]),
        published_at=None if row["published_at"] is None else from_ms(row["published_at"]),
    )
