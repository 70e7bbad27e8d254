"""Every route is declared with who may use it, and docs/roles.md says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp import hdrs

from console.staff.routes import ANYBODY, OUTSIDE
from tests.console.staff.kit import Console, Page
from workbooks.people import ROLES

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/roles.md"


def test_roles_are_those_of_the_people_file(desk: Console) -> None:
    for route, roles in desk.gate.declared.items():
        assert roles in (ANYBODY, OUTSIDE) or roles <= set(ROLES), route


def test_no_route_is_reached_undeclared(desk: Console) -> None:
    routes = {
        (route.method, route.resource.canonical)
        for route in desk.pages.router.routes()
        if route.resource and route.method not in (hdrs.METH_HEAD, hdrs.METH_ANY)
    }
    declared = {(method, plain(path)) for method, path in desk.gate.declared}
    assert routes == declared


async def test_forbidden_and_nonexistent_look_the_same(desk: Console) -> None:
    nobody = await desk.log_in("值班", "990102101000")
    nonexistent = await nobody.get("/console/nothing-of-the-kind")

    assert nonexistent.status == 404
    for (method, path), roles in desk.gate.declared.items():
        if roles in (ANYBODY, OUTSIDE) or "值班" in roles:
            continue
        address = re.sub(r"{\w+(:[^}]+)?}", "x1", path)
        page = await (nobody.get(address) if method == "GET" else nobody.post(address))
        assert told(page) == told(nonexistent), (method, path)


def told(page: Page) -> tuple[int, str]:
    return page.status, page.text


async def test_a_stranger_is_led_to_the_log_in_wherever_they_go(desk: Console) -> None:
    stranger = desk.stranger()
    for (method, path), roles in desk.gate.declared.items():
        if roles == OUTSIDE:
            continue
        address = re.sub(r"{\w+(:[^}]+)?}", "x1", path)
        page = await (
            stranger.get(address) if method == "GET" else stranger.post(address, token="")
        )
        assert page.location.startswith("/console/login"), (method, path)
    assert (await stranger.get("/console/nothing")).location.startswith("/console/login")


def test_the_document_tells_every_route(desk: Console) -> None:
    told = dict(
        re.findall(r"^\| `((?:GET|POST) [^`]+)` \| (.+?) \|$", DOCUMENT.read_text("utf-8"), re.M)
    )
    expected = {
        f"{method} {plain(path)}": words(roles)
        for (method, path), roles in desk.gate.declared.items()
    }
    missing = [f"| `{route}` | {roles} |" for route, roles in expected.items()]
    assert told == expected, "docs/roles.md has to say:\n" + "\n".join(missing)


def plain(path: str) -> str:
    """A path as it is shown, without the patterns of its parts."""
    return re.sub(r"{(\w+):[^}]+}", r"{\1}", path)


def words(roles: frozenset[str]) -> str:
    if roles == ANYBODY:
        return "登录的人"
    return "、".join(role for role in ROLES if role in roles) or "任何人"


@pytest.mark.parametrize("path", ["/console/", "/console/staff", "/console/login"])
async def test_every_page_carries_the_headers_that_keep_it_safe(desk: Console, path: str) -> None:
    page = await (await desk.log_in("管理")).get(path)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script>" not in page.text
    assert " style=" not in page.text
