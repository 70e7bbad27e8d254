"""Whether somebody wants to see a picture rather than read."""

from __future__ import annotations

import re
import unicodedata

_PICTURE = re.compile(
    r"流程图|风险图|示意图|图片|图表"
    r"|(?:发|看|给|来|要|画|整|搞)(?:我|下|哈)?(?:来|发)?[一两]?[张个幅]?图(?!书|章|纸)"
)


def wants_picture(text: str) -> bool:
    """Whether the words ask for a picture: 低保流程图, 上个月的账发张图."""
    return bool(_PICTURE.search(unicodedata.normalize("NFKC", text)))
