"""Where what is published is filed, and what it is called: by its kind, list and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from notifications import texts
from notifications.audience import with_coarser
from storage.audience import Group
from storage.bodies import KIND as ACCOUNTS
from storage.publications import Publication
from understanding.topics import Topics, is_under

MONEY: Final = "FIN"
_AT_LARGE = "VILLAGE"  # of interest to who follows everything
_PARTY: Final = {"党务": "PARTY"}

_DEFAULT: Final[Mapping[str, str]] = MappingProxyType(
    {
        ACCOUNTS: MONEY,
        "subsidies": "SUB.CARD",
        "projects": "PROJ",
        "assets": "ASSET",
        "decisions": "DECIDE",
        "documents": _AT_LARGE,
        "rules": "RIGHT",
        "contacts": "CADRE",
    }
)
"""The kinds that are told of, and the topic of one of which no word says more."""

_HOLD_FINER: Final = frozenset({ACCOUNTS, "assets"})
"""Kinds in which there is something of every finer topic: entertainment stands in the accounts."""


@dataclass(frozen=True, slots=True, order=True)
class Filed:
    """What is told of a publication. `period` is a month of accounts, else empty."""

    village: str
    title: str
    period: str
    topics: tuple[str, ...]
    holds_finer: bool = False

    def concerns(self, followed: str) -> bool:
        """Whether who follows that topic is told."""
        return any(
            followed in with_coarser(topic) or (self.holds_finer and is_under(followed, topic))
            for topic in self.topics
        )


def file_under(publication: Publication, topics: Topics) -> Filed | None:
    """Files a publication; None for a kind that nobody is told of."""
    default = _DEFAULT.get(publication.kind)
    if default is None:
        return None
    title = _title(publication)
    is_accounts = publication.kind == ACCOUNTS
    return Filed(
        village=publication.village,
        title=title,
        period=publication.period if is_accounts else "",
        topics=(default,) if is_accounts else _topics(publication, title, default, topics),
        holds_finer=publication.kind in _HOLD_FINER,
    )


def _topics(publication: Publication, title: str, default: str, topics: Topics) -> tuple[str, ...]:
    """All that the title speaks of; the default of its kind where that says nothing of it."""
    said = topics.topics_of(title)
    default = _PARTY.get(publication.disclosure_class, default)
    return said if any(is_under(topic, default) for topic in said) else (*said, default)


def _title(publication: Publication) -> str:
    named = "、".join(publication.heads) or publication.book
    return texts.TITLES[publication.kind].format(name=named)


def followers(
    filed: Iterable[Filed], villages: Sequence[str], rhythm: str, people: Sequence[str] = ()
) -> Group:
    """Who follows any of that, in that rhythm, of these villages; of `people` where any are."""
    found = list(filed)
    topics = dict.fromkeys(topic for one in found for topic in one.topics)
    under = dict.fromkeys(topic for one in found if one.holds_finer for topic in one.topics)
    return Group(
        people=tuple(people),
        regions=tuple(villages),
        topics=tuple(dict.fromkeys(name for topic in topics for name in with_coarser(topic))),
        topics_under=tuple(under),
        rhythm=rhythm,
    )
