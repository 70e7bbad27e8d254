"""Who reviews what a village, town or county discloses, and who must not (domain.md, 2 and M53).

Deciding, executing and supervising are different people: whoever brought something in, handled or
approved it, holds an executing post there, or is a declared relative of somebody who does, signs
nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage import relatives, texts
from storage.audit import OPERATOR
from storage.database import Database
from storage.relatives import Relation

REVIEWER, COMMITTEE, EXECUTES, ENTERS = "审核", "监委会", "干部", "录入"
NEEDED = 2
"""The review is collective: so many sign before anything is public."""

_PARTED = re.compile(r"[、,,;;/\s]+")
_POSTS = (
    "SELECT posts.person_id, people.name, posts.role, posts.region, posts.title"
    " FROM posts JOIN people ON people.id = posts.person_id"
    " WHERE posts.region IN (?, ?, ?) AND posts.role IN (?, ?, ?)"
    " AND (posts.starts_on IS NULL OR posts.starts_on <= ?)"
    " AND (posts.ends_on IS NULL OR posts.ends_on >= ?)"
    " ORDER BY posts.region DESC, posts.role, people.name, posts.person_id"
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in office; `region` is the post's own."""

    person_id: str
    name: str
    role: str
    region: str
    title: str

    @property
    def office(self) -> str:
        """What people call the post."""
        return self.title or self.role


@dataclass(frozen=True, slots=True)
class Concern:
    """What of a version bears on who may sign it.

    `importers` brought in what is not published yet; `acting` are the names of those who handled,
    approved or answer for something in it, each with the word for it; `signers` signed already.
    """

    importers: frozenset[str] = frozenset()
    acting: Mapping[str, str] | None = None
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The people on whom it hangs whether something of `region` becomes public, on one day."""

    region: str
    reviewers: tuple[Member, ...]  # 审核 here or above, 监委会 here
    executing: tuple[Member, ...]  # 干部 here
    related: tuple[Relation, ...]

    def member(self, person_id: str) -> Member | None:
        """The post by which somebody may review here: the one nearest to the village."""
        return next((one for one in self.reviewers if one.person_id == person_id), None)

    def signs(self, person_id: str) -> bool:
        """Whether a word of this actor's to publish is a signature, of which several are needed.

        The operator's is none, and nor is anybody's where there is nobody to review.
        """
        return person_id != OPERATOR and bool(self.reviewers)

    def settlers(self, person_id: str) -> frozenset[str]:
        """Who may accept doubts where this actor asks for it; empty: whoever asks."""
        if person_id == OPERATOR:
            return frozenset(one.person_id for one in self._desk())
        return frozenset(one.person_id for one in self.reviewers)

    def against(self, person_id: str, concern: Concern) -> tuple[str, ...]:
        """The rules, in words, that keep this actor from making something public or signing it."""
        if person_id == OPERATOR:
            return (texts.NEEDS_REVIEWER.format(role=REVIEWER),) if self._desk() else ()
        if not self.reviewers:
            return ()
        member = self.member(person_id)
        if member is None:
            return (texts.NOT_A_REVIEWER,)
        return tuple(self._apart(member, concern))

    def _desk(self) -> list[Member]:
        return [m for m in self.reviewers if (m.role, m.region) == (REVIEWER, self.region)]

    def _apart(self, member: Member, concern: Concern) -> Iterable[str]:
        if member.person_id in concern.signers:
            yield texts.SIGNED_ALREADY
        if member.person_id in concern.importers:
            yield texts.OWN_IMPORT
        for post in self.executing:
            if post.person_id == member.person_id:
                yield texts.EXECUTES_HERE.format(office=post.office)
        if word := (concern.acting or {}).get(member.name):
            yield texts.ACTED_IN_IT.format(word=word)
        for relation, other in self.kin_of(member.person_id):
            yield texts.RELATED.format(name=other.name, office=other.office, relation=relation)

    def kin_of(self, person_id: str) -> list[tuple[str, Member]]:
        """Declared relatives who execute here: how they are related, and who they are."""
        by_id = {post.person_id: post for post in self.executing}
        return [
            (one.relation, by_id[other])
            for one in self.related
            if (other := one.other(person_id)) in by_id
        ]


async def panel(db: Database, region: str, on: date) -> Panel:
    """Whoever reviews and executes in a region on a day."""
    places = (region, f"{region[:9]}000", f"{region[:6]}000000")
    day = on.isoformat()
    rows = await db.rows(_POSTS, *places, REVIEWER, COMMITTEE, EXECUTES, day, day)
    found = [
        Member(row["person_id"], row["name"], row["role"], row["region"], row["title"])
        for row in rows
    ]
    reviewers = [
        one
        for one in found
        if one.role == REVIEWER or (one.role == COMMITTEE and one.region == region)
    ]
    executing = [one for one in found if one.role == EXECUTES and one.region == region]
    related = await relatives.among(db, _ids(reviewers), _ids(executing))
    return Panel(region, tuple(reviewers), tuple(executing), tuple(related))


def named(text: str) -> list[str]:
    """The people whom a column names, however they are parted.

    >>> named("柏青松、靳三")
    ['柏青松', '靳三']
    """
    return [name for name in _PARTED.split(text) if name]


def _ids(members: Sequence[Member]) -> list[str]:
    return list(dict.fromkeys(one.person_id for one in members))
