"""The XML inside a push: fields in the order given, texts as CDATA, lists as repeated elements."""

import re
from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]

# What no XML can hold; the real platform never passes it on.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml(fields: Fields) -> bytes:
    return f"<xml>{_children(fields)}</xml>".encode()


def _children(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_children(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    text = _NO_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"
