"""Who does a step of work: the operator, or the person whom `--as` names."""

from __future__ import annotations

from bot.errors import Refused
from bot.importing import texts
from storage import audit
from storage.database import Database
from storage.people import SeveralPeople, UnknownPerson, find_person
from storage.sealing import Sealer


async def actor(db: Database, sealer: Sealer, person: str | None) -> str:
    """An id for the record. Refuses somebody unknown, and a number that several people share."""
    if person is None:
        return audit.OPERATOR
    try:
        return (await find_person(db, sealer, person)).id
    except UnknownPerson:
        raise Refused(texts.UNKNOWN_PERSON) from None
    except SeveralPeople as several:
        people = [texts.ONE_OF_PEOPLE.format(id=p.id, name=p.name) for p in several.people]
        raise Refused(texts.SEVERAL_PEOPLE.format(people="\n".join(people))) from None
