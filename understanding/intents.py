"""Which intent wins (queries.md, Which intent wins): a list of rules, the first that fits."""

from __future__ import annotations

import re
from dataclasses import replace

from understanding import numerals
from understanding.meaning import Context, Intent, Slots

ABOUT_ENTRIES = frozenset({
    Intent.QUERY_FINANCE, Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE, Intent.ASK_TOTAL,
    Intent.ASK_LARGEST, Intent.COMPARE, Intent.REFINE,
})  # fmt: skip
ABOUT_TOPICS = frozenset({
    Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.QUERY_POWER_ITEM, Intent.QUESTION_ENTRY,
    Intent.FILE_TIP,
})  # fmt: skip
ABOUT_VILLAGES = ABOUT_ENTRIES | {
    Intent.BIND_VILLAGE, Intent.SWITCH_VILLAGE, Intent.QUERY_POWER_ITEM,
}  # fmt: skip
OWN_SLOTS = ("item_no", "page", "n", "option", "rating", "code")

_EXPENSE = re.compile(r"支出|开支|开销|花|用了|用到|用在|用出|付|买|报账|报销|出去")
_INCOME = re.compile(r"收入|进账|收了|收到|进了|收回")
_NUMBER = re.compile(r"第?([0-9]{1,4}|[一二三四五六七八九十]{1,3})(?:笔|条|个|号|项)?")
_PAGE_NUMBER = re.compile(r"第?(\d{1,3}|[一二三四五六七八九十]{1,3})页")
_TOP = re.compile(r"(?:前|最[大多高]的?)(\d{1,2}|[一二三四五六七八九十两]{1,2})(?:笔|项|个|条)")
_RECEIPT = re.compile(r"([0-9A-Z]{4})[-_ ]?([0-9]{2})", re.ASCII)

_URGENT = re.compile(
    r"救命|要打死|打起来了|打人|杀人|砍人|拿刀|动刀|着火|起火|失火|要跳楼|自杀|喝农药|出人命|堵在屋|威胁我"
)
_TIP = re.compile(
    r"举报|检举|告发|吃回扣|拿回扣|冒领|贪污|贪了|私吞|克扣|扣了我|吃拿卡要|收红包|受贿|优亲厚友|吃空饷|虚报|揣(?:进|到)"
)
_SECRET = re.compile(r"(?:哪个|谁|哪位).{0,4}(?:举报|告的)|身份证|电话号码|手机号|银行卡|卡号")
_DOUBT = re.compile(
    r"不对|有疑问|有问题|不合理|哪里会|怎么会|咋会|假的|对不上|算错|太贵|不相信|不服"
)
_PROCEDURE = re.compile(
    r"咋个办|怎么办|如何办|咋办|啥子材料|什么材料|要带|哪些材料|手续|流程|条件|去哪(?:里|儿)?办|在哪办"
    r"|怎么申请|咋个申请|如何申请|办理|盖章|找哪个办|要好久|多久能"
)
_LARGEST = re.compile(r"最大|最多|最高|最贵|前[一二三四五六七八九十\d]+(?:笔|项|个|条)")
_COMPARE = re.compile(r"比较|对比|相比|比.{0,12}(?:多|少|高|低)|多还是少|同期|和.+比|跟.+比")
_TOTAL = re.compile(
    r"一共|总共|合计|总计|总额|总数|总的|总支出|总收入|共计|(?:花|用|收|付)(?:了|掉|出|出去)?(?:好多|多少|好几多)"
    r"|(?:支出|收入|开支|开销|进账|债|账|费)[了是有]*(?:好多|多少)|(?:好多|多少)(?:支出|收入|开支|开销|债)"
)
_GREETING = re.compile(
    r"(?:你好|您好|在吗|在不在|喂|谢谢|感谢|多谢|再见|拜拜|早上好|晚上好|辛苦)[^\n]{0,4}"
)
_HELP = re.compile(
    r"帮助|菜单|怎么用|咋个用|咋用|如何使用|能问(?:啥|什么)|会(?:啥|什么)|\?+|help", re.I
)
_HUMAN = re.compile(r"人工|找人|真人|客服|村委会电话|村上电话|转人|打电话给")
_CONFIRM = re.compile(
    r"(?:是|是的|对|对的|要|好|好的|可以|行|嗯|确认|要得|没错|同意|1)[啊哦呀嘛的了]?"
)
_DENY = re.compile(r"(?:不|不是|不要|不用|不用了|否|不对|算了|没有|不行|不同意|2)[啊哦了]?")
_CANCEL = re.compile(r"(?:算了|取消|退出|不问了|不弄了|停|不举报了|结束)[吧了]?")
_FOLLOW = re.compile(r"订阅|关注|提醒我|通知我|告诉我一声|接收通知|发给我")
_UNFOLLOW = re.compile(r"取消订阅|退订|不要再发|别再?发|不想收|取消关注|不要发")
_ACK = re.compile(r"(?:收到|知道了|晓得了|已阅|已读|明白|好的|已安排|1)[。!]?")
_BIND = re.compile(r"我是|我住|我们是|住在|我屋头在|绑定|我在")
_SWITCH = re.compile(r"换|切换|改成|改到|改为")
_SUBSIDY_TOPICS = ("AID", "SUB", "PEN", "MED", "SHARE", "LAND.COMP")
_DISCLOSURE_TOPICS = (
    "DECIDE", "ELECT", "PARTY", "CADRE", "PLAN", "BID", "LAND.HOUSE", "LAND.CONTRACT", "MEMBER",
    "SUPER", "RIGHT", "LEVY", "CERT", "POWER",
)  # fmt: skip
_ASSET_WORDS = re.compile(r"资产|资源")
_MONEY_WORDS = re.compile(
    r"账|帐|财务|收支|支出|收入|钱|开支|开销|花|费|余额|结余|流水|凭证|公示|公开"
)
_ABUSE = re.compile(r"日你|妈的|狗日|龟儿|傻逼|滚|去死|混蛋|王八")
_PAGES = (
    (re.compile(r"下一?页|后面的|还有(?:呢|吗|没)|继续看|往下|下页"), "next"),
    (re.compile(r"上一?页|前一?页|往上|上页"), "prev"),
    (re.compile(r"首页|第一页|最前"), "first"),
    (re.compile(r"末页|最后一?页|尾页"), "last"),
)
_REFINE = re.compile(r"^(?:那|只看|只要|光看|换成)|呢$")


def direction(text: str) -> str | None:
    """`expense` or `income`, where the text tells."""
    if _INCOME.search(text):
        return "income"
    return "expense" if _EXPENSE.search(text) else None


def choose(text: str, slots: Slots, context: Context) -> tuple[Intent, Slots]:
    """The intent, and the slots that telling it filled."""
    if _URGENT.search(text):
        return Intent.URGENT, slots
    for rule in (_pending, _whole, _number, _serious, _numbered_parts, _village, _asked):
        if answer := rule(text, slots, context):
            return answer
    return Intent.UNCLEAR, slots


Answer = tuple[Intent, Slots] | None


def _pending(text: str, slots: Slots, context: Context) -> Answer:
    if context.pending == "tip_text":
        return (Intent.CANCEL if _CANCEL.fullmatch(text) else Intent.TIP_TEXT), slots
    if context.pending == "confirm":
        if _CONFIRM.fullmatch(text):
            return Intent.CONFIRM, slots
        if _DENY.fullmatch(text):
            return Intent.DENY, slots
    if context.pending in ("rate", "rate3") and text.isdigit() and len(text) == 1:
        given = int(text)
        rating = {1: 4, 2: 3, 3: 2}.get(given) if context.pending == "rate3" else given
        if rating and rating <= 5:
            return Intent.RATE, replace(slots, rating=rating)
    return None


def _whole(text: str, slots: Slots, context: Context) -> Answer:
    """Messages that are nothing but a command."""
    if context.last_bot == "reminder" and _ACK.fullmatch(text):
        return Intent.ACK_REMINDER, slots
    if _CANCEL.fullmatch(text):
        return Intent.CANCEL, slots
    if _GREETING.fullmatch(text):
        return Intent.GREETING, slots
    if _HELP.fullmatch(text):
        return Intent.HELP, slots
    if len(text) <= 8 and (code := _RECEIPT.fullmatch(text.upper())) and not text.isdigit():
        return Intent.TIP_STATUS, replace(slots, code=f"{code[1]}-{code[2]}")
    if _UNFOLLOW.search(text):
        return Intent.UNSUBSCRIBE, slots
    return None


def _number(text: str, slots: Slots, context: Context) -> Answer:
    found = _NUMBER.fullmatch(text)
    number = numerals.integer(found[1]) if found else None
    if number is None:
        return None
    if context.pending == "menu":
        return Intent.CHOOSE, replace(slots, option=number)
    if context.last_query:
        return Intent.DETAIL, replace(slots, item_no=number)
    return Intent.UNCLEAR, slots


def _serious(text: str, slots: Slots, context: Context) -> Answer:
    if _SECRET.search(text) and not _HUMAN.search(text):
        return Intent.OUT_OF_SCOPE, slots
    if _TIP.search(text):
        return Intent.FILE_TIP, slots
    if _DOUBT.search(text):
        return Intent.QUESTION_ENTRY, slots
    if _HUMAN.search(text):
        return Intent.HUMAN, slots
    return None


def _numbered_parts(text: str, slots: Slots, context: Context) -> Answer:
    if context.last_query is None:
        return None
    if found := _PAGE_NUMBER.fullmatch(text):
        return Intent.PAGE, replace(slots, page=numerals.integer(found[1]))
    for pattern, page in _PAGES:
        if pattern.search(text) and len(text) <= 8:
            return Intent.PAGE, replace(slots, page=page)
    if (found := re.search(r"第(\d{1,4}|[一二三四五六七八九十]{1,3})(?:笔|条|个)", text)) and len(
        text
    ) < 16:
        return Intent.DETAIL, replace(slots, item_no=numerals.integer(found[1]))
    if re.search(r"最后(?:一|那)(?:笔|条|个)", text):
        return Intent.DETAIL, replace(slots, item_no=-1)
    if _REFINE.search(text) and len(text) <= 12 and not _TOTAL.search(text):
        return Intent.REFINE, slots
    return None


def _village(text: str, slots: Slots, context: Context) -> Answer:
    """A village and nothing that is asked about it."""
    asks = slots.topic or slots.period or _MONEY_WORDS.search(text) or _PROCEDURE.search(text)
    if asks or (not re.search(r"村|社区", text) and context.pending != "bind"):
        return None
    if context.bound_village is None or context.pending == "bind":
        return Intent.BIND_VILLAGE, slots
    if _SWITCH.search(text) or _BIND.search(text):
        return Intent.SWITCH_VILLAGE, slots
    return None


def _asked(text: str, slots: Slots, context: Context) -> Answer:
    topic = slots.topic or ""
    if _FOLLOW.search(text):
        return Intent.SUBSCRIBE, slots
    if _PROCEDURE.search(text):
        return Intent.QUERY_POWER_ITEM, slots
    if slots.period2 or _COMPARE.search(text):
        return Intent.COMPARE, slots
    if _LARGEST.search(text):
        top = _TOP.search(text)
        number = numerals.integer(top[1]) if top else None
        return Intent.ASK_LARGEST, replace(slots, n=number if number and number > 1 else None)
    if _TOTAL.search(text):
        return Intent.ASK_TOTAL, slots
    if topic.startswith(_SUBSIDY_TOPICS):
        return Intent.QUERY_SUBSIDY, slots
    if (topic.startswith(_DISCLOSURE_TOPICS) and not slots.direction) or _ASSET_WORDS.search(text):
        return Intent.QUERY_DISCLOSURE, slots
    if topic or slots.period or slots.amount or slots.direction or _MONEY_WORDS.search(text):
        return Intent.QUERY_FINANCE, slots
    if _ABUSE.search(text):
        return Intent.ABUSIVE, slots
    return (Intent.GREETING, slots) if _GREETING.match(text) else None
