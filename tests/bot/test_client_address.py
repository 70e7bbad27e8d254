"""Whose address counts, over real connections: the peer's, or what a trusted proxy tells."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestServer

from bot.client_address import client_address
from bot.config import ServerSettings
from bot.metrics import Metrics
from storage.database import Database

PROXY, OTHER = "127.0.0.2", "127.0.0.3"  # both reach this machine, and can be told apart
BEYOND = "203.0.113.7"


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[TestServer]:
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[ClientSession]:
    """A client at this address of loopback."""
    connector = TCPConnector(local_addr=(address, 0))
    async with ClientSession(connector=connector, trust_env=False) as http:
        yield http


async def seen(peer: str, *forwarded: str, trusted: str) -> str:
    """Whom the service sees when this peer calls with those X-Forwarded-For lines."""
    networks = [ipaddress.ip_network(item) for item in trusted.split()]

    async def tell(request: web.Request) -> web.Response:
        return web.Response(text=str(client_address(request, networks)))

    app = web.Application()
    app.router.add_get("/", tell)
    async with served(app) as server, connected(peer) as http:
        headers = [("X-Forwarded-For", line) for line in forwarded]
        async with http.get(server.make_url("/"), headers=headers) as response:
            return await response.text()


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        (PROXY, [], PROXY, PROXY),
        (PROXY, [BEYOND], PROXY, BEYOND),
        (PROXY, [f"127.0.0.1, {BEYOND}"], PROXY, BEYOND),  # what a client claims comes first
        (PROXY, [f"{BEYOND},10.1.2.3"], f"{PROXY} 10.0.0.0/8", BEYOND),
        (PROXY, [BEYOND, "10.1.2.3"], f"{PROXY} 10.0.0.0/8", BEYOND),  # one line a proxy
        (PROXY, ["10.9.9.9, 10.1.2.3"], f"{PROXY} 10.0.0.0/8", "10.9.9.9"),
        (PROXY, ["2001:db8::7"], PROXY, "2001:db8::7"),
        (PROXY, ["::ffff:203.0.113.7"], PROXY, BEYOND),
        (OTHER, ["127.0.0.1"], PROXY, OTHER),
        (OTHER, [BEYOND], "", OTHER),
        (PROXY, ["unknown"], PROXY, "None"),
        (PROXY, [f"{BEYOND}, _hidden"], PROXY, "None"),
    ],
)
async def test_only_what_trusted_proxies_tell_counts(
    peer: str, forwarded: list[str], trusted: str, client: str
) -> None:
    assert await seen(peer, *forwarded, trusted=trusted) == client


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [("", 200), ("127.0.0.1", 200), (BEYOND, 404), (f"127.0.0.1, {BEYOND}", 404)],
)
async def test_metrics_are_for_this_machine_behind_a_proxy_too(
    db: Database, forwarded: str, status: int
) -> None:
    proxies = (ipaddress.ip_network(PROXY),)
    url = "http://127.0.0.1:8080"
    settings = ServerSettings(
        host="127.0.0.1", port=8080, public_url=url, data_dir=Path("data"), trusted_proxies=proxies
    )
    app = web.Application()
    Metrics(settings, db).add_to(app)

    async with served(app) as server, connected(PROXY) as http:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        async with http.get(server.make_url("/metrics"), headers=headers) as response:
            answered = response.status

    assert answered == status
