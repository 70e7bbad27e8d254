"""Pages of what a village discloses besides accounts: a kind, a list, a thing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from console import texts
from console.sections import HomeEntry
from console.site import Site
from storage import chain, record_wording
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.disclosures import State
from storage.published_records import (
    Disclosure,
    PublishedRecords,
    Record,
    VillageRecords,
    head,
    is_in_force,
    is_repealed,
)
from storage.regions import Region
from workbooks.records.fields import RecordKind, Type
from workbooks.records.kinds import (
    ASSETS,
    CONTACTS,
    DECISIONS,
    DOCUMENTS,
    KINDS,
    RULES,
    SUBSIDIES,
)

_CONTENT = "content"
_SMALL = {
    "documents": ("date", "issuer"),
    "subsidies": ("group", "quantity", "standard"),
    "assets": ("quantity", "party", "end"),
    "projects": ("stage", "contractor"),
    "decisions": ("result",),
    "rules": ("edition", "effective"),
    "contacts": ("phone", "duty", "on_duty"),
}
"""What stands small below a row's name, by kind."""
_AMOUNT = {
    "subsidies": ("amount",),
    "assets": ("balance", "rent"),
    "projects": ("settled", "bid", "budget"),
}
"""The figure at a row's end: the first of these that there is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; `amount` is in fen."""

    href: str
    what: str
    small: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one thing under one name; `amount` is in fen."""

    name: str
    text: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """One row, shown whole."""

    id: str
    name: str
    content: str
    facts: tuple[Fact, ...]


class RecordPages:
    """`/v/CODE/KIND` and `/v/CODE/KIND/ID`; an old version's address leads on to the newest."""

    def __init__(self, site: Site, db: Database, records: PublishedRecords, clock: Clock) -> None:
        self._site = site
        self._db = db
        self._records = records
        self._clock = clock

    def add_to(self, app: web.Application) -> None:
        path = f"/v/{{code:\\d{{12}}}}/{{kind:{'|'.join(KINDS)}}}"
        app.router.add_get(path, self.kind)
        app.router.add_get(path + "/{id:\\w+}", self.disclosure)

    async def on_home(self, village: Region) -> list[HomeEntry]:
        """A line a kind, what the law asks for always among them (domain.md, M51)."""
        records = await self._records.newest(village.code)
        return [
            HomeEntry(kind.name, f"/v/{village.code}/{kind.code}", _how_many(kind, records))
            for kind in KINDS.values()
        ]

    async def kind(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        kind = KINDS[request.match_info["kind"]]
        height = await chain.height(self._db)
        records = await self._records.village(village.code, height)
        today = self._clock.now().astimezone(BEIJING).date()
        disclosures = records.of(kind)
        if not disclosures:
            return self._site.nothing(
                texts.NO_RECORDS_TITLE.format(kind=kind.name),
                texts.NO_RECORDS,
                back=(f"/v/{village.code}", texts.TO_VILLAGE.format(village=village.name)),
            )
        return self._site.page(
            request,
            "records.html",
            made_of=(village, height, today),
            changed_at=max(one.published_at for one in disclosures),
            title=f"{village.name}{kind.name}",
            village=village,
            groups=_groups(kind, disclosures, today),
            is_masked=kind is SUBSIDIES,
        )

    async def disclosure(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        identity = request.match_info["id"]
        versions = await self._records.versions(village.code, identity)
        shown = next((one for one in versions if one.id == identity), None)
        if shown is None or shown.kind.code != request.match_info["kind"]:
            raise web.HTTPNotFound
        newest = versions[0]
        today = self._clock.now().astimezone(BEIJING).date()
        kind = shown.kind
        return self._site.page(
            request,
            "record.html",
            made_of=(village, versions, today),
            changed_at=newest.published_at,
            title=_title(shown, newest),
            village=village,
            kind=kind,
            shown=shown,
            newest=newest,
            versions=versions,
            is_withdrawn=shown.state is State.WITHDRAWN,
            rows=[_row("", kind, record) for record in shown.records] if kind is SUBSIDIES else [],
            total=_total(shown) if kind is SUBSIDIES else None,
            things=[] if kind is SUBSIDIES else [_thing(kind, one) for one in shown.records],
            notes=list(_notes(kind, shown, today)),
        )


def _how_many(kind: RecordKind, records: VillageRecords) -> str:
    found = records.of(kind)
    if not found:
        return texts.NOT_DISCLOSED_YET
    if kind in (SUBSIDIES, ASSETS):
        return texts.LISTS_COUNTED.format(count=len(found))
    count = sum(len(one.records) for one in found)
    return texts.COUNTED.format(count=count, measure=kind.measure)


# --- a kind ---------------------------------------------------------------------------------------


def _groups(
    kind: RecordKind, disclosures: Sequence[Disclosure], today: date
) -> list[tuple[str, list[Row]]]:
    """Headings with their rows, the newest first."""
    newest = sorted(disclosures, key=lambda one: one.period, reverse=True)
    if kind is SUBSIDIES:
        return _by(newest, lambda one: one.book, _list_row)
    if kind is ASSETS:
        return [*_registers(newest)]
    if kind is DOCUMENTS:
        dated = sorted(newest, key=lambda one: one.records[0].text("date"), reverse=True)
        classes = [*kind.classes]
        in_order = sorted(dated, key=lambda one: classes.index(one.disclosure_class))
        return _by(in_order, lambda one: one.disclosure_class, _own_row)
    if kind is DECISIONS:
        return [(_meeting(one), [_linked(one, record) for record in one.records]) for one in newest]
    if kind is CONTACTS:
        return [("", [_linked(one, record) for one in newest for record in one.records])]
    if kind is RULES:
        return [*_rules(newest, today)]
    return [("", [_own_row(one) for one in newest])]


def _by(
    disclosures: Iterable[Disclosure],
    key: Callable[[Disclosure], str],
    row: Callable[[Disclosure], Row],
) -> list[tuple[str, list[Row]]]:
    """The rows under their headings, in the order in which these come up."""
    groups: dict[str, list[Row]] = {}
    for one in disclosures:
        groups.setdefault(key(one), []).append(row(one))
    return [*groups.items()]


def _registers(newest: Sequence[Disclosure]) -> Iterator[tuple[str, list[Row]]]:
    """Of each category the newest register whole, the earlier ones as links."""
    for category in ASSETS.classes:
        own = [one for one in newest if one.book == category]
        if own:
            rows = [_linked(own[0], record) for record in own[0].records]
            earlier = [_list_row(one) for one in own[1:]]
            yield f"{category} {record_wording.period(own[0].period)}", [*rows, *earlier]


def _rules(newest: Sequence[Disclosure], today: date) -> Iterator[tuple[str, list[Row]]]:
    """The rules in force, those to come, and those that hold no longer."""
    states = {one.id: _rule_state(one.records[0], today) for one in newest}
    for state in ("", texts.NOT_YET_IN_FORCE, texts.REPEALED):
        if rows := [_own_row(one) for one in newest if states[one.id] == state]:
            yield state, rows


def _rule_state(rule: Record, today: date) -> str:
    if is_repealed(rule, today):
        return texts.REPEALED
    return "" if is_in_force(rule, today) else texts.NOT_YET_IN_FORCE


def _list_row(one: Disclosure) -> Row:
    count = texts.COUNTED.format(count=len(one.records), measure=one.kind.measure)
    return Row(_href(one), record_wording.period(one.period), count, _total(one))


def _own_row(one: Disclosure) -> Row:
    return _linked(one, one.records[0])


def _linked(one: Disclosure, record: Record) -> Row:
    place = f"#{record.id}" if len(one.records) > 1 else ""
    return _row(f"{_href(one)}{place}", one.kind, record)


def _row(href: str, kind: RecordKind, record: Record) -> Row:
    small = " ".join(
        texts.SMALL.get(key, "{value}").format(
            value=record_wording.value_in_words(kind.field(key), record.values[key])
        )
        for key in _SMALL[kind.code]
        if key in record.values
    )
    keys = _AMOUNT.get(kind.code, ())
    amount = next((fen for key in keys if (fen := record.fen(key)) is not None), None)
    return Row(href, head(kind, record), small, amount)


def _href(one: Disclosure) -> str:
    return f"/v/{one.village}/{one.kind.code}/{one.id}"


def _meeting(one: Disclosure) -> str:
    return f"{record_wording.period(one.period)}{one.book}"


def _total(one: Disclosure) -> int | None:
    amounts = [record.fen("amount") for record in one.records]
    return sum(filter(None, amounts)) if any(amount is not None for amount in amounts) else None


# --- a list, or a thing by itself -----------------------------------------------------------------


def _title(shown: Disclosure, newest: Disclosure) -> str:
    if shown.kind is DECISIONS:
        return _meeting(shown)
    if shown.kind.is_list and shown.kind is not CONTACTS:
        return f"{shown.book} {record_wording.period(shown.period)}"
    records = shown.records or newest.records
    return head(shown.kind, records[0]) if records and not shown.kind.is_list else shown.kind.name


def _thing(kind: RecordKind, record: Record) -> Thing:
    skipped = {*kind.head, _CONTENT}
    facts = tuple(_fact(kind, key, record) for key in record.values if key not in skipped)
    return Thing(record.id, head(kind, record), record.text(_CONTENT), facts)


def _fact(kind: RecordKind, key: str, record: Record) -> Fact:
    field, value = kind.field(key), record.values[key]
    if field.type is Type.MONEY and isinstance(value, int):
        return Fact(field.name, amount=value)
    return Fact(field.name, record_wording.value_in_words(field, value))


def _notes(kind: RecordKind, shown: Disclosure, today: date) -> Iterator[str]:
    """What must not be overlooked."""
    records: Iterable[Record] = shown.records
    if kind is SUBSIDIES and any(one.text("state") == texts.ANNOUNCED for one in records):
        yield texts.ONLY_ANNOUNCED
    if kind is RULES:
        for rule in records:
            if is_repealed(rule, today):
                yield texts.RULE_REPEALED.format(
                    day=record_wording.period(rule.text("repealed")) or texts.UNKNOWN
                )
            elif not is_in_force(rule, today):
                yield texts.RULE_NOT_YET.format(day=record_wording.period(rule.text("effective")))
