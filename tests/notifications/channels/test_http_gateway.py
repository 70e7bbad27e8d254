"""A government SMS port that is described by the config."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.http_gateway import HttpGateway, _filler
from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.settings import HttpGatewaySettings
from tests.notifications.channels.provider import Provider, answer

PHONE = "16600010071"
JSON_BODY = '{"phone": "{phone}", "text": "{text}", "id": "{id}", "fixed": 1}'
OK = {"code": 0, "data": {"id": "g-1"}}


def make_gateway(http: ClientSession, base: str, **changes: Any) -> HttpGateway:
    settings = {
        "url": f"{base}/gov/send",
        "headers": {"X-Key": "k"},
        "body": JSON_BODY,
        "ok_path": "code",
        "ok_value": "0",
        "id_path": "data.id",
    } | changes
    return HttpGateway(http, HttpGatewaySettings(**settings), timeout_seconds=0.3)


async def send(gateway: HttpGateway, text: str = "支出5元") -> Outcome:
    return await gateway.send(PHONE, text, out_id="d-1")


async def test_a_text_by_json(http: ClientSession, provider: Provider) -> None:
    provider.respond = lambda _: answer(OK)

    outcome = await send(make_gateway(http, provider.url))

    (seen,) = provider.seen
    assert (seen.method, seen.path) == ("POST", "/gov/send")
    assert seen.headers["X-Key"] == "k"
    assert seen.headers["Content-Type"].startswith("application/json")
    assert seen.json == {"phone": PHONE, "text": "支出5元", "id": "d-1", "fixed": 1}
    assert outcome == Outcome(verdict=Verdict.TAKEN, code="0", reference="g-1")


async def test_a_text_by_form(http: ClientSession, provider: Provider) -> None:
    provider.respond = lambda _: answer(OK)
    gateway = make_gateway(http, provider.url, body="mobile={phone}&msg={text}&sid={id}&ext=")

    await send(gateway, "a&b=c {phone}")

    (seen,) = provider.seen
    assert dict(parse_qsl(seen.body.decode(), keep_blank_values=True)) == {
        "mobile": PHONE,
        "msg": "a&b=c {phone}",
        "sid": "d-1",
        "ext": "",
    }
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_a_text_by_query(http: ClientSession, provider: Provider) -> None:
    provider.respond = lambda _: answer(OK)
    gateway = make_gateway(
        http,
        provider.url,
        method="get",
        url=f"{provider.url}/gov/send?user=u",
        body="to={phone}&msg={text}",
    )

    outcome = await send(gateway, "a&b=c+ 好")

    (seen,) = provider.seen
    assert (seen.method, seen.body) == ("GET", b"")
    assert dict(seen.query) == {"user": "u", "to": PHONE, "msg": "a&b=c+ 好"}
    assert outcome.verdict is Verdict.TAKEN


async def test_our_own_content_type_can_be_overruled(
    http: ClientSession, provider: Provider
) -> None:
    provider.respond = lambda _: answer(OK)
    gateway = make_gateway(http, provider.url, headers={"content-type": "text/json"})

    await send(gateway)

    assert provider.seen[0].headers.getall("Content-Type") == ["text/json"]


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=80) | st.text('{}"\\&=%idtextphone ')


@given(ANY_TEXT)
def test_no_text_changes_what_is_asked_for(text: str) -> None:
    values = {"phone": PHONE, "text": text, "id": "d-1"}
    by_json, _ = _filler(JSON_BODY)
    by_form, _ = _filler("phone={phone}&text={text}")

    assert json.loads(by_json(values)) == {"phone": PHONE, "text": text, "id": "d-1", "fixed": 1}
    assert by_form(values) == urlencode({"phone": PHONE, "text": text}).encode()


@pytest.mark.parametrize(
    ("ok_path", "ok_value", "content"),
    [
        ("code", "0", {"code": 0}),
        ("code", "0", {"code": "0"}),
        ("success", "true", {"success": True}),
        ("results.0.status", "OK", {"results": [{"status": "OK"}]}),
    ],
)
async def test_success_is_what_the_config_says(
    http: ClientSession, provider: Provider, ok_path: str, ok_value: str, content: object
) -> None:
    provider.respond = lambda _: answer(content)
    gateway = make_gateway(http, provider.url, ok_path=ok_path, ok_value=ok_value)

    outcome = await send(gateway)

    assert (outcome.verdict, outcome.reference) == (Verdict.TAKEN, "")


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        ({"code": 17}, 200, (Verdict.LATER, None, "17")),
        ({"code": False}, 200, (Verdict.LATER, None, "false")),
        ({"code": f"号码{PHONE}无效"}, 200, (Verdict.LATER, None, "unreadable")),
        ({"code": 401}, 401, (Verdict.LATER, Scope.CHANNEL, "401")),
        ({"code": 0}, 401, (Verdict.LATER, Scope.CHANNEL, "0")),
        ({"code": 1}, 500, (Verdict.UNKNOWN, None, "http_500")),
        ({"code": 0}, 500, (Verdict.UNKNOWN, None, "http_500")),
        ({}, 200, (Verdict.UNKNOWN, None, "http_200")),
        ({"code": None}, 200, (Verdict.UNKNOWN, None, "http_200")),
        ({"code": {}}, 200, (Verdict.UNKNOWN, None, "http_200")),
        ([], 200, (Verdict.UNKNOWN, None, "http_200")),
        (b"OK", 200, (Verdict.UNKNOWN, None, "http_200")),
        (b"", 502, (Verdict.UNKNOWN, None, "http_502")),
        (b"<html>", 404, (Verdict.HALT, Scope.CHANNEL, "http_404")),
    ],
)
async def test_everything_else_is_no_success(
    http: ClientSession,
    provider: Provider,
    content: object,
    status: int,
    expected: tuple[Verdict, Scope | None, str],
) -> None:
    provider.respond = lambda _: answer(content, status=status)

    outcome = await send(make_gateway(http, provider.url))

    assert (outcome.verdict, outcome.scope, outcome.code) == expected


@pytest.mark.parametrize("fault", ["hang", "reset", "half"])
async def test_a_text_without_answer_is_unknown(
    http: ClientSession, provider: Provider, fault: str
) -> None:
    provider.fault = fault

    outcome = await send(make_gateway(http, provider.url))

    assert outcome.verdict is Verdict.UNKNOWN
    assert len(provider.seen) == 1


async def test_nobody_listening_is_later(http: ClientSession) -> None:
    assert (await send(make_gateway(http, "http://127.0.0.1:1"))).verdict is Verdict.LATER


@pytest.mark.parametrize(
    "body",
    [
        "",
        "plain words",
        '{"phone": {phone}, "text": "{text}"}',
        '{"phone": "{phone}"}',
        "phone={phone}",
        '{"phone": "{phone}", "text": "{text}"',
    ],
)
async def test_a_body_into_which_words_could_leak_is_refused(
    http: ClientSession, body: str
) -> None:
    with pytest.raises(ValueError, match="body"):
        make_gateway(http, "http://127.0.0.1:1", body=body)


async def test_json_does_not_go_into_an_address(http: ClientSession) -> None:
    with pytest.raises(ValueError, match="form"):
        make_gateway(http, "http://127.0.0.1:1", method="GET")
