"""The labelled messages: a floor that no change may fall below, and no text that breaks it."""

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding import Intent, Understanding, Village, context_from_json

DATA = Path(__file__).parent / "data"
SAMPLE = Path(__file__).parents[2] / "bot/sample/villages.csv"
TODAY = date(2026, 11, 24)


@cache
def villages() -> tuple[Village, ...]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple(Village(row["区划代码"], row["名称"], row["乡镇"]) for row in rows)


@cache
def understanding() -> Understanding:
    return Understanding(villages())


def read(row: dict[str, Any]) -> dict[str, Any]:
    context = context_from_json(row["context"], villages())
    today = date.fromisoformat(row["today"])
    return understanding().read(row["text"], today=today, context=context).as_json()


@pytest.mark.parametrize(
    ("file", "intents", "exact"),
    [
        ("queries_dev.jsonl", 250, 250),
        ("heldout.jsonl", 229, 229),
        ("blind.jsonl", 314, 314),
        ("blind2.jsonl", 81, 81),
        ("blind3.jsonl", 62, 62),
        ("blind4.jsonl", 61, 61),
        ("blind5.jsonl", 221, 221),
        ("blind6.jsonl", 60, 60),
    ],
)
def test_as_many_messages_are_understood_as_ever(file: str, intents: int, exact: int) -> None:
    rows = [json.loads(line) for line in (DATA / file).read_text("utf-8").splitlines()]
    right = whole = 0
    for row in rows:
        meant, wanted = read(row), [row["expect"], *row.get("alt", [])]
        right += meant["intent"] in [label["intent"] for label in wanted]
        whole += meant in wanted

    assert right >= intents
    assert whole >= exact


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    meaning = understanding().read(text, today=TODAY)

    assert isinstance(meaning.intent, Intent)
    if meaning.slots.period:
        assert meaning.slots.period.start <= meaning.slots.period.end


@pytest.mark.parametrize(
    ("text", "intent", "village"),
    [
        ("我是鹭洲村的", Intent.BIND_VILLAGE, "鹭洲村"),
        ("2025年10月支出合计多少元", Intent.ASK_TOTAL, None),
        ("鹭洲村2025年11月支出合计", Intent.ASK_TOTAL, "鹭洲村"),
        ("上个月村里花了好多钱", Intent.ASK_TOTAL, None),
        ("2026年2月花得最多的一笔", Intent.ASK_LARGEST, None),
        ("9月15号到20号花了好多", Intent.ASK_TOTAL, None),
        ("关闭所有通知", Intent.UNSUBSCRIBE, None),
        ("主任吃回扣", Intent.FILE_TIP, None),
        ("打起来了救命", Intent.URGENT, None),
    ],
)
def test_what_villagers_write_most(text: str, intent: Intent, village: str | None) -> None:
    meaning = understanding().read(text, today=TODAY)

    assert meaning.intent is intent
    assert (meaning.slots.village.name if meaning.slots.village else None) == village
