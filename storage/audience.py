"""Audiences, resolved inside the database: who is meant, and over which channel each is reached.

An audience never passes through this process: `fan_out` is one INSERT ... SELECT.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from storage.database import Database
from storage.moments import NEVER, to_ms
from storage.refusals import AT_ADDRESS
from storage.tallies import Moves

EVERYTHING = "*"
"""The topic of whoever follows all there is."""

RESIDENT = "居民"
"""The role of whoever holds no post."""

# Random public ids, made where the rows are made (storage.ids makes all others).
RANDOM_ID = {
    "sqlite": "lower(hex(randomblob(10)))",
    "postgres": "substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 1, 20)",
}
# The same, after six digits that the rows of one page share: they lie side by side in every index.
_ID_OF_PAGE = {
    "sqlite": "CAST(? AS TEXT) || lower(hex(randomblob(7)))",
    "postgres": "CAST(? AS TEXT) || substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 1, 14)",  # noqa: E501
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conditions that must all hold; an empty one is none.

    Roles, regions and titles are of one post, valid on the day. `regions` are the leading digits of
    12-digit codes. A role 居民 is also whoever has bound a village there. `topics` are exact,
    `topics_under` those and all finer ones; with regions it is villages there that are followed,
    the person's own or another. `rhythm` is the one in which they are, empty: any.
    """

    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topics_under: tuple[str, ...] = ()
    rhythm: str = ""
    people: tuple[str, ...] = ()
    # Whom a campaign has not reached, as its newest delivery to them in one of these states says.
    failed_of: str = ""
    failed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Everybody who belongs to one of the groups on that day."""

    groups: tuple[Group, ...]
    on: date

    def as_json(self) -> str:
        """As a campaign keeps it."""
        groups = [asdict(group) for group in self.groups]
        return json.dumps({"groups": groups, "on": self.on.isoformat()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Audience:
        told = json.loads(text)
        groups = tuple(_group_of(group) for group in told["groups"])
        return cls(groups=groups, on=date.fromisoformat(told["on"]))


def _group_of(told: dict[str, Any]) -> Group:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
    return Group(**fields)


@dataclass(frozen=True, slots=True)
class Between:
    """A page of people, by their ids: after the first, up to and with the last."""

    after: str
    upto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Whom of an audience a notice may reach, and how."""

    audience: Audience
    notice_class: str
    may_refuse: bool
    channels: tuple[str, ...]  # the one that a follower asked for, else the first that one has


@dataclass(frozen=True, slots=True)
class Reach:
    """What a notice would come to."""

    people: int  # in the audience, without those who refused
    by_channel: dict[str, int]  # messages; a number that several people share gets one
    without_channel: int


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, from its beginning up to without its end, and when notices may go out on it."""

    start: datetime
    end: datetime
    opens: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """The rows to be made. Moments are business time."""

    campaign_id: str
    revision: int
    lane: int
    not_before: datetime
    expires_at: datetime
    now: datetime
    per_day: int | None = None  # of the class, for each person
    days: tuple[Day, ...] = ()  # which may take it, the first one first; one at least


async def reach(db: Database, selection: Selection) -> Reach:
    """Counts, and sends nothing."""
    ways, values = _ways(selection)
    rows = await db.rows(
        f"{ways} SELECT channel, COUNT(*) AS people, COUNT(*) - SUM(shared)"  # noqa: S608
        " + COUNT(DISTINCT CASE WHEN shared = 1 THEN lookup END) AS messages"
        " FROM every_way GROUP BY channel",
        *values,
    )
    people = {row["channel"]: int(row["people"]) for row in rows}
    messages = {row["channel"]: int(row["messages"]) for row in rows}
    return Reach(
        people=sum(people.values()),
        by_channel={channel: messages.get(channel, 0) for channel in selection.channels},
        without_channel=people.get(None, 0),
    )


async def is_small(db: Database, selection: Selection, limit: int) -> bool:
    """Whether not more than that many people are meant."""
    where, values = _wanted(selection)
    row = await db.row(
        f"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM people p WHERE {where} LIMIT ?) AS piece",  # noqa: S608
        *values,
        limit + 1,
    )
    return row is None or int(row["n"]) <= limit


async def next_page(db: Database, after: str, size: int) -> tuple[Between, bool] | None:
    """The next so many people, and whether they are the last; None where nobody is left."""
    row = await db.row(
        "SELECT MAX(id) AS last, COUNT(*) AS n FROM"
        " (SELECT id FROM people WHERE id > ? ORDER BY id LIMIT ?) AS piece",
        after,
        size,
    )
    if row is None or not row["n"]:
        return None
    return Between(after, row["last"]), int(row["n"]) < size


async def without_channel(db: Database, selection: Selection, limit: int) -> list[str]:
    """The ids of people whom no channel reaches, the first of them."""
    ways, values = _ways(selection)
    rows = await db.rows(
        f"{ways} SELECT person_id FROM every_way WHERE lookup IS NULL"  # noqa: S608
        " ORDER BY person_id LIMIT ?",
        *values, limit,
    )  # fmt: skip
    return [row["person_id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Reached:
    """One whom a notice would reach. `address` is sealed."""

    person_id: str
    channel: str
    address: bytes = field(repr=False)


async def first_reached(db: Database, selection: Selection, limit: int) -> list[Reached]:
    """The first of those who would get a message, by their ids; of a shared number one, as sent."""
    ways, values = _ways(selection)
    rows = await db.rows(
        f"{ways} SELECT chosen.person_id, chosen.channel, a.sealed FROM chosen"  # noqa: S608
        " JOIN addresses a ON a.person_id = chosen.person_id AND a.channel = chosen.channel"
        " AND a.lookup = chosen.lookup ORDER BY chosen.person_id LIMIT ?",
        *values, limit,
    )  # fmt: skip
    return [Reached(row["person_id"], row["channel"], bytes(row["sealed"])) for row in rows]


async def fan_out(
    db: Database, selection: Selection, rows: FanOut, page: Between | None = None
) -> int:
    """Makes a delivery for each person of the audience, or of one page; returns how many there are.

    A second run adds nothing: `unique(campaign, person, revision)`. Pages come in order of ids, one
    at a time: whoever shares an address with somebody of an earlier page gets none.
    """
    ways, values = _ways(selection, page)
    not_before, more = _not_before(selection, rows)
    alone, others = _alone(rows, page)
    moves = Moves()
    async with db.transaction():
        before = await _made(db, rows, page)
        await db.run(
            "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"  # noqa: S608
            " attempt_id, tries, not_before, expires_at, owner, reason, updated_at, begun,"
            f" repeated) {ways} SELECT {_ID_OF_PAGE[db.dialect]}, CAST(? AS VARCHAR(20)),"
            " person_id, CAST(? AS INTEGER), CAST(? AS INTEGER), 'new', channel, '', 0,"
            f" {not_before}, CAST(? AS BIGINT), '', '', CAST(? AS BIGINT), 0, false"
            f" FROM chosen WHERE {alone}"
            " ON CONFLICT (campaign_id, person_id, revision) DO NOTHING",
            *values, secrets.token_hex(3), rows.campaign_id, rows.revision, rows.lane, *more,
            to_ms(rows.expires_at), to_ms(rows.now), *others,
        )  # fmt: skip
        made = await _made(db, rows, page)
        if made > before:
            moves.added(rows.campaign_id, made - before)
        await moves.write(db)
    return made


async def _made(db: Database, rows: FanOut, page: Between | None) -> int:
    within, its = ("", []) if page is None else _within("person_id", page)
    made = await db.row(
        "SELECT COUNT(*) AS n FROM deliveries WHERE campaign_id = ? AND revision = ?"  # noqa: S608
        f"{within}",
        rows.campaign_id, rows.revision, *its,
    )  # fmt: skip
    return int(made["n"]) if made else 0


def _alone(rows: FanOut, page: Between | None) -> tuple[str, list[Any]]:
    """Whether nobody of an earlier page already gets it at the address of `chosen`."""
    if page is None or not page.after:
        return "1 = 1", []
    return (
        "(chosen.shared = 0 OR NOT EXISTS (SELECT 1 FROM addresses s JOIN deliveries e"
        " ON e.campaign_id = ? AND e.person_id = s.person_id AND e.revision = ?"
        " WHERE s.channel = chosen.channel AND s.lookup = chosen.lookup AND s.state = 'active'"
        " AND s.person_id <= ? AND e.channel = s.channel))",
        [rows.campaign_id, rows.revision, page.after],
    )


def _within(column: str, page: Between | None) -> tuple[str, list[Any]]:
    """The condition that a person's id lies in a page; none where there are no pages."""
    if page is None:
        return "", []
    return f" AND {column} > ? AND {column} <= ?", [page.after, page.upto]


def _ways(selection: Selection, page: Between | None = None) -> tuple[str, list[Any]]:
    """`every_way`: each person once, with the channel to take and the address there, both NULL
    where there is none, and whether somebody else may have an address of theirs; `chosen`: those
    who have one, and of those who share one the first.

    Few share an address. Only of them is it asked what the others refused and who comes first, for
    each such question leads to another corner of a large index.
    """
    asked_for, asked = _asked_for(selection.audience)
    where, wanted = _wanted(selection, page)
    followers = " WHERE m.asked_for IS NOT NULL" if _tells(selection.audience, page) else ""
    mine, of_mine = _best(selection, _REFUSED_BY_ONESELF)
    ours, of_ours = _best(selection, AT_ADDRESS)
    places = " ".join(f"WHEN '{place}' THEN ?" for place, _ in enumerate(selection.channels))
    read = (
        f"SELECT person_id, CAST(CASE substr(best, 3, 1) {places} END AS VARCHAR(32)) AS channel,"
        " substr(best, 4) AS lookup, shared"
    )
    sql = (
        f"WITH meant AS MATERIALIZED (SELECT p.id AS person_id, {asked_for} AS asked_for"  # noqa: S608
        f" FROM people p WHERE {where}),"
        f" looked AS MATERIALIZED (SELECT m.person_id, m.asked_for, {mine} AS best FROM meant m"
        f"{followers}),"
        f" shared AS MATERIALIZED (SELECT m.person_id, {ours} AS best FROM looked m"
        " WHERE substr(m.best, 1, 1) = '1'),"
        f" every_way AS ({read} FROM (SELECT person_id, best, 0 AS shared FROM looked"
        " WHERE best IS NULL OR substr(best, 1, 1) = '0'"
        " UNION ALL SELECT person_id, best, 1 FROM shared) AS each_way),"
        f" chosen AS ({read} FROM (SELECT person_id, best, 0 AS shared FROM looked"
        " WHERE substr(best, 1, 1) = '0'"
        " UNION ALL SELECT MIN(person_id), MIN(best), 1 FROM shared WHERE best IS NOT NULL"
        " GROUP BY substr(best, 3)) AS first)"
    )
    its = [*asked, *wanted, *of_mine, *of_ours, *selection.channels, *selection.channels]
    return sql, its


def _best(selection: Selection, refused: str) -> tuple[str, list[Any]]:
    """The address to take of `m`, after three digits: 1 where one of theirs is shared, 0 on the
    channel that was asked for, the place of the channel. NULL where there is none."""
    places = " ".join(f"WHEN ? THEN '{place}'" for place, _ in enumerate(selection.channels))
    values: list[Any] = [*selection.channels, *selection.channels]
    refusal = ""
    if selection.may_refuse:
        refusal = f" AND NOT {refused}"
        values.append(selection.notice_class)
    sql = (
        "(SELECT MAX(CASE WHEN a.shared THEN '1' ELSE '0' END)"  # noqa: S608
        " || MIN(CASE WHEN a.channel = m.asked_for THEN '0' ELSE '1' END"
        f" || CASE a.channel {places} END || a.lookup) FROM addresses a"
        " WHERE a.person_id = m.person_id AND a.state = 'active'"
        f" AND a.channel IN ({_marks(selection.channels)}){refusal})"
    )
    return sql, values


_REFUSED_BY_ONESELF = (
    "EXISTS (SELECT 1 FROM opt_outs o WHERE o.person_id = a.person_id"
    " AND o.notice_class = ? AND o.channel = a.channel)"
)


def _wanted(selection: Selection, page: Between | None = None) -> tuple[str, list[Any]]:
    """Who of `people p` belongs to the audience, without those who refused the class."""
    audience = selection.audience
    each = _each(audience, page)
    groups = [_group(group, audience.on, each=each) for group in audience.groups]
    within, its = _within("p.id", page)
    if _tells(audience, page):
        groups = [("1 = 1", [])]
    sql = f"({' OR '.join(f'({condition})' for condition, _ in groups)}){within}"
    values = [value for _, values in groups for value in values] + its
    if not selection.may_refuse:
        return sql, values
    refused = "opt_outs o WHERE o.person_id = p.id AND o.notice_class = ? AND o.channel = ''"
    return f"{sql} AND NOT ({_some(refused)})", [*values, selection.notice_class]


def _some(rows: str) -> str:
    """Whether there are such rows, looked up for each person.

    PostgreSQL makes a join of an EXISTS, and before its first statistics of a table just filled it
    tries everybody with everybody.
    """
    return f"(SELECT COUNT(*) FROM {rows}) > 0"  # noqa: S608


def _each(audience: Audience, page: Between | None) -> bool:
    """Whether people are looked up one at a time: on a page, and where so many of them belong that
    a list of those who meet a condition would take longer than going through all."""
    return page is not None or any(_is_broad(group) for group in audience.groups)


def _is_broad(group: Group) -> bool:
    """Whether it may be a good part of all people: more than a village's residents or followers."""
    if group.people or group.failed_of or group.titles:
        return False
    anybody = not group.roles or RESIDENT in group.roles
    return anybody and all(len(digits) < _VILLAGE_DIGITS for digits in group.regions)


_VILLAGE_DIGITS = 12


def _tells(audience: Audience, page: Between | None) -> bool:
    """Whether `_asked_for` tells of everybody who belongs: then it is asked once."""
    (group, *more) = audience.groups
    others = (group.roles, group.titles, group.people, group.failed_of)
    return _each(audience, page) and _by_topic(group) and not more and not any(others)


def _asked_for(audience: Audience) -> tuple[str, list[Any]]:
    """The channel by which a follower wants it, empty: any; where several were said, the one
    without a cost. NULL for whoever follows nothing of it, where it is for followers."""
    groups = [group for group in audience.groups if _by_topic(group)]
    following = [_following(group, audience.on, each=True) for group in groups]
    if not following:
        return "''", []
    sql = " OR ".join(f"({condition})" for condition, _ in following)
    said = f"SELECT MAX(f.channel) FROM follows f WHERE f.person_id = p.id AND ({sql})"  # noqa: S608
    return f"({said})", [value for _, values in following for value in values]


def _group(group: Group, on: date, *, each: bool) -> tuple[str, list[Any]]:
    """Whether `people p` meets all conditions.

    All who meet one are listed at once; with `each` one is looked up at a time.
    """
    conditions: list[tuple[str, list[Any]]] = []
    if group.roles or group.titles or (group.regions and not _by_topic(group)):
        conditions.append(_belongs("p.id", group, on, each=each))
    if _by_topic(group):
        followed, values = _following(group, on, each=each)
        sql = f"p.id IN (SELECT f.person_id FROM follows f WHERE {followed})"  # noqa: S608
        if each:
            sql = _some(f"follows f WHERE f.person_id = p.id AND {followed}")
        conditions.append((sql, values))
    if group.people:
        conditions.append((f"p.id IN ({_marks(group.people)})", [*group.people]))
    if group.failed_of:
        conditions.append(_failed(group))
    if not conditions:
        raise ValueError("a group without conditions would be everybody")
    sql = " AND ".join(condition for condition, _ in conditions)
    return sql, [value for _, values in conditions for value in values]


def _failed(group: Group) -> tuple[str, list[Any]]:
    """Whom the newest delivery of a campaign has not reached; what may still be settled is not."""
    return (
        "EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = ? AND d.person_id = p.id"  # noqa: S608
        f" AND d.state IN ({_marks(group.failed_in)}) AND (d.state <> 'unknown'"
        f" OR d.not_before >= {NEVER}) AND NOT EXISTS (SELECT 1 FROM deliveries n"
        " WHERE n.campaign_id = d.campaign_id AND n.person_id = d.person_id"
        " AND n.revision > d.revision))",
        [group.failed_of, *group.failed_in],
    )


def _belongs(person: str, group: Group, on: date, *, each: bool) -> tuple[str, list[Any]]:
    """Whether a person holds such a post, or has bound a village there; with `each`, `people p`."""
    posts, values = _posts(group, on)
    if group.titles or (group.roles and RESIDENT not in group.roles):
        bound, bounds = "", []
    else:
        bound = _any_of("{table}.village BETWEEN ? AND ?", group.regions)
        bound = bound or "{table}.village IS NOT NULL"
        bounds = [digits for prefix in group.regions for digits in _bounds(prefix)]
    if each:
        sql = _some(f"posts t WHERE t.person_id = p.id AND {posts}")
        return (f"({bound.format(table='p')} OR {sql})" if bound else sql), bounds + values
    listed = f"SELECT t.person_id FROM posts t WHERE {posts}"  # noqa: S608
    if bound:
        listed += f" UNION SELECT r.id FROM people r WHERE {bound.format(table='r')}"  # noqa: S608
    return f"{person} IN ({listed})", values + bounds


def _posts(group: Group, on: date) -> tuple[str, list[Any]]:
    """Which rows `posts t` are of such a role and title, there, and valid on the day."""
    sql = "(t.starts_on IS NULL OR t.starts_on <= ?) AND (t.ends_on IS NULL OR t.ends_on >= ?)"
    values: list[Any] = [on.isoformat(), on.isoformat()]
    if group.roles:
        sql += f" AND t.role IN ({_marks(group.roles)})"
        values += group.roles
    if group.titles:
        # 会计、出纳 is both.
        sql += f" AND ({_any_of(_TITLES, group.titles)})"
        values += [f"%、{title}、%" for title in group.titles]
    if group.regions:
        sql += f" AND ({_any_of('t.region BETWEEN ? AND ?', group.regions)})"
        values += [digits for prefix in group.regions for digits in _bounds(prefix)]
    return sql, values


_TITLES = "('、' || t.title || '、') LIKE ?"


def _by_topic(group: Group) -> bool:
    return bool(group.topics or group.topics_under)


def _following(group: Group, on: date, *, each: bool) -> tuple[str, list[Any]]:
    """Which rows `follows f` are of these topics, there, in that rhythm; with `each`, of one
    person, `people p`."""
    exact = (*group.topics, *group.topics_under)
    sql = f"f.topic IN ({_marks(exact)})"
    values: list[Any] = [*exact]
    if group.topics_under:
        sql += " OR " + _any_of("f.topic LIKE ?", group.topics_under)
        values += [f"{topic}.%" for topic in group.topics_under]
    sql = f"({sql})"
    if group.rhythm:
        sql += " AND f.rhythm = ?"
        values.append(group.rhythm)
    if group.regions:
        own, own_values = _belongs("f.person_id", Group(regions=group.regions), on, each=each)
        there = _any_of("f.village BETWEEN ? AND ?", group.regions)
        sql += f" AND ({there} OR (f.village = '' AND {own}))"
        values += [digits for prefix in group.regions for digits in _bounds(prefix)] + own_values
    return sql, values


def _not_before(selection: Selection, rows: FanOut) -> tuple[str, list[Any]]:
    """When a row is due: the first day on which the person has not had enough of the class yet.

    Where all days are full it is the last, when the notice has long been worth nothing.
    """
    if rows.per_day is None or not rows.days:
        return "CAST(? AS BIGINT)", [to_ms(rows.not_before)]
    room = (
        "(SELECT COUNT(*) FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " WHERE d.person_id = chosen.person_id AND c.notice_class = ? AND c.id <> ?"
        " AND d.not_before >= ? AND d.not_before < ?"
        " AND d.state NOT IN ('cancelled', 'refused', 'dead')) < CAST(? AS INTEGER)"
    )
    cases, values = "", []
    for day in rows.days[:-1]:
        cases += f" WHEN {room} THEN CAST(? AS BIGINT)"
        values += [
            selection.notice_class, rows.campaign_id, to_ms(day.start), to_ms(day.end),
            rows.per_day, to_ms(day.opens),
        ]  # fmt: skip
    return f"CASE{cases} ELSE CAST(? AS BIGINT) END", [*values, to_ms(rows.days[-1].opens)]


def _bounds(prefix: str) -> tuple[str, str]:
    """The first and last code that begin so; digits sort alike everywhere."""
    return prefix.ljust(12, "0"), prefix.ljust(12, "9")


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


def _any_of(condition: str, values: Sequence[str]) -> str:
    return " OR ".join(condition for _ in values)
