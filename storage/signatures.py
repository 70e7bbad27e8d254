"""Signatures under a version that is being prepared: one word of several that make it public."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from storage import audit, disclosures
from storage.batches import Order
from storage.canonical import canonical
from storage.database import Database
from storage.disclosures import OPEN, NotPossible, State
from storage.dossiers import Remark
from storage.moments import to_ms
from storage.panels import NEEDED, Concern, Member, Panel


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for and against an open version.

    `problems` are to be mended before it is submitted, `doubts` to be accepted before it is signed.
    `before_fen` is what the published month before closed with; None where there is none.
    """

    problems: tuple[str, ...]
    doubts: tuple[Remark, ...]
    concern: Concern
    before_fen: int | None = None


class Wanted(Protocol):
    """An open version that a command wants to be public; what became of it is noted in it."""

    id: str
    state: State
    signers: tuple[str, ...]
    was_signed: bool
    was_published: bool


async def sign_or_publish(
    db: Database, wanted: Sequence[Wanted], reviewing: Panel, order: Order
) -> None:
    """Signs what may be signed and publishes what has all signatures, in the caller's transaction.

    Nothing may stand against any of them. The word of who need not sign publishes at once.
    """
    public = list(wanted)
    member = reviewing.member(order.actor)
    if member and reviewing.signs(order.actor):
        public = []
        for one in wanted:
            one.state = await add(db, one.id, member, order)
            one.signers = (*one.signers, order.actor)
            one.was_signed = True
            if one.state is State.SIGNED:
                public.append(one)
    await disclosures.publish(db, [one.id for one in public], order.actor, order.now)
    for one in public:
        one.state, one.was_signed, one.was_published = State.PUBLISHED, False, True


async def add(db: Database, identity: str, member: Member, order: Order) -> State:
    """Puts a signature under an open version, in the caller's transaction; gives its state then.

    Whether this member may was asked before. Raises NotPossible where the version is open no more.
    """
    row = await db.row(
        f"SELECT signatures FROM disclosures WHERE id = ? AND {OPEN}",  # noqa: S608
        identity,
    )
    if row is None:
        raise NotPossible(identity)
    signed = json.loads(row["signatures"])
    signed.append({"actor": member.person_id, "at": to_ms(order.now), "role": member.role})
    state = State.SIGNED if len(signed) >= NEEDED else State.SUBMITTED
    changed = await db.rows(
        f"UPDATE disclosures SET state = ?, signatures = ? WHERE id = ? AND {OPEN}"  # noqa: S608
        " AND signatures = ? RETURNING id",
        state.value, canonical(signed), identity, row["signatures"],
    )  # fmt: skip
    if not changed:
        raise NotPossible(identity)
    await audit.record(
        db, order.actor, "signed", identity, {"role": member.role, "count": len(signed)},
        now=order.now,
    )  # fmt: skip
    return state
