"""What a template's variables take (sms.md 1.7), and what no text may contain."""

import functools
import re
from collections.abc import Callable

import opencc

from simulator.sms.errors import Refusal

LONGEST = 35
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]"

_LINK = re.compile(
    r"https?:|www\.|[a-z0-9-]+\.(com|cn|net|org|gov|edu|top|xyz|vip|cc|io|me|info|site|ink)(?![0-9a-z])",
    re.I,
)
_MOBILE = re.compile(r"(?<!\d)(\+?86)?1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4})(?!\d)")
_CONTACT = re.compile(r"微信|weixin|wechat|\bv[xX]\b|qq|[扣企]鹅", re.I)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\ufe0f\u200d\u20e3\u2122\u00a9\u00ae]"
)
BANNED = ("赌博", "色情", "代开发票", "高利贷", "中奖", "裸聊", "枪支")

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_MONTH_DAY = r"(0?[1-9]|1[0-2]){0}(0?[1-9]|[12]\d|3[01])"
_YEAR_DAY = r"(\d{4}-" + _MONTH_DAY.format("-") + r"|\d{4}/" + _MONTH_DAY.format("/") + ")"
_HALF = r"(上午|下午)"
_HOUR = rf"({_HALF} ?({_CLOCK})?|{_CLOCK})"
_TIME = rf"{_YEAR_DAY}( ?{_HOUR})?|{_HOUR}|{_MONTH_DAY.format('月')}日 ?{_HOUR}"


def _pattern(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _without_contact(longest: int) -> Callable[[str], bool]:
    """Any text but phone numbers, QQ and WeChat; links are refused for every kind."""

    def accepts(value: str) -> bool:
        bare = len(value) <= longest and not _CONTACT.search(value)
        return bare and not _MOBILE.search(value) and not _LANDLINE.search(value)

    return accepts


PROPERTIES: dict[str, Callable[[str], bool]] = {
    "numberCaptcha": _pattern(r"[0-9]{4,6}"),
    "characterWithNumber2": _pattern(r"[0-9A-Za-z]{4,6}"),
    "time": _pattern(_TIME),
    "money": _pattern(r"[0-9]+(\.[0-9]{1,2})?"),
    "name": _pattern(rf"{HAN}{{2,5}}"),
    "unit_name": _pattern(rf"{HAN}{{1,20}}"),
    "user_nick": _without_contact(20),
    "address": _without_contact(30),
    "other_number2": _pattern(r"[0-9A-Za-z]{1,35}"),
    "phone_number2": _pattern(r"1[3-9][0-9]{9}|(?=[0-9-]{5,15}$)[0-9]+(-[0-9]+)*(?<![0-9]{14})"),
    "link_param": _pattern(r"[0-9A-Za-z]{1,8}"),
    "email_address": _pattern(r"[0-9A-Za-z._+-]{1,25}@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+"),
    "license_plate_number": _pattern(rf"{HAN}[A-Z][A-Z0-9]{{4,5}}({HAN}|[A-Z0-9])"),
    "tracking_number": _pattern(r"[0-9A-Za-z]{5,30}"),
    "pick_up_code": _pattern(r"[0-9A-Za-z]{1,4}(-[0-9A-Za-z]{1,6}){0,3}"),
    "others": _without_contact(LONGEST),
}


def check_value(name: str, kind: str, value: object, banned: list[str]) -> str:
    """The value as text; raises Refusal with the code that the gateway has for what is wrong."""
    if not isinstance(value, str) or not value:
        raise Refusal("isv.TEMPLATE_PARAMS_ILLEGAL", f"模板变量{name}必须是非空字符串")
    if not value.isprintable():
        raise Refusal("isv.TEMPLATE_PARAMS_ILLEGAL", f"变量{name}含有控制字符")
    if len(value) > LONGEST:
        raise Refusal("isv.PARAM_LENGTH_LIMIT", f"参数{name}超过长度限制")
    check_text(value, banned)
    # An address of mail is the one kind that has a domain in it.
    if kind != "email_address" and _LINK.search(value):
        raise Refusal("isv.PARAM_NOT_SUPPORT_URL", f"变量{name}不支持传入链接")
    if not PROPERTIES[kind](value):
        raise Refusal("isv.TEMPLATE_PARAMS_ILLEGAL", f"变量{name}不符合属性{kind}的规范")
    return value


def check_text(text: str, banned: list[str]) -> None:
    """Emoji, traditional characters, banned words."""
    if _EMOJI.search(text) or traditional(text):
        raise Refusal("isv.UNSUPPORTED_CONTENT", "短信内容包含禁止发送内容：表情或繁体字")
    if any(word in text for word in (*BANNED, *banned)):
        raise Refusal("isv.SMS_CONTENT_ILLEGAL", "短信内容包含禁止发送内容")


@functools.lru_cache(1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def traditional(text: str) -> bool:
    return not text.isascii() and _converter().convert(text) != text
