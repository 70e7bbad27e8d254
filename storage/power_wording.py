"""How two versions of a power item differ, in words."""

from __future__ import annotations

from collections.abc import Iterator

from storage import texts
from workbooks import power_item_forms as forms
from workbooks.power_items import PowerItem, Step

_LONGEST = 40
"""A value longer than this is not quoted: that it changed is said, the page shows it."""


def difference(old: PowerItem, new: PowerItem) -> tuple[str, ...]:
    """What the new one says otherwise, a sentence each; nothing of internal fields is quoted."""
    return (*_fields(old, new), *_steps(old, new))


def reason(old: PowerItem, new: PowerItem) -> str:
    """Why a version differs from the one before it: what it says of itself for good."""
    return ";".join(difference(old, new))


def level(step: Step) -> str:
    """高, 中 or 低"""
    return texts.LEVELS[step.level.value]


def _fields(old: PowerItem, new: PowerItem) -> Iterator[str]:
    before, after = _facts(old), _facts(new)
    for label, value in after.items():
        if value != before[label]:
            yield _became(label, value)


def _facts(item: PowerItem) -> dict[str, str]:
    joint = texts.JOINT
    return {
        forms.NAME: item.name,
        forms.CATEGORY: item.category,
        forms.SUBCATEGORY: item.subcategory,
        forms.TOPICS: joint.join(item.topics),
        forms.CONTENT: item.content,
        forms.TARGET: item.target,
        forms.BASIS: joint.join(item.basis),
        forms.LIMIT: item.limit,
        forms.DOCUMENTS: joint.join(item.documents),
        forms.EXERCISED_BY: joint.join(item.exercised_by),
        forms.SUPERVISED_BY: joint.join(item.supervised_by),
        forms.DUTIES: joint.join(item.duties),
        forms.LIABILITY: joint.join(item.liability),
        forms.RHYTHM: item.rhythm,
        forms.RHYTHM_NOTE: item.rhythm_note,
        forms.RISK_AREA: item.risk_area,
        forms.EXAMPLE: texts.YES if item.is_example else texts.NO,
    }


def _steps(old: PowerItem, new: PowerItem) -> Iterator[str]:
    before = {step.name: step for step in old.steps}
    after = {step.name: step for step in new.steps}
    for number, step in enumerate(new.steps, 1):
        if step.name not in before:
            yield texts.STEP_ADDED.format(no=number, name=step.name, post=step.post)
        elif changes := "、".join(_of_step(before[step.name], step)):
            yield texts.STEP_CHANGED.format(no=number, name=step.name, changes=changes)
    for step in old.steps:
        if step.name not in after:
            yield texts.STEP_REMOVED.format(name=step.name)
    if [n for n in before if n in after] != [n for n in after if n in before]:
        yield texts.STEPS_REORDERED.format(order=texts.JOINT.join(step.name for step in new.steps))


def _of_step(old: Step, new: Step) -> Iterator[str]:
    told = (
        (forms.POST, old.post, new.post),
        (forms.POWER_CATEGORY, old.category, new.category),
        (forms.BOUNDARY, old.boundary, new.boundary),
        (forms.LEVEL, level(old), level(new)),
        (forms.RISK_POINT, old.risk_point, new.risk_point),
        (forms.MEASURES, texts.JOINT.join(old.measures), texts.JOINT.join(new.measures)),
        (forms.STEP_LIMIT, old.limit, new.limit),
    )
    hidden = {forms.INTERNAL_LABELS[name] for name in old.internal | new.internal}
    for label, before, after in told:
        if before != after:
            changed = texts.OTHERS_CHANGED.format(labels=label)
            yield changed if label in hidden else _became(label, after)
    if old.internal != new.internal:
        yield texts.OTHERS_CHANGED.format(labels=forms.INTERNAL)


def _became(label: str, value: str) -> str:
    if len(value) > _LONGEST:
        return texts.OTHERS_CHANGED.format(labels=label)
    return texts.BECAME.format(label=label, value=value or texts.NOTHING)
