"""Rules for what answers the bot or concerns the list on screen, and for short commands."""

from __future__ import annotations

import re
from typing import Any

from understanding import asks, items, texts
from understanding.deciding import Case, Decision, Rule
from understanding.meaning import Intent

_RATING_SAID = re.compile(
    "(?:非常|很|十分|太|极|最)?不(?:太|大|是很|咋个)?满意|(?:非常|很|十分)?满意(?![度率])|好评|差评|基本满意"
)
_NAME = re.compile("(?![不没忘随])[\u4e00-\u9fff]{2,5}")
_THANKS_AFTER = re.compile(
    "(?:好的?|行|要得|可以了|没事了|(?:晓得|知道|明白|懂|清楚)了)[,。!? ]*(?=[谢感多辛麻难])"
)
_PLEASE = re.compile("^(?:再|请|麻烦|帮我|给我|我想|我要|你)+(?=.{2})")
_RATE_ASKED = re.compile("评价|打个?分|评个?分")


def answered(case: Case) -> Decision | None:
    """A message that answers the question of the bot."""
    pending = case.context.pending
    return _ANSWERS[pending](case) if pending in _ANSWERS else None


def _menu(case: Case) -> Decision | None:
    number = items.bare_number(case.clues.text)
    return None if number is None else Decision(Intent.CHOOSE, texts.MENU, {"option": number})


def _rating(case: Case) -> Decision | None:
    text = case.clues.text
    score = case.whole.score(text)
    if score is None and items.bare_number(text) is not None:
        return Decision(Intent.UNCLEAR, texts.NO_SUCH_RATING)
    if score is not None:
        if case.context.pending == "rate3":
            score = {1: 4, 2: 3, 3: 2}.get(score, 0)
        if not 1 <= score <= 5:
            return Decision(Intent.UNCLEAR, texts.NO_SUCH_RATING)
        return Decision(Intent.RATE, texts.RATING, {"rating": score})
    rating = case.whole.rating(text)
    if rating is None and not case.clues.topic:
        rating = _rating_in(case)
    return None if rating is None else Decision(Intent.RATE, texts.RATING, {"rating": rating})


def _confirmation(case: Case) -> Decision | None:
    text = case.clues.text
    if case.whole.is_a("cancel", text):
        return Decision(Intent.CANCEL, texts.CANCEL)
    if case.whole.is_a("no", text):
        return Decision(Intent.DENY, texts.NO)
    return Decision(Intent.CONFIRM, texts.YES) if case.whole.is_a("yes", text) else None


def _binding(case: Case) -> Decision | None:
    clues = case.clues
    if clues.topic or clues.has("help", "human", "report", "how_much", "expense", "income"):
        return None
    if case.whole.is_a("cancel", clues.text):
        return None
    if clues.villages:
        return Decision(Intent.BIND_VILLAGE, texts.VILLAGE_NAMED)
    text = clues.text.strip(" ,。.!?是的我")
    if _NAME.fullmatch(text) and not clues.words:
        return Decision(Intent.BIND_VILLAGE, texts.VILLAGE_NAMED, {"village_unknown": text})
    return None


_ANSWERS: dict[str | None, Rule] = {
    "menu": _menu,
    "rate": _rating,
    "rate3": _rating,
    "confirm": _confirmation,
    "bind": _binding,
}


def acknowledged(case: Case) -> Decision | None:
    if case.context.last_bot == "reminder" and case.whole.is_a("ack", case.clues.text):
        return Decision(Intent.ACK_REMINDER, texts.ACK)
    return None


def number(case: Case) -> Decision | None:
    """A message that is nothing but a number."""
    found = items.bare_number(case.clues.text)
    if found is None or case.clues.amounts:
        return None
    if case.context.last_query and found:
        return Decision(Intent.DETAIL, texts.ITEM, {"item_no": found})
    if case.clues.text.isdigit() or len(case.clues.text) <= 2:
        return Decision(Intent.UNCLEAR, texts.BARE_NUMBER)
    return Decision(Intent.DETAIL, texts.ITEM, {"item_no": found})


def page(case: Case) -> Decision | None:
    text = case.clues.text
    briefly = _PLEASE.sub("", text)
    for kind in ("next", "prev", "first", "last"):
        if case.whole.is_a(f"page_{kind}", text) or case.whole.is_a(f"page_{kind}", briefly):
            return Decision(Intent.PAGE, texts.PAGE, {"page": kind})
    if "页" in text and len(text) <= 14:
        found = items.find_page(text)
        if found:
            return Decision(Intent.PAGE, texts.PAGE, {"page": found})
    return None


def item(case: Case) -> Decision | None:
    clues = case.clues
    found = items.find_item(clues.numbered)
    if found is None or (clues.topic and not case.context.last_query):
        return None
    filled: dict[str, Any] = {"item_no": items.placed(found, case.results)}
    ask = asks.finance(clues)
    told = ask == "reason" and clues.word(clues.cues["reason"]).endswith("回事")  # all about it
    if ask in ("payee", "handler", "date", "reason") and not told:
        filled["ask"] = ask
    return Decision(Intent.DETAIL, texts.ITEM, filled)


def commands(case: Case) -> Decision | None:
    """Whole messages: stop, yes, no, hello."""
    text, whole = case.clues.text, case.whole
    if whole.is_a("cancel", text):
        return Decision(Intent.CANCEL, texts.CANCEL)
    if whole.is_a("greeting", _THANKS_AFTER.sub("", text, count=1)):
        return Decision(Intent.GREETING, texts.GREETING, own=False)
    return None


def evaluation(case: Case) -> Decision | None:
    """An evaluation that nobody asked for."""
    clues = case.clues
    if clues.topic and clues.topic_code != "SUPER":
        return None
    rating = _rating_in(case)
    if rating is not None:
        return Decision(Intent.RATE, texts.RATING, {"rating": rating})
    if _RATE_ASKED.search(clues.text) and clues.has("want") and "status" not in clues.cues:
        return Decision(Intent.RATE, texts.RATING)
    return None


def _rating_in(case: Case) -> int | None:
    said = _RATING_SAID.search(case.clues.text)
    return case.whole.rating(said[0]) if said else None


def reply_to_nothing(case: Case) -> Decision | None:
    """Yes and no where nothing was asked, and abuse and nothing else."""
    text = case.clues.text
    if "abuse" in case.clues.cues:
        return Decision(Intent.ABUSIVE, texts.ABUSE, own=False)
    if case.whole.is_a("no", text):
        return Decision(Intent.DENY, texts.NO)
    if case.whole.is_a("yes", text) and not re.fullmatch("[嗯啊哦好行恩哎诶,。 ]+", text):
        return Decision(Intent.CONFIRM, texts.YES)
    return None
