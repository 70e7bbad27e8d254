"""Words of one meaning written alike, so that the lists need know one of them only.

Each is replaced by one as long, so that spans in the text stay what they are.
"""

from __future__ import annotations

import re

_ALIKE = {
    "怎么": "咋个",
    "如何": "咋个",
    "啷个": "咋个",
    "怎样": "咋个",
    "多少": "好多",
    "几多": "好多",
    "一哈": "一下",
    "莫得": "没得",
    "帐": "账",
}
_WORD = re.compile("怎么|如何|啷个|怎样|多少(?!有[点些])|几多|一哈|莫得|(?<!蚊)帐(?![篷子])")


def said_alike(text: str) -> str:
    """Write 怎么, 如何 and 啷个 as 咋个, 多少 as 好多, 莫得 as 没得, 帐 as 账."""
    return _WORD.sub(lambda word: _ALIKE[word[0]], text)
