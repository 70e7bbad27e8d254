"""Power items as open data: a unit's list, and one item with all its versions (contract.md 4)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.power_requests import ITEM, LIST, Asked, PowerRequests
from storage import chain
from storage.moments import to_ms
from storage.power_lists import Listed, PastVersion
from workbooks.power_items import PowerItem


class PowerData:
    """`/api/v1/CODE/power.json` and `/api/v1/CODE/power/ITEM.json`, both with `?on=DATE`."""

    def __init__(self, requests: PowerRequests) -> None:
        self._requests = requests

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(f"/api/v1{LIST}.json", self.list)
        app.router.add_get(f"/api/v1{ITEM}.json", self.item)

    async def list(self, request: web.Request) -> web.Response:
        asked = await self._requests.read(request)
        items = [
            {
                "code": listed.item.code,
                **_which(listed),
                "name": listed.item.name,
                "category": listed.item.category,
                "subcategory": listed.item.subcategory,
                "topics": list(listed.item.topics),
                "posts": list(listed.item.posts),
            }
            for listed in asked.found.items
        ]
        return web.json_response({**_where(asked), "items": items})

    async def item(self, request: web.Request) -> web.Response:
        asked = await self._requests.read(request)
        listed = asked.item(request.match_info["item"])
        history = await self._requests.lists.history(asked.unit.code, listed.item.code)
        holders = {post: list(asked.offices.holders(post)) for post in listed.item.posts}
        return web.json_response(
            {
                **_where(asked),
                **_which(listed),
                "item": _item(listed.item),
                "holders": holders,
                "pending": list(listed.pending),
                "versions": [_version(past) for past in history],
            }
        )


def _where(asked: Asked) -> dict[str, Any]:
    return {
        "village": asked.unit.name,
        "code": asked.unit.code,
        "on": asked.found.on.isoformat(),
    }


def _which(listed: Listed) -> dict[str, Any]:
    """Which version applies: `id` is its disclosure's, `owner` the unit whose it is."""
    return {
        "id": listed.id,
        "owner": listed.owner,
        "origin": listed.origin.value,
        "effective_from": listed.effective_from.isoformat(),
        "version": listed.version,
        "published_at": chain.moment(to_ms(listed.published_at)),
    }


def _item(item: PowerItem) -> dict[str, Any]:
    """The form in which an item is imported, each step with its id."""
    steps = [
        {"order": number, "id": step.id, **step.as_json()}
        for number, step in enumerate(item.steps, 1)
    ]
    return {**item.as_json(), "steps": steps}


def _version(past: PastVersion) -> dict[str, Any]:
    return {
        "id": past.id,
        "owner": past.owner,
        "effective_from": past.effective_from.isoformat(),
        "version": past.version,
        "state": past.state.value,
        "published_at": chain.moment(to_ms(past.published_at)),
        "reason": past.reason,
        "withdrawn_reason": past.withdrawn_reason,
    }
