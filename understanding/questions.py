"""Rules for questions about accounts, allowances, other disclosed matters and procedures."""

from __future__ import annotations

import re

from understanding import asks, items, slots, texts
from understanding.clues import Clues
from understanding.deciding import Case, Decision
from understanding.fragments import rest
from understanding.meaning import Intent

_SUBSIDY = ("AID", "PEN", "SUB", "SHARE", "LAND.COMP", "MED")
_DISCLOSURE = (
    "LAND.HOUSE", "LAND.CONTRACT", "BID", "CADRE", "DECIDE", "ELECT", "PARTY", "PLAN", "RIGHT",
    "SUPER", "VILLAGE", "MEMBER", "LEVY",
)  # fmt: skip
_PROCEDURE = ("CERT", "POWER")
_VERB_SUM = re.compile(
    "(?:花|用|收|支出|开支|开销|收入|进账|进|欠|借|付|买|支|出|投|拿|得|领|挣|赚|弄)[^,。;!? ]{0,6}"
    "(?:好多|几(?:块|万|千|百))"
)
_COMPARED = re.compile(
    "比(?:起|较)?\x00|(?<!\x00)\x00++的?[^\x00]{0,6}比(?![如方例赛选])|(?:跟|和|与|同)[^,。]{1,14}比(?![如方例赛选])|比(?:我们|别|隔壁|其他)"
)
_A_MATTER = 3  # that many characters beside a date speak of something
_TOP_WORDS = re.compile("最|前|排|大额|top|TOP|Top")
_PAID_FOR = re.compile("收不收|要不要(?:钱|交)|[收要花]钱(?:不|吗|么)|收费(?:不|吗|么)|免费")
# Who decides in general, and who did in a case: 要哪个审批, 哪个批的.
_WHO_DECIDES = re.compile(
    "(?:要|得|需要|该|归|由|是)(?:哪个|谁|哪位|哪些人|哪个部门)(?:来|去)?"
    "(?:审批|批准|审核|同意|批|签字|点头|定|办|盖章)(?!的|了)"
)
# Said of an allowance, too, these ask for entries.
_FLOW = re.compile("支出|收入|[用花][到在去]哪")
_SPENT = re.compile("[用花弄拨打发搞整跑拿走付去][到往去在]?$")
# Who may have a thing; 能不能查 only asks a favour.
_MAY = re.compile(
    "(?:能不能|可不可以|能否|得不得行|要不要|用不用|需不需要)(?!看|查|发|给|公|列|说|告|帮|把|晒|讲|解释|念|紧)"
)
_AMOUNT_NEXT = re.compile("(?:得到|到)?(?:好多|几)")
_ALLOWANCE = re.compile("补(?!办|充|交|缴|录|登|签|选)|奖励|津贴|子女费")
_ALLOWED = re.compile("补(?:贴|助)|津贴")
# When money comes is no matter of how long a procedure takes.
_COMES = re.compile(
    "(?:补贴|补助|款|钱|金|津贴)[^,。;!? ]{0,3}(?:好久|多久|几天)(?:能|可以|才能)?(?:下来|到|拿到)"
)
_PAID_OUT = re.compile("(?:发|拨|付|给)(?:出去|出|了|放)[^,。;!? ]{0,4}好多")
_JOBS = re.compile("招(?![待标呼商投牌手])|(?:还|要不)要人|缺人|名额|空缺|报名")
_MONEY = re.compile("钱|款|费|账|花|用(?:了|掉|去|到)|收|付|租金|承包费")
_WORKS = re.compile(
    "(?:啥子?时候|好久|什么时候|几时|哪天)[^,。;!? ]{0,6}[通建安修装]|归哪个管|开不开门"
    "|要修|准备修|打算修|计划修|验收|开工|完工|竣工|啥时候修|好久修|什么时候修|修好|修完|公示|进[度展]|哪个修|谁修|施工"
)


def comparison(case: Case) -> Decision | None:
    clues = case.clues
    spans = len([said for said in clues.dates.said if not said.years_back])
    compared = _COMPARED.search(clues.plain) is not None
    if "compare" not in clues.cues and not compared:
        return None
    if not compared and clues.has("standard", "rate"):  # 低保标准涨没涨
        return None
    if not (compared or spans or clues.villages or "同" in clues.text):
        return None
    first, second = slots.compared(clues, case.context, case.today)
    filled = {k: v for k, v in (("period", first), ("period2", second)) if v is not None}
    return Decision(Intent.COMPARE, texts.COMPARISON, filled)


def largest(case: Case) -> Decision | None:
    clues = case.clues
    cue = clues.cues.get("largest")
    if cue and any(one.start <= cue[0] < one.end for one in clues.amounts):
        cue = None
    top = items.find_top(clues.plain) if _TOP_WORDS.search(clues.plain) else None
    if cue is None and top is None:
        return None
    return Decision(Intent.ASK_LARGEST, texts.LARGEST, {} if top is None else {"n": top})


def total(case: Case) -> Decision | None:
    clues = case.clues
    cues = clues.cues
    if "total" in cues or "balance" in cues:
        return Decision(Intent.ASK_TOTAL, texts.TOTAL)
    if "how_much" not in cues:
        return None
    if _asks_procedure(clues):
        return None
    code = clues.topic_code
    if code == "LEVY" and "rate" in cues:
        return None
    if clues.has("expense", "income") and _VERB_SUM.search(clues.text):
        return Decision(Intent.ASK_TOTAL, texts.TOTAL)
    if code == "FIN.DEBT" or (code == "PAY" and _PAID_OUT.search(clues.text)):
        return Decision(Intent.ASK_TOTAL, texts.TOTAL)
    cost = code.startswith(("PROJ", "ENV", "FIN", "LEVY")) or code in (
        "ASSET.RENT",
        "ASSET.CONTRACT",
    )
    if cost and "rate" not in cues and not clues.has("payee", "handler", "purpose"):
        return Decision(Intent.ASK_TOTAL, texts.TOTAL)
    return None


def procedure(case: Case) -> Decision | None:
    """How a thing is done, and who qualifies."""
    clues = case.clues
    code = clues.topic_code
    if not _asks_procedure(clues) and not (
        (
            code.startswith(_PROCEDURE)
            and not clues.has("status", "list", "expense", "disclosed")
            and not _ALLOWANCE.search(clues.text)
        )
        or (clues.has("apply") and code and not _asks_of_query(clues))
    ):
        return None
    ask = asks.procedure(clues)
    return Decision(Intent.QUERY_POWER_ITEM, texts.PROCEDURE, {} if ask is None else {"ask": ask})


def _asks_of_query(clues: Clues) -> bool:
    return clues.has(
        "list", "list_of", "status", "reason", "disclosed", "how_much", "expense", "income", "date"
    ) or bool(clues.dates.said)


def _asks_procedure(clues: Clues) -> bool:
    cues = clues.cues
    code = clues.topic_code
    if clues.has("materials", "steps", "who_decides") or _asks_whether(clues):
        return True
    if code and "fee" not in cues and asks.BRINGS.search(clues.text):
        return True
    done = "apply" in cues or code.startswith((*_PROCEDURE, *_SUBSIDY, *_DISCLOSURE))
    if "duration" in cues:
        return done and not _COMES.search(clues.text)
    if "where" in cues:
        return done and _asks_place(clues)
    if "fee" in cues:
        if "apply" in cues or code.startswith((*_PROCEDURE, "LAND.HOUSE")):
            return True
        done = code.startswith(_DISCLOSURE) and code != "LEVY"
        return done and _PAID_FOR.search(clues.text) is not None
    if "handler" in cues and clues.word(cues["handler"]).startswith(("找", "寻", "问", "哪个管")):
        return bool(code) and code != "CADRE"
    return bool(code) and _WHO_DECIDES.search(clues.text) is not None


def _asks_whether(clues: Clues) -> bool:
    """Who qualifies; 可以领好多 asks how much, and 能不能帮我 asks a favour."""
    cue = clues.cues.get("condition")
    if cue and (clues.topic or "apply" in clues.cues):
        return not _AMOUNT_NEXT.match(clues.text, cue[1])
    return clues.topic is not None and _MAY.search(clues.text) is not None


def _asks_place(clues: Clues) -> bool:
    """Where to go; not where money went, nor where something can be seen."""
    start, end = clues.cues["where"]
    spent = _SPENT.search(clues.text, 0, start) or clues.text.startswith("用到", start - 1)
    return not spent and clues.text[end - 1] not in "看查"


def fragment(case: Case) -> Decision | None:
    """A piece that changes the query on screen."""
    if case.context.last_query is None:
        return None
    clues = case.clues
    changed = [
        bool(slots.usable(clues, case.context)),
        bool(clues.villages),
        bool(clues.topic or clues.except_word),
        slots.direction(clues) is not None,
        bool(clues.amounts),
        clues.group is not None,
        bool(clues.keywords),
    ]
    if not any(changed) or rest(clues):
        return None
    marked = clues.has("only", "except") or re.search("[呢喃的]$|^那|换成|改成", clues.text)
    if sum(changed) > 1 and not marked:
        return None
    return Decision(Intent.REFINE, texts.FRAGMENT, own=False)


def query(case: Case) -> Decision | None:
    """A question about accounts, allowances or other disclosed matters."""
    clues = case.clues
    intent = _family(clues) or _of_the_screen(case)
    if intent is None:
        return None
    ask = _ASKS[intent](clues)
    own = bool(ask) or clues.has(
        "want", "list", "list_of", "disclosed", "news", "how_much", "expense"
    )
    own = own or clues.has("income", "subsidy_words", "purpose") or _heads(clues)
    return Decision(intent, texts.FAMILIES[intent], {} if ask is None else {"ask": ask}, own)


def _of_the_screen(case: Case) -> Intent | None:
    """是哪个批的, and nothing more: asked about the list on screen."""
    last = case.context.last_query
    if last is None or not asks.finance(case.clues):
        return None
    return last.intent if last.intent in _ASKS else Intent.QUERY_FINANCE


def _heads(clues: Clues) -> bool:
    cue = clues.cues.get("account_words")
    return cue is not None and clues.word(cue) not in ("钱", "款", "费")


_ASKS = {
    Intent.QUERY_FINANCE: asks.finance,
    Intent.QUERY_SUBSIDY: asks.subsidy,
    Intent.QUERY_DISCLOSURE: asks.disclosure,
}


def _family(clues: Clues) -> Intent | None:
    code = clues.topic_code
    if code.startswith(_SUBSIDY):
        flow = clues.has("expense", "income") and _FLOW.search(clues.text) is not None
        return Intent.QUERY_FINANCE if flow and "list" not in clues.cues else Intent.QUERY_SUBSIDY
    if code:
        return _family_of_topic(clues, code)
    if any(word.code == "VILLAGE" for word in clues.topics):
        return Intent.QUERY_DISCLOSURE
    if clues.has("disclosed", "news") and not (_heads(clues) or clues.has("expense", "income")):
        return Intent.QUERY_DISCLOSURE
    if clues.has("expense", "income") or clues.amounts or _heads(clues):
        return Intent.QUERY_FINANCE
    if clues.has("subsidy_words") and (
        clues.dates.said or clues.has("list", "status", "how_much", "date", "account_words")
    ):
        return Intent.QUERY_SUBSIDY
    if "补贴" in clues.text or "补助" in clues.text:
        return Intent.QUERY_SUBSIDY
    return Intent.QUERY_FINANCE if _singles_out(clues) else None


def _singles_out(clues: Clues) -> bool:
    """Whether entries are singled out by what is hardly a topic: money, a body, a date, a place."""
    if clues.except_word or clues.has("account_words", "purpose", "payee"):
        return True
    if any(keyword.kind == "body" for keyword in clues.keywords):
        return True
    if clues.dates.said and len(rest(clues)) < _A_MATTER:
        return True
    named = clues.keywords and clues.has("want")
    return bool(clues.villages or clues.group is not None or named)


def _family_of_topic(clues: Clues, code: str) -> Intent:
    money = clues.has("expense", "income", "total") or bool(clues.amounts)
    if code in ("ENV", "LAND.HOUSE", "POWER.BIRTH") and _ALLOWANCE.search(clues.text):
        return Intent.QUERY_SUBSIDY
    if not code.startswith(("PAY", "FIN", "LEVY")) and _ALLOWED.search(clues.text):
        return Intent.QUERY_FINANCE if money else Intent.QUERY_SUBSIDY
    if code == "LEVY" and "rate" in clues.cues and "how_much" in clues.cues:
        return Intent.QUERY_DISCLOSURE
    if money:
        return Intent.QUERY_FINANCE
    return Intent.QUERY_DISCLOSURE if _is_other_matter(clues, code) else Intent.QUERY_FINANCE


def _is_other_matter(clues: Clues, code: str) -> bool:
    """Whether a question in which no money moves is for something else than the accounts."""
    if code == "ENV":
        return "disclosed" in clues.cues
    if code == "LEVY":
        return not clues.has("payee", "how_much", "purpose")
    if code == "ASSET":
        return "的钱" not in clues.text and "的款" not in clues.text
    if code.startswith(_DISCLOSURE):
        return True
    if code in ("ASSET.RENT", "ASSET.CONTRACT"):
        return _MONEY.search(clues.text) is None
    if code.startswith("PROJ"):
        return "account_words" not in clues.cues and _WORKS.search(clues.text) is not None
    if code == "PAY" and not _MONEY.search(clues.text):
        listed = clues.has("list", "list_of") and "给" not in clues.text
        return bool(_JOBS.search(clues.text) or (listed and "subsidy_words" not in clues.cues))
    return False
