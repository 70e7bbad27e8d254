"""The steps that `explain` tells: which words were seen and what they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from understanding import texts
from understanding.clues import Clues
from understanding.lexicon import TOPIC


def steps(clues: Clues, names: Mapping[str, str]) -> Iterator[str]:
    """Tell what a message names, a line each; `names` are those of the topics."""
    yield from _villages(clues)
    if clues.group is not None:
        yield texts.GROUP.format(number=clues.group)
    for said in clues.dates.said:
        word = clues.word((said.start, said.end))
        yield texts.PERIOD.format(word=word, start=said.period.start, end=said.period.end)
    if clues.dates.impossible:
        yield texts.NO_SUCH_DATE
    for one in clues.amounts:
        amount = one.amount.as_json()
        low, high = (texts.OPEN if amount[end] is None else amount[end] for end in ("min", "max"))
        yield texts.AMOUNT.format(word=clues.word((one.start, one.end)), low=low, high=high)
    for keyword in clues.keywords:
        yield texts.KEYWORD.format(word=clues.word(keyword[:2]))
    if clues.code:
        yield texts.CODE.format(code=clues.code)
    for template, topic in ((texts.TOPIC, clues.topic), (texts.LEFT_OUT, clues.except_word)):
        if topic:
            name = names.get(topic.code, topic.code)
            yield template.format(word=clues.word(topic[:2]), name=name, code=topic.code)
    cues = [clues.word(span) for kind, span in clues.cues.items() if not kind.startswith(TOPIC)]
    if cues:
        yield texts.CUES.format(words=" ".join(dict.fromkeys(cues)))


def _villages(clues: Clues) -> Iterator[str]:
    for named in clues.villages:
        word = clues.word((named.start, named.end))
        if named.unknown:
            yield texts.VILLAGE_UNKNOWN.format(word=word)
        template = texts.VILLAGE if named.sure else texts.VILLAGE_GUESSED
        for village in named.villages:
            yield template.format(word=word, town=village.town, name=village.name)
