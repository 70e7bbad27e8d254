"""The page behind a reminder: what it said, and a button that confirms it.

Opening it confirms nothing, for links are also opened by whoever only looks; pressing does.
"""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.site import Site
from notifications import reading
from notifications.confirm_links import PATH, is_token
from notifications.confirming import open_for
from notifications.messages import CARD_PATH
from storage import campaigns, confirmations
from storage.clock import Clock
from storage.confirmations import State
from storage.database import Database
from storage.sealing import Sealer


class ConfirmPage:
    """`/v/confirm/DELIVERY/TOKEN`; nothing leads there but the reminder itself."""

    def __init__(self, site: Site, db: Database, sealer: Sealer, clock: Clock) -> None:
        self._site = site
        self._db = db
        self._sealer = sealer
        self._clock = clock

    def add_to(self, app: web.Application) -> None:
        path = PATH.format(delivery="{delivery:\\w+}", token="{token:\\w+}")  # noqa: S106
        app.router.add_get(path, self.show)
        app.router.add_post(path, self.confirm)

    async def show(self, request: web.Request) -> web.Response:
        campaign_id, person_id = await self._reminder(request)
        campaign = await campaigns.load(self._db, campaign_id)
        text = await reading.notice(self._db, campaign_id) or ""
        asked = await confirmations.asked(self._db, campaign_id, person_id)
        state = asked.state if asked else State.OPEN
        response = self._site.page(
            request,
            "confirm.html",
            made_of=(text, state),
            title=texts.CONFIRM_TITLE,
            lines=text.splitlines(),
            is_open=state is State.OPEN,
            said=texts.CONFIRM_SAID[state],
            link=campaign.link if campaign else "",
            card=CARD_PATH.format(id=campaign_id) if campaign and campaign.card else "",
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    async def confirm(self, request: web.Request) -> web.Response:
        campaign_id, person_id = await self._reminder(request)
        now = self._clock.now()
        async with self._db.transaction():
            await open_for(self._db, now, [person_id])
            await confirmations.confirm(self._db, [person_id], "link", now, campaign_id=campaign_id)
        raise web.HTTPSeeOther(request.path)

    async def _reminder(self, request: web.Request) -> tuple[str, str]:
        """Campaign and person. Raises HTTPNotFound for whatever we did not send."""
        delivery, token = request.match_info["delivery"], request.match_info["token"]
        if not is_token(self._sealer, delivery, token):
            raise web.HTTPNotFound
        found = await confirmations.of_delivery(self._db, delivery)
        if found is None:
            raise web.HTTPNotFound
        campaign_id, person_id, _ = found
        repeated = await confirmations.repeated_by(self._db, campaign_id)
        return (repeated.campaign_id if repeated else campaign_id), person_id
