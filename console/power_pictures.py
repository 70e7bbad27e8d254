"""An item's flow chart and its public risk chart as pictures (domain.md, M9, M10)."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.drawings import Drawings
from console.formats import day, published_day
from console.power_requests import ITEM, Asked, PowerRequests
from pictures import FlowChart, Level, PowerItem, RiskChart, Step, png
from storage.power_lists import Listed

CHARTS: dict[str, type[FlowChart] | type[RiskChart]] = {"flow": FlowChart, "risk": RiskChart}


class PowerPictures:
    """`/v/CODE/power/ITEM/flow.png` and `.../risk.png`; `?page=2` where there are several."""

    def __init__(self, requests: PowerRequests, drawings: Drawings) -> None:
        self._requests = requests
        self._drawings = drawings

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(f"/v{ITEM}/{{chart:flow|risk}}.png", self.chart)

    async def chart(self, request: web.Request) -> web.Response:
        asked = await self._requests.read(request)
        listed = asked.item(request.match_info["item"])
        name = request.match_info["chart"]
        page = _page(request.query.get("page", "1"))
        key = (name, asked.unit.code, listed.id, page)
        drawn = await self._drawings.get(key, lambda: _draw(name, asked, listed, page))
        if not drawn:
            raise web.HTTPNotFound
        return web.Response(body=drawn, content_type="image/png")


def _page(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 1


def _draw(name: str, asked: Asked, listed: Listed, page: int) -> bytes:
    """The picture of that page; nothing where there are fewer."""
    pages = png(CHARTS[name](as_picture(asked.unit.name, listed)))
    return pages[page - 1] if 1 <= page <= len(pages) else b""


def as_picture(unit: str, listed: Listed) -> PowerItem:
    """What is drawn: the public version, and which one it is."""
    item = listed.item
    return PowerItem(
        unit=unit,
        name=item.name,
        target=item.target,
        limit=item.limit,
        steps=tuple(
            Step(
                name=step.name,
                post=step.post,
                category=step.category,
                boundary=step.boundary,
                level=Level(step.level.value),
                risk_point=step.risk_point,
                measures=step.measures,
                limit=step.limit,
                internal=frozenset(),
            )
            for step in item.steps
        ),
        documents=item.documents,
        basis=item.basis,
        source=texts.POWER_SOURCE.format(
            code=item.code,
            since=day(listed.effective_from),
            at=published_day(listed.published_at),
            version=listed.version,
        )
        + (texts.POWER_EXAMPLE if item.is_example else ""),
    )
