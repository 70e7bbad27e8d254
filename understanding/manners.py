"""How somebody wants to be told of news: at once or weekly, by SMS or on WeChat."""

from __future__ import annotations

import re

from understanding.meaning import Manner

_WEEKLY = re.compile("(?<![上下这前后近第])[每一1按]个?(?:周|星期|礼拜)|周报")
_AT_ONCE = re.compile("马上|立刻|立即|随时|当天|第一时间|及时|有了就|一有")
_SMS = re.compile("短信")
_WECHAT = re.compile("微信")

_TELL = "(?:发|说|推送|推|通知|告诉|提醒|讲|喊)"
_ME = "(?:给我|我)?"
_ONCE = "[一1]?[次回道条声]"
_PHRASE = (
    f"[每一1]个?(?:周|星期|礼拜)[一1]?(?:只|就|合起来)?(?:{_TELL}{_ME}(?:{_ONCE})?|[一1][次回道条])"
    f"|(?:马上|立刻|立即|随时|当天|第一时间|及时|一?有了?(?:新的)?就){_TELL}{_ME}"
    "|恢复(?:订阅|接收|通知|推送|短信)?"
    f"|(?:(?:用|走|通过)(?:短信|微信){_TELL}?|(?:短信|微信){_TELL}|发(?:短信|微信)){_ME}"
)
_SOFT = (
    "(?:以后|今后|还是|那就|改成|改为|换成|麻烦|给我|跟我|可以|够了"
    "|[请我想要就都的吧嘛嘞哈行了,。! ])*"
)
_WHOLE = re.compile(f"{_SOFT}(?:(?:{_PHRASE}){_SOFT})+")


def manner(text: str) -> Manner:
    """What a message that is about news says of how to tell them."""
    rhythm = "weekly" if _WEEKLY.search(text) else "at_once" if _AT_ONCE.search(text) else ""
    channel = "sms" if _SMS.search(text) else "wechat" if _WECHAT.search(text) else ""
    return Manner(rhythm, channel, alone=is_manner(text))


def is_manner(text: str) -> bool:
    """Whether a text says nothing but that: 每周发一次, 改成用短信发吧; or 恢复, as it was."""
    return _WHOLE.fullmatch(text) is not None
