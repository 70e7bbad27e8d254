"""What is said in another way, politely or in another script, means what it meant."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import opencc
import pytest

from tests.understanding.test_labelled_messages import DATA, understanding, villages
from understanding import context_from_json

SETS = ("queries_dev", "heldout", "blind", "blind2", "blind3", "blind4", "blind5", "blind6")
# Answers and commands are whole messages: nobody says 请问 before them.
WHOLE = frozenset(
    (
        *("confirm", "deny", "cancel", "rate", "choose", "ack_reminder", "greeting", "unclear"),
        *("abusive", "tip_secret", "tip_text", "urgent", "page", "unsubscribe", "out_of_scope"),
    )
)
Said = Callable[[str], str]


def instead(*words: tuple[str, str]) -> Said:
    def said(text: str) -> str:
        for pattern, other in words:
            text = re.sub(pattern, other, text)
        return text

    return said


def around(before: str = "", after: str = "") -> Said:
    return lambda text: before + text + after


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
OTHERWISE: dict[str, Said] = {
    "怎么": instead(("咋个|咋(?![样子])", "怎么")),
    "啷个": instead(("咋个|怎么(?!样)", "啷个")),
    "多少": instead(("好多", "多少")),
    "几多": instead(("好多", "几多")),
    "什么": instead(("啥子?", "什么")),
    "啥子": instead(("什么|啥(?!子)", "啥子")),
    "没有": instead(("没得", "没有")),
    "莫得": instead(("没得", "莫得")),
    "帐": instead(("账", "帐")),
    "昨年": instead(("(?<!比)去年", "昨年")),
    "总共": instead(("一共", "总共"), ("合计", "总计")),
    "本月": instead(("这个月", "本月")),
    "traditional script": opencc.OpenCC("s2t").convert,
    "wide figures": lambda text: text.translate(WIDE),
    "blanks": around(" ", "  "),
    "full stop": around("", "。"),
    "question mark": around("", "?"),
}
POLITELY: dict[str, Said] = {
    "嘛": around("", "嘛"),
    "哦": around("", "哦"),
    "谢谢": around("", " 谢谢"),
    "你好": around("你好 "),
    "各位好": around("各位好,"),
    "喂": around("喂 "),
    "嗯": around("嗯,"),
    "那个": around("那个 "),
    "请问一下": around("请问一下"),
    "麻烦问下": around("麻烦问下 "),
    "我想问一下": around("我想问一下"),
    "我想晓得": around("我想晓得"),
}


def rows() -> list[dict[str, Any]]:
    texts = ((DATA / f"{name}.jsonl").read_text("utf-8") for name in (*SETS, "intents"))
    return [json.loads(line) for text in texts for line in text.splitlines()]


ROWS = rows()


def misread(otherwise: Said, labelled: list[dict[str, Any]]) -> dict[str, Any]:
    """What other wordings of the rows mean, where it is none of their labels."""
    missed = {}
    for row in labelled:
        text = otherwise(row["text"])
        context = context_from_json(row["context"], villages())
        today = date.fromisoformat(row["today"])
        meant = understanding().read(text, today=today, context=context).as_json()
        if meant not in (row["expect"], *row.get("alt", [])):
            missed[text] = meant
    return missed


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
def test_other_words_and_writings_mean_the_same(otherwise: Said) -> None:
    assert not misread(otherwise, ROWS)


@pytest.mark.parametrize("politely", POLITELY.values(), ids=POLITELY)
def test_courtesy_changes_nothing(politely: Said) -> None:
    asked = [row for row in ROWS if row["expect"]["intent"] not in WHOLE]

    assert not misread(politely, asked)
