"""Signatures and templates that the gateway has approved (sms.md 1.7, 1.8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from simulator.sms.errors import Refusal
from simulator.sms.variables import PROPERTIES, check_text

LONGEST_TEXT = 500
TYPES = ("verification", "notification", "promotion")
OPT_OUT = "拒收请回复R"

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_FORBIDDEN = re.compile("[【】★①→•²「」]")


class Review(IntEnum):
    """How a template's review stands, as GetSmsTemplate tells it."""

    PENDING = 0
    APPROVED = 1
    REFUSED = 2


class TemplateRefused(ValueError):
    """A template that no review would approve."""


@dataclass(slots=True, kw_only=True)
class Signature:
    """`filed`: the carriers know it; without that they block every text under another code."""

    name: str
    approved: bool = True
    filed: bool = True
    types: tuple[str, ...] = TYPES
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`fields` maps a variable to its property; an empty `text` shows the values, blank between.

    `reason` is why its review refused it.
    """

    id: str
    fields: dict[str, str]
    text: str = ""
    type: str = "notification"
    state: Review = Review.APPROVED
    reason: str = ""

    def fill(self, values: Mapping[str, str]) -> str:
        if not self.text:
            return " ".join(values[name] for name in self.fields)
        return _VARIABLE.sub(lambda found: values[found[1]], self.text)


class Registry:
    def __init__(self, sign_name: str) -> None:
        self.signatures = {sign_name: Signature(name=sign_name)}
        self.templates: dict[str, Template] = {}
        self._extensions: dict[str, str] = {}  # digits -> signature

    def approve(self, template: Template) -> None:
        """Raises TemplateRefused with what the review objects to."""
        if not template.id:
            raise TemplateRefused("a template needs an id")
        if template.type not in TYPES:
            raise TemplateRefused(f"no type {template.type}; there are {', '.join(TYPES)}")
        for name, kind in template.fields.items():
            if kind not in PROPERTIES:
                known = ", ".join(PROPERTIES)
                raise TemplateRefused(f"{name}: no property {kind}; there are {known}")
        if template.text:
            _review(template)
        self.templates[template.id] = template

    def signature(self, name: str, template: Template, extension: str) -> Signature:
        signature = self.signatures.get(name)
        if signature is None:
            raise Refusal("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        if not signature.approved:
            raise Refusal("isv.SIGN_STATE_ILLEGAL", "签名审核未通过或已被禁用")
        if template.type not in signature.types:
            raise Refusal("isv.SMS_SIGNATURE_SCENE_ILLEGAL", "签名的适用场景与短信类型不匹配")
        if extension:
            if not re.fullmatch(r"\d{1,8}", extension):
                raise Refusal("isv.EXTEND_CODE_ERROR", "扩展码使用错误")
            if self._extensions.setdefault(extension, name) != name:
                raise Refusal("isv.EXTEND_CODE_ERROR", "扩展码已被另一个签名使用")
        return signature

    def template(self, identifier: str) -> Template:
        template = self.templates.get(identifier)
        if template is None or template.state is not Review.APPROVED:
            raise Refusal("isv.SMS_TEMPLATE_ILLEGAL", "短信模版不合法")
        return template


def _review(template: Template) -> None:
    text = template.text
    names = _VARIABLE.findall(text)
    bare = _VARIABLE.sub("", text)
    promotes = text.endswith(OPT_OUT)
    rules = (
        (len(text) <= LONGEST_TEXT, f"more than {LONGEST_TEXT} characters"),
        (bare.strip() != "", "a variable is the whole text"),
        (not re.search(r"\}\$\{", text), "variables stand side by side"),
        (len(names) == len(set(names)), "a variable stands there twice"),
        (set(names) == set(template.fields), "text and fields name different variables"),
        ("${" not in bare, "a variable's name is not plain"),
        (not _FORBIDDEN.search(text), "a sign that is not allowed"),
        (not re.search(r"^\[|\]$", text), "[ or ] at the ends"),
        (promotes == (template.type == "promotion"), f"{OPT_OUT} ends promotions, and only them"),
    )
    for holds, objection in rules:
        if not holds:
            raise TemplateRefused(f"{template.id}: {objection}")
    try:
        check_text(bare, [])
    except Refusal as refusal:
        raise TemplateRefused(f"{template.id}: {refusal.message}") from None
