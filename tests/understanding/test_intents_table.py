"""Each intent of queries.md, asked for in words that its table does not use."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.understanding.test_labelled_messages import DATA, read
from understanding import Intent

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "intents.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_message_has_the_intent_and_the_slots_of_its_label(row: dict[str, Any]) -> None:
    assert read(row) == row["expect"]


def test_every_intent_is_asked_for_in_three_ways() -> None:
    asked = Counter(row["expect"]["intent"] for row in ROWS)

    assert not [intent for intent in Intent if asked[intent.value] < 3]
