"""Which keys the store cannot do without."""

from storage.database import Database
from storage.schema import applied

SEALED = {
    "addresses": "SELECT 1 AS one FROM addresses LIMIT 1",
    "ad_hoc": "SELECT 1 AS one FROM ad_hoc LIMIT 1",
    "attachments": "SELECT 1 AS one FROM attachments LIMIT 1",
    "uploads": "SELECT 1 AS one FROM uploads LIMIT 1",
    "conversations": "SELECT 1 AS one FROM conversations LIMIT 1",
    "deliveries": "SELECT 1 AS one FROM deliveries WHERE sealed IS NOT NULL LIMIT 1",
    "inbox": "SELECT 1 AS one FROM inbox WHERE sealed IS NOT NULL LIMIT 1",
    "matters": "SELECT 1 AS one FROM matters LIMIT 1",
    "request_answers": "SELECT 1 AS one FROM request_answers LIMIT 1",
    "requests": "SELECT 1 AS one FROM requests LIMIT 1",
    "staff": "SELECT 1 AS one FROM staff WHERE totp IS NOT NULL LIMIT 1",
    "staff_drafts": "SELECT 1 AS one FROM staff_drafts LIMIT 1",
}
"""Every table that holds something sealed, and how to see whether it does."""


async def needed_fingerprint(db: Database) -> str | None:
    """The fingerprint of the keys without which something stored is lost; None where nothing is."""
    if not await applied(db):
        return None
    for query in SEALED.values():
        if await db.row(query):
            installation = await db.row("SELECT fingerprint FROM installation")
            return str(installation["fingerprint"]) if installation else ""
    return None
