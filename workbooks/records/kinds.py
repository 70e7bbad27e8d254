"""The seven kinds, read from `data/KIND.toml`: columns, what is one disclosure, whom it names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from workbooks.records.fields import Field, RecordKind, Type

_DATA = Path(__file__).parent / "data"

DEBTS: Final = ("债权", "债务")
"""Of the assets' categories, those in which somebody owes somebody."""
REPEALED: Final = "废"
"""The state of a rule that holds no longer (domain.md 1.7, M77)."""
PASSED: Final = "通过"


def _kind(code: str) -> RecordKind:
    told: dict[str, Any] = tomllib.loads((_DATA / f"{code}.toml").read_text("utf-8"))
    return RecordKind(
        code=code,
        name=told["name"],
        measure=told["measure"],
        fields=tuple(_field(item) for item in told["field"]),
        disclosure_class=told["class"],
        rhythm=told["rhythm"],
        is_list=told["is_list"],
        book=tuple(told.get("book", ())),
        is_book_hidden=told.get("is_book_hidden", False),
        period=tuple(told.get("period", ())),
        period_length=told.get("period_length", 0),
        class_field=told.get("class_field", ""),
        classes=told.get("classes", {}),
        rhythm_field=told.get("rhythm_field", ""),
        head=tuple(told["head"]),
        same=tuple(map(tuple, told["same"])),
        told=tuple(told["told"]),
        total=told.get("total", ""),
    )


def _field(told: Mapping[str, Any]) -> Field:
    first, second = told.get("example", ("", ""))
    return Field(
        key=told["key"],
        name=told["name"],
        type=Type(told.get("type", "text")),
        synonyms=tuple(told.get("synonyms", "").split()),
        is_required=told.get("is_required", False),
        is_personal=told.get("is_personal", False),
        is_open=told.get("is_open", False),
        choices=_choices(told.get("choices", {})),
        longest=told.get("longest", 60),
        example=(first, second),
    )


def _choices(told: Mapping[str, str]) -> dict[str, str]:
    """What may be written, a meaning itself included, to what is meant."""
    return {word: meaning for meaning, words in told.items() for word in (meaning, *words.split())}


DOCUMENTS: Final = _kind("documents")
SUBSIDIES: Final = _kind("subsidies")
ASSETS: Final = _kind("assets")
PROJECTS: Final = _kind("projects")
DECISIONS: Final = _kind("decisions")
RULES: Final = _kind("rules")
CONTACTS: Final = _kind("contacts")

KINDS: Final[Mapping[str, RecordKind]] = MappingProxyType(
    {
        kind.code: kind
        for kind in (SUBSIDIES, PROJECTS, ASSETS, DECISIONS, DOCUMENTS, RULES, CONTACTS)
    }
)
"""By code, in the order in which residents ask for them."""
