"""An audience as somebody chooses it on a form, and as it is told in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.staff.campaigns import texts
from console.staff.routes import Visit
from notifications.audience import AudienceError, parse, written
from storage import regions
from storage.database import Database
from storage.regions import COUNTY, TOWN, Region, SeveralRegions, UnknownRegion
from workbooks.people import ROLES as ALL_ROLES

_NEVER_IN_A_POST = frozenset(",\uff0c|=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen. `region` is a 12-digit code, `village` what was typed in its place."""

    region: str = ""
    village: str = ""
    roles: tuple[str, ...] = ()
    post: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The choice as an expression, all of it in `region`; else what is wrong, by field."""

    expression: str
    region: str
    problems: Mapping[str, str]


def chosen(visit: Visit) -> Chosen:
    return Chosen(
        region=visit.text("region"),
        village=visit.text("village"),
        roles=tuple(role for role in ALL_ROLES if role in visit.texts("role")),
        post=visit.text("post"),
        topic=visit.text("topic"),
    )


async def read(
    db: Database, visit: Visit, choice: Chosen, roles: frozenset[str], topics: Mapping[str, str]
) -> Read:
    """`roles` are those of whoever may send, `topics` codes to names."""
    region, problems = choice.region, dict[str, str]()
    if choice.village:
        try:
            region = (await regions.find_village(db, choice.village)).code
        except UnknownRegion:
            problems["village"] = texts.NO_VILLAGE.format(name=choice.village)
        except SeveralRegions:
            problems["village"] = texts.SEVERAL_VILLAGES.format(name=choice.village)
    elif not region:
        problems["region"] = texts.NO_REGION
    if not problems and not visit.may(roles, region):
        problems["village" if choice.village else "region"] = texts.NOT_YOURS
    if _NEVER_IN_A_POST & set(choice.post):
        problems["post"] = texts.UNREADABLE_POST
    pieces = {
        "role": choice.roles,
        "region": (region,),
        "post": (choice.post,) if choice.post else (),
        "topic": (choice.topic,) if choice.topic in topics else (),
    }
    expression = ",".join(written(key, values) for key, values in pieces.items() if values)
    return Read(expression=expression, region=region, problems=problems)


async def choices(db: Database, visit: Visit, roles: frozenset[str]) -> list[tuple[str, str]]:
    """The regions to choose from: those of the visitor's posts, and the towns below them."""
    prefixes = visit.prefixes(roles)
    found: list[tuple[str, str]] = []
    for level in (COUNTY, TOWN):
        for one in await regions.of_level(db, level):
            if one.code.startswith(prefixes):
                found.append((one.code, texts.WHOLE.format(name=one.name)))
    for prefix in prefixes:
        if len(prefix) == 12 and (village := await regions.region(db, prefix)):
            found.append((village.code, village.name))
    return found


async def in_words(db: Database, expression: str, topics: Mapping[str, str]) -> str:
    """竹影镇,干部、监委会,职务是会计"""
    try:
        conditions = parse(expression)
    except AudienceError:
        return texts.SEVERAL
    if "person" in conditions:
        return texts.SINGLE
    words = [await _places(db, conditions.get("region", ()))]
    words += [texts.OR.join(conditions.get("village", ()))]
    words += [texts.OR.join(conditions.get("role", ()))]
    if posts := conditions.get("post"):
        words.append(texts.POST.format(post=texts.OR.join(posts)))
    if followed := conditions.get("topic"):
        named = texts.OR.join(topics.get(code, code) for code in followed)
        words.append(texts.TOPIC.format(topic=named))
    return texts.JOINT.join(word for word in words if word)


async def _places(db: Database, codes: Sequence[str]) -> str:
    if len(codes) > 1:
        return texts.SEVERAL
    if not codes:
        return ""
    found: Region | None = await regions.region(db, codes[0].ljust(12, "0"))
    return found.name if found else codes[0]
