"""Villages as people name them: official names, short ones, homophones, names nobody bears."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from understanding.meaning import Village
from understanding.sounds import loose_sound, sound

_KINDS = ("社区", "村")
_UNKNOWN = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:村|社区)")
_OWN = ("我们村", "我村", "村里", "本村", "全村", "哪个村", "什么村", "咱村", "农村", "行政村")


@dataclass(frozen=True, slots=True)
class NamedVillages:
    """What a text says of villages; `sure` is False where a name was guessed from its sound."""

    candidates: tuple[Village, ...] = ()
    sure: bool = True
    unknown: str | None = None
    text: str = ""  # without the names that were found


class Villages:
    def __init__(self, villages: Iterable[Village]) -> None:
        known = tuple(villages)
        self._exact = _grouped((name, v) for v in known for name in (v.town + v.name, v.name))
        self._short = _grouped((short, v) for v in known if len(short := _short(v.name)) >= 2)
        self._alike = _grouped((loose_sound(v.name), v) for v in known)
        self._same = _grouped((sound(v.name), v) for v in known)
        names = _grouped((v.name, v) for v in known)
        self.shared_names = frozenset(name for name, bearers in names.items() if len(bearers) > 1)

    def find(self, text: str) -> NamedVillages:
        """The villages that a text names; the longest and most literal way of naming wins."""
        for names, sure in ((self._exact, True), (self._short, True)):
            if hit := _first(names, text):
                at, name = hit
                rest = text[:at] + " " + text[at + len(name) :]
                return NamedVillages(names[name], sure, None, rest)
        for names, form in ((self._same, sound), (self._alike, loose_sound)):
            said = form(text)
            if hit := _first(names, said):
                at, name = hit
                rest = text[:at] + " " + text[at + len(name) :]
                return NamedVillages(names[name], sure=False, unknown=None, text=rest)
        return NamedVillages(unknown=_unknown(text), text=text)


def _first(names: dict[str, tuple[Village, ...]], text: str) -> tuple[int, str] | None:
    hits = [(at, -len(name), name) for name in names if (at := text.find(name)) >= 0]
    if not hits:
        return None
    at, _, name = min(hits, key=lambda hit: (hit[1], hit[0]))
    return at, name


def _grouped(pairs: Iterable[tuple[str, Village]]) -> dict[str, tuple[Village, ...]]:
    groups: dict[str, list[Village]] = {}
    for name, village in pairs:
        groups.setdefault(name, []).append(village)
    return {name: tuple(group) for name, group in groups.items()}


def _short(name: str) -> str:
    for kind in _KINDS:
        if name.endswith(kind):
            return name.removesuffix(kind)
    return name


def _unknown(text: str) -> str | None:
    for word in _OWN:
        text = text.replace(word, " ")
    bare = re.sub(r"我是|我们|我|是|换到|切换|改成|换成|住在|的", " ", text)
    found = _UNKNOWN.search(bare)
    return found[0] if found else None
