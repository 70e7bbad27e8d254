"""Whether somebody asks to be forgotten: their number, their data, their binding.

Told apart from ending what is sent (退订), from leaving a question (取消), and from questions about
what offices strike off (户口, 营业执照).
"""

from __future__ import annotations

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")
_WHOSE = r"(?:我(?:们|家)?|本人|俺)的?"
_THING = (
    r"(?:这个)?(?:个人|微信)?"
    r"(?:信息|资料|数据|号码?|手机号码?|电话号?码?|微信号?|账号|帐号|账户|帐户|绑定|登记|记录)"
)
_GONE = r"(?:删除|删掉|删了|删|清除|清掉|清空|抹掉|抹了|去掉|注销)"
_POLITE = r"(?:请|麻烦|帮我|给我|帮忙|我要|我想|要求|申请|要)*"
_ALL = r"(?:都|全部?|通通)?"
_END = r"(?:吧|了|嘛|哈|好吗|可以吗|行吗|谢谢)*"
_ASKED = re.compile(
    rf"{_POLITE}(?:"
    rf"注销"
    rf"|注销(?:我的?)?(?:账号|帐号|账户|帐户|绑定|登记|号码|信息|资料)"
    rf"|{_GONE}{_ALL}{_WHOSE}{_THING}"
    rf"|(?:把|将){_WHOSE}{_THING}{_ALL}(?:给我|帮我)?{_GONE}(?:掉|了)?"
    rf"|(?:别|不要|不想|不许|不准)(?:再|让你们|给我)*(?:存|留|保存|记)着?{_WHOSE}{_THING}"
    rf"|(?:忘记|忘掉|忘了)我"
    rf"){_END}"
)


def asks_to_be_erased(text: str) -> bool:
    """Whether that is all that a message says."""
    return bool(_ASKED.fullmatch(_NO_WORD.sub("", unicodedata.normalize("NFKC", text))))
