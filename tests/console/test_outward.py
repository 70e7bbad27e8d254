"""What answers to the public carry: safe headers, gzip, versions that browsers keep."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from storage.database import Database
from tests.console.conftest import Browse
from tests.console.county import TINGZHU, publish, save_county
from tests.storage.making import make_line, on_sqlite

OCTOBER = f"/v/{TINGZHU}/accounts/2026-10"
Client = TestClient[Any, Any]


@pytest.fixture(autouse=True)
async def _published(db: Database) -> None:
    await save_county(db)
    await publish(db, TINGZHU, [make_line("2026-10-02")], "2026-10")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (OCTOBER, 200),
        ("/v/", 200),
        ("/v/1", 404),
        ("/static/resident.css", 200),
        ("/static/..%2Fsite.py", 404),
        ("/api/v1/head.json", 200),
    ],
)
@on_sqlite
async def test_every_answer_is_guarded(web_client: Client, path: str, status: int) -> None:
    async with web_client.get(path) as response:
        assert response.status == status
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@on_sqlite
async def test_page_has_nothing_that_its_policy_forbids(browse: Browse) -> None:
    page = await browse(OCTOBER)

    everything = page.find()
    assert page.find("style") == []
    assert [element for element in everything if "style" in element.attributes] == []
    assert all("src" in script.attributes for script in page.find("script"))
    addresses = [e.attributes.get("src") or e.attributes.get("href") or "" for e in everything]
    assert [one for one in addresses if "//" in one] == []


@on_sqlite
async def test_files_have_their_type_and_are_kept_for_a_year(
    web_client: Client, browse: Browse
) -> None:
    page = await browse(OCTOBER)
    addresses = [link.attributes["href"] for link in page.find("link")]
    addresses += [script.attributes["src"] for script in page.find("script")]

    types = []
    for address in addresses:
        async with web_client.get(address) as response:
            assert response.status == 200
            assert "immutable" in response.headers["Cache-Control"]
            types.append(response.content_type)

    assert types == ["text/css", "image/svg+xml", "text/javascript", "text/javascript"]


@pytest.mark.parametrize(
    ("accepted", "is_zipped"),
    [("gzip, deflate, br", True), ("br, gzip;q=0", False), ("identity", False), ("*", True)],
)
@on_sqlite
async def test_page_is_zipped_for_whom_takes_it(
    web_client: Client, accepted: str, is_zipped: bool
) -> None:
    web_client.session._auto_decompress = False
    async with web_client.get(OCTOBER, headers={"Accept-Encoding": accepted}) as response:
        body = await response.read()
        assert (response.headers.get("Content-Encoding") == "gzip") is is_zipped
        assert response.headers["Vary"] == "Accept-Encoding"
        assert "听竹村" in (gzip.decompress(body) if is_zipped else body).decode()


async def test_page_is_sent_again_only_when_it_changed(db: Database, web_client: Client) -> None:
    async with web_client.get(OCTOBER) as first:
        known = {"If-None-Match": first.headers["ETag"]}
        assert first.headers["Last-Modified"]
    async with web_client.get(OCTOBER, headers=known) as again:
        body = await again.read()
    async with web_client.get(f"{OCTOBER}?words=x", headers=known) as other:
        pass
    await publish(db, TINGZHU, [make_line("2026-10-02", amount=7)], "2026-10")
    async with web_client.get(OCTOBER, headers=known) as changed:
        text = await changed.text()

    assert (again.status, body) == (304, b"")
    assert (other.status, changed.status) == (200, 200)
    assert "0.07元" in text


@on_sqlite
async def test_page_that_fails_says_so_in_plain_words(db: Database, browse: Browse) -> None:
    await db.run("DROP TABLE chain")

    page = await browse(OCTOBER, 500)

    assert page.one("h1").text == "这一页现在打不开"
    assert page.links["看各村公开的账"] == "/v/"
