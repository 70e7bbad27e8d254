"""The shape of a specification: which columns a kind of disclosure has, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONG_TERM = "长期"
"""The period of what has none: rules and contacts stand until they are changed."""

Value = str | int
"""What a cell comes to: money in fen and counts whole, days ISO text, everything else text."""


class Type(StrEnum):
    """What a column holds, and with it what of it may be public (domain.md 8)."""

    TEXT = "text"  # words; whoever they name beside an illness or poverty is masked
    NAME = "name"  # of a thing or a policy: words that name nobody
    PERSON = "person"  # who receives something: masked, a child not even that
    PARTY = "party"  # the other side: firms in full, persons masked
    BEARER = "bearer"  # who acts in office: in full
    GROUP = "group"  # villagers' group: 3组
    MONEY = "money"
    NUMBER = "number"  # with its unit, as text: 3.5亩
    COUNT = "count"
    DAY = "day"
    PERIOD = "period"  # YYYY-MM or YYYY
    CHOICE = "choice"
    PHONE = "phone"  # of an office, never a mobile
    WEEKDAYS = "weekdays"  # 周一、周三
    IDENTITY = "identity"  # only looked at, never kept
    AGE = "age"  # the same


UNKEPT = frozenset((Type.IDENTITY, Type.AGE))
"""What is looked at while a row is read, and goes nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column. `key` names it to programs, `name` to people; `example` fills the empty workbook.

    `choices` maps what may be written to what is meant; where `is_open`, other words stand too.
    What `is_personal` is published as a salted hash whose value can be erased (docs/verify.md).
    """

    key: str
    name: str
    type: Type = Type.TEXT
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    is_personal: bool = False
    is_open: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 60
    example: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """One kind of disclosure.

    The rows of a village that share book and period are one disclosure. A list is brought in
    whole: what a file leaves out of it is gone. Of the other kinds each row is one by itself.
    """

    code: str
    name: str
    measure: str  # what one row is counted in: 户, 项, 件
    fields: tuple[Field, ...]
    disclosure_class: str
    rhythm: str
    is_list: bool
    book: tuple[str, ...] = ()
    """Keys: the first that holds something names the book; none: the kind's own name."""
    is_book_hidden: bool = False
    """The book's name may name somebody: a digest stands for it."""
    period: tuple[str, ...] = ()
    """Keys: the first that holds something tells the period; none: LONG_TERM."""
    period_length: int = 7
    """How much of a day is the period: 4 its year, 7 its month, 10 all of it."""
    class_field: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    """Class by the value of `class_field`, where not all rows are of one."""
    rhythm_field: str = ""
    head: tuple[str, ...]
    """Keys of what a row is called: its first line wherever it is shown."""
    same: tuple[tuple[str, ...], ...]
    """What two rows must share for the one to be the other, changed; the surest first."""
    told: tuple[str, ...]
    """Keys by which a public reason tells a row: nothing personal."""
    total: str = ""
    """The key of what a total adds up."""

    def field(self, key: str) -> Field:
        """The field of a key; KeyError where there is none."""
        for item in self.fields:
            if item.key == key:
                return item
        raise KeyError(key)

    @property
    def personal(self) -> tuple[str, ...]:
        """The keys of what is published as a salted hash, in order."""
        return tuple(item.key for item in self.fields if item.is_personal)
