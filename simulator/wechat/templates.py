"""Approved templates, and what a call puts into their fields (wechat.md 2.3, 2.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.wechat.errors import ApiError
from simulator.wechat.fields import KINDS, complaint, displayed, kind_of

TEMPLATES = 25

# What a card calls a field whose label nobody has given.
LABELS = {
    "thing": "内容",
    "time": "时间",
    "date": "日期",
    "amount": "金额",
    "phrase": "状态",
    "const": "类别",
    "name": "姓名",
    "phone_number": "电话",
    "number": "数量",
    "character_string": "编号",
}


class TemplateRefused(ValueError):
    """A template that no review would approve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`fields`: key -> kind. `approved`: the values that const, enum and short_thing may have."""

    id: str
    title: str
    fields: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)  # key -> what the card calls it
    approved: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the card on the phone."""

    label: str
    value: str


class Templates:
    """One account's templates of one sort (template messages, or subscription notices)."""

    def __init__(self) -> None:
        self._known: dict[str, Template] = {}
        self.banned: set[str] = set()

    def __iter__(self) -> Iterator[Template]:
        return iter(self._known.values())

    def approve(self, template: Template) -> None:
        if not template.id or not template.fields:
            raise TemplateRefused("a template needs an id and at least one field")
        for key, kind in template.fields.items():
            if kind not in KINDS:
                raise TemplateRefused(
                    f"{key}: no kind {kind}; there are {', '.join(sorted(KINDS))}"
                )
        if template.id not in self._known and len(self._known) >= TEMPLATES:
            raise TemplateRefused(f"an account has at most {TEMPLATES} templates")
        self._known[template.id] = template

    def delete(self, identifier: str) -> bool:
        return self._known.pop(identifier, None) is not None

    def find(self, identifier: object) -> Template:
        template = self._known.get(identifier) if isinstance(identifier, str) else None
        if template is None:
            raise ApiError(40037)
        if template.id in self.banned:
            raise ApiError(43116)
        return template


def fields_of(given: Mapping[str, str]) -> dict[str, str]:
    """Keys with their kinds; a kind that is left empty is read from the key (`thing3`)."""
    return {key: kind or kind_of(key) for key, kind in given.items()}


def filled(template: Template, data: object) -> list[Row]:
    """The rows that the phone shows; 47003 names the first field that does not hold its value."""
    if not isinstance(data, Mapping):
        raise ApiError(47003, "argument invalid! data is missing")
    rows: list[Row] = []
    for key, kind in template.fields.items():
        cell = data.get(key)
        value = cell.get("value", "") if isinstance(cell, Mapping) else ""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise ApiError(47003, f"argument invalid! data.{key}.value invalid")
        if wrong := complaint(kind, str(value), template.approved.get(key, ())):
            raise ApiError(47003, f"argument invalid! data.{key}.value {wrong}")
        if (shown := displayed(kind, str(value))) is not None:
            rows.append(Row(template.labels.get(key) or LABELS.get(kind, ""), shown))
    return rows


def content(template: Template) -> str:
    """The template's text as `get_all_private_template` gives it."""
    return "\n".join(f"{key}:{{{{{key}.DATA}}}}" for key in template.fields)
