"""Access tokens and web log-in (wechat.md 2.1, 2.5), on real time that the test moves."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.conftest import OPENID, World

ACCOUNT = {"appid": "wx5e1f00d0c0ffee11", "secret": "5e1f00d0c0ffee115e1f00d0c0ffee11"}
STABLE = {"grant_type": "client_credential"} | ACCOUNT


async def stable(world: World, **more: Any) -> dict[str, Any]:
    answer = await world.client.post("/cgi-bin/stable_token", json=STABLE | more)
    result: dict[str, Any] = await answer.json(content_type="text/plain")
    return result


async def plain(world: World, **more: str) -> dict[str, Any]:
    answer = await world.client.get("/cgi-bin/token", params=STABLE | more)
    result: dict[str, Any] = await answer.json(content_type="text/plain")
    return result


async def opens(world: World, token: str) -> int:
    """The errcode of a call with that token; 0 where it opens."""
    answer = await world.client.get(
        "/cgi-bin/get_api_domain_ip", params={"access_token": token} if token else {}
    )
    return int((await answer.json(content_type="text/plain")).get("errcode", 0))


async def test_the_stable_token_stays_the_same_while_it_is_valid(world: World) -> None:
    first = await stable(world)
    world.frozen.at += 6000
    second = await stable(world)

    assert first["access_token"] == second["access_token"]
    assert (first["expires_in"], second["expires_in"]) == (7200, 1200)
    assert await opens(world, first["access_token"]) == 0


async def test_in_the_last_five_minutes_old_and_new_both_live(world: World) -> None:
    first = await stable(world)
    world.frozen.at += 7200 - 300
    second = await stable(world)

    assert second["access_token"] != first["access_token"]
    assert await opens(world, first["access_token"]) == 0
    assert await opens(world, second["access_token"]) == 0
    world.frozen.at += 300
    assert await opens(world, first["access_token"]) == 42001
    assert await opens(world, second["access_token"]) == 0


async def test_a_forced_renewal_kills_the_token_before_and_needs_thirty_seconds(
    world: World,
) -> None:
    first = await stable(world)
    forced = await stable(world, force_refresh=True)
    world.frozen.at += 29
    again = await stable(world, force_refresh=True)
    world.frozen.at += 1
    later = await stable(world, force_refresh=True)

    assert await opens(world, first["access_token"]) == 40001
    assert again["access_token"] == forced["access_token"] != later["access_token"]


async def test_twenty_forced_renewals_a_day(world: World) -> None:
    await stable(world)
    for _ in range(20):
        assert "access_token" in await stable(world, force_refresh=True)
        world.frozen.at += 31

    assert (await stable(world, force_refresh=True))["errcode"] == 45009
    assert "access_token" in await stable(world)
    world.frozen.at += 86_400
    await stable(world)
    assert "access_token" in await stable(world, force_refresh=True)


async def test_the_plain_token_replaces_the_one_before_after_five_minutes(world: World) -> None:
    first = await plain(world)
    second = await plain(world)

    assert first["access_token"] != second["access_token"]
    assert await opens(world, first["access_token"]) == 0
    world.frozen.at += 300
    assert await opens(world, first["access_token"]) == 40001
    assert await opens(world, second["access_token"]) == 0


async def test_both_endpoints_issue_tokens_of_their_own(world: World) -> None:
    theirs = await stable(world)
    await plain(world)
    await plain(world)
    world.frozen.at += 301

    assert await opens(world, theirs["access_token"]) == 0


async def test_the_plain_token_has_two_thousand_a_day(world: World) -> None:
    await world.sim("faults", daily_limits={"token": 2})

    codes = [(await plain(world)).get("errcode", 0) for _ in range(3)]

    assert codes == [0, 0, 45009]
    assert world.platforms.wechat.quotas.limit("stable_token") == 500_000
    await world.sim("faults", reset=True)
    assert world.platforms.wechat.quotas.limit("token") == 2000


WRONG: dict[str, tuple[dict[str, str], int]] = {
    "grant": ({"grant_type": "password"}, 40002),
    "no appid": ({"appid": ""}, 41002),
    "no secret": ({"secret": ""}, 41004),
    "appid": ({"appid": "wx0000000000000000"}, 40013),
    "secret": ({"secret": "0" * 32}, 40125),
}


@pytest.mark.parametrize("name", WRONG)
async def test_wrong_credentials_have_their_codes_at_both_endpoints(
    world: World, name: str
) -> None:
    change, code = WRONG[name]

    assert (await stable(world, **change))["errcode"] == code
    assert (await plain(world, **change))["errcode"] == code


async def test_an_address_that_is_not_listed_is_told_which_it_is(world: World) -> None:
    await world.sim("faults", unlisted_address=True)

    answer = await stable(world)

    assert answer["errcode"] == 40164
    assert answer["errmsg"].startswith(
        "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "
    )


async def test_tokens_that_open_nothing_have_their_codes(world: World) -> None:
    good = (await stable(world))["access_token"]
    world.platforms.wechat.tokens.revoke()

    assert await opens(world, "") == 41001
    assert await opens(world, "short") == 40014
    assert await opens(world, good[:-1] + "!") == 40014
    assert await opens(world, "A" * len(good)) == 40001
    assert await opens(world, good) == 40001
    assert (await stable(world))["access_token"] != good


async def login(world: World, **change: str) -> dict[str, Any]:
    """Goes through the browser's part; the query that the page is opened with."""
    query = {
        "appid": ACCOUNT["appid"],
        "redirect_uri": "http://127.0.0.1:9/console/?a=1",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s1",
        "who": OPENID,
    } | change
    answer = await world.client.get(
        "/connect/oauth2/authorize", params=query, allow_redirects=False
    )
    assert answer.status == 302
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def exchange(world: World, code: str, **change: str) -> dict[str, Any]:
    query = ACCOUNT | {"code": code, "grant_type": "authorization_code"} | change
    answer = await world.client.get("/sns/oauth2/access_token", params=query)
    result: dict[str, Any] = await answer.json(content_type="text/plain")
    return result


async def test_a_code_tells_once_who_opened_the_page(world: World) -> None:
    back = await login(world)

    first = await exchange(world, back["code"])
    second = await exchange(world, back["code"])

    assert (back["a"], back["state"]) == ("1", "s1")
    assert (first["openid"], first["scope"]) == (OPENID, "snsapi_base")
    assert second["errcode"] == 40163


async def test_a_code_lives_for_five_minutes(world: World) -> None:
    back = await login(world)
    world.frozen.at += 300

    assert (await exchange(world, back["code"]))["errcode"] == 40029
    assert (await exchange(world, "nothing"))["errcode"] == 40029
    assert (await exchange(world, ""))["errcode"] == 41008


async def test_its_token_is_renewed_checked_and_bound_to_the_person(world: World) -> None:
    granted = await exchange(world, (await login(world, scope="snsapi_userinfo"))["code"])

    async def get(path: str, **query: str) -> dict[str, Any]:
        answer = await world.client.get(f"/sns/{path}", params=query)
        result: dict[str, Any] = await answer.json(content_type="text/plain")
        return result

    token = granted["access_token"]
    assert (await get("auth", access_token=token, openid=OPENID))["errcode"] == 0
    assert (await get("auth", access_token=token, openid="oSomebody"))["errcode"] == 40003
    assert (await get("userinfo", access_token=token, openid=OPENID))["openid"] == OPENID
    world.frozen.at += 7200
    assert (await get("auth", access_token=token, openid=OPENID))["errcode"] == 42001
    renewed = await get("oauth2/refresh_token", refresh_token=granted["refresh_token"])
    assert (await get("auth", access_token=renewed["access_token"], openid=OPENID))["errcode"] == 0
    world.frozen.at += 30 * 86_400
    assert (await get("oauth2/refresh_token", refresh_token=granted["refresh_token"]))[
        "errcode"
    ] == 42002


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://elsewhere.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"scope": "everything"},
        {"state": "s" * 129},
    ],
)
async def test_a_link_that_wechat_would_not_open_leads_nowhere(
    world: World, change: dict[str, str]
) -> None:
    query = {
        "redirect_uri": "http://127.0.0.1:9/",
        "response_type": "code",
        "scope": "snsapi_base",
        "who": OPENID,
    }

    answer = await world.client.get(
        "/connect/oauth2/authorize", params=query | change, allow_redirects=False
    )

    assert answer.status == 400
