"""Making a signed version public, and telling whoever is to hear of it, in one transaction."""

from __future__ import annotations

from notifications.terms import Terms
from notifications.triggers import announce_published, announce_records
from storage import ad_hoc, signing
from storage.ad_hoc import AdHoc
from storage.batches import Order
from storage.bodies import KIND as ACCOUNTS
from storage.database import Database
from storage.sealing import Sealer
from storage.signing import Step
from workbooks.records.kinds import KINDS


async def publish(db: Database, terms: Terms, identity: str, step: Step) -> None:
    """Publishes and announces. Raises what `signing.publish` does."""
    async with db.transaction():
        version = await signing.load(db, identity)
        (sequence,) = (await signing.publish(db, identity, step))[-1:]
        if version.kind == ACCOUNTS:
            await announce_published(
                db,
                terms,
                village=version.village,
                periods=[version.period],
                sequence=sequence,
                now=step.now,
            )
        elif version.kind in KINDS:
            await announce_records(
                db, terms, [identity], village=version.village, sequence=sequence, now=step.now
            )


async def approve(db: Database, sealer: Sealer, terms: Terms, found: AdHoc, order: Order) -> None:
    """Makes public at once what a cadre sent in, and announces it. Raises what `ad_hoc` does."""
    async with db.transaction():
        identity, sequence = await ad_hoc.approve(db, sealer, found.id, order)
        await announce_records(
            db, terms, [identity], village=found.village, sequence=sequence, now=order.now
        )
