"""Campaigns over HTTP, for the systems of a county: what `mingbai campaign` does, with a token.

Without `[server] api_token` there is no such thing: every path answers 404. Each change stands in
the audit as `api`'s.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import hdrs, web

from bot import texts
from notifications import campaigns, progress, reporting, steering
from notifications.audience import AudienceError, by_ids
from notifications.campaigns import CampaignError, Order
from notifications.channels.rate import Lane
from notifications.steering import Hand, UnknownCampaign
from notifications.templates import TemplateError
from notifications.terms import Terms
from storage import audit, reports
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.sealing import Sealer

ACTOR = "api"
PATH = "/api/campaigns"
_NEWEST = 50
_LANES = ("urgent", "normal", "bulk")
_FIELDS = ("template", "audience", "params", "at", "lane", "key", "dry_run")

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CampaignApi:
    """The paths under /api/campaigns. `token` is what a caller has to bring, empty: nobody may."""

    def __init__(
        self, db: Database, sealer: Sealer, clock: Clock, terms: Terms, token: str
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._clock = clock
        self._terms = terms
        self._token = token

    def add_to(self, app: web.Application) -> None:
        one = f"{PATH}/{{id}}"
        app.router.add_get(PATH, self._guarded(self._list))
        app.router.add_post(PATH, self._guarded(self._create))
        app.router.add_get(one, self._guarded(self._show))
        app.router.add_get(f"{one}/report.csv", self._guarded(self._report))
        for word, said in (
            ("pause", self._pause),
            ("resume", self._resume),
            ("cancel", self._cancel),
            ("resend", self._resend),
        ):
            app.router.add_post(f"{one}/{word}", self._guarded(said))

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._token:
                return _refused(404, texts.API_OFF)
            if not self._may(request):
                return _refused(401, texts.API_WRONG)
            try:
                return await answer(request)
            except UnknownCampaign as unknown:
                return _refused(404, str(unknown))
            except (CampaignError, AudienceError, TemplateError) as refused:
                return _refused(409, str(refused))
            except _BadRequest as bad:
                return _refused(400, str(bad))

        return guarded

    def _may(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        # Compared whole, so that the time it takes tells nothing of the token.
        same = hmac.compare_digest(given.strip().encode(), self._token.encode())
        return scheme.lower() == "bearer" and same

    def _hand(self) -> Hand:
        return Hand(actor=ACTOR, now=self._clock.now(), real=datetime.now(UTC))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        asked = await _read(request)
        order, dry_run = _order(asked)
        order = replace(order, audience=await by_ids(self._db, self._sealer, order.audience))
        now = self._clock.now()
        if dry_run:
            forecast = await campaigns.forecast(self._db, self._terms, order, now)
            return _json(forecast.as_json())
        identity = await campaigns.create(self._db, self._terms, order, now=now, actor=ACTOR)
        await audit.record(
            self._db, ACTOR, "created", identity, {"template": order.template}, now=now
        )
        return _json({"id": identity}, status=201)

    async def _list(self, _: web.Request) -> web.StreamResponse:
        found = await reports.newest(self._db, _NEWEST)
        return _json(
            [
                {
                    "id": one.id,
                    "template": one.template,
                    "state": one.state,
                    "created_at": one.created_at.astimezone(BEIJING).isoformat(timespec="seconds"),
                    "total": one.total,
                    "people_reached": one.reached,
                }
                for one in found
            ]
        )

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._shown(request.match_info["id"])

    async def _shown(self, identity: str) -> web.StreamResponse:
        shown = await progress.show(self._db, identity)
        if shown is None:
            return _refused(404, texts.API_NO_CAMPAIGN)
        return _json(shown.as_json())

    async def _report(self, request: web.Request) -> web.StreamResponse:
        identity = request.match_info["id"]
        if await progress.show(self._db, identity) is None:
            return _refused(404, texts.API_NO_CAMPAIGN)
        lines = await reports.outcomes(self._db, identity)
        return web.Response(
            body=reporting.as_csv(lines).encode(),
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": 'attachment; filename="report.csv"'},
        )

    async def _pause(self, request: web.Request) -> web.StreamResponse:
        await steering.pause(self._db, request.match_info["id"], self._hand())
        return await self._shown(request.match_info["id"])

    async def _resume(self, request: web.Request) -> web.StreamResponse:
        """What a person paused; after a restore an operator decides, on the command line."""
        if not await steering.go_on(self._db, request.match_info["id"], self._hand()):
            return _refused(409, texts.API_NOT_PAUSED)
        return await self._shown(request.match_info["id"])

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        await steering.cancel(self._db, request.match_info["id"], self._hand())
        return await self._shown(request.match_info["id"])

    async def _resend(self, request: web.Request) -> web.StreamResponse:
        asked = await _read(request) if request.can_read_body else {}
        unknown = asked.get("unknown", False)
        if not isinstance(unknown, bool):
            raise _BadRequest(texts.API_FIELD.format(name="unknown", expected="true / false"))
        resent = await steering.resend(
            self._db, self._terms, request.match_info["id"], self._hand(), unknown=unknown
        )
        return _json({"revision": resent.revision, **resent.forecast.as_json()})


class _BadRequest(ValueError):
    """What was sent cannot be read: the message names the field."""


async def _read(request: web.Request) -> Mapping[str, Any]:
    try:
        asked = json.loads(await request.text())
    except ValueError:
        raise _BadRequest(texts.API_NOT_JSON) from None
    if not isinstance(asked, dict):
        raise _BadRequest(texts.API_NOT_JSON)
    return asked


def _order(asked: Mapping[str, Any]) -> tuple[Order, bool]:
    """What is to be sent to whom, and whether it is only to be weighed."""
    for name in asked:
        if name not in _FIELDS:
            raise _BadRequest(texts.API_UNKNOWN.format(name=name[:40], known=" ".join(_FIELDS)))
    for name in ("template", "audience"):
        if not isinstance(asked.get(name), str) or not asked[name]:
            raise _BadRequest(texts.API_FIELD.format(name=name, expected=texts.API_TEXT))
    params = asked.get("params", {})
    if not isinstance(params, dict) or not all(isinstance(v, str) for v in params.values()):
        raise _BadRequest(texts.API_FIELD.format(name="params", expected=texts.API_PARAMS))
    lane, key = asked.get("lane"), asked.get("key", "")
    if lane is not None and lane not in _LANES:
        raise _BadRequest(texts.API_FIELD.format(name="lane", expected=" ".join(_LANES)))
    if not isinstance(key, str):
        raise _BadRequest(texts.API_FIELD.format(name="key", expected=texts.API_TEXT))
    dry_run = asked.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise _BadRequest(texts.API_FIELD.format(name="dry_run", expected="true / false"))
    order = Order(
        template=asked["template"], audience=asked["audience"], params=params,
        at=_moment(asked.get("at")), lane=Lane[lane.upper()] if lane else None, key=key,
    )  # fmt: skip
    return order, dry_run


def _moment(text: object) -> datetime | None:
    """ISO 8601, Beijing where no zone is given."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        expected = texts.API_MOMENT
        raise _BadRequest(texts.API_FIELD.format(name="at", expected=expected)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)


def _json(told: object, status: int = 200) -> web.Response:
    return web.json_response(
        told, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False)
    )


def _refused(status: int, reason: str) -> web.Response:
    return _json({"error": reason}, status)
