"""What ships: texts that the provider approves, short enough for one SMS where they can be."""

import re

import pytest

from notifications.catalogue import CATALOGUE, Shipped
from notifications.policy import NoticeClass
from notifications.segments import length
from notifications.sms_rules import template_problems

SIGN = "某" * 12  # the longest signature (sms.md 2)
BY_SMS = [item for item in CATALOGUE.values() if item.sms]
# One text of 70 characters whatever is in it; the others may need a second part.
SHORT = {
    "disclosure_published", "disclosure_due", "welcome", "help", "menu", "apology",
    "not_understood", "voice_hint", "answer_total", "answer_none", "answer_bound",
    "answer_which_village", "answer_text",
}  # fmt: skip


def name(item: Shipped) -> str:
    return item.code


def usual(item: Shipped) -> str:
    """The text with every variable as long as it usually gets at most."""
    text = item.sms
    for parameter in item.parameters:
        text = text.replace(f"${{{parameter.name}}}", "某" * parameter.longest)
    return text


def test_the_templates_of_the_contract_are_there() -> None:
    parameters = {c: [p.name for p in item.parameters] for c, item in CATALOGUE.items()}

    assert parameters["notice"] == ["title", "text"]
    assert parameters["disclosure_published"] == ["village", "period", "title"]
    assert parameters["disclosure_due"] == ["village", "period", "due"]
    assert parameters["disclosure_overdue"] == ["village", "period", "due"]
    assert parameters["integrity_reminder"] == ["text"]


@pytest.mark.parametrize("item", BY_SMS, ids=name)
def test_a_text_by_sms_can_be_registered(item: Shipped) -> None:
    kinds = {parameter.name: parameter.kind for parameter in item.parameters}

    assert template_problems(item.sms, kinds, SIGN) == []


@pytest.mark.parametrize("item", BY_SMS, ids=name)
def test_a_text_by_sms_is_short(item: Shipped) -> None:
    most = 70 if item.code in SHORT else 134

    assert length(usual(item), SIGN) <= most


@pytest.mark.parametrize("item", BY_SMS, ids=name)
def test_variables_and_parameters_are_the_same(item: Shipped) -> None:
    for text in item.texts.values():
        assert set(re.findall(r"\$\{(\w+)\}", text)) == {p.name for p in item.parameters}


def test_figures_are_not_for_editing() -> None:
    assert not any(item.editable for item in CATALOGUE.values() if item.code.startswith("answer_"))
    assert CATALOGUE["welcome"].editable


def test_answers_go_by_sms_and_greetings_by_both() -> None:
    channels = {code: tuple(item.texts) for code, item in CATALOGUE.items()}

    assert channels["answer_total"] == ("sms",)
    assert channels["help"] == ("wechat", "sms")
    assert CATALOGUE["help"].notice_class is NoticeClass.ANSWER
