"""随时公开 by message: taken from whoever holds an office, and from nobody else."""

from __future__ import annotations

import pytest

from tests.bot.talking import Talk
from tests.console.staff.kit import TOWN, VILLAGE

TEXT = "随时公开:明天三组停水,8点到12点。"


async def in_office(talk: Talk, *posts: tuple[str, str]) -> None:
    """Whoever talks by WeChat holds these roles in these regions."""
    await talk.at_home()
    # Whoever has just written is the one whose address nobody imported.
    row = await talk.db.row(
        "SELECT people.id FROM people JOIN addresses ON addresses.person_id = people.id"
        " WHERE people.known = ? AND addresses.channel = 'wechat'",
        False,
    )
    assert row
    for number, (role, region) in enumerate(posts):
        await talk.db.run(
            "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, ?, ?, '')",
            f"post{number}", row["id"], role, region,
        )  # fmt: skip


async def kept(talk: Talk) -> list[str]:
    return [row["village"] for row in await talk.db.rows("SELECT village FROM ad_hoc")]


@pytest.mark.parametrize("role", ["干部", "录入"])
async def test_a_cadre_sends_it_in_and_gets_a_number(talk: Talk, role: str) -> None:
    await in_office(talk, (role, VILLAGE))

    said = await talk.say(TEXT)

    row = await talk.db.row("SELECT number, village, state FROM ad_hoc")
    assert row
    assert (row["village"], row["state"]) == (VILLAGE, "waiting")
    assert said == f"收到,编号{row['number']}。审核的人同意以后,马上公开。"


@pytest.mark.parametrize("posts", [(), (("监委会", VILLAGE),), (("干部", TOWN),)])
async def test_nobody_else_sends_anything_in(
    talk: Talk, posts: tuple[tuple[str, str], ...]
) -> None:
    await in_office(talk, *posts)

    said = await talk.say(TEXT)

    assert "马上公开" not in said
    assert await kept(talk) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("随时公开:联系王主任13800138000", "不能公开"),
        ("随时公开:" + "长" * 1001, "最多1000个字"),
    ],
)
async def test_what_may_not_be_public_is_not_kept(talk: Talk, text: str, told: str) -> None:
    await in_office(talk, ("干部", VILLAGE))

    assert told in await talk.say(text)
    assert await kept(talk) == []
