"""What a probe of `mingbai check` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.commands import texts


class Level(Enum):
    """How bad it is: the word shown, and its colour on a terminal."""

    GOOD = texts.GOOD, "green"
    NOTE = texts.NOTE, "yellow"
    CHANGE = texts.CHANGE, "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    level: Level
    what: str
    remedy: str = ""
