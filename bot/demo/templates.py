"""The demo's templates: bound here, and approved by the pretend providers as they would be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession

from notifications.catalogue import CATALOGUE, Shipped
from notifications.templates import bind
from storage.database import Database

log = logging.getLogger(__name__)

_WECHAT_FIELD = "thing"
_TRIES, _PAUSE_SECONDS = 50, 0.2


async def bind_all(db: Database, now: datetime) -> None:
    """Binds every shipped template for both gateways."""
    for item in CATALOGUE.values():
        for gateway, identifier, fields in _bindings(item):
            await bind(
                db, item.code, gateway=gateway, external_id=identifier, fields=fields, now=now
            )


async def approve_all(url: str) -> None:
    """Has the simulator at `url` approve them, as soon as it answers."""
    async with ClientSession() as http:
        for item in CATALOGUE.values():
            for request in _requests(item):
                await _post(http, f"{url}/sim/templates", request)


def _bindings(item: Shipped) -> Iterator[tuple[str, str, dict[str, str]]]:
    names = [parameter.name for parameter in item.parameters]
    if item.sms:
        yield "aliyun", _id("SMS", item), {name: name for name in names}
    if item.wechat and names:
        fields = {f"{_WECHAT_FIELD}{n}": name for n, name in enumerate(names, 1)}
        yield "wechat", _id("wechat", item), fields


def _requests(item: Shipped) -> Iterator[dict[str, Any]]:
    for gateway, identifier, fields in _bindings(item):
        if gateway == "aliyun":
            kinds = {parameter.name: parameter.kind.value for parameter in item.parameters}
            yield {"gateway": gateway, "id": identifier, "fields": kinds, "text": item.sms}
        else:
            kinds = dict.fromkeys(fields, _WECHAT_FIELD)
            yield {"gateway": gateway, "id": identifier, "fields": kinds}


def _id(prefix: str, item: Shipped) -> str:
    return f"{prefix}_{item.code}"


async def _post(http: ClientSession, url: str, request: dict[str, Any]) -> None:
    for _ in range(_TRIES):
        try:
            async with http.post(url, json=request) as response:
                if response.status != 200:
                    log.error("the simulator approves no %s", request["id"])
                return
        except ClientError:  # it is still starting
            await asyncio.sleep(_PAUSE_SECONDS)
