"""Whether somebody asks how their own application stands, and which number they give.

The scheme of queries.md has no intent for it: it is told apart from questions about procedures
and payments, which look alike, by whose it is and that it is under way.
"""

from __future__ import annotations

import re
import unicodedata

NUMBER_DIGITS = 8

_NUMBER = re.compile(rf"(?<!\d)\d{{{NUMBER_DIGITS}}}(?!\d)")
_NAMED = re.compile(r"办件号?|办理号|受理号|编号")
_OWN = re.compile(
    r"(?:我|俺)(?:家|屋头|妈|爸|老汉儿?|老母|娃儿?|奶奶|爷爷)?(?:的|那|申请|办|交|报|递)"
)
_UNDER_WAY = re.compile(
    r"到哪|第几步|哪一?步|进度|进展"
    r"|(?:办|搞|弄|整|审|批)(?:得|的|成)?(?:怎么样|咋个?样|啥样|好|完|成|下来|归一)"
    r"|(?:批|下来|通过)了?(?:没|不曾|吗)"
)
_OTHERS = re.compile(r"举报|投诉|反映|检举|我们?村|村上|村里")


def matter_number(text: str) -> str | None:
    """The eight digits that a message gives, as the number of a matter."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    return found[0] if found else None


def asks_about_own_matter(text: str) -> bool:
    """Whether it is nothing but such a number, or asks how something of one's own stands."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _OTHERS.search(plain):
        return False
    if _NUMBER.search(plain):
        bare = len(plain) == NUMBER_DIGITS
        return bare or bool(_NAMED.search(plain) or _UNDER_WAY.search(plain))
    return bool(_OWN.search(plain) and _UNDER_WAY.search(plain))
