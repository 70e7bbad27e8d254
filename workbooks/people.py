"""The people file: who holds which role where (contract.md 5)."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from workbooks import texts
from workbooks.cells import as_text
from workbooks.characters import squeeze
from workbooks.forms import Column, Reading, Record, RefusedRow, read_records
from workbooks.names import join_name

ROLES = (
    "居民", "干部", "录入", "审核", "监委会", "监督员", "纪检", "部门", "管理", "审计", "值班",
)  # fmt: skip
# These exist at town level and above only (contract.md 5).
_ABOVE_VILLAGES = frozenset({"纪检", "值班"})

COLUMNS = (
    Column("姓名", ("名字",), is_required=True),
    Column("手机号", ("手机", "手机号码", "电话", "联系电话"), is_required=True),
    Column("角色", is_required=True),
    Column("区划代码", ("代码", "行政区划代码"), is_required=True),
    Column("职务", ("岗位",)),
    Column("openid", ("OpenID", "openID", "OPENID", "微信openid", "微信号")),
    Column("任职起", ("任职开始", "任职起始", "任期起")),
    Column("任职止", ("任职结束", "任职截止", "任期止")),
)
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One post of one person. `phone` has eleven digits; `region_code` always twelve.

    Several rows for one person are several posts; `term_from` and `term_to` are inclusive days.
    """

    sheet: str
    row: int
    name: str
    roles: tuple[str, ...]
    region_code: str
    post: str | None
    term_from: date | None
    term_to: date | None
    phone: str | None = field(repr=False)
    openid: str | None = field(repr=False)

    def as_json(self) -> dict[str, object]:
        """For reports: without phone and openid, which no report shows."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "name": self.name,
            "roles": list(self.roles),
            "region_code": self.region_code,
            "post": self.post,
            "term_from": self.term_from.isoformat() if self.term_from else None,
            "term_to": self.term_to.isoformat() if self.term_to else None,
        }


def read_people(path: Path, *, source_name: str | None = None) -> Reading[PersonRow]:
    """The people of a CSV or spreadsheet. Raises WorkbookError as `read_records` does."""
    file, records, ignored = read_records(path, COLUMNS, source_name)
    accepted: list[PersonRow] = []
    refused: list[RefusedRow] = []
    for record in records:
        person = _read(record)
        if record.reasons:
            refused.append(record.refused())
        else:
            accepted.append(person)
    return Reading(file, tuple(accepted), tuple(refused), tuple(ignored))


def _read(record: Record) -> PersonRow:
    phone, openid = _phone(record), _openid(record)
    if not record.text("手机号") and not record.text("openid"):
        record.refuse("手机号", texts.PHONE_OR_OPENID)
    region_code = _region_code(record)
    term_from, term_to = record.day("任职起"), record.day("任职止")
    if term_from and term_to and term_to < term_from:
        start = texts.date_in_words(term_from.year, term_from.month, term_from.day)
        record.refuse("任职止", texts.AFTER_START.format(start=start))
    return PersonRow(
        sheet=record.sheet,
        row=record.row,
        name=join_name(record.text("姓名", texts.A_PERSON_NAME)),
        roles=_roles(record, region_code),
        region_code=region_code,
        post=record.text("职务") or None,
        term_from=term_from,
        term_to=term_to,
        phone=phone,
        openid=openid,
    )


def _phone(record: Record) -> str | None:
    """Eleven digits. What is wrong with a number is told without showing it."""
    text = squeeze(as_text(record.values.get("手机号"))).replace("-", "")
    if not text:
        return None
    if "E+" in text.upper():
        record.refuse("手机号", texts.AS_TEXT, texts.LOST_DIGITS)
        return None
    match = _PHONE.fullmatch(text)
    if not match:
        digits = sum(character.isdigit() for character in text)
        found = texts.DIGITS.format(count=digits) if digits else texts.NOT_A_PHONE
        record.refuse("手机号", texts.A_PHONE, found)
        return None
    return match[1]


def _openid(record: Record) -> str | None:
    text = record.text("openid")
    if not text:
        return None
    if not _OPENID.fullmatch(text):
        record.refuse("openid", texts.AN_OPENID, texts.CHARACTERS.format(count=len(text)))
        return None
    return text


def _region_code(record: Record) -> str:
    code = record.code("区划代码", texts.CODE_OF_PLACE, lengths=(6, 9, 12))
    return code.ljust(12, "0") if code else ""


def _roles(record: Record, region_code: str) -> tuple[str, ...]:
    words = [word for word in re.split(r"[、,;/\s]+", record.text("角色")) if word]
    if not words:
        record.refuse("角色", texts.A_ROLE.format(roles="、".join(ROLES)))
    for word in words:
        if word not in ROLES:
            record.refuse("角色", texts.A_ROLE.format(roles="、".join(ROLES)), word)
        elif word in _ABOVE_VILLAGES and region_code and not region_code.endswith("000"):
            record.refuse("角色", texts.ROLE_IN_TOWN, word)
    return tuple(dict.fromkeys(words))
