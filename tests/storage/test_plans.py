"""What is asked every minute or so reads an index, however many attempts there were."""

import json

import pytest

from storage.alarms import TAKEN
from storage.database import Database
from storage.spending import SPENT

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgres": "EXPLAIN "}


@pytest.mark.parametrize(("statement", "values"), [(SPENT, (1,)), (TAKEN, ("aliyun", 1, 2))])
async def test_texts_of_a_time_are_found_by_an_index(
    db: Database, statement: str, values: tuple[object, ...]
) -> None:
    async with db.transaction():
        if db.dialect == "postgres":  # a table without rows it would read whole
            await db.run("SET LOCAL enable_seqscan = off")
        plan = json.dumps(await db.rows(EXPLAIN[db.dialect] + statement, *values))

    assert "attempts_texts" in plan
