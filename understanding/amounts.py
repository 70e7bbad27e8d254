"""Sums of money that a message names (queries.md, Amounts)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from understanding.meaning import Amount
from understanding.numerals import UNITS, value

_AND_MORE = ("多", "余")
_NOT_BEFORE = frozenset("以往晚早马不通打")
_MOST_NUMBERS = 32  # a message with more asks for no sum
_HUNDRED = 10_000  # fen
_LARGEST = 10**13  # fen; beyond it somebody plays


def _words(kind: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), kind)


# What stands before or after a number, and the bound that it makes of it.
_BEFORE = (
    _words(
        "from", "超过 大于 高于 多于 高出 多过 不止 不低于 不少于 不下 不下于 至少 最少 起码 少说"
    )
    | _words("from", "上 过 破 满")
    | _words(
        "to", "不超过 没超过 未超过 没过 不高于 不大于 不多于 低于 小于 少于 少过 不到 没到 未到"
    )
    | _words("to", "不足 不满 未满 最多 至多 顶多")
    | _words("about", "将近 接近 差不多 大概 大约 约莫 大致 估计 估摸 约 近")
    | _words("about", "差不多有 大概有 怕有 约有")
)
_AFTER = (
    _words("from", "以上 往上 及以上 起 开外 出头 朝上")
    | _words("to", "以下 以内 之内 往下 及以下 内 朝下 都不到 都没到")
    | _words("about", "左右 上下 来往 的样子 样子 光景")
)
_CHINESE = "〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMBER = re.compile(
    rf"(?<![.:/第])(?:\d[\d,]*(?:\.\d+)?|[{_CHINESE}几数])"
    rf"[\d{_CHINESE}亿几]*+(?:\.\d+)?[kKwW]?"
)
_REST = re.compile(
    r"(?P<more>多|余|来|把)?(?P<big>[十百千]?[万亿]|[百千](?=[块元]))?"
    r"(?P<yuan>块钱|元钱|块|元|圆)?[整钱]?(?:的(?=[以样左上]))?"
    f"(?P<after>{'|'.join(sorted(_AFTER, key=len, reverse=True))}|不到(?![\\d{_CHINESE}]))?"
    "(?![容部来码诉])"
)
# A number of something else.
_COUNTED = re.compile(
    "个|户|人|亩|岁|组|社|队|条|笔|项|号|页|期|届|年|月|天|日|周|点|分|小时|平|米|公里|里|名|次|斤|吨|盏|只|头|棵|株"
    "|台|辆|间|套|栋|座|本|份|张|件|款|位|家|代|级|层|楼|度|倍|折|%|℃|[a-zA-Z]|遍|章|枚|桶|袋|村|站|路|所"
)
_HINT = re.compile(r"[万千百块元圆kKwW]|\d\d\d|以[上下内]|左右|超过|不[到止足]|[大小高低多少]于")
_TO = re.compile(r"\s*(?:到|至|-{1,2}|~|、)\s*")
_WITH = re.compile(r"\s*(?:和|跟|与|同)\s*")
_BETWEEN = re.compile("的?[之中]间")
# 比两万多的, 比八百少的
_THAN = re.compile("(?:块钱?|元)?(?:还要?|要)?(?:(?P<more>[多高大])|[少低小])(?=的|些|点|$)")
_AND = re.compile(r"\s*(?:的|并且|而且|但是?|又|,|、|和)?\s*")
_NAMES_ENTRY = re.compile("的|[那这]笔|之间")
# 两三千, 三五万, 七八百: two digits before one unit; 一万五六: two after it.
_NEIGHBOURS = re.compile("([一二两三四五六七八])([二两三四五六七八九])([十百千万亿]+)$")
_NEIGHBOURS_AFTER = re.compile("(.+[万千百])([一二三四五六七八])([二三四五六七八九])$")


class Sum(NamedTuple):
    """One sum and where it was said."""

    start: int
    end: int
    amount: Amount


class _Said(NamedTuple):
    """A number before it is settled whether it is a sum: fen, and the largest unit said."""

    start: int
    end: int
    low: int
    high: int
    unit: int
    bound: str  # from, to, about or nothing
    money: bool


def find_amounts(text: str) -> tuple[Sum, ...]:
    """Find sums of money. Numbers in names, dates and set phrases must have been blanked before."""
    if not _HINT.search(text):
        return ()
    found = (_read(match, text) for match in islice(_NUMBER.finditer(text), _MOST_NUMBERS))
    return tuple(_combined(text, [one for one in found if one]))


def _read(match: re.Match[str], text: str) -> _Said | None:
    if text[match.start() - 1 : match.start()] == "比":
        return _than(match, text)
    rest = _REST.match(text, match.end())
    if rest is None:
        return None
    more, big, yuan, after = rest.groups()
    start, before = _before(text, match.start())
    if not yuan and not after and _COUNTED.match(text, rest.end("big") if big else _end(rest)):
        return None
    span = _span(match[0], more or "", big or "", before in ("上", "过", "破"))
    if span is None or text.endswith("百分之", 0, match.start()):
        return None
    low, high, unit = span
    if high > _LARGEST:
        return None
    if before == "满" and not yuan:
        return None
    bound = _AFTER.get(after, "to") if after else _BEFORE[before] if before else ""
    if not bound and more in ("把", "来"):
        bound = "about"
    money = bool(yuan) or unit >= 100 or (more in _AND_MORE and low >= _HUNDRED)
    return _Said(start, rest.end(), low, high, unit, bound, money)


def _than(match: re.Match[str], text: str) -> _Said | None:
    than = _THAN.match(text, match.end())
    span = _span(match[0], "", "", False) if than else None
    if than is None or span is None:
        return None
    bound = "from" if than["more"] else "to"
    return _Said(match.start() - 1, than.end(), *span, bound, money=span[2] >= 100)


def _before(text: str, start: int) -> tuple[int, str]:
    """Give where the words before a number begin, and the one that bounds it."""
    at = start - 1 if text[start - 1 : start] == "了" else start
    for length in (4, 3, 2, 1):
        word = text[at - length : at] if at >= length else ""
        # The end of 以上 is no 上万, and 不 of 不过 no 过万.
        if word in _BEFORE and not (length == 1 and text[at - 2 : at - 1] in _NOT_BEFORE):
            return at - length, word
    return start, ""


def _end(rest: re.Match[str]) -> int:
    return rest.end("more") if rest["more"] else rest.start()


@lru_cache(maxsize=8192)
def _span(written: str, more: str, big: str, bare_unit: bool) -> tuple[int, int, int] | None:
    """Give lowest and highest fen that a number as said can mean, and its largest unit.

    A number without a digit (万一, 千万) is none, but for 上万, 百万 and 万把块.
    """
    written = written.rstrip(",.")
    whole = written + big
    units = [UNITS[c] for c in whole if c in UNITS]
    unit = max(units, default=1)
    if written[0] in "百千万":
        if not (bare_unit or more in ("把", *_AND_MORE) or whole in ("百万", "千万")):
            return None
        whole = "一" + whole
    if "几" in whole or "数" in whole:
        return _several(whole, unit)
    if pair := _NEIGHBOURS.match(whole):
        return _fen(pair[1] + pair[3], pair[2] + pair[3], unit)
    if pair := _NEIGHBOURS_AFTER.match(whole):
        return _fen(pair[1] + pair[2], pair[1] + pair[3], unit)
    span = _fen(whole, whole, unit)
    if span and more in _AND_MORE:
        scale = _power(units[len(units) - len(big) :]) if big else 1
        step = _lowest_unit(span[0] // scale) * scale
        return span[0], span[0] + max(step, 100) - 1, unit
    return span


def _fen(low: str, high: str, unit: int) -> tuple[int, int, int] | None:
    first, last = value(low), value(high)
    if first is None or last is None or first > last:
        return None
    return int(first * 100), int(last * 100), unit


def _power(units: Iterable[int]) -> int:
    product = 1
    for unit in units:
        product *= unit
    return product


def _several(whole: str, unit: int) -> tuple[int, int, int] | None:
    """几千 is 1000 to 9999; 十几万 is 100000 to 199999."""
    open_end = whole[0] in "几数"
    low = value(("一" + whole[1:]) if open_end else whole.replace("几", ""))
    if low is None or unit < 100:
        return None
    fen = int(low * 100)
    return fen, fen + (9 * fen if open_end else _lowest_unit(fen)) - 1, unit


def _lowest_unit(number: int) -> int:
    """Give the power of ten of the last digit that is not zero: 1000 for 3000, 10 for 150."""
    if number <= 0:
        return 1
    step = 1
    while number % (step * 10) == 0:
        step *= 10
    return step


def _combined(text: str, said: list[_Said]) -> list[Sum]:
    sums: list[Sum] = []
    at = 0
    while at < len(said):
        sum_ = None
        if at + 1 < len(said):
            sum_ = _range(text, said[at], said[at + 1])
        at += 1 if sum_ is None else 2
        if sum_ is None:
            sum_ = _single(text, said[at - 1])
        if sum_ is None:
            continue
        if sums and _AND.fullmatch(text, sums[-1].end, sum_.start):
            both = _between(sums[-1].amount, sum_.amount)
            if both:
                sums[-1] = Sum(sums[-1].start, sum_.end, both)
                continue
        sums.append(sum_)
    return sums


def _range(text: str, first: _Said, last: _Said) -> Sum | None:
    """5000到1万; in 三到五千 the first number takes the unit of the last."""
    between = _WITH.fullmatch(text, first.end, last.start) and _BETWEEN.match(text, last.end)
    if first.bound or not (between or _TO.fullmatch(text, first.end, last.start)):
        return None
    low = first.low
    if not first.money and last.unit >= 100 and low < 100_000:
        low *= last.unit
    if not 0 < low < last.high or last.bound in ("to", "from"):
        return None
    if not (first.money or last.money or last.bound or low >= _HUNDRED) or _years(low, last.high):
        return None
    return Sum(first.start, last.end, Amount(low, last.high))


def _years(low: int, high: int) -> bool:
    return 1990 <= low // 100 <= 2040 and high // 100 <= 2040


def _single(text: str, one: _Said) -> Sum | None:
    if not one.money and one.low < (1000 if one.bound else _HUNDRED):
        return None
    names_entry = _NAMES_ENTRY.match(text, one.end)
    if not (one.money or one.bound or names_entry):
        return None
    # 分了几百块 asks; 几百块的 and 几百块以上 name.
    if text[one.start] in "几数" and not (one.bound or names_entry):
        return None
    if one.bound == "to":
        amount = Amount(None, one.high)
    elif one.bound == "from":
        amount = Amount(one.low, None)
    elif one.bound == "about":
        amount = Amount(one.low * 9 // 10, one.high * 11 // 10)
    else:
        amount = Amount(one.low, one.high)
    return Sum(one.start, one.end, amount)


def _between(first: Amount, second: Amount) -> Amount | None:
    """5千以上1万以下 and the like."""
    if first.max is None and second.min is None:
        low, high = first.min, second.max
    elif first.min is None and second.max is None:
        low, high = second.min, first.max
    else:
        return None
    return Amount(low, high) if low is not None and high is not None and low <= high else None
