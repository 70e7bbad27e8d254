"""Which intent wins (queries.md, Which intent wins): rules in order, the first that fits."""

from __future__ import annotations

from understanding import texts
from understanding.answers import (
    acknowledged,
    answered,
    commands,
    evaluation,
    item,
    number,
    page,
    reply_to_nothing,
)
from understanding.deciding import Case, Decision, Rule
from understanding.meaning import Intent
from understanding.notices import beyond, notices, own_village, something_else, talk
from understanding.powers import powers
from understanding.questions import comparison, fragment, largest, procedure, query, total
from understanding.reports import (
    allegation,
    confidential,
    objection,
    opted_out,
    receipt,
    report_progress,
    secret,
    urgent,
)

RULES: tuple[Rule, ...] = (
    urgent,
    opted_out,
    secret,
    answered,
    acknowledged,
    commands,
    page,
    number,
    confidential,
    receipt,
    notices,
    report_progress,
    allegation,
    objection,
    powers,
    item,
    own_village,
    talk,
    comparison,
    largest,
    procedure,
    total,
    beyond,
    fragment,
    evaluation,
    query,
    reply_to_nothing,
    something_else,
)


def decide(case: Case) -> Decision:
    """Choose the intent."""
    for rule in RULES:
        decision = rule(case)
        if decision is not None:
            return decision
    return Decision(Intent.UNCLEAR, texts.NOTHING_TO_GO_ON, own=False)
