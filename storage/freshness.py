"""How new what is in memory must be: by each village's newest link in the chain, never by time."""

from __future__ import annotations

from storage.database import Database


class Freshness:
    """The newest link that each village (or county) is known to have."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._newest: dict[str, int] = {}
        self.seen = 0  # the links looked at so far

    def of(self, village: str) -> int:
        """The number of its newest link, as far as `seen`; 0 where it has none."""
        return self._newest.get(village, 0)

    async def look_ahead(self, head: int) -> None:
        """Learns of all links up to `head`, and of any after it."""
        if head <= self.seen:
            return
        rows = await self._db.rows(
            "SELECT disclosures.village, MAX(chain.seq) AS seq FROM chain"
            " JOIN disclosures ON disclosures.id = chain.disclosure_id"
            " WHERE chain.seq > ? GROUP BY disclosures.village",
            self.seen,
        )
        for row in rows:
            self._newest[row["village"]] = max(self.of(row["village"]), row["seq"])
        self.seen = max([self.seen, *(row["seq"] for row in rows)])
