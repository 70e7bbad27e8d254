"""Why a notice would reach nobody, in the operator's words."""

from __future__ import annotations

from dataclasses import replace

from notifications import texts
from notifications.audience import UNKNOWN, parse, read_audience, written
from storage import audience
from storage.audience import Reach, Selection
from storage.database import Database


async def why_nobody(db: Database, expression: str, selection: Selection, reach: Reach) -> str:
    """Which condition of the audience nobody meets; empty where a message would go out, as `reach`
    of the selection says.

    A person whom nobody knows is one too, whoever stands beside them.
    """
    conditions = parse(expression)
    unknown = [word for word in conditions.get("person", ()) if word.startswith(UNKNOWN)]
    if unknown:
        return texts.UNKNOWN_PERSON.format(number=unknown[0].removeprefix(UNKNOWN))
    if any(reach.by_channel.values()):
        return ""
    if reach.people:
        return texts.WITHOUT_CHANNEL.format(people=reach.people)
    for key, alternatives in conditions.items():
        piece = written(key, alternatives)
        if not await _anybody(db, piece, selection):
            return texts.NOBODY_MEETS.format(piece=piece)
    return texts.NOBODY_MEETS_ALL


async def _anybody(db: Database, expression: str, selection: Selection) -> bool:
    """Whether somebody is meant, also such as want none of it."""
    alone = await read_audience(db, expression, selection.audience.on)
    reach = await audience.reach(db, replace(selection, audience=alone, may_refuse=False))
    return reach.people > 0
