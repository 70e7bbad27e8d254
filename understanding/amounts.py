"""Sums of money that a message names (queries.md, Amounts)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from understanding.meaning import Amount
from understanding.numerals import DIGITS, UNITS, value

_LARGEST = 10**13  # fen; beyond it somebody plays

_FROM = "超过|大于|高于|多于|不止|不低于|不少于|不下于?|至少|最少|起码|少说"
_UP_TO = "不超过|不高于|不大于|不多于|低于|小于|少于|不到|没到|不足|不满|未到|最多|至多|顶多"
_ABOUT = "将近|接近|差不多|大概|大约|约莫|约|近"
_ABOVE = "以上|往上|及以上|起(?!来)|开外|出头"
_BELOW = "以下|以内|之内|往下|及以下|内(?![容部])"
_ROUND = "左右|上下|的样子|来往"
_COUNTED = (
    "个|户|人|亩|岁|组|社|队|条|笔|项|号|页|期|届|年|月|天|日|周|点|分钟|小时|平方|平米|平|米|公里|里|名|次|斤|吨"
    "|盏|只|头|棵|株|台|辆|间|套|栋|座|本|份|张|件|款|位|家|代|级|层|楼|度|倍|成|折|%|℃|[a-zA-Z]|遍|章|枚|桶|袋|包(?!干)"
)
_NUMBER = (
    r"(?:\d[\d,]*(?:\.\d+)?|[〇零一二两三四五六七八九十几数])"
    r"[\d〇零一二两三四五六七八九十百千万亿几.]*[kKwW]?"
)

_AMOUNT = re.compile(
    rf"""(?P<pre>{_FROM}|{_UP_TO}|{_ABOUT}|上|过|成)?了?
    (?<![\d.\-/:〇零一二三四五六七八九十第])
    (?P<number>好?{_NUMBER}|(?<=上)[十百千万亿]+|[百千万]+(?=把)|(?:百|千)万(?=[元块以]))
    (?P<more>多|来|把)?(?P<big>[十百千]?[万亿]|[百千](?=[块元]))?
    (?P<yuan>块钱|元钱|块|元|圆|人民币)?(?:整|的)?钱?
    (?P<post>{_ABOVE}|{_BELOW}|{_ROUND})?
    """,
    re.VERBOSE,
)
_HINT = re.compile(
    "[万千百块元圆kKwW]|[以往]上|以下|左右|上下|之?内|[超大高多少小低至最不][过于止低少下到足满超多大高]|"
    r"\d\d\d|出头|起码|开外"
)
_RANGE = re.compile(r"\s*(?:到|至|-{1,2}|~|—|、)\s*")
_BOUNDS = re.compile(r"\s*(?:的|并且|而且|但|但是|又|,|、|和)?\s*")
_COUNTED_NEXT = re.compile(_COUNTED)
_PERCENT = re.compile("百分之$")
_ENTRY_NEXT = re.compile("的|那笔|这笔|那个|$")
_BETWEEN = re.compile("之间|中间")


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum and where it was said."""

    start: int
    end: int
    amount: Amount


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: Decimal  # the largest unit said; 1 for a bare number
    pre: str
    post: str
    rough: bool
    money: bool


def find_amounts(text: str) -> tuple[Sum, ...]:
    """Find sums of money. Numbers in names and set phrases must have been blanked before."""
    if not _HINT.search(text):
        return ()
    found = []
    for match in _AMOUNT.finditer(text):
        one = _read(match, text)
        if one is not None:
            found.append(one)
    return tuple(_combined(text, found))


def _read(match: re.Match[str], text: str) -> _Found | None:
    written = match["number"]
    end = match.end()
    more = match["more"] or ""
    if match["post"] is None and match["yuan"] is None:
        following = _COUNTED_NEXT.match(
            text, match.end("big") if match["big"] else _number_end(match)
        )
        if following and not (more and match["big"]):
            return None
    if _PERCENT.search(text, 0, match.start("number")):
        return None
    span = _span(written, more, match["big"] or "")
    if span is None:
        return None
    low, high, unit = span
    pre, post = match["pre"] or "", match["post"] or ""
    if pre in ("过", "成") and unit < 100 and not match["yuan"]:
        return None
    money = bool(match["yuan"]) or unit >= 100
    start = match.start("number") if pre in ("上", "过", "成") and not money else match.start()
    return _Found(start, end, low, high, unit, pre, post, more == "把", money)


def _number_end(match: re.Match[str]) -> int:
    return match.end("more") if match["more"] else match.end("number")


def _span(written: str, more: str, big: str) -> tuple[Decimal, Decimal, Decimal] | None:
    """Give lowest and highest yuan that a number as said can mean, and its largest unit."""
    written = written.lstrip("好").rstrip(",.")
    unit = Decimal(max((UNITS[c] for c in written + big if c in UNITS), default=1))
    if more == "把":  # 万把块, 千把块
        base = _plain("一" + written + big if written[0] in UNITS else written + big)
        return None if base is None else (base, base, unit)
    if "几" in written or written[0] == "数":
        return _several(written, big)
    pair = _NEIGHBOURS.match(written)
    if pair and not more:
        low = _plain(pair[1] + pair[3] + big)
        high = _plain(pair[2] + pair[3] + big)
        return None if low is None or high is None else (low, high, unit)
    base = _plain(("一" if written[0] in UNITS else "") + written)
    if base is None:
        return None
    scale = Decimal(1)
    for char in big:
        scale *= UNITS[char]
    if more == "多":
        return base * scale, (base + _lowest_unit(base)) * scale - Decimal("0.01"), unit
    return base * scale, base * scale, unit


# 两三千, 三五万, 七八百: two digits before one unit.
_NEIGHBOURS = re.compile("([一二两三四五六七八])([二三四五六七八九])([十百千万亿]+)$")


def _plain(written: str) -> Decimal | None:
    return value(written)


def _several(written: str, big: str) -> tuple[Decimal, Decimal, Decimal] | None:
    """几千 is 1000 to 9999; 十几万 is 100000 to 199999."""
    whole = written + big
    low = value(
        whole.replace("几", "" if whole[0] in "十二三四五六七八九" else "一").replace("数", "一")
    )
    units = [UNITS[c] for c in whole if c in UNITS]
    if low is None or not units or max(units) < 100:
        return None
    if whole[0] in "几数":
        return low, low * 10 - Decimal("0.01"), Decimal(max(units))
    return low, low + _lowest_unit(low) - Decimal("0.01"), Decimal(max(units))


def _lowest_unit(number: Decimal) -> Decimal:
    """Give the power of ten of the last digit that is not zero: 1000 for 3000, 10 for 150."""
    if number == 0:
        return Decimal(1)
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** int(exponent)


def _combined(text: str, found: list[_Found]) -> list[Sum]:
    sums: list[Sum] = []
    at = 0
    while at < len(found):
        one = found[at]
        at += 1
        if at < len(found) and not one.post and _RANGE.fullmatch(text, one.end, found[at].start):
            other = found[at]
            low = one.low
            if one.unit == 1 and not one.money and other.unit >= 100 and low < 1000:
                low *= other.unit if low * other.unit <= other.high else 1
            if low < other.high and (
                one.money or other.money or other.post or _said_as_sum(text, other)
            ):
                sums.append(Sum(one.start, other.end, _amount(low, other.high)))
                at += 1
                continue
        single = _single(text, one)
        if single is None:
            continue
        before = sums[-1] if sums else None
        if before and _BOUNDS.fullmatch(text, before.end, single.start):
            merged = _between(before.amount, single.amount)
            if merged is not None:
                sums[-1] = Sum(before.start, single.end, merged)
                continue
        sums.append(single)
    return sums


def _between(first: Amount, second: Amount) -> Amount | None:
    """5千以上1万以下 and the like."""
    if first.max is None and second.min is None:
        return Amount(first.min, second.max)
    if first.min is None and second.max is None:
        return Amount(second.min, first.max)
    return None


def _said_as_sum(text: str, one: _Found) -> bool:
    if one.low < 100 or one.low != one.low.to_integral_value():
        return False
    return bool(_ENTRY_NEXT.match(text, one.end) or _BETWEEN.match(text, one.end))


def _single(text: str, one: _Found) -> Sum | None:
    above = one.pre and re.fullmatch(f"{_FROM}|上|过|成", one.pre)
    below = one.pre and re.fullmatch(_UP_TO, one.pre)
    if not (one.money or one.post or above or below or _said_as_sum(text, one)):
        return None
    if one.low > _LARGEST // 100 or one.high > _LARGEST // 100:
        return None
    if not one.money and one.low < 10:
        return None
    if re.fullmatch(_BELOW, one.post or "") or below:
        amount = _amount(None, one.high)
    elif re.fullmatch(_ABOVE, one.post or "") or above:
        amount = _amount(one.low, None)
    elif one.rough or re.fullmatch(_ROUND, one.post or "") or one.pre:
        amount = _amount(one.low * 9 / 10, one.high * 11 / 10)
    else:
        amount = _amount(one.low, one.high)
    return Sum(one.start, one.end, amount)


def _amount(low: Decimal | None, high: Decimal | None) -> Amount:
    return Amount(
        None if low is None else int(low * 100), None if high is None else int(high * 100)
    )
