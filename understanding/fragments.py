"""What is left of a message without what it names."""

from __future__ import annotations

import re

from understanding.clues import Clues

_FILLERS = re.compile(
    "[的呢喃嘛哈啊呀哦噻么吗了那只才看要想光单就再把给我你您们村里上头有得些个下一查问请帮说是和跟在也都还"
    "嗯额麻烦换成改为只及与对去年度份间,。!?、~:;. \x00]+"
)


_NAMED = ("expense", "income", "only", "except", "rest", "dismiss")


def rest(clues: Clues, kinds: tuple[str, ...] = _NAMED) -> str:
    """What is left of a text without its slots, its fillers and words of some kinds."""
    text = clues.plain
    spans = [(w.start, w.end) for w in clues.topics] + [(k.start, k.end) for k in clues.keywords]
    spans += [clues.cues[kind] for kind in kinds if kind in clues.cues]
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return _FILLERS.sub("", text)
