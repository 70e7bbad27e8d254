"""Which item, page, group or how many a message speaks of."""

from __future__ import annotations

import re

from understanding.numerals import integer

_N = r"(?:[0-9]{1,4}|[一二两三四五六七八九十百]{1,4})"
_MEASURE = "条|笔|项|个|号|行|款|位|户|家|件|桩|宗|张|栏|那"
# 第一季度, 第3页, 第8村民小组, 第一书记 number no item.
_NO_ITEM = "季|页|次|批|组|村|书记|期|名|年|社|队|轮|阶段|届|小组|天|周|月"
_ITEM = re.compile(
    rf"第\s*(?P<nth>{_N})(?:{_MEASURE})?(?!{_NO_ITEM}|[0-9])"
    rf"|(?:编号|序号|no\.?|No\.?|NO\.?|#)\s*(?P<no>[0-9]{{1,4}})(?![0-9-])"
    rf"|(?<![0-9月一二三四五六七八九十])(?P<hao>{_N})号(?![铺楼院桥机井坝塘房店路线文])"
    r"|把\s*(?P<taken>[0-9]{1,4})\s*[条笔项](?!以)"
)
_LAST = re.compile(
    r"(?:最后|最末|末尾)(?:面|头)?(?:的|那|一|1)*(?:条|笔|项|个|款|行|那个|家|户|件)|倒数第?(?:一|1)(?!页)"
)
_FROM_END = re.compile(rf"倒数第?\s*(?P<n>{_N})(?!页)")
_FIRST = re.compile(r"(?:头|首|最前面那|最前头那|最上面那)一?(?:条|笔|项|个)|第一(?:条|笔|项|个)")
_BARE = re.compile(
    rf"(?:我?(?:选|要|看|查|就|回复|按|输入|发)\s*)?[(\[]?\s*(?:第|no\.?|编号|#)?\s*(?P<n>{_N})(?!哈|下|些|点|般)\s*[)\].、。,]?"
    r"\s*(?:条|笔|项|个|号|那个|那条|那笔|的|吧|嘛|哈|啊|呀)*"
    r"\s*(?:详细|详情|明细|具体|展开|打开|说清楚|是啥子?|是什么|看看|看下|看哈)?(?:点|嘛|哈)?"
)
# 翻回去一页 says how far, 第一页 and 到一页 say which.
_PAGE = re.compile(
    rf"第\s*(?P<nth>{_N})\s*页|(?<![上下前后这那翻])(?:(?<=到)|(?!一页))(?P<n>{_N})\s*页"
)
_TOP = re.compile(
    rf"(?:前|排前|头)\s*(?P<front>{_N})\s*(?:大)?(?:笔|项|名|个|条|位|家|户|的|大|$|\s|开支|支出|收入)"
    rf"|最[大多高贵凶狠](?:额)?的?(?:前|那|头)?\s*(?P<most>{_N})\s*(?:大)?(?:笔|项|名|个|条|位|家|户)"
    rf"|(?<![第\d])(?P<few>{_N})\s*(?:笔|项|个|条)(?:钱|支出|开支|收入|花费|账)?(?:最[大多高贵凶狠]|花得最)"
    r"|(?:top|TOP|Top)\s*(?P<top>[0-9]{1,2})"
)
_GROUP = re.compile(
    r"第?(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?:村民小组|村民组|小组|生产队|组(?!织|长们)|社(?![区保会员])|队(?![长员伍]))"
)


def find_item(text: str) -> int | None:
    """Give the number of an item that is spoken of, from the end where it is negative (-1 is the
    last one); None for none.
    """
    if _LAST.search(text):
        return -1
    if from_end := _FROM_END.search(text):
        return -(integer(from_end["n"]) or 1)
    match = _ITEM.search(text)
    if match:
        number = integer(match["nth"] or match["no"] or match["hao"] or match["taken"])
        return number if number else None
    return 1 if _FIRST.search(text) else None


def placed(number: int, results: int) -> int:
    """Count 倒数第二 from the front of a list; the last one stays -1."""
    return results + 1 + number if number < -1 and results + number >= 0 else number


def bare_number(text: str) -> int | None:
    """Give the number of a message that is nothing but a number, as one answers a menu."""
    match = _BARE.fullmatch(text) if len(text) <= 12 else None
    return integer(match["n"]) if match else None


def find_page(text: str) -> int | None:
    """Give the number of a page that is asked for."""
    match = _PAGE.search(text)
    return integer(match["nth"] or match["n"]) if match else None


def find_top(text: str) -> int | None:
    """Give how many of the largest are asked for, where more than one is said."""
    match = _TOP.search(text)
    if not match:
        return None
    number = integer(match["front"] or match["most"] or match["few"] or match["top"])
    return number if number and 1 < number <= 100 else None


def find_group(text: str) -> tuple[int, int, int] | None:
    """Give start, end and number of a villagers' group."""
    match = _GROUP.search(text)
    if not match:
        return None
    number = integer(match["n"])
    return (match.start(), match.end(), number) if number and number <= 99 else None
