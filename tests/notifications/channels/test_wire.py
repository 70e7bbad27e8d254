"""Whether the other side may have taken it is known for every kind of failure."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from notifications.channels.outcome import Scope, Verdict
from notifications.channels.wire import (
    MAX_ANSWER_BYTES,
    NotSent,
    Unreadable,
    Unsure,
    call,
    failed_call,
    no_later_than,
    sockets,
)
from tests.notifications.channels.provider import Provider, answer

SECRET = "t0ken"


async def post(http: ClientSession, url: str, *, timeout_seconds: float = 5) -> bytes:
    target = URL(f"{url}/send?access_token={SECRET}")
    answered = await call(http, "POST", target, timeout_seconds=timeout_seconds, data=b"{}")
    return answered.body


def free_address() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


class NoNames(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(None, f"no such host {host}")

    async def close(self) -> None:
        pass


@pytest.fixture
async def nameless_http() -> AsyncIterator[ClientSession]:
    async with ClientSession(connector=TCPConnector(resolver=NoNames())) as session:
        yield session


async def test_an_answer_comes_whole(http: ClientSession, provider: Provider) -> None:
    body = b"x" * 300_000
    provider.respond = lambda _: answer(body)

    assert await post(http, provider.url) == body


async def test_nothing_is_sent_where_nobody_listens(http: ClientSession) -> None:
    with pytest.raises(NotSent, match="not_sent"):
        await post(http, free_address())


async def test_nothing_is_sent_to_a_name_that_does_not_exist(nameless_http: ClientSession) -> None:
    with pytest.raises(NotSent, match="not_sent"):
        await post(nameless_http, "http://sms.example")


async def test_nothing_is_sent_where_tls_fails(http: ClientSession, provider: Provider) -> None:
    with pytest.raises(NotSent, match="not_sent"):
        await post(http, provider.url.replace("http:", "https:"))

    assert provider.seen == []


async def test_nothing_is_sent_when_no_connection_comes_free(provider: Provider) -> None:
    provider.fault = "hang"
    async with ClientSession(connector=TCPConnector(limit=1)) as http:
        occupied = asyncio.create_task(post(http, provider.url))
        await provider.asked.wait()

        with pytest.raises(NotSent, match="not_sent"):
            await post(http, provider.url, timeout_seconds=0.2)

        occupied.cancel()
        assert len(provider.seen) == 1


async def test_nothing_is_sent_over_a_closed_session(provider: Provider) -> None:
    http = ClientSession()
    await http.close()

    with pytest.raises(NotSent, match="closed"):
        await post(http, provider.url)


@pytest.mark.parametrize(
    ("fault", "code"), [("hang", "timeout"), ("reset", "reset"), ("half", "reset")]
)
async def test_without_a_whole_answer_all_is_open(
    http: ClientSession, provider: Provider, fault: str, code: str
) -> None:
    provider.fault = fault

    with pytest.raises(Unsure, match=code):
        await post(http, provider.url, timeout_seconds=0.3)

    assert len(provider.seen) == 1


async def test_an_endless_answer_is_not_read_to_its_end(
    http: ClientSession, provider: Provider
) -> None:
    provider.respond = lambda _: answer(b"x" * (MAX_ANSWER_BYTES + 1))

    with pytest.raises(Unsure, match="too_long"):
        await post(http, provider.url)


async def test_a_redirect_is_not_followed(http: ClientSession, provider: Provider) -> None:
    provider.respond = lambda _: web.Response(status=302, headers={"Location": "/elsewhere"})

    answered = await call(http, "POST", URL(provider.url), timeout_seconds=5, data=b"")

    assert answered.status == 302
    assert len(provider.seen) == 1


async def test_no_exception_tells_the_address(
    http: ClientSession, nameless_http: ClientSession, provider: Provider
) -> None:
    provider.fault = "hang"
    told = []
    for session, url in (
        (http, provider.url),
        (http, free_address()),
        (nameless_http, "http://sms.example"),
    ):
        try:
            await post(session, url, timeout_seconds=0.1)
        except (NotSent, Unsure) as failure:
            told.append(failure)

    assert len(told) == 3
    assert all(SECRET not in repr(failure) for failure in told)
    assert all(failure.__cause__ is None and failure.__suppress_context__ for failure in told)


@pytest.mark.parametrize(
    ("failure", "verdict", "scope", "code"),
    [
        (NotSent("not_sent"), Verdict.LATER, Scope.CHANNEL, "not_sent"),
        (Unsure("timeout"), Verdict.UNKNOWN, None, "timeout"),
        (Unsure("reset"), Verdict.UNKNOWN, None, "reset"),
        (Unreadable(200), Verdict.UNKNOWN, None, "http_200"),
        (Unreadable(302), Verdict.HALT, Scope.CHANNEL, "http_302"),
        (Unreadable(404), Verdict.HALT, Scope.CHANNEL, "http_404"),
        (Unreadable(408), Verdict.UNKNOWN, None, "http_408"),
        (Unreadable(429), Verdict.LATER, Scope.CHANNEL, "http_429"),
        (Unreadable(500), Verdict.UNKNOWN, None, "http_500"),
        (Unreadable(502), Verdict.UNKNOWN, None, "http_502"),
    ],
)
def test_what_a_failure_means_for_the_message(
    failure: NotSent | Unsure | Unreadable, verdict: Verdict, scope: Scope | None, code: str
) -> None:
    outcome = failed_call(failure)

    assert (outcome.verdict, outcome.scope, outcome.code) == (verdict, scope, code)
    assert outcome.detail


async def test_nothing_is_written_once_the_lease_is_over(
    http: ClientSession, provider: Provider
) -> None:
    with no_later_than(time.monotonic() - 0.001), pytest.raises(Unsure):
        await post(http, provider.url)
    assert provider.seen == []

    with no_later_than(time.monotonic() + 5):
        await post(http, provider.url)
    assert len(provider.seen) == 1


@contextmanager
def a_full_queue(caller: socket.socket) -> Iterator[socket.socket]:
    """A server that takes nobody, and of which `caller` believes to be connected with it.

    With TCP_DEFER_ACCEPT a connection enters the server's queue by its first bytes; those of the
    fourth no longer fit, and are dropped until the server takes one.
    """
    with ExitStack() as opened:
        server = opened.enter_context(socket.socket())
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 60)
        server.bind(("127.0.0.1", 0))
        server.listen(2)
        others = [opened.enter_context(socket.socket()) for _ in range(3)]
        for number, other in enumerate(others):
            other.connect(server.getsockname())
            if number < 2:
                other.send(b"other")
        caller.connect(server.getsockname())
        others[2].send(b"other")
        yield server


def taken(server: socket.socket, seconds: float) -> list[bytes]:
    """What comes of all connections within so long."""
    found: list[bytes] = []
    stop = time.monotonic() + seconds
    while (left := stop - time.monotonic()) > 0:
        server.settimeout(left)
        try:
            connection, _ = server.accept()
        except TimeoutError:
            break
        with connection:
            connection.settimeout(1)
            found.append(connection.recv(100))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives up so early")
@pytest.mark.parametrize("ours", [True, False], ids=["our sockets", "plain ones"])
def test_what_nobody_acknowledged_in_time_never_arrives(ours: bool) -> None:
    address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 0))
    caller = sockets(1.5)(address) if ours else socket.socket()

    with a_full_queue(caller) as server:
        caller.send(b"a text")
        caller.close()  # as the end of the call, or of the process, does
        time.sleep(2.5)
        arrived = taken(server, 2.5)

    assert arrived.count(b"other") == 3
    assert (b"a text" in arrived) is not ours
