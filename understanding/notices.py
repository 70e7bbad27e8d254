"""Rules for notices, the own village, help, and what is no village affair."""

from __future__ import annotations

import re

from understanding import texts
from understanding.clues import Clues
from understanding.deciding import Case, Decision
from understanding.fragments import rest
from understanding.lexicon import Span
from understanding.manners import is_manner
from understanding.meaning import Intent
from understanding.topics import TopicWord

_NOTICE = "(?:订阅|通知|提醒|推送|短信|消息)"
_STOPPED = re.compile(
    "(?:取消|关掉|停掉|停止|停了|退掉|关闭|屏蔽|不要|不用|不想要|不需要)[^,。;!? ]{0,8}的?"
    + _NOTICE
    + "|"
    + _NOTICE
    + "(?:都|也|就|全部?|给我)*(?:取消|停|关|退|免|屏蔽)(?:了|掉|吧|嘛|$)"
    + "|(?:不|莫|别|甭)(?:想|要|愿|愿意|用)?再?(?:收到?|接收|看到?|听到?)[^,。;!? ]{0,8}的"
    + _NOTICE
)
_WANTED = re.compile("(?:想|要|愿意|希望|能)(?:收到?|接收)[^,。;!? ]{0,8}的?" + _NOTICE)
_SHOW_ME = re.compile("(?!.*声)(?:发给|给我(?:发|说|讲)|告诉|说给|[跟给]我(?:说|讲))")
_WHEN_NEW = re.compile(
    "以后|今后|往后|每个?[月次回年季]|一旦|只要|有[了新消动变结更情]|出来|公[布示开]了|更新|变动|变化|下来了"
    "|到时|及时|第一时间|新的|定期|就[给发喊叫告通跟说]|推送|订阅"
)
_NOT_TOLD = re.compile(
    "没(?:有|得)?人?(?:通知|告诉|喊|叫|提醒|告知)[我俺咱]"
    "|(?:喊|叫|让|要)我们?(?:再|又|先|先去|去)?[交出送拿买补签跑等找]"
)
_OTHER_VILLAGE = re.compile("换(?:个|一个|下|一下)?村|改(?:个)?村|切换村|绑错|村.错")
_WHICH = re.compile("(?:订阅?|关注)了?些?(?:哪|啥|什么)|我的订阅|[查看][^,。]{0,4}订阅")
_ASKED = (
    *("payee", "handler", "date", "status", "standard", "rate", "list", "list_of", "how_much"),
    *("materials", "steps", "duration", "fee", "where", "condition", "reason", "total"),
)
_LETTERS = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]")


def notices(case: Case) -> Decision | None:
    """News: wanted, wanted otherwise, wanted no more; or what one gets already."""
    clues = case.clues
    if "unsubscribe" in clues.cues or _STOPPED.search(clues.text):
        return Decision(Intent.UNSUBSCRIBE, texts.UNSUBSCRIBE)
    if is_manner(_without_names(clues)):
        return Decision(Intent.SUBSCRIBE, texts.SUBSCRIBE)
    if _NOT_TOLD.search(clues.text) or _is_shown_now(clues):
        return None
    wanted = "subscribe" in clues.cues or _WANTED.search(clues.text)
    if wanted and not clues.has("private", "wrongdoing", "reason"):
        listed = _WHICH.search(clues.text)
        return Decision(Intent.SUBSCRIBE, texts.SUBSCRIBE, {"ask": "list"} if listed else {})
    return None


def _is_shown_now(clues: Clues) -> bool:
    """Whether 发给我 asks for an answer rather than for what will come."""
    word = clues.cues.get("subscribe")
    if word is None or not _SHOW_ME.match(clues.word(word)):
        return False
    return _WHEN_NEW.search(clues.text) is None


def _without_names(clues: Clues) -> str:
    """The text without topics and villages."""
    text = clues.text
    named = [(topic.start, topic.end) for topic in clues.topics]
    named += [(village.start, village.end) for village in clues.villages]
    for start, end in sorted(named, reverse=True):
        text = text[:start] + text[end:]
    return text


def own_village(case: Case) -> Decision | None:
    """Setting or changing the own village."""
    clues = case.clues
    change = "change" in clues.cues
    named = bool(clues.villages)
    if change and (named or _OTHER_VILLAGE.search(clues.text)):
        return Decision(Intent.SWITCH_VILLAGE, texts.VILLAGE_CHANGED)
    if not named or _asks_something(clues):
        return None
    if case.context.bound_village is None or "bind" in clues.cues:
        return Decision(Intent.BIND_VILLAGE, texts.VILLAGE_NAMED)
    return None


def _asks_something(clues: Clues) -> bool:
    return bool(
        clues.topic
        or clues.dates.said
        or clues.amounts
        or clues.has("expense", "income", "how_much", "account_words", "disclosed", "list", "total")
        or clues.has("subsidy_words", "human", "help", "compare", "largest", "status", "steps")
    )


def talk(case: Case) -> Decision | None:
    """Help and people, where nothing else is asked."""
    clues = case.clues
    if "human" in clues.cues and _is_part(clues.topic, clues.cues["human"]):
        return Decision(Intent.HUMAN, texts.HUMAN)
    if "help" in clues.cues and not (clues.topic or clues.dates.said or clues.has("income")):
        return Decision(Intent.HELP, texts.HELP)
    return None


def _is_part(topic: TopicWord | None, cue: Span) -> bool:
    """Whether no topic is named, or by a part of the cue alone: 办公 in 村办公室电话."""
    return topic is None or (cue[0] <= topic.start and topic.end <= cue[1])


def beyond(case: Case) -> Decision | None:
    """Not village affairs."""
    clues = case.clues
    if clues.topic:
        return None
    cues = clues.cues
    if "goods" in cues and "price" in cues:
        return Decision(Intent.OUT_OF_SCOPE, texts.BEYOND)
    if "weather_chat" in cues and not clues.has("disclosed", "expense", "income", "subsidy_words"):
        return Decision(Intent.OUT_OF_SCOPE, texts.BEYOND)
    return None


def something_else(case: Case) -> Decision | None:
    """A whole question that holds no word of village affairs; 好久发 alone may be about one."""
    clues = case.clues
    left = rest(clues, _ASKED)
    if len(left) >= 3 and clues.has("interrogative", "want") and _LETTERS.search(left):
        return Decision(Intent.OUT_OF_SCOPE, texts.BEYOND, own=False)
    return None
