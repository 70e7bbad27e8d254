"""Requests in one message: clauses, what is taken back, what is corrected (queries.md, rule 9)."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_CLAUSES = 6  # a longer message is a story, read as one
_LONGEST_PAIR = 80

_BREAK = re.compile(
    r"[,。;!?、\n.]*\s*(?:还有就是|还有(?![没哪啥什好多吗呢剩些没几])|另外(?!一)|顺便|同时|然后|接着(?!看)|再(?=[查看问帮说]|给我|把)"
    r"|还要|还想|我还|并且|以及|也(?=帮?我?[查看问]))|[,。;!?\n]+\s*|\s+"
)
_AND = re.compile("和|跟|以及|及")
_CORRECTED = re.compile(
    r"(?:(?:^|[,。;!?、\s])\s*(?:哦|噢|呃|唉|啊|诶|喔|哎|嗯)*\s*(?:不对|不是|不不)|[,。;!?、\s]{0,4}(?:哦|噢|呃|唉|啊|诶|喔|哎)不(?:是|对)?"
    r"|[,。;!?、\s]{0,4}(?:我)?(?:说错|搞错|打错|写错|弄错|讲错|整错|说拐|搞拐)(?:了)?|[,。;!?、\s]{1,4}(?:错了|更正|我是说|我说的是|应该是|改成|是说))"
    r"(?:[,。;!?、\s了哦啊嘛]|应该是|应该|我是说|我说的是|是)*"
)
_MISSAID = re.compile(
    r"(?:我)?(?:说|打|讲|问|输)(?:错|拐)了?(?:[,。;!?、\s]+|(?=我[要想是说问]))(?:应该是|我是说|我[要想]?[说问要查]的是|是)?\s*"
)
_NOT_BUT = re.compile(
    r"(?<![就都也])(?:不看|莫看|别看|不要|不查|不问|不想看|不是|不用看|不管)(?!不|(?:再)?给我)(?P<no>[^,。;!?]{1,8}?)[,。;\s]*"
    r"(?:只看|光看|就看|看|只要|只查|要看|(?<![检调审])查|要查|(?<![慰访])问|改看|是|而是|要)(?![病望护金题])"
    r"(?P<yes>.{1,})"
)
_TAKEN_BACK = re.compile(
    "(?:就|都|也)?(?:(?:不|莫|别|不要|不用|不消|不想)(?:给我|跟我)?(?:看|查|问|发|说|列|管)|不要|不算|不用)了?"
    "[吧嘛哈]*$"
)
_NOT_FIRST = re.compile("^(?:我)?(?:不是|不要|不想|不看|不查|莫|别|不问|不用)(?!不)")


class Clause(NamedTuple):
    """A part of a message between marks, blanks or words that join."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Clause]:
    """Cut a message at its marks, blanks and joining words; empty parts are left out."""
    clauses: list[Clause] = []
    start = 0
    for mark in _BREAK.finditer(text):
        if mark.end() > mark.start():
            _add(clauses, text, start, mark.start())
            start = mark.end()
    _add(clauses, text, start, len(text))
    return clauses


def _add(clauses: list[Clause], text: str, start: int, end: int) -> None:
    if text[start:end].strip():
        clauses.append(Clause(start, end, text[start:end]))


def joined_by_and(text: str) -> list[tuple[Clause, Clause]]:
    """Give both sides of each 和, where a message may make two requests without a pause."""
    if len(text) > _LONGEST_PAIR:
        return []
    return [
        (
            Clause(0, mark.start(), text[: mark.start()]),
            Clause(mark.end(), len(text), text[mark.end() :]),
        )
        for mark in list(_AND.finditer(text))[:2]
        if mark.start() > 0 and mark.end() < len(text)
    ]


def correction(text: str) -> tuple[str, str] | None:
    """Give what was said first and what it is corrected to."""
    mark = _CORRECTED.search(text)
    if not mark:
        return None
    first, second = text[: mark.start()].strip(), text[mark.end() :].strip()
    return (first, second) if len(first) >= 2 and len(second) >= 2 else None


def after_missaid(text: str) -> str:
    """Drop what only says that the message before was a slip: 说错了 是十月 is 十月."""
    slip = _MISSAID.match(text)
    return text[slip.end() :] if slip and slip.end() < len(text) else text


def without_negated(text: str) -> str:
    """Drop the part that is not wanted: 不看收入 看支出 is 看支出."""
    match = _NOT_BUT.search(text)
    if not match or text[match.start() - 1 : match.start()] in ("是", "要"):
        return text
    return (text[: match.start()] + " " + match["yes"]).strip()


def is_taken_back(clause: str) -> bool:
    """Whether a clause says what is not wanted: 一千以下的就不看了."""
    return bool(_TAKEN_BACK.search(clause) or _NOT_FIRST.match(clause))
