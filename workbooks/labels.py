"""Rows of a ledger that are no entries: balances brought forward, totals, signatures, notes."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from workbooks.dates import months_named
from workbooks.money import read_money
from workbooks.numerals import NUMERAL


class Kind(StrEnum):
    """What a row is if it is no entry; the values are the reasons in `import --json`."""

    OPENING = "opening_balance"
    CLOSING = "closing_balance"
    PAGE_TOTAL = "page_subtotal"
    CARRY = "carry_forward"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    CUMULATIVE = "cumulative_total"
    SECTION = "section"
    FOOTER = "footer"
    NOTE = "note"
    VOID = "void"


_MONTH = rf"(?:[{NUMERAL}\d]{{1,3}}月份?)"
_FUNDS = r"(?:累计)?(?:资金|现金|银行存款|银行|账面|滚存|库存)?"
_HELD = r"(?:结余|余额|结转|结存|存款|库存现金)"
_BEFORE = (
    rf"(?:承)?(?:上[月期年季旬次]度?|上年度?|去年|年初|期初|月初|季初|本期期初|{_MONTH}初)"
    r"(?:末|底|份)?"
)
_NOW = (
    rf"(?:本[月期年季]度?|当[月年]|期末|月末|年末|季末|{_MONTH}|现|截[至止].{{0,12}})(?:末|底|份)?"
)
_SIDE = r"(?:收入|支出|收支|费用|现金收入|现金支出)"
_SUM = r"(?:合计|总计|共计|总额|合计金额|合计数|累计)"

_PATTERNS = (
    (
        Kind.CARRY,
        re.compile(r"(?:过|转|接|承|结转|转至|承接)(?:次|下|前|上)一?页(?:小计|合计|余额|数)?"),
    ),
    (Kind.PAGE_TOTAL, re.compile(r"(?:本|第\d+|每|单)?页(?:小计|合计|总计|计)|本页")),
    (
        Kind.OPENING,
        re.compile(
            rf"{_BEFORE}{_FUNDS}(?:{_HELD}(?:余额|转入|转来|额|数|金额)?|转入|转来|数|余)|期初|{_BEFORE}{_HELD}{_FUNDS}|"
            r"[接承]上月"
        ),
    ),
    (
        Kind.CUMULATIVE,
        re.compile(
            rf"(?:自?年初至今|截[至止].{{0,10}}|本年度?|全年度?|当年|年度|本季度?|季度)?{_SIDE}?(?:累计){_SIDE}?"
            rf"(?:数|发生额|合计|金额)?|(?:本年度?|全年度?|年度|当年){_SIDE}?(?:合计|总计|共计)"
        ),
    ),
    (
        Kind.NOTE,
        re.compile(r"其中.*|(?:库存)?现金(?:余额|结存|结余)?|银行存款(?:余额|结存|结余)?"),
    ),
    (
        Kind.CLOSING,
        re.compile(
            rf"(?:{_NOW})?(?:收支|累计|滚存)?{_FUNDS}净?(?:结余|余额|结存|盈余|亏损|差额)(?:额|数|金额)?|"
            rf"结转下[月期年季]度?|转下[月期年季]度?|期末|(?:{_NOW})?收支相抵"
        ),
    ),
    (Kind.SUBTOTAL, re.compile(r".{0,14}小计")),
    (
        Kind.TOTAL,
        re.compile(
            rf"(?:(?:本[月期次表季]|本季度|以上|当月|{_MONTH}|全部)(?:份|度)?)?(?:各项)?{_SIDE}?"
            rf"{_SUM}{_SIDE}?(?:数|金额|额)?|总合计|总收入|总支出"
        ),
    ),
    (Kind.SUBTOTAL, re.compile(r".{1,14}(?:合计|总计|共计)")),
    (Kind.VOID, re.compile(r"(?:此号|本号|该号)?(?:作废|空号)(?:凭证)?")),
    (
        Kind.SECTION,
        re.compile(
            rf"[(]?[{NUMERAL}\d]*[)、.]*(?:本[月期])?(?:各项|资金|财务)?(?:收入|支出)(?:部分|类|项目|明细|"
            r"情况|栏|方|款项)?(?:如下)?"
        ),
    ),
)
_IN_WORDS = re.compile(rf"(?:(?:本[月期]|以上)?{_SIDE}?{_SUM}).*\d.*")
_STATED = re.compile(
    r"(收入|支出)(?:合计|总计|共计|总额|共|为|金额)*[:：]?(?:人民币|¥)?(-?[\d,]+(?:\.\d+)?)(万元|元)?"
)
_FOOTER = re.compile(
    r"(?:制表|制单|填表|填报|编制|复核|审核|监委会|村监委|监督|理财小组|民主理财|会计|出纳|记账|报账员|"
    r"负责人|单位负责人|主任|村主任|书记|党支部书记|经办|经手|公[开示](?:时间|日期|期)|联系电话|监督电话|举报电话|"
    r"咨询电话|盖章|签字|签章|日期|村务监督|代理会计|主管|财务主管|理事长|监事)[^:]{0,8}[:(].*|.*(?:签字|盖章|签章)[)]?:?"
)
_NOTE = re.compile(r"(?:注|备注|说明|附注|附)\d*[:.、].*|\*.*|以下空白.*|以下无正文.*")
_IN_CAPITALS = re.compile(r"\(?(?:金额)?[大小]写\)?(?:金额)?")
_SPAN = re.compile(r"季|\d{1,2}[-至到]\d{1,2}月")
_OWN_MONTH = re.compile(rf"({_MONTH})(?:末|底|份)*{_FUNDS}净?(?:结余|余额|结存)")
_LONGEST_LABEL = 24
_FIGURE_END = re.compile(r"(?:为|是)?:?¥?(-?[\d,]*\d(?:\.\d+)?(?:万元|元)?)$")
_COLON_END = re.compile(r"[:;,。.]+$")


@dataclass(frozen=True, slots=True)
class Label:
    """What a row is by its leading words, and the figure that stands among them, if any."""

    kind: Kind
    figure: str = ""


def read_label(text: str) -> Label | None:
    """What a row is whose leading cell reads `text` (half width, no blanks); None for an entry."""
    label = _COLON_END.sub("", _IN_CAPITALS.sub("", text))
    if kind := _kind(label):
        return Label(kind)
    words, colon, rest = label.partition(":")
    if colon and (kind := _kind(words)) and read_money(rest):
        return Label(kind, rest)
    figure = _FIGURE_END.search(label)
    if figure and figure.start() and (kind := _kind(_COLON_END.sub("", label[: figure.start()]))):
        return Label(kind, figure[1])
    return Label(Kind.TOTAL) if _IN_WORDS.fullmatch(label) else None


@lru_cache(maxsize=1024)
def _kind(label: str) -> Kind | None:
    if len(label) > _LONGEST_LABEL:
        return None
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(label)), None)


def sums_up_a_span(text: str) -> bool:
    """Whether a total speaks of several months (本季合计, 1-3月合计)."""
    return _SPAN.search(text) is not None


def month_of_balance(text: str) -> int | None:
    """The month whose balance a label names: 2月末余额 -> 2."""
    match = _OWN_MONTH.match(text)
    named = months_named(match[1]) if match else ()
    return named[0][1] if named else None


def remark_kind(text: str) -> Kind | None:
    """What a row of words and no figures is: a footer or a note."""
    if _NOTE.fullmatch(text):
        return Kind.NOTE
    if _FOOTER.fullmatch(text):
        return Kind.FOOTER
    return None


def section_side(text: str) -> str | None:
    """收入 or 支出, where a label speaks of only one of them."""
    sides = {side for side in ("收入", "支出") if side in text}
    return sides.pop() if len(sides) == 1 else None


def sums_in_words(text: str) -> dict[str, str]:
    """合计:收入21,300.00元,支出5,450.50元 -> the figure of each side, as it is written."""
    return {match[1]: match[2] + (match[3] or "") for match in _STATED.finditer(text)}
