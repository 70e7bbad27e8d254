"""Chinese punctuation as a printer sets it, whatever the keyboard gave."""

from __future__ import annotations

import re
from typing import Any

_FULL_WIDTH = str.maketrans(",;:?!", "，；：？！")
_AFTER_CHINESE = re.compile(r"(?<=[\u3400-\u9fff”’》）])[,;:?!]")
_IN_BRACKETS = re.compile(r"\(([^()]*[\u3400-\u9fff][^()]*)\)")


def typeset(data: Any) -> Any:
    """The same data with the commas and brackets of Chinese text at full width."""
    if isinstance(data, str):
        bracketed = _IN_BRACKETS.sub(r"（\1）", data)
        return _AFTER_CHINESE.sub(lambda mark: mark[0].translate(_FULL_WIDTH), bracketed)
    if isinstance(data, dict):
        return {key: typeset(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [typeset(value) for value in data]
    return data
