"""The XML inside a push: fields in the order given, texts as CDATA, lists as repeated elements."""

from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]


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
    text = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"
