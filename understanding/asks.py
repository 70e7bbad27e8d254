"""What exactly is asked for: the slot ask (queries.md, Slots)."""

from __future__ import annotations

import re

from understanding.clues import Clues

_PROCEDURE = ("materials", "steps", "duration", "fee", "where", "condition", "handler")
_REPEATED = re.compile(
    r"([一-龥])没(?:有)?\1|([一-龥])不\2得?到|有没[有得](?!新|啥|什么)"
    r"|[了过]?没(?:得|有)?[嘛啊哦呢哟]?[?]?$|[了到]没[,。?! ]"
)
# 有没得上万的支出 asks for entries, 有没得付出去 whether it was done.
_ARE_THERE = re.compile(
    "有没[有得](?!付|给|发|收|交|还|拨|打|到|退|结|报|批|赔|补|修|做|买|领|公[示开布]|出来|下来)"
)
_ENTRY = re.compile(r"[一那这哪]?\d*笔|(?:那|这)(?:些|条|项|款)|是啥|是什么")
_MAY = re.compile("能不能|可不可以|能否|得不得行|要不要|用不用|需不需要")
_WHY_NOT = re.compile(
    "(?:咋个?|为啥|为什么|凭啥)[^,。;!? ]{0,8}[没不](?:有|得)?[发到打给领批得评下公拨赔补]"
)
_WHAT = re.compile(
    "(?:哪些|哪几)(?:个|样|项|笔|种)?(?:钱|款|费|账|帐|补贴|补助|东西|材料|物资|项目|工程|支出|开支|工资)"
)
BRINGS = re.compile(
    "(?:要不要|需不需要|用不用)(?:带|交|拿|准备|提供|出示)(?!钱|费)[^,。;!? ]{1,8}$"
    "|(?:要|需要)(?:带|交|拿|准备|提供|出示)(?!钱|费)[^,。;!? ]{1,8}(?:不|吗|么)$"
)
"""要带户口本不: whether a paper is needed."""
_WHO_DID = re.compile("(?:批|签|审|报|经手|经办|做主)[^,。]{0,6}的(?:人)?是(?:哪个|谁|哪位)")
_DATE = re.compile("好久|啥时|什么时|几时|何时|哪天")


def finance(clues: Clues) -> str | None:
    """What is asked about entries: payee, purpose, handler, date, reason, status, standard."""
    cues = clues.cues
    if _WHO_DID.search(clues.text):
        return "handler"
    asked: list[str] = [n for n in ("payee", "handler", "date", "reason") if n in cues]
    if "purpose" in cues and (clues.amounts or clues.keywords or _ENTRY.search(clues.text)):
        asked.append("purpose")
    if asked:
        return min(asked, key=lambda name: cues[name])
    if "list" in cues and _to_whom(clues):
        return "payee"
    if is_status(clues) and not _ARE_THERE.search(clues.text):
        return "status"
    if "standard" in cues or ("rate" in cues and "how_much" in cues):
        return "standard"
    return None


def _to_whom(clues: Clues) -> bool:
    """付给了哪些人, 发了哪几户; 付了哪些款 asks what was paid."""
    start = clues.cues["list"][0]
    paid = clues.text[max(0, start - 2) : start].rstrip("了到").endswith(("给", "付", "发"))
    return paid and not _WHAT.match(clues.text, start)


def is_status(clues: Clues) -> bool:
    """Whether it is asked if something has been done."""
    return "status" in clues.cues or bool(_REPEATED.search(clues.text))


def subsidy(clues: Clues) -> str | None:
    """What is asked about allowances."""
    cues = clues.cues
    if "reason" in cues or _WHY_NOT.search(clues.text):
        return "reason"
    if "list" in cues or "payee" in cues:
        return "list"
    if "date" in cues:
        return "date"
    if "standard" in cues or ("rate" in cues and "how_much" in cues):
        return "standard"
    if "how_much" in cues:
        return "amount" if _of_somebody(clues) else "standard"
    if is_status(clues):
        return "status"
    if "list_of" in cues:
        return "list"
    if "handler" in cues:
        return "handler"
    if "purpose" in cues and clues.word(cues["purpose"]).endswith(_MONEY):
        return "purpose"
    return None


_MONEY = ("钱", "款", "费", "名目")
_PAID = re.compile("了|过|一共|总共|(?<![帮给])我(?![想要查看问])|[他她]|今年|去年|分红")


def _of_somebody(clues: Clues) -> bool:
    """An amount that was paid, or that somebody gets; else the question is for the rate."""
    return bool(clues.keywords or clues.dates.said or _PAID.search(clues.text))


def disclosure(clues: Clues) -> str | None:
    """What is asked about other disclosed matters."""
    cues = clues.cues
    if "reason" in cues:
        return "reason"
    if "list" in cues:
        return "list"
    if "date" in cues:
        return "date"
    if "payee" in cues:
        return "payee"
    if "standard" in cues or ("rate" in cues and "how_much" in cues):
        return "standard"
    if "how_much" in cues and "list_of" not in cues:
        return "amount"
    if is_status(clues) and "news" not in cues:
        return "status"
    if "list_of" in cues and "news" not in cues:
        return "list"
    if "handler" in cues:
        return "handler"
    return None


def _first(asked: list[str], clues: Clues) -> str:
    """What was asked first; of two that begin alike, what the longer word says."""
    spans = {name: clues.cues[name] for name in asked}
    return min(asked, key=lambda name: (spans[name][0], -spans[name][1]))


def procedure(clues: Clues) -> str | None:
    """What is asked about how a thing is done; of several, the first."""
    cues = clues.cues
    asked = [name for name in _PROCEDURE if name in cues]
    if not asked and BRINGS.search(clues.text):
        return "materials"
    if "duration" not in cues and "date" not in cues and _DATE.search(clues.text):
        return _first(asked, clues) if asked else "duration"
    if "condition" in cues and "条件" in clues.text:
        return "condition"
    if asked:
        return _first(asked, clues)
    if "how_much" in cues:
        return "fee"
    return "condition" if _MAY.search(clues.text) else None
