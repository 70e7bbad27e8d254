"""What becomes of a list's rows when it is brought in again: who is who, what changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from storage.record_bodies import Line, Written, without, write_down
from workbooks.records.fields import RecordKind


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the rows, by their ids: added, removed, or changed from one to another."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    changed: tuple[tuple[Line, Line], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def merge(
    kind: RecordKind,
    held: Sequence[Written],
    incoming: Sequence[Line],
    earlier: Iterable[Written] = (),
) -> tuple[Written, ...]:
    """The rows of a list that is brought in as `incoming`, in its order.

    A row that stays keeps its id and its salts, one that only changed its id; so does one that
    stands in `earlier`, the version published before, and comes back. What was erased does not.
    """
    known = {entry.id: entry for entry in (*earlier, *held)}
    pools: dict[Line, list[Written]] = defaultdict(list)
    for entry in known.values():
        pools[entry.line].append(entry)
    holes = {_hole(entry.line) for entry in known.values()} - {frozenset()}
    taken: list[Written | None] = []
    for line in incoming:
        pool = pools.get(line) or next(filter(None, _erased_pools(line, holes, pools)), None)
        taken.append(pool.pop(0) if pool else None)
    staying = {entry.id for entry in taken if entry}
    gone = [entry for entry in held if entry.id not in staying]
    fresh = [place for place, entry in enumerate(taken) if entry is None]
    renewed = _renewed(kind, gone, {place: incoming[place] for place in fresh})
    return tuple(
        entry or renewed.get(place) or write_down(kind, incoming[place])
        for place, entry in enumerate(taken)
    )


def _hole(line: Line) -> frozenset[str]:
    return frozenset(key for key, value in line if value is None)


def _erased_pools(
    line: Line, holes: Iterable[frozenset[str]], pools: dict[Line, list[Written]]
) -> Iterator[list[Written]]:
    """Rows that are this one but for what was erased of them."""
    return (pools.get(without(line, hole), []) for hole in holes)


def _renewed(
    kind: RecordKind, gone: Sequence[Written], fresh: dict[int, Line]
) -> dict[int, Written]:
    """The new rows that are old ones, changed, by their places: each the only one in question."""
    found: dict[int, Written] = {}
    left, new = list(gone), dict(fresh)
    rules = kind.same if kind.is_list else ((),)
    for keys in rules:
        olds = {entry.id: _told(entry.line, keys) for entry in left}
        news = {place: _told(line, keys) for place, line in new.items()}
        old_counts, new_counts = Counter(olds.values()), Counter(news.values())
        by_told = {told: identity for identity, told in olds.items()}
        for place, told in news.items():
            if told is None or old_counts[told] != 1 or new_counts[told] != 1:
                continue
            old = next(entry for entry in left if entry.id == by_told[told])
            found[place] = _in_place_of(kind, new.pop(place), old)
            left.remove(old)
    return found


def _told(line: Line, keys: tuple[str, ...]) -> tuple[object, ...] | None:
    """What a row says under these keys; None where it says nothing under the first."""
    values = dict(line)
    if keys and values.get(keys[0]) is None:
        return None
    return tuple(values.get(key) for key in keys)


def _in_place_of(kind: RecordKind, line: Line, old: Written) -> Written:
    """The changed row under the old one's id; what was erased there stays so."""
    written = write_down(kind, line, old.id)
    erased = {key for key, salt in old.salts.items() if salt is None} & written.salts.keys()
    salts = {key: None if key in erased else salt for key, salt in written.salts.items()}
    return replace(written, line=without(line, erased), salts=salts)


def difference(before: Iterable[Written], after: Iterable[Written]) -> Difference:
    """What changed between two versions; rows are the same by their ids."""
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
    holes = _hole(one) | _hole(other)
    return without(one, holes) == without(other, holes)
