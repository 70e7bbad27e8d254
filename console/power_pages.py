"""Pages of power items: a unit's list, what a post may do, one item with its steps and risks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from aiohttp import web

from console import texts
from console.power_requests import ITEM, LIST, Asked, PowerRequests
from console.sections import HomeEntry
from console.site import Site
from storage.power_lists import Listed, PastVersion
from storage.power_versions import county_of
from storage.power_wording import level
from storage.regions import COUNTY, Region
from understanding.posts import post_of
from workbooks.power_items import PowerItem, Step


@dataclass(frozen=True, slots=True)
class Held:
    """A post, who holds it today, and what of an item (or of a list) is its part."""

    post: str
    names: tuple[str, ...]
    steps: tuple[tuple[int, Step], ...] = ()
    items: int = 0


class PowerPages:
    """`/v/CODE/power` (with `?post=`) and `/v/CODE/power/ITEM`, both with `?on=DATE`."""

    def __init__(self, site: Site, requests: PowerRequests) -> None:
        self._site = site
        self._requests = requests

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(f"/v{LIST}", self.list)
        app.router.add_get(f"/v{ITEM}", self.item)

    async def on_home(self, village: Region) -> list[HomeEntry]:
        """One line, where there is a list."""
        count = await self._requests.count(village.code)
        note = texts.POWER_NOTE.format(count=count)
        return [HomeEntry(texts.POWER, f"/v/{village.code}/power", note)] if count else []

    async def list(self, request: web.Request) -> web.Response:
        asked = await self._requests.read(request)
        post = request.query.get("post", "").strip()[:40]
        if post:
            return self._post(request, asked, post)
        items = asked.found.items
        posts = [_in_list(asked, name) for name in asked.found.posts]
        return self._site.page(
            request,
            "power_list.html",
            made_of=(asked.unit, asked.height, asked.found.on, posts),
            changed_at=max(listed.published_at for listed in items),
            title=texts.POWER_TITLE.format(unit=asked.unit.name),
            asked=asked,
            groups=_groups(items),
            posts=posts,
            is_template=asked.unit.level == COUNTY,
        )

    def _post(self, request: web.Request, asked: Asked, post: str) -> web.Response:
        same = [name for name in asked.found.posts if post_of(name) == post_of(post)]
        held = asked.found.of_posts(frozenset(same))
        if not held:
            raise web.HTTPNotFound
        rows = [(listed, _numbered(listed.item, same)) for listed, _ in held]
        names = asked.offices.holders(post)
        return self._site.page(
            request,
            "power_post.html",
            made_of=(asked.unit, asked.height, asked.found.on, names),
            changed_at=max(listed.published_at for listed, _ in held),
            title=texts.POWER_OF_POST.format(unit=asked.unit.name, post=same[0]),
            asked=asked,
            names=names,
            rows=rows,
        )

    async def item(self, request: web.Request) -> web.Response:
        asked = await self._requests.read(request)
        listed = asked.item(request.match_info["item"])
        history = await self._requests.lists.history(asked.unit.code, listed.item.code)
        matrix = [_in_item(asked, listed.item, post) for post in listed.item.posts]
        return self._site.page(
            request,
            "power_item.html",
            made_of=(asked.unit, asked.height, asked.found.on, matrix),
            changed_at=listed.published_at,
            title=texts.POWER_ITEM_TITLE.format(name=listed.item.name, code=listed.item.code),
            asked=asked,
            listed=listed,
            item=listed.item,
            of_county=listed.owner == county_of(listed.owner),
            matrix=matrix,
            history=[(past, _owner(past)) for past in history],
            level=level,
            unknown=texts.UNKNOWN,
        )


def _groups(items: Iterable[Listed]) -> list[tuple[str, list[Listed]]]:
    """The items under their categories, in the order of their codes."""
    ordered = sorted(items, key=lambda listed: listed.item.category)
    return [
        (category or texts.POWER, sorted(those, key=lambda listed: listed.item.code))
        for category, those in groupby(ordered, lambda listed: listed.item.category)
    ]


def _in_list(asked: Asked, post: str) -> Held:
    items = asked.found.of_posts(frozenset((post,)))
    return Held(post, asked.offices.holders(post), items=len(items))


def _in_item(asked: Asked, item: PowerItem, post: str) -> Held:
    return Held(post, asked.offices.holders(post), _numbered(item, (post,)))


def _numbered(item: PowerItem, posts: Iterable[str]) -> tuple[tuple[int, Step], ...]:
    """The steps that these posts take, with their numbers."""
    own = frozenset(posts)
    return tuple((no, step) for no, step in enumerate(item.steps, 1) if step.post in own)


def _owner(past: PastVersion) -> str:
    is_county = past.owner == county_of(past.owner)
    return texts.POWER_COUNTY if is_county else texts.POWER_UNIT
