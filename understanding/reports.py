"""Rules for danger, for reports of wrongdoing, for doubts, and for what is never told."""

from __future__ import annotations

import re

from understanding import items, texts
from understanding.codes import find_secret
from understanding.deciding import Case, Decision
from understanding.meaning import Intent

_OPT_OUT = frozenset(("T", "TD", "R", "N", "退订", "0000", "TUIDING"))
_WHO_REPORTED = re.compile(
    r"(?:谁|哪个|啥人|哪位|哪些人|哪个人)(?:.{0,5})(?:举报|检举|告(?![诉知])|投诉|揭发|反映)(?!电话)"
    r"|(?:举报|告状|投诉|反映问题|告我们?|检举|揭发)(?:的|者)?(?:那个)?人(?:是|叫|的|名|信|姓|电话|有|在|都)"
    r"|(?:举报|检举|揭发|告)(?:我们?|他们?|村里?|书记|支书|主任|会计|村长|队长|社长|干部)的(?:那个|这个)?人"
    r"(?!员|家都|冒|吃|领)"
    r"|(?:是不是|是)[\u4e00-\u9fff]{2,4}(?:举报|告)的"
)
_OTHERS = re.compile("他|她|别人|人家|邻居|隔壁|那家|[哪这那]个人")
_NUMBERS = re.compile("身份证|手机号|卡号|号码|病|住址|余额")
_TELL_ME = re.compile(
    "啥病|什么病|啥子病|给我|告诉我|发我|好多|查|是啥|是什么|在哪|哪里|哪点|要|说下|晓得"
)
_ABSENT = re.compile("(?:没|没有|不)(?:得|有)?(?:收|领|拿|得|见|看)(?:到|起)|没得到|没领")
_SHOWN = re.compile("公示|名单|花名册|账上|写|显示|[那这]笔|签|第|条")
# Doubtful words that may concern anything: of an entry only where one is spoken of.
_VAGUE = re.compile("说不|不(?:相)?信|不服|不可能")
_SEEKS = re.compile("[找寻](?:谁|哪个|哪里|哪点|哪位)")
_HAS_A_QUESTION = re.compile(
    "问题(?:想|要)?(?:问|咨询|请教|请)|问个问题|什么问题|啥问题|有没有问题|问题解决"
)
_DEED = re.compile(
    "把.{1,14}(?:给|卖|送|占|吃|分|装|揣|拿|扣|吞|包|做|租|批|安排|塞|转|(?:拉|搬|抱|运|弄|抬|扛|装|提)[回到去走])|将.{1,10}(?:据为|转)"
)
# What is taken from all is a deed, whoever did it.
_TAKEN = re.compile(
    "把(?:我|我们|大家|村民|集体|公家|村里|老百姓|群众|人家)(?:家|屋头|们)?的?[^,。;!?]{0,8}"
    "(?:扣|吞|吃|占|卖|贪|挪|克|截|私分)(?:了|掉|起|去)"
)
_MINE = re.compile("我(?!们)")
_GAINED = re.compile(
    "(?:包|承包|做|揽|接|拿|得|领|吃|享受|占|中)(?:了|到|起|着|走|标)"
    "|(?:承包|包揽|承揽|垄断)(?=$|工程|项目|[,。])|(?:包|做|干|揽|接)(?:工程|项目)"
)


def urgent(case: Case) -> Decision | None:
    """Danger to life or body; not where money or papers are asked about."""
    clues = case.clues
    danger = clues.cues.get("urgent")
    if danger is None:
        return None
    if "修" in clues.text and "urgent_sure" not in clues.cues:
        return None
    # A pond that somebody fell into is no matter of its own.
    topic = any(word.end <= danger[0] or danger[1] <= word.start for word in clues.topics)
    if not clues.has("urgent_sure") and (
        topic or clues.has("subsidy_words", "how_much", "list", "expense", "materials", "handler")
    ):
        return None
    return Decision(Intent.URGENT, texts.DANGER)


def opted_out(case: Case) -> Decision | None:
    """The words by which every SMS can be stopped."""
    if case.clues.text.upper() in _OPT_OUT and case.context.pending != "confirm":
        return Decision(Intent.UNSUBSCRIBE, texts.OPT_OUT)
    return None


def secret(case: Case) -> Decision | None:
    return Decision(Intent.TIP_SECRET, texts.SECRET) if find_secret(case.clues.text) else None


def confidential(case: Case) -> Decision | None:
    """Who filed a report, and what is private to others."""
    clues = case.clues
    if _WHO_REPORTED.search(clues.text) and not clues.has("steps", "tip_progress", "handler"):
        return Decision(Intent.OUT_OF_SCOPE, texts.REPORTER)
    if "injection" in clues.cues:
        return Decision(Intent.OUT_OF_SCOPE, texts.INJECTION)
    if "private" not in clues.cues or clues.has("human", "materials", "steps", "apply", "duration"):
        return None
    somebody = clues.has("post") or any(k.kind == "person" for k in clues.keywords)
    if (somebody or _OTHERS.search(clues.text)) and not clues.has("wrongdoing", "report"):
        return Decision(Intent.OUT_OF_SCOPE, texts.PRIVATE)
    if clues.has("expense", "income") or not _TELL_ME.search(clues.text):
        return None
    if not clues.topic or _NUMBERS.search(clues.word(clues.cues["private"])):
        return Decision(Intent.OUT_OF_SCOPE, texts.PRIVATE)
    return None


def receipt(case: Case) -> Decision | None:
    clues = case.clues
    if clues.code is None:
        return None
    if "supplement" in clues.cues:
        return Decision(Intent.TIP_SUPPLEMENT, texts.SUPPLEMENT, {"code": clues.code})
    return Decision(Intent.TIP_STATUS, texts.RECEIPT, {"code": clues.code})


def report_progress(case: Case) -> Decision | None:
    clues = case.clues
    told = "tip_words" in clues.cues or "report" in clues.cues
    if "supplement" in clues.cues and (told or not clues.topic):
        return Decision(Intent.TIP_SUPPLEMENT, texts.SUPPLEMENT)
    if "tip_progress" not in clues.cues:
        return None
    if told or not (
        clues.topic or clues.dates.said or clues.has("account_words", "disclosed", "apply")
    ):
        return Decision(Intent.TIP_STATUS, texts.PROGRESS)
    return None


def allegation(case: Case) -> Decision | None:
    """Somebody did wrong, with or without the word 举报."""
    clues = case.clues
    cues = clues.cues
    if "not_reporting" in cues:
        return None
    if "report" in cues or "anonymous" in cues:
        return _tip(case)
    if "wrongdoing" in cues:
        return _tip(case)
    asked = clues.has("condition", "steps", "materials", "standard", "where", "duration")
    if "dead" in cues and (clues.topic or "领" in clues.text) and "我" not in clues.text:
        return None if asked else _tip(case)
    aided = clues.topic_code.startswith(("AID", "SUB", "PEN", "SHARE", "LAND", "PAY"))
    if aided and clues.has("kin", "wealth") and not asked:
        return _tip(case)
    if clues.has("post", "kin") and _DEED.search(clues.text):
        return _tip(case)
    if clues.has("how_much", "payee", "list", "interrogative"):
        return None
    if _TAKEN.search(clues.text):
        return _tip(case)
    if "kin" in cues and _GAINED.search(clues.text) and not _MINE.search(clues.text):
        return _tip(case)
    return None


def _tip(case: Case) -> Decision:
    filled = {"anonymous": True} if "anonymous" in case.clues.cues else {}
    return Decision(Intent.FILE_TIP, texts.ALLEGATION, filled)


def objection(case: Case) -> Decision | None:
    """Doubt about an entry or a figure, with no wrongdoer."""
    clues = case.clues
    cues = clues.cues
    doubt = cues.get("doubt")
    if doubt is None and not ("so_much" in cues and ("surprise" in cues or "reason" in cues)):
        return None
    if clues.has("materials", "steps", "condition") or _SEEKS.search(clues.text):
        return None
    if clues.villages and "change" in cues:  # 村弄错了 应该是桂子村
        return None
    if _HAS_A_QUESTION.search(clues.text):
        return None
    if doubt is not None and _VAGUE.match(clues.word(doubt)) and not _something_shown(case):
        return None
    if doubt is not None and _ABSENT.match(clues.word(doubt)):
        shown = case.context.last_query or _SHOWN.search(clues.text)
        if not shown and clues.topic:
            return None
    item = items.find_item(clues.numbered)
    filled = {} if item is None else {"item_no": items.placed(item, case.results)}
    return Decision(Intent.QUESTION_ENTRY, texts.DOUBT, filled)


def _something_shown(case: Case) -> bool:
    """Whether there is an entry, an account or a list that a doubt may concern."""
    clues = case.clues
    named = clues.topic or clues.amounts or clues.keywords
    return bool(named or case.context.last_query or clues.has("account_words", "disclosed"))
