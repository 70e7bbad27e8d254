"""`/metrics` for operators: counts and times of the whole service, never of a kind of message.

No figure is labelled by intent, village or person: a count of one would tell who wrote what
(design.md, section 4).
"""

from __future__ import annotations

import hmac
import time
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.client_address import client_address
from bot.config import ServerSettings
from notifications.process import ProcessRole
from storage import alarms, processes
from storage.database import Database, Unavailable

_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 5)


class Metrics:
    def __init__(self, settings: ServerSettings, db: Database) -> None:
        self._settings = settings
        self._db = db
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "mingbai_http_requests", "Requests answered", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "mingbai_http_seconds",
            "Seconds until the answer",
            buckets=_BUCKETS,
            registry=self._registry,
        )

        self._processes = Gauge(
            "mingbai_processes", "Processes at work", ["role"], registry=self._registry
        )

        self._alarms = Gauge(
            "mingbai_alarms",
            "What an operator has to mend and has not",
            ["kind"],
            registry=self._registry,
        )

    @web.middleware
    async def measure(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Counts every answer, refusals and errors too."""
        began = time.perf_counter()
        status = 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as refusal:
            status = refusal.status
            raise
        finally:
            self._requests.labels(str(status)).inc()
            self._seconds.observe(time.perf_counter() - began)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/metrics", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """Loopback only, or with the configured token; on a public address there must be one."""
        if not self._may_see(request):
            raise web.HTTPNotFound
        await self._count_processes()
        await self._count_alarms()
        body = generate_latest(self._registry)
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})

    async def _count_processes(self) -> None:
        """By role; a role that nobody has is 0. Where the database is closed nothing is told."""
        self._processes.clear()
        with suppress(*Unavailable):
            present = await processes.present(self._db, datetime.now(UTC))
            for role in ProcessRole:
                self._processes.labels(role.value).set(present[role.value])

    async def _count_alarms(self) -> None:
        """By kind, such as halted, balance, backup."""
        self._alarms.clear()
        with suppress(*Unavailable):
            for kind, count in (await alarms.count_by_kind(self._db)).items():
                self._alarms.labels(kind).set(count)

    def _may_see(self, request: web.Request) -> bool:
        token = self._settings.metrics_token
        if token:
            given = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
            return hmac.compare_digest(given.encode(), token.encode())
        address = client_address(request, self._settings.trusted_proxies)
        return not self._settings.is_public and address is not None and address.is_loopback
