"""Words that stand in a text only under a condition."""

import pytest

from notifications.campaigns import Order, create
from notifications.conditions import all_words, are_sound, resolve
from notifications.rendering import fill
from notifications.templates import TemplateError, bind, edit
from tests.conftest import NOW
from tests.notifications.world import County, usual_terms

ENDING = '{% if count|int > 3 %}请尽快看。{% elif item == "低保" %}可以问村里。{% endif %}'
NAMES = ("count", "item")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"count": "4", "item": "低保"}, "低保有4条。请尽快看。"),
        ({"count": "3", "item": "低保"}, "低保有3条。可以问村里。"),
        ({"count": "没有数", "item": "修路"}, "修路有没有数条。"),
    ],
)
def test_only_words_whose_condition_holds_are_said(params: dict[str, str], said: str) -> None:
    assert fill("${item}有${count}条。" + ENDING, params) == said


def test_a_value_is_never_read_as_a_template() -> None:
    params = {"count": "4", "item": "{{ 7 * 7 }}{% if 1 %}${count}"}

    assert fill("${item}。" + ENDING, params) == "{{ 7 * 7 }}{% if 1 %}${count}。请尽快看。"


def test_the_words_of_every_condition_are_counted() -> None:
    assert all_words("好。" + ENDING) == "好。请尽快看。可以问村里。"
    assert resolve("没有条件的{{ 话 }}", {}) == "没有条件的{{ 话 }}"


@pytest.mark.parametrize(
    "text",
    [
        "好。" + ENDING,
        '好。{% if not (item == "低保" or count|int >= 2) %}再看。{% else %}不看。{% endif %}',
        "好。{% if item|length > 5 and item != count %}长。{% endif %}",
    ],
)
def test_conditions_on_parameters_are_sound(text: str) -> None:
    assert are_sound(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "好。{% if count|int > 3 %}没有完",
        "好。{% for x in item %}再来。{% endfor %}",
        '好。{% set count = "1" %}',
        '好。{% if nobody == "1" %}谁{% endif %}',
        "好。{% if count > 3 %}数和字不能比{% endif %}",
        "好。{% if item.__class__ == item %}里面的{% endif %}",
        '好。{% if item|attr("upper") == "A" %}里面的{% endif %}',
        '好。{% if item.upper() == "A" %}里面的{% endif %}',
        "好。{% if count|int > 3 %}{{ item }}{% endif %}",
        "好。{% if 9 ** 9 ** 9 > 3 %}算不完{% endif %}",
        '好。{% include "secret" %}',
        ENDING,
    ],
)
def test_nothing_else_is_sound(text: str) -> None:
    assert not are_sound(text, NAMES)


async def test_a_government_port_gets_what_the_condition_leaves(county: County) -> None:
    await county.person(phone="13800000000", role="干部")
    words = '${title}:${text}。{% if title == "开会" %}请带上本子。{% endif %}'
    await edit(county.db, "notice", "sms", words, actor="operator", now=NOW)

    for title in ("开会", "停水"):
        order = Order(
            template="notice", audience="role=干部", params={"title": title, "text": "明天上午"}
        )
        terms = usual_terms(sms_gateway="http")
        await create(county.db, terms, order, now=county.clock.now(), actor="operator")

    rows = await county.db.rows("SELECT texts FROM campaigns ORDER BY id")
    said = "".join(str(row["texts"]) for row in rows)
    assert said.count("请带上本子") == 1
    assert "{%" not in said


async def test_a_registered_text_has_no_conditions(county: County) -> None:
    words = '${title}:${text}。{% if title == "开会" %}请带上本子。{% endif %}'

    await bind(county.db, "notice", gateway="aliyun", external_id="S", fields={}, now=NOW)
    with pytest.raises(TemplateError, match="不能带条件"):
        await edit(county.db, "notice", "sms", words, actor="operator", now=NOW)

    await edit(county.db, "weekly_news", "sms", "${text}。{% if text == \"好\" %}好。{% endif %}",
               actor="operator", now=NOW)  # fmt: skip
    with pytest.raises(TemplateError, match="不能带条件"):
        await bind(county.db, "weekly_news", gateway="aliyun", external_id="S", fields={}, now=NOW)


async def test_bad_conditions_are_refused_with_how_to_write_them(county: County) -> None:
    words = "${title}:${text}。{% if title %}好。{% endif %}"

    with pytest.raises(TemplateError, match=r"要像 \{% if 参数"):
        await edit(county.db, "notice", "sms", words, actor="operator", now=NOW)
    with pytest.raises(TemplateError, match="条件写得不对"):
        await edit(county.db, "help", "wechat", '好。{% if "1" == "1" %}好{% endif %}',
                   actor="operator", now=NOW)  # fmt: skip
