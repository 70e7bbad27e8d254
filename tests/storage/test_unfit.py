"""A value that no column holds is a mistake of ours, and no sign that the store is away."""

import pytest

from storage.database import Database, Unavailable, Unfit


async def test_a_figure_too_large_is_named_and_not_told(db: Database) -> None:
    await db.run("INSERT INTO marks (name, value) VALUES (?, ?)", "one", 1)

    async def count() -> None:
        async with db.transaction():
            await db.run("UPDATE marks SET value = 2")
            await db.run("INSERT INTO marks (name, value) VALUES (?, ?)", "two", 2**70)

    with pytest.raises(Unfit) as error:
        await count()

    assert not isinstance(error.value, Unavailable)
    assert str(2**70) not in str(error.value)
    assert await db.rows("SELECT name, value FROM marks") == [{"name": "one", "value": 1}]
