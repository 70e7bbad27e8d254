"""How dates are written: each form as a pattern, and the characters that may begin one."""

from __future__ import annotations

import re

from understanding import feasts

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|[俩仨])"
_DAY = r"(?:[0-3]?\d|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
TO = r"(?:到|至|-|~)"
_YEAR = (
    r"(?:今年子?度?|本年度?|去年子?度?|旧年子?|昨年子?|上一?年度?(?!纪)|头年|大前年子?|前年子?|[明来]年子?度?|后年"
    r"|(?:20|19)\d\d年度?|[12一二][09〇零九][\d〇零一二三四五六七八九]{2}年度?"
    r"|(?<!\d)20\d\d(?= ?(?:[上下头前后]半年|第?[一二三四1-4]个?季|[Qq][1-4]|全年"
    r"|[一二三四五六七八九十]{1,2}月| \d{1,2}月|[正冬腊]月|年?[初底末]))"
    r"|(?<![\d近这前头过了包租满])(?:[0-4]\d|[〇零一二三][〇零一二三四五六七八九])年度?"
    r"(?=$|[\s\d的账帐财支收开一二三四五六七八九十正腊冬上下前头年初底末尾村花度全春国中端清元重里到至~-]))"
)
_PART = (
    r"(?:上旬|中旬|下旬|[上下]半月|初(?![一二三四五六七八九十])|底|末|尾|中(?![秋标])"
    r"|头(?![一二两三四五六七八九十几个半仨\d])"
    rf"|{_DAY}(?:[号日]?{TO}{_DAY})?[号日]"
    rf"|[0-3]?\d(?= ?{TO} ?\d{{1,2}}月)"
    r"|[0-3]?\d(?![\d.,万千百元块多个条笔组社户人号日月]|\s*[-~到至]))"
)
_SOLAR_NUMERIC = ("三八", "五四", "六一", "七一", "八一")
_LUNAR_NUMERIC = ("八月十五", "九月九")
_NUMERIC_FEASTS = (*_SOLAR_NUMERIC, *_LUNAR_NUMERIC, "十一", "五一")
_PLAIN_FEASTS = [name for name in feasts.NAMES if name not in _NUMERIC_FEASTS]
_FEAST = (
    "(?:(?:" + "|".join(sorted(_PLAIN_FEASTS, key=len, reverse=True)) + r")(?!好|快乐|愉快|会议)"
    r"|五一(?![万千百村路组社])"
    "|(?:" + "|".join(_LUNAR_NUMERIC) + r")(?![号日])"
    r"|十一(?=期间|前后|那阵|那段|那几天|假|长假|黄金|放假|小长假|国庆)"
    "|(?:" + "|".join(_SOLAR_NUMERIC) + r")(?=节|期间|前后|那阵|那几天|那天|慰问|活动|表彰|建|的)"
    r")(?!\d)"
)

_SEASON = "季(?:度|(?=[的账帐财支收开公花用]|$))"
_YEAR_PART = r"(?P<yp>[初底末尾终]|头(?![一二两三四五六七八九十几个半仨\d]))(?!总结|计划|的?考核)"

# Each form of a date: the characters it may begin with, and how it goes on. Where one character
# begins several forms, they are tried in this order.
_NUMERALS = "0123456789一二两三四五六七八九十"
_FORMS = {
    "feast": (
        "".join(sorted({name[0] for name in feasts.NAMES})),
        rf"(?P<feast>{_FEAST})(?:佳?节)?",
    ),
    "same": ("同", r"(?P<same>同期(?!外))"),
    "head": (
        "前头开最后末",
        rf"(?P<head>(?!前一个?季)(?P<hw>前|头|开头|最初|后|末)(?:面|头)?(?P<hn>{_N}|几)个?(?P<hu>月|季度|年(?!级)))",
    ),
    "roll": (
        "最近过这往",
        rf"(?P<roll>(?:最近|近来?|过去的?|这(?!一个?(?:周|星期|礼拜|季度))|往前)这?(?P<rn>{_N}|半|几)(?:来|多)?"
        r"(?P<ru>个?月|年|天|日|个?周|个?星期|个?礼拜|个?季度)(?:来|以来|内|间)?)",
    ),
    "back": (
        "半俩仨0123456789一二两三四五六七八九十",
        rf"(?P<back>(?<![\d第])(?P<bn>{_N}|半)(?P<bu>个?月|年|天|日|个?周|个?星期|个?礼拜|个?季度)"
        "(?:以来|来(?![人电客往])|以内|之内))",
    ),
    "half": ("上头前下后", r"(?P<half>(?P<fw>[上头前下后])半年)"),
    "quarter": (
        "第最Qq" + _NUMERALS,
        rf"(?P<quarter>(?:第?(?P<q>[一二三四五六七八九1-9])(?:{TO}第?(?P<q2>[一二三四1-4]))? ?个?"
        rf"|最后一?个?){_SEASON}|[Qq](?P<q3>[1-4])(?![0-9A-Za-z]))",
    ),
    "relq": (
        "本这当前上下",
        rf"(?P<relq>(?P<rqw>[本当]|[这前下]一?个?|上?上一?个?){_SEASON})",
    ),
    "relm": (
        "这本当大上下",
        r"(?P<relm>(?P<rmw>这一?个|本|当|这|大上一?个?|上?上一?个?|下一?个?)月份?"
        rf"(?P<rpart>{_PART})?)",
    ),
    "lunar": (
        "农阴旧老正冬腊寒",
        rf"(?P<lunar>(?:(?:农历|阴历|旧历|老历)(?P<ln>{_N})|(?P<lw>[正冬腊寒]))月(?:间|里头?|份)?"
        r"(?P<ld>初[一二三四五六七八九十]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)?)",
    ),
    "month": (
        "元" + _NUMERALS,
        rf"(?P<month>(?<![\d.个])(?:(?P<m>{_N})(?:(?:{TO}|[、,])(?P<m2>{_N}))? ?|元)月份?"
        rf"(?P<mpart>{_PART})?)",
    ),
    "yearpart": ("年", rf"(?P<yearpart>年{_YEAR_PART})"),
    "whole": ("全整", r"(?P<whole>全年|整年)"),
    "rel": ("大前昨今明后", r"(?P<rel>大前天|前天|昨[天日晚儿]|今[天日儿]|明[天日]|后天)"),
    "week": (
        "这本上下",
        r"(?P<week>(?P<ww>这|本|上上|上|下)一?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末])?)",
    ),
    "weekday": (
        "周星礼",
        r"(?P<weekday>(?:周|星期|礼拜)(?P<wday>[一二三四五六日天])(?![一-龥]家))",
    ),
    "vague": (
        "最近这前",
        r"(?P<vague>最近|近期|近来|近日|近段时间|[这前]一?向|[这前]一?阵子?|前不久"
        r"|[前这]一?段(?:时间|日子)|[前这]些(?:时候|日子|天))",
    ),
    "ymd": (
        "12",
        r"(?P<ymd>(?<![\d.])(?P<y4>(?:19|20)\d\d)[-./](?P<nm>\d{1,2})"
        r"(?:月?[-./](?P<nd>\d{1,2})日?(?![-./]?\d)|月(?P<nd2>\d{1,2})日?|月?(?![\d./]|-(?!\d{4}))))",
    ),
    "compact": (
        "2",
        r"(?P<compact>(?<!\d)(?P<cy>20[0-4]\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>[0-3]\d)?(?![\d.]))",
    ),
    "years": (
        "0123456789",
        rf"(?P<years>(?<!\d)(?P<ya>\d\d|20\d\d){TO}(?P<yb>\d\d|20\d\d)年度?)",
    ),
    "bare": (
        "2",
        r"(?P<bare>(?<![\dA-Za-z.,-])20[0-4]\d(?![\d.,A-Za-z]|\s*"
        rf"(?:[万千百元块多个条笔号组社户人亩名张件]|以[上下内]|左右|上下|那笔|{TO}\d+(?!年))))",
    ),
    "xun": ("上中下月", r"(?P<xun>[上中下]旬|月[初头底中末尾](?!考)|[上下]半个?月)"),
    "dayonly": (
        "廿" + _NUMERALS,
        rf"(?P<dayonly>(?<![\d第.])(?P<do>{_DAY})(?:{TO}(?P<do2>{_DAY}))?[号日]"
        r"(?![一-龥]?[铺楼院桥机井坝塘房店]|路|线|文|码|常|用|子|期|报|记|志|员))",
    ),
}
# 今年初, 去年年底: after a year 年 need not be said again.
_AFTER_YEAR = rf"(?P<yearpart>年?{_YEAR_PART})"


def _by_first(*, after_year: bool) -> dict[str, re.Pattern[str]]:
    """Compile, for each character that begins a date, the forms that it may begin."""
    begun: dict[str, list[str]] = {}
    for name, (firsts, pattern) in _FORMS.items():
        if name == "yearpart" and after_year:
            firsts, pattern = "年初头底末尾终", _AFTER_YEAR
        for first in firsts:
            begun.setdefault(first, []).append(pattern)
    compiled = {forms: re.compile("|".join(forms)) for forms in set(map(tuple, begun.values()))}
    return {first: compiled[tuple(forms)] for first, forms in begun.items()}


BODY = _by_first(after_year=False)
BODY_AFTER_YEAR = _by_first(after_year=True)
YEAR_WORD = re.compile(_YEAR)
OF_YEAR = re.compile("的|里头?|间| ")
YEAR_FIRST = frozenset("0123456789〇零一二三今本去旧昨上头大前明来后")
FIRST = re.compile("[" + "".join(sorted(YEAR_FIRST | set(BODY))) + "]")
