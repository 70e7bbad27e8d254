"""Power items in words: a list of them, one item, one step, what a post may do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers import texts, wording
from handlers.turn import Brief
from notifications.sms_rules import MAX_VALUE_CHARS
from storage.offices import Offices
from storage.power_lists import Listed, PowerList
from storage.power_versions import county_of
from storage.power_wording import level
from workbooks.power_items import PowerItem, Step

TITLE_CHARS = 20  # of the SMS templates
ROOM = 520  # of the 600 characters of a message: the page's address comes after
_SHORT_CHARS = 9  # of a name, where three with their numbers are to fit into one value
_OTHERS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class View:
    """What an answer is made from: a village's list on a day, and who is in office today."""

    village: str
    found: PowerList
    offices: Offices

    def post(self, name: str) -> str:
        """A post with whoever holds it, where the register knows: 村务专干(庞树青)."""
        holders = self.offices.holders(name)
        return texts.POST_HELD.format(post=name, names="、".join(holders)) if holders else name

    def posts(self, names: Iterable[str]) -> str:
        return "、".join(self.post(name) for name in names)


# --- one item -------------------------------------------------------------------------------------

ASKS = {
    "steps": ("steps",),
    "duration": ("steps",),
    "handler": ("handler",),
    "materials": ("materials",),
    "condition": ("target",),
    "where": ("where", "handler"),
    "fee": ("fee",),
    "supervised": ("supervised",),
}
"""What of an item stands first, by what is asked."""

_USUAL = ("steps", "handler", "materials", "target", "supervised", "duties", "liability", "basis")
_DROPPED_FIRST = ("basis", "target", "liability", "duties")
_FEE = re.compile("收费|免费|费用|工本费")


def item(view: View, listed: Listed, ask: str, others: Sequence[Listed] = ()) -> str:
    """One item, what was asked for first; `others` may be meant as well.

    What a message has no room for is left to the page; where it is from is always said.
    """
    said = _parts(view, listed.item)
    parts = list(dict.fromkeys([*ASKS.get(ask, ()), *_USUAL]))
    foot = [texts.POWER_COMPLAIN, *_source(listed), texts.POWER_SEE_STEP]
    if others:
        named = "、".join(map(_named, others[:_OTHERS_SHOWN]))
        foot.append(texts.POWER_OTHERS.format(items=named, code=others[0].item.code))
    while True:
        lines = [_head(view, listed), *(line for part in parts for line in said[part]), *foot]
        text = "\n".join(lines)
        droppable = [part for part in _DROPPED_FIRST if part in parts[1:]]
        if len(text) <= ROOM or not droppable:
            return text
        parts.remove(droppable[0])


def _parts(view: View, item: PowerItem) -> dict[str, list[str]]:
    steps = [
        texts.POWER_STEP_LINE.format(no=number, name=step.name, post=step.post)
        for number, step in enumerate(item.steps, 1)
    ]
    return {
        "steps": [texts.POWER_STEPS.format(count=len(steps), limit=item.limit), *steps],
        "handler": [texts.POWER_WHO.format(posts=view.posts(item.exercised_by))],
        "materials": [
            texts.POWER_MATERIALS.format(materials="、".join(item.documents))
            if item.documents
            else texts.POWER_NO_MATERIALS
        ],
        "target": [texts.POWER_TARGET.format(target=item.target, content=item.content)],
        "supervised": [texts.POWER_SUPERVISED.format(bodies="、".join(item.supervised_by))],
        "duties": [texts.POWER_DUTIES.format(duties=";".join(item.duties))],
        "liability": [texts.POWER_LIABILITY.format(liability=";".join(item.liability))]
        if item.liability
        else [],
        "where": [texts.POWER_WHERE.format(post=view.post(_first_office(item)))],
        "basis": [texts.POWER_BASIS.format(basis="、".join(item.basis))],
        "fee": [_fee(item)],
    }


def _first_office(item: PowerItem) -> str:
    """The first post that takes a step and is not the applicant's own."""
    posts = (*(step.post for step in item.steps), *item.exercised_by)
    return next((post for post in posts if post not in texts.APPLICANTS), posts[0])


def _fee(item: PowerItem) -> str:
    """What the list itself says of fees; that there is none is never a guess."""
    said = [item.content, *item.duties, *(step.boundary for step in item.steps)]
    quoted = next((sentence for sentence in said if _FEE.search(sentence)), "")
    return texts.POWER_FEE_SAID.format(said=quoted) if quoted else texts.POWER_FEE


def risks(view: View, listed: Listed) -> str:
    """The risk of every step, and what is done against it."""
    lines = [_head(view, listed), texts.POWER_RISKS]
    for number, step in enumerate(listed.item.steps, 1):
        lines.append(texts.POWER_RISK_LINE.format(no=number, name=step.name, risk=_risk(step)))
        if step.measures:
            lines.append(texts.POWER_MEASURES.format(measures=";".join(step.measures)))
    lines += [*_source(listed), texts.POWER_SEE_STEP]
    return "\n".join(lines)


def step(view: View, listed: Listed, number: int, shown: Step) -> str:
    """One step: who takes it, how far it may go, what may go wrong. `shown` may be the full one."""
    lines = [
        _head(view, listed),
        texts.POWER_STEP.format(no=number, count=len(listed.item.steps), name=shown.name),
        texts.POWER_STEP_WHO.format(post=view.post(shown.post), category=shown.category),
        texts.POWER_BOUNDARY.format(boundary=shown.boundary or texts.POWER_INTERNAL),
        texts.POWER_RISK.format(risk=_risk(shown)),
    ]
    if shown.limit:
        lines.append(texts.POWER_STEP_LIMIT.format(limit=shown.limit))
    if shown.measures:
        lines.append(texts.POWER_MEASURES.format(measures=";".join(shown.measures)))
    return "\n".join([*lines, *_source(listed), texts.POWER_COMPLAIN])


def _risk(step: Step) -> str:
    """高,盖人情章: the level, and what may go wrong as far as it may be said."""
    hidden = texts.POWER_INTERNAL if "risk_point" in step.internal else ""
    point = step.risk_point or hidden
    return texts.POWER_RISK_POINT.format(level=level(step), point=point) if point else level(step)


def _head(view: View, listed: Listed) -> str:
    return f"{view.village} {_named(listed)}"


def _named(listed: Listed) -> str:
    return texts.POWER_NAME.format(name=listed.item.name, code=listed.item.code)


def _source(listed: Listed) -> list[str]:
    of_county = listed.owner == county_of(listed.owner)
    lines = [
        texts.POWER_SOURCE.format(
            owner=texts.POWER_OF_COUNTY if of_county else texts.POWER_OWN,
            code=listed.item.code,
            since=wording.full_day(listed.effective_from),
            day=wording.full_day(wording.local_day(listed.published_at)),
            version=listed.version,
        )
    ]
    if listed.item.is_example:
        lines.append(texts.POWER_EXAMPLE)
    if listed.pending:
        lines.append(texts.POWER_PENDING)
    return lines


# --- several items --------------------------------------------------------------------------------


def page_of_items(view: View, items: Sequence[Listed], start: int, size: int) -> str:
    """A page of a list, its items numbered through the whole."""
    lines = [
        texts.POWER_NUMBERED.format(no=number, name=_named(one))
        for number, one in enumerate(items[start : start + size], start + 1)
    ]
    head = texts.POWER_LIST.format(village=view.village, count=len(items))
    return _paged(head, lines, start, len(items), items)


def page_of_post(
    view: View,
    post: str,
    held: Sequence[tuple[Listed, tuple[Step, ...]]],
    start: int,
    size: int,
) -> str:
    """What a post may do: the items in which it takes part, and its steps in them."""
    lines = []
    for number, (one, steps) in enumerate(held[start : start + size], start + 1):
        numbered = {step.id: no for no, step in enumerate(one.item.steps, 1)}
        told = "、".join(
            texts.POWER_POST_STEP.format(
                no=numbered[step.id], name=step.name, category=step.category
            )
            for step in steps
        )
        lines.append(
            texts.POWER_POST_LINE.format(no=number, name=one.item.name, steps=told)
            if told
            else texts.POWER_NUMBERED.format(no=number, name=_named(one))
        )
    head = texts.POWER_OF_POST.format(village=view.village, post=view.post(post), count=len(held))
    return _paged(head, lines, start, len(held), [one for one, _ in held])


def _paged(head: str, lines: Sequence[str], start: int, count: int, items: Sequence[Listed]) -> str:
    newest = max(wording.local_day(one.published_at) for one in items)
    rest = count - start - len(lines)
    return "\n".join(
        [
            head,
            *lines,
            texts.POWER_LIST_SOURCE.format(day=wording.full_day(newest)),
            texts.POWER_SEE_ITEM,
            *([texts.POWER_SEE_MORE.format(count=rest)] if rest > 0 else []),
        ]
    )


# --- by SMS ---------------------------------------------------------------------------------------


def item_brief(listed: Listed) -> Brief:
    """All steps in one text, or in one of two parts; what is longer ends in 等N步."""
    names = [step.name for step in listed.item.steps]
    title = listed.item.name[:TITLE_CHARS]
    one = _numbered(names, MAX_VALUE_CHARS)
    if len(one) == len(names):
        return Brief("answer_list", {"title": title, "list": "".join(one)})
    second = [f"{no}{name}" for no, name in enumerate(names, 1)][len(one) :]
    rest = _numbered(second, MAX_VALUE_CHARS, bare=True)
    if len(one) + len(rest) < len(names):
        rest = [*rest[:-1], texts.POWER_AND_SO_ON.format(count=len(names))]
    values = {"title": title, "first": "".join(one), "second": "".join(rest)}
    return Brief("answer_steps", values)


def lead_brief(view: View, listed: Listed, ask: str) -> Brief:
    """What was asked for, in one text; the rest of the answer is had by 0."""
    lead = _parts(view, listed.item)[ASKS[ask][0]][0]
    said = lead.replace("\n", ",").rstrip(":")
    return Brief("answer_text2", {"first": listed.item.name, "second": said})


def risks_brief(listed: Listed) -> Brief:
    """How great the risk of each step is: 1受理登记低2审批盖章高."""
    rated = [
        replace(step, name=f"{step.name}{level(step)}", internal=frozenset())
        for step in listed.item.steps
    ]
    title = texts.POWER_RISKS_OF.format(item=listed.item.name[: TITLE_CHARS - 3])
    return item_brief(replace(listed, item=replace(listed.item, name=title, steps=tuple(rated))))


def list_brief(title: str, names: Sequence[str], start: int = 0) -> Brief:
    """The names of a page with their numbers, cut so that one text holds all of them."""
    bare = [name.partition("(")[0] for name in names]
    if len(_numbered(bare, MAX_VALUE_CHARS, start=start)) < len(bare):
        bare = [name[:_SHORT_CHARS] for name in bare]
    listed = "".join(_numbered(bare, MAX_VALUE_CHARS, start=start))
    return Brief("answer_list", {"title": title[:TITLE_CHARS], "list": listed})


def step_brief(view: View, number: int, shown: Step) -> Brief:
    return Brief(
        "answer_step",
        {
            "no": str(number),
            "step": shown.name,
            "post": view.post(shown.post),
            "risk": _risk(shown),
            "measure": ";".join(shown.measures) or texts.POWER_NO_MEASURE,
        },
    )


def _numbered(names: Sequence[str], most: int, *, start: int = 0, bare: bool = False) -> list[str]:
    """The first names, each with its number, that fit into so many characters; one at least."""
    fitting: list[str] = []
    for number, name in enumerate(names, start + 1):
        entry = name if bare else f"{number}{name}"
        if fitting and len("".join(fitting)) + len(entry) > most:
            break
        fitting.append(entry)
    return fitting
