"""Rules for the list of powers itself: by post, by an item's code, its risks, who supervises."""

from __future__ import annotations

import re
from typing import Any

from understanding import asks, items, texts
from understanding.deciding import Case, Decision
from understanding.meaning import Intent
from understanding.normalise import normalise

_LIST = re.compile(
    "(?:权力|职权|权责|办事|微权力)(?:事项)?(?:清单|目录|指南)|(?:权力|职权|权责)事项"
    "|流程图|风险(?:防控)?图|^(?:查|看)?清单$"
)
_POWERS = re.compile(
    "(?:哪些|啥子?|什么|多大|好大)的?(?:权力|职权|权限|职责|权(?![利属证力]))"
    "|(?:权力|职权|权限|职责)(?:有|是|范围|$|[?呢嘛])"
)
_OF_POST = re.compile(
    "(?:书记|支书|主任|会计|村长|[组队]长|文书|出纳|报账员|专干|理事长|监事长|网格员|干部|委员会?"
    "|监委会|议事会|[村居]委会)(?:主要|都|到底|一般|能)*(?:管|负责)(?:的是|的|些)?(?:哪些|啥|什么)"
)
_RISK = re.compile("风险|防控")
_SUPERVISED = re.compile("(?:谁|哪个|哪些人|啥子?部门|什么部门|哪个部门)(?:来|在|可以|能)?监督")
_STEP = re.compile("第.{1,3}步")
_ITEM_CODE = re.compile("(?<![A-Z0-9])[A-Z]{1,3}-?[0-9]{2,3}(?![A-Z0-9-])")


def powers(case: Case) -> Decision | None:
    """The list of powers: as a whole, of a post, or one item by its code."""
    clues = case.clues
    text = clues.text
    code = item_code(text)
    asked = _LIST.search(text) or asks_of_powers(text)
    last = case.context.last_query
    is_named = clues.topic_code or (last and last.intent is Intent.QUERY_POWER_ITEM)
    about = is_named and (asks_of_risks(text) or asks_who_supervises(text))
    if not (asked or code or about):
        return None
    filled: dict[str, Any] = {}
    if _STEP.search(text):
        filled["item_no"] = items.find_item(clues.numbered)
    if code:
        filled["ask"] = asks.procedure(clues)
    if code and clues.dates.said:
        filled["period"] = clues.dates.said[0].period
    return Decision(Intent.QUERY_POWER_ITEM, texts.POWERS, filled)


def asks_of_powers(text: str) -> bool:
    """Whether a message asks what somebody may decide: 村主任有哪些权力, 书记管些啥."""
    return bool(_POWERS.search(text) or _OF_POST.search(text))


def asks_of_risks(text: str) -> bool:
    return bool(_RISK.search(text))


def asks_who_supervises(text: str) -> bool:
    return bool(_SUPERVISED.search(text))


def item_code(text: str) -> str | None:
    """The code of an item that a message names, in capitals."""
    match = _ITEM_CODE.search(normalise(text).upper())
    return match[0] if match else None
