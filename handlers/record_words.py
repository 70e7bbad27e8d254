"""Rows of the seven kinds in words: one line in a list, all that is known of one, its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from handlers import texts, wording
from handlers.record_finding import Hit
from storage import record_wording
from storage.published_records import Disclosure, Record, head, is_repealed
from workbooks.records.kinds import (
    ASSETS,
    CONTACTS,
    DEBTS,
    DECISIONS,
    DOCUMENTS,
    PROJECTS,
    RULES,
    SUBSIDIES,
)

_OWED_TO_US = "债权"
_CONTENT = "content"


def line(hit: Hit) -> str:
    """One row in a list."""
    return _LINES[hit.source.kind.code](hit.record)


def short(hit: Hit) -> tuple[str, str]:
    """The same as an SMS has room for: what it is called, and what of it is never cut."""
    record, kind = hit.record, hit.source.kind
    if kind is SUBSIDIES:
        return record.text("name"), f"{wording.plain_yuan(record.fen('amount') or 0)}元"
    if kind is PROJECTS:
        return record.text("name"), record.text("stage")
    if kind is DECISIONS:
        return record.text("title"), record.text("result")
    if kind is ASSETS and record.text("category") in DEBTS:
        owed = f"{wording.plain_yuan(record.fen('balance') or 0)}元"
        if record.text("category") == _OWED_TO_US:
            return record.text("party"), f"欠村里{owed}"
        return f"欠{record.text('party')}", owed
    return head(kind, record), ""


def _document(record: Record) -> str:
    return texts.DOCUMENT_LINE.format(title=record.text("title"), day=_day(record, "date"))


def _subsidy(record: Record) -> str:
    parts = [record.text("name") or texts.ERASED, record.text("group"), record.text("quantity")]
    return f"{' '.join(filter(None, parts))} {_money(record, 'amount')}"


def _asset(record: Record) -> str:
    if record.text("category") in DEBTS:
        text = texts.OWED_US if record.text("category") == _OWED_TO_US else texts.OWED_BY_US
        return text.format(
            party=record.text("party") or texts.ERASED,
            name=record.text("name"),
            amount=_money(record, "balance"),
        )
    called = " ".join(filter(None, (record.text("name"), record.text("quantity"))))
    party = record.text("party")
    if not party:
        return called
    told = [texts.LET_TO.format(party=party)]
    if record.fen("rent") is not None:
        told.append(texts.A_YEAR.format(amount=_money(record, "rent")))
    if record.fen("owed"):
        told.append(texts.RENT_OWED.format(amount=_money(record, "owed")))
    if record.text("end"):
        told.append(texts.UNTIL.format(day=_day(record, "end")))
    return f"{called}:{','.join(told)}"


def work(record: Record) -> str:
    """A project in one line: how far it is, who builds it, for how much."""
    told = [record.text("stage")]
    contractor, bid, paid = record.text("contractor"), record.fen("bid"), record.fen("paid")
    if contractor and bid is not None:
        told.append(texts.BID_OF.format(contractor=contractor, amount=_money(record, "bid")))
    elif contractor:
        told.append(contractor)
    if paid is not None:
        told.append(texts.PAID.format(amount=_money(record, "paid")))
    return f"{record.text('name')}:{','.join(told)}"


def _decision(record: Record) -> str:
    return texts.DECISION_LINE.format(
        title=record.text("title"),
        result=record.text("result"),
        day=_day(record, "date"),
        meeting=record.text("meeting"),
    )


def _rule(record: Record) -> str:
    edition = record.text("edition")
    since = texts.SINCE.format(day=_day(record, "effective"))
    return f"{record.text('name')}({','.join(filter(None, (edition, since)))})"


def _contact(record: Record) -> str:
    called = record.text("office") + record.text("post")
    parts = (called, record.text("name"), record.text("phone"))
    return " ".join(filter(None, parts))


_LINES: Final[Mapping[str, Callable[[Record], str]]] = MappingProxyType(
    {
        DOCUMENTS.code: _document,
        SUBSIDIES.code: _subsidy,
        ASSETS.code: _asset,
        PROJECTS.code: work,
        DECISIONS.code: _decision,
        RULES.code: _rule,
        CONTACTS.code: _contact,
    }
)


# --- one row --------------------------------------------------------------------------------------


def facts(hit: Hit, today: date, *, without: Iterable[str] = ()) -> list[str]:
    """All that is known of a row: what it is called, what it says, then a line a column."""
    kind, record = hit.source.kind, hit.record
    skipped = {*kind.head, _CONTENT, *without}
    lines = [head(kind, record), *(_standing(record, today) if kind is RULES else ())]
    if _CONTENT in record.values and not (kind is RULES and is_repealed(record, today)):
        lines.append(record.text(_CONTENT) or texts.ERASED)
    if kind is DECISIONS:
        skipped |= {"invited", "present", "agree", "against", "abstain"}
    for field in kind.fields:
        if field.key in record.values and field.key not in skipped:
            value = record_wording.value_in_words(field, record.values[field.key])
            lines.append(texts.FACT.format(name=field.name, value=value))
    if kind is DECISIONS and (votes := _votes(record)):
        lines.append(votes)
    return lines


def _standing(rule: Record, today: date) -> Iterator[str]:
    """What must be said first of a rule that does not hold today."""
    effective, repealed = rule.day("effective"), rule.day("repealed")
    if repealed and is_repealed(rule, today):
        yield texts.RULE_REPEALED.format(day=wording.full_day(repealed))
        if by := rule.text("replaced_by"):
            yield texts.RULE_REPLACED.format(rule=by)
    elif effective and effective > today:
        yield texts.RULE_NOT_YET.format(day=wording.full_day(effective))


def _votes(record: Record) -> str:
    told = [
        text.format(count=count)
        for key, text in texts.VOTES
        if (count := record.fen(key)) is not None
    ]
    return ",".join(told)


# --- where it is from -----------------------------------------------------------------------------


def source(sources: Sequence[Disclosure]) -> list[str]:
    """Which disclosure, published when; and what was corrected in it, where it is one."""
    newest = max(sources, key=lambda one: one.published_at)
    day = wording.full_day(wording.local_day(newest.published_at))
    if len({one.kind.code for one in sources}) > 1:
        return [texts.SOURCE_MIXED.format(count=len(sources), day=day)]
    if len(sources) > 1:
        return [texts.SOURCE_LISTS.format(name=newest.kind.name, count=len(sources), day=day)]
    lines = [texts.SOURCE_LIST.format(name=called(newest), day=day, version=newest.version)]
    if newest.version > 1 and newest.reason:
        lines.append(texts.CORRECTED_LIST.format(reason=newest.reason))
    return lines


def called(one: Disclosure) -> str:
    """最低生活保障名单 2026年10月; a thing by itself by its kind."""
    if one.kind is SUBSIDIES:
        return texts.LIST_OF_POLICY.format(item=one.book, period=period(one))
    if one.kind is DECISIONS:
        return f"{one.book} {period(one)}"
    if one.kind is ASSETS:
        return texts.REGISTER.format(category=one.book, period=period(one))
    return one.kind.name


def period(one: Disclosure) -> str:
    return record_wording.period(one.period)


def title(one: Disclosure) -> str:
    """What a disclosure is called among others of any kind."""
    if one.kind.is_list and one.kind is not DECISIONS:
        return called(one)
    titles = [head(one.kind, record) for record in one.records]
    more = texts.AND_MORE_OF.format(count=len(titles)) if len(titles) > 1 else ""
    return f"{titles[0]}{more}"


def link(one: Disclosure) -> str:
    return f"/v/{one.village}/{one.kind.code}/{one.id}"


def _money(record: Record, key: str) -> str:
    fen = record.fen(key)
    return texts.NOT_WRITTEN if fen is None else f"{wording.yuan(fen)}元"


def _day(record: Record, key: str) -> str:
    return record_wording.period(record.text(key))
