"""Making a signed version public, and telling whoever is to hear of it, in one transaction."""

from __future__ import annotations

from notifications.terms import Terms
from notifications.triggers import announce_published, announce_records
from storage import signing
from storage.bodies import KIND as ACCOUNTS
from storage.database import Database
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
