"""What a rule gets and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from understanding.clues import Clues
from understanding.meaning import Context, Intent
from understanding.whole import WholeMessages

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Decision(NamedTuple):
    """An intent, why it was chosen, and the slots that choosing it filled.

    `own` is False for a fragment, which is no request of its own where several are made.
    """

    intent: Intent
    why: str
    filled: Mapping[str, Any] = _NOTHING
    own: bool = True


class Case(NamedTuple):
    """A message (or clause) with all that is known when it comes."""

    clues: Clues
    context: Context
    whole: WholeMessages
    today: date

    @property
    def results(self) -> int:
        """How many the list on screen holds; none without a list."""
        last = self.context.last_query
        return last.results if last else 0


Rule = Callable[[Case], Decision | None]
