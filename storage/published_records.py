"""What villages have published besides accounts, as readers see it: one snapshot a village.

Read once and kept until the chain has a newer link of the village; nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from storage.database import Database, Row
from storage.disclosures import State
from storage.moments import from_ms
from storage.record_bodies import parse
from storage.snapshots import Snapshot, Snapshots
from workbooks.records.fields import RecordKind, Value
from workbooks.records.kinds import KINDS, REPEALED

KEPT_RECORDS = 200_000

_COLUMNS = "id, kind, rhythm, state, body, personal, published_at, withdrawn_reason"
_KINDS = ", ".join(f"'{code}'" for code in KINDS)
_CURRENT = (
    f"SELECT {_COLUMNS}, (SELECT COALESCE(MAX(seq), 0) FROM chain) AS head"  # noqa: S608
    f" FROM disclosures WHERE village = ? AND kind IN ({_KINDS}) AND state = 'published'"
    " ORDER BY kind, period, book"
)
_VERSIONS = (
    f"SELECT {_COLUMNS} FROM disclosures"  # noqa: S608
    " WHERE village = ? AND kind = ? AND book = ? AND period = ?"
    " AND state IN ('published', 'corrected', 'withdrawn') ORDER BY version DESC"
)


@dataclass(frozen=True, slots=True)
class Record:
    """One published row: its public id, and values by key; None where one was erased."""

    id: str
    values: Mapping[str, Value | None]

    def text(self, key: str) -> str:
        """The value as text; empty where there is none."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def fen(self, key: str) -> int | None:
        """A sum of money, or a count."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def day(self, key: str) -> date | None:
        text = self.text(key)
        return date.fromisoformat(text) if text else None


def head(kind: RecordKind, record: Record) -> str:
    """What a row is called."""
    return " ".join(filter(None, (record.text(key) for key in kind.head)))


def is_in_force(rule: Record, today: date) -> bool:
    """Whether a rule holds on a day: from its day on, and not once it is repealed."""
    effective = rule.day("effective")
    return (effective is None or effective <= today) and not is_repealed(rule, today)


def is_repealed(rule: Record, today: date) -> bool:
    """Whether a rule holds no longer: it is not quoted from that very day on (domain.md, M77)."""
    repealed = rule.day("repealed")
    return repealed <= today if repealed else rule.text("state") == REPEALED


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One version of one list, or of one thing by itself. `records` is empty once withdrawn."""

    id: str
    village: str
    kind: RecordKind
    disclosure_class: str
    rhythm: str
    book: str
    period: str
    version: int
    state: State
    published_at: datetime
    reason: str
    withdrawn_reason: str
    records: tuple[Record, ...]


@dataclass(frozen=True, eq=False)
class VillageRecords:
    """All that a village has published and not withdrawn, newest version of each, by period.

    One snapshot is equal to itself alone, so that what is made from it can be kept by it.
    """

    village: str
    disclosures: tuple[Disclosure, ...]

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Disclosure, ...]]:
        return {
            code: tuple(one for one in self.disclosures if one.kind.code == code) for code in KINDS
        }

    def of(self, kind: RecordKind) -> tuple[Disclosure, ...]:
        """Those of one kind, the newest period last."""
        return self._by_kind[kind.code]


class PublishedRecords:
    """One for a process, for all readers."""

    def __init__(self, db: Database, kept_records: int = KEPT_RECORDS) -> None:
        self._db = db
        self._snapshots = Snapshots(db, self._load, kept_records)

    async def village(self, code: str, head: int) -> VillageRecords:
        """All of a village's that the chain's first `head` links tell of, or more."""
        return await self._snapshots.at(code, head)

    async def newest(self, code: str) -> VillageRecords:
        """The same with all that is published now, for whoever does not know the chain's height."""
        return await self._snapshots.newest(code)

    async def _load(self, village: str) -> Snapshot[VillageRecords]:
        rows = await self._db.rows(_CURRENT, village)
        records = VillageRecords(village, tuple(map(_disclosure, rows)))
        size = 1 + sum(len(one.records) for one in records.disclosures)
        return Snapshot(records, rows[0]["head"] if rows else None, size)

    async def versions(self, village: str, identity: str) -> tuple[Disclosure, ...]:
        """Every version of the list or thing of which `identity` is one, the newest first."""
        row = await self._db.row(
            f"SELECT kind, book, period FROM disclosures WHERE id = ? AND village = ?"  # noqa: S608
            f" AND kind IN ({_KINDS}) AND published_at IS NOT NULL",
            identity, village,
        )  # fmt: skip
        if row is None:
            return ()
        rows = await self._db.rows(_VERSIONS, village, row["kind"], row["book"], row["period"])
        return tuple(map(_disclosure, rows))


def _disclosure(row: Row) -> Disclosure:
    version = parse(KINDS[row["kind"]], row["body"], row["personal"])
    state = State(row["state"])
    records = tuple(Record(entry.id, dict(entry.line)) for entry in version.entries)
    return Disclosure(
        id=row["id"],
        village=version.village,
        kind=version.kind,
        disclosure_class=version.disclosure_class,
        rhythm=row["rhythm"],
        book=version.book,
        period=version.period,
        version=version.version,
        state=state,
        published_at=from_ms(row["published_at"]),
        reason=version.reason,
        withdrawn_reason=row["withdrawn_reason"],
        records=() if state is State.WITHDRAWN else records,
    )
