"""What becomes of a month when statements are brought in again: pure.

Every entry remembers the statements (months, YYYY-MM) in whose sheets it stood. A statement that is
brought in again replaces what came from it, wherever it is dated; what came from another stays; and
what two of them state counts once: the multiset maximum over statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from storage.bodies import Line, Written, write_down


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that is written down, where it stood, and who first brought it in."""

    written: Written
    statements: frozenset[str]
    importer: str

    @property
    def line(self) -> Line:
        return self.written.line


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the entries, by their ids: added, removed, or changed from one to another."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    changed: tuple[tuple[Line, Line], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def merge(
    held: Sequence[Held],
    incoming: Mapping[str, Iterable[Line]],
    covered: frozenset[str],
    importer: str,
    earlier: Iterable[Written] = (),
) -> list[Held]:
    """The entries of a month after `incoming` (statement -> lines of this month).

    `covered` are the statements that were brought in, whether or not they have lines in this month.
    An entry that stays keeps its id, its salts and its importer; so does one that stands in
    `earlier`, the version published before, its id; and one that only was changed, its id.
    """
    pools: dict[Line, list[Held]] = defaultdict(list)
    for entry in held:
        pools[entry.line].append(entry)
    stated = _stated(held, incoming, covered, pools)
    kept: list[Held] = []
    added: list[Held] = []
    spare = _Spare(earlier, held)
    for line, counts in stated.items():
        pool = pools.get(line, [])
        for index in range(max(counts.values())):
            statements = frozenset(name for name, count in counts.items() if count > index)
            if index < len(pool):
                kept.append(replace(pool[index], statements=statements))
            else:
                written = spare.take(line) or write_down(line)
                added.append(Held(written, statements, importer))
    staying = {entry.written.id for entry in kept}
    gone = {entry.line: entry.written for entry in held if entry.written.id not in staying}
    removed = [entry.line for entry in held if entry.written.id not in staying]
    pairs = dict(_pairs(removed, [entry.line for entry in added]))
    changed = [
        replace(entry, written=_renewed(entry.line, gone[pairs[entry.line]]))
        if entry.line in pairs
        else entry
        for entry in added
    ]
    return kept + changed


def _renewed(line: Line, old: Written) -> Written:
    """The changed line in the place of the old one; what was erased there stays so."""
    written = write_down(line, old.id)
    payee, summary = (salt is None for salt in old.salts)
    salts = (None if payee else written.salts[0], None if summary else written.salts[1])
    return replace(written, line=_without(line, payee=payee, summary=summary), salts=salts)


def difference(before: Iterable[Written], after: Iterable[Written]) -> Difference:
    """What changed between two versions; entries are the same by their ids."""
    old = {entry.id: entry.line for entry in before}
    new = {entry.id: entry.line for entry in after}
    changed = [
        (old[name], line)
        for name, line in new.items()
        if name in old and not _same(old[name], line)
    ]
    return Difference(
        added=tuple(line for name, line in new.items() if name not in old),
        removed=tuple(line for name, line in old.items() if name not in new),
        changed=tuple(changed),
    )


def _same(one: Line, other: Line) -> bool:
    """Equal, what was erased in either left aside."""
    if one == other:
        return True
    payee = one.payee is None or other.payee is None
    summary = one.summary is None or other.summary is None
    return _without(one, payee=payee, summary=summary) == _without(
        other, payee=payee, summary=summary
    )


def _without(line: Line, *, payee: bool, summary: bool) -> Line:
    return line._replace(
        payee=None if payee else line.payee, summary=None if summary else line.summary
    )


def _stated(
    held: Sequence[Held],
    incoming: Mapping[str, Iterable[Line]],
    covered: frozenset[str],
    pools: Mapping[Line, list[Held]],
) -> dict[Line, Counter[str]]:
    """How often each statement states each line, those brought in now as they state it now."""
    stated: dict[Line, Counter[str]] = defaultdict(Counter)
    for entry in held:
        for statement in entry.statements - covered:
            stated[entry.line][statement] += 1
    holes = {
        (line.payee is None, line.summary is None)
        for line in pools
        if line.payee is None or line.summary is None
    }
    for statement, lines in incoming.items():
        for line in lines:
            stated[_as_held(line, holes, pools)][statement] += 1
    return stated


def _as_held(
    line: Line, holes: Iterable[tuple[bool, bool]], pools: Mapping[Line, list[Held]]
) -> Line:
    """The line as it is held: what was erased of it must not come back with a file."""
    if line in pools:
        return line
    for payee, summary in holes:
        erased = _without(line, payee=payee, summary=summary)
        if erased in pools:
            return erased
    return line


class _Spare:
    """Entries of the version before that are not held now: a line that returns gets its id back."""

    def __init__(self, earlier: Iterable[Written], held: Iterable[Held]) -> None:
        taken = {entry.written.id for entry in held}
        self._by_line: dict[Line, list[Written]] = defaultdict(list)
        for entry in earlier:
            if entry.id not in taken:
                self._by_line[entry.line].append(entry)

    def take(self, line: Line) -> Written | None:
        found = self._by_line.get(line)
        return found.pop() if found else None


_RULES = (
    lambda line: (line.voucher_no, line.date) if line.voucher_no else None,
    lambda line: line.voucher_no or None,
    lambda line: (line.date, line.direction, line.amount_fen),
    lambda line: (line.date, line.direction, line.summary, line.payee),
    lambda line: (line.direction, line.amount_fen, line.summary),
)
"""What two lines must have in common for the one to be the other, changed; the surest first."""


def _pairs(removed: Sequence[Line], added: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Which new line (first) is which old one (second), where each is the only one in question."""
    if not (removed and added):
        return
    gone, come = list(removed), list(added)
    for rule in _RULES:
        olds, news = Counter(map(rule, gone)), Counter(map(rule, come))
        old_by = {rule(line): line for line in gone}
        found = [
            (line, old_by[key])
            for line in come
            if (key := rule(line)) is not None and olds[key] == 1 and news[key] == 1
        ]
        yield from found
        if found:
            matched = set(chain.from_iterable(found))
            gone = [line for line in gone if line not in matched]
            come = [line for line in come if line not in matched]
