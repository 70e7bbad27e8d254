"""Where what is published is filed: under which topic its followers look for it, by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from notifications import texts
from notifications.audience import with_coarser
from storage.audience import Group
from storage.bodies import KIND as ACCOUNTS


@dataclass(frozen=True, slots=True)
class Filed:
    """A kind of disclosure: its topic, and what it is called in a sentence."""

    topic: str
    name: str

    def concerns(self, followed: str) -> bool:
        """Whether who follows that topic is told: the same, a coarser one, or a finer one in it."""
        return followed in with_coarser(self.topic) or followed.startswith(f"{self.topic}.")


FILED: Final[Mapping[str, Filed]] = MappingProxyType(
    {
        ACCOUNTS: Filed("FIN", texts.ACCOUNTS),
    }
)
"""Kinds that are told of."""


def followers(
    topics: Sequence[str], villages: Sequence[str], rhythm: str, people: Sequence[str] = ()
) -> Group:
    """Who follows that, in that rhythm, of these villages; of certain `people` where any are."""
    wider = dict.fromkeys(name for topic in topics for name in with_coarser(topic))
    return Group(
        people=tuple(people),
        regions=tuple(villages),
        topics=tuple(wider),
        topics_under=tuple(topics),
        rhythm=rhythm,
    )
