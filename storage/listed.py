"""Many rows of values as one table in a statement, given as one parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from storage.database import Database


def listed(db: Database, columns: Mapping[str, str]) -> str:
    """`(...) AS v` with these columns and SQL types, to stand in a FROM; its `?` takes `as_list`.

    One statement serves batches of every size, so that it is prepared once.
    """
    if db.dialect == "sqlite":
        named = ", ".join(
            f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns)
        )
        return f"(SELECT {named} FROM json_each(?)) AS v"  # noqa: S608
    named = ", ".join(
        f"CAST(value->>{place} AS {kind}) AS {name}"
        for place, (name, kind) in enumerate(columns.items())
    )
    return f"(SELECT {named} FROM json_array_elements(CAST(CAST(? AS TEXT) AS JSON)) AS value) AS v"  # noqa: S608


def as_list(rows: Iterable[Sequence[object]]) -> str:
    """Text, whole numbers and None; the parameter of `listed`."""
    return json.dumps([list(row) for row in rows], ensure_ascii=False)
