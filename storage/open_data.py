"""What anybody may fetch and check: accounts, other disclosures, the chain (contract.md 4).

Everything that a hash was made from is there, so that docs/verify_chain.py can check all of it
from outside: an entry carries the salts of its personal values, or, once erased, their hashes.
"""

from __future__ import annotations

import json
from typing import Any

from storage import chain
from storage.bodies import KIND
from storage.canonical import GENESIS
from storage.database import Database, Row
from storage.personal import ACCOUNTS_FIELDS

LINKS_AT_ONCE = 1000


async def villages(db: Database) -> list[dict[str, Any]]:
    """`/api/v1/villages.json`: every village, and the months that it has published."""
    rows = await db.rows(
        "SELECT village.code, village.name, village.kind, town.name AS town FROM regions village"
        " LEFT JOIN regions town ON town.code = village.parent"
        " WHERE village.level = 'village' ORDER BY village.code"
    )
    months = await db.rows(
        "SELECT DISTINCT village, period FROM disclosures"
        " WHERE kind = ? AND state = 'published' ORDER BY village, period",
        KIND,
    )
    periods: dict[str, list[str]] = {}
    for month in months:
        periods.setdefault(month["village"], []).append(month["period"])
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "town": row["town"] or "",
            "kind": row["kind"],
            "accounts": periods.get(row["code"], []),
        }
        for row in rows
    ]


async def accounts(db: Database, village: str, period: str) -> dict[str, Any] | None:
    """`/api/v1/CODE/accounts/YYYY-MM.json`: every book of a month; None where none was published.

    `earlier` holds the versions that were corrected, in the same shape; what was withdrawn shows
    its reason and nothing else.
    """
    name = await db.row("SELECT name FROM regions WHERE code = ?", village)
    rows = await db.rows(
        "SELECT * FROM disclosures WHERE village = ? AND kind = ? AND period = ?"
        " AND state IN ('published', 'corrected', 'withdrawn') ORDER BY book, version DESC",
        village, KIND, period,
    )  # fmt: skip
    if not rows:
        return None
    books = [_version(row) for row in rows if row["state"] == "published"]
    earlier = [_version(row) for row in rows if row["state"] == "corrected"]
    withdrawn = [_withdrawn(row) for row in rows if row["state"] == "withdrawn"]
    return {
        "village": name["name"] if name else "",
        "code": village,
        "period": period,
        "books": books,
        "earlier": earlier,
        "withdrawn": withdrawn,
    }


async def disclosure(db: Database, village: str, identity: str) -> dict[str, Any] | None:
    """`/api/v1/CODE/disclosures/ID.json`: one version of any kind but accounts, in any state.

    None where there is no such version, or it was never published. What was withdrawn shows its
    reason and no content.
    """
    row = await db.row(
        "SELECT * FROM disclosures WHERE id = ? AND village = ? AND kind <> ?"
        " AND state IN ('published', 'corrected', 'withdrawn')",
        identity, village, KIND,
    )  # fmt: skip
    if row is None:
        return None
    shown = {name: row[name] for name in ("id", "village", "kind", "book", "period", "version")}
    shown |= {"state": row["state"], "published_at": chain.moment(row["published_at"])}
    if row["state"] == "withdrawn":
        return {**shown, "withdrawn_reason": row["withdrawn_reason"]}
    return {**shown, "body": json.loads(row["body"]), "personal": json.loads(row["personal"])}


async def head(db: Database) -> dict[str, Any]:
    """`/api/v1/head.json`."""
    row = await db.row("SELECT seq, hash, at FROM chain ORDER BY seq DESC LIMIT 1")
    if row is None:
        return {"head": GENESIS, "length": 0, "at": None}
    return {"head": row["hash"], "length": row["seq"], "at": chain.moment(row["at"])}


async def links(db: Database, after: int, limit: int = LINKS_AT_ONCE) -> list[dict[str, Any]]:
    """`/api/v1/chain.json?after=N`: links N+1, N+2, ...; ask again behind the last one."""
    rows = await db.rows(
        "SELECT chain.*, disclosures.village, disclosures.kind, disclosures.period,"
        " disclosures.book, disclosures.version"
        " FROM chain JOIN disclosures ON disclosures.id = chain.disclosure_id"
        " WHERE chain.seq > ? ORDER BY chain.seq LIMIT ?",
        after, limit,
    )  # fmt: skip
    return [
        {
            "seq": row["seq"],
            "event": row["event"],
            "disclosure": row["disclosure_id"],
            "content": row["content"],
            "at": chain.moment(row["at"]),
            "hash": row["hash"],
            "village": row["village"],
            "kind": row["kind"],
            "period": row["period"],
            "book": row["book"],
            "version": row["version"],
        }
        for row in rows
    ]


def _version(row: Row) -> dict[str, Any]:
    body, personal = json.loads(row["body"]), json.loads(row["personal"])
    return {
        "id": row["id"],
        "book": body["book"],
        "version": body["version"],
        "published_at": chain.moment(row["published_at"]),
        "reason": body["reason"],
        "opening": _yuan(body["opening"]),
        "income": _yuan(body["income"]),
        "expense": _yuan(body["expense"]),
        "closing": _yuan(body["closing"]),
        "entries": [_entry(entry, personal) for entry in body["entries"]],
    }


def _entry(entry: dict[str, Any], personal: dict[str, list[str]]) -> dict[str, Any]:
    shown = {name: entry[name] for name in entry if name not in ACCOUNTS_FIELDS}
    shown["amount"] = _yuan(entry["amount"])
    for name in ACCOUNTS_FIELDS:
        salt, value = personal.get(f"{entry['id']}.{name}", (None, None))
        shown[name] = value
        shown[f"{name}_salt"] = salt
        shown[f"{name}_hash"] = entry[name]
    return shown


def _withdrawn(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "book": row["book"],
        "version": row["version"],
        "published_at": chain.moment(row["published_at"]),
        "withdrawn_reason": row["withdrawn_reason"],
    }


def _yuan(fen: int | None) -> str | None:
    """Fen as yuan with two decimals: -300.00."""
    if fen is None:
        return None
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"
