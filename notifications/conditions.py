"""Words that stand in a text only under a condition: `{% if step == "3" %}...{% endif %}`.

An operator writes them, so they are read by a sandbox and hold nothing but conditions on the
template's own parameters; values are compared, never run. Registered texts cannot have them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_SANDBOX: Final = SandboxedEnvironment(autoescape=False, keep_trailing_newline=True)
_FILTERS: Final = frozenset({"int", "length"})
_SAME: Final = frozenset({"eq", "ne"})


def has_conditions(text: str) -> bool:
    return "{%" in text


def resolve(text: str, params: Mapping[str, str]) -> str:
    """The text with only those words whose condition holds; its variables stay as they are.

    >>> resolve('请看${item}。{% if step == "3" %}这是最后一步。{% endif %}', {"step": "3"})
    '请看${item}。这是最后一步。'
    """
    return _SANDBOX.from_string(text).render(params) if has_conditions(text) else text


def all_words(text: str) -> str:
    """The text with the words of every condition, longer than it can ever be."""
    return _TAG.sub("", text)


def are_sound(text: str, names: Collection[str]) -> bool:
    """Whether a text with conditions can be read, asks only after these, and is never empty."""
    try:
        body = _SANDBOX.parse(text).body
    except TemplateSyntaxError:
        return False
    words = [node for node in body if isinstance(node, nodes.Output)]
    said = any(
        isinstance(piece, nodes.TemplateData) and piece.data.strip()
        for node in words
        for piece in node.nodes
    )
    return said and all(_is_sound(node, names) for node in body)


def _is_sound(node: nodes.Node, names: Collection[str]) -> bool:
    if isinstance(node, nodes.Output):
        return all(isinstance(piece, nodes.TemplateData) for piece in node.nodes)
    if isinstance(node, nodes.If):
        inner = (*node.body, *node.elif_, *node.else_)
        return _asks(node.test, names) and all(_is_sound(part, names) for part in inner)
    return False


def _asks(test: nodes.Node, names: Collection[str]) -> bool:
    """Whether it compares parameters with values, in a way that no value can make fail."""
    if isinstance(test, nodes.And | nodes.Or):
        return _asks(test.left, names) and _asks(test.right, names)
    if isinstance(test, nodes.Not):
        return _asks(test.node, names)
    if not isinstance(test, nodes.Compare):
        return False
    sides = [test.expr, *(operand.expr for operand in test.ops)]
    if all(operand.op in _SAME for operand in test.ops):
        return all(_is_name(side, names) or _is_number(side, names) or _is_text(side)
                   for side in sides)  # fmt: skip
    ordered = all(operand.op in ("gt", "gteq", "lt", "lteq") for operand in test.ops)
    return ordered and all(_is_number(side, names) for side in sides)


def _is_name(node: nodes.Node | None, names: Collection[str]) -> bool:
    return isinstance(node, nodes.Name) and node.name in names


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _is_number(node: nodes.Node, names: Collection[str]) -> bool:
    """A number, or a parameter made one: `count|int`, `text|length`."""
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int)
    return (
        isinstance(node, nodes.Filter)
        and node.name in _FILTERS
        and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        and _is_name(node.node, names)
    )
