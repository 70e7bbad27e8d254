"""Templates as operators see and bind them."""

import pytest

from notifications.templates import TemplateError, bind, edit, go_back, listing
from storage import audit, templates
from tests.conftest import NOW
from tests.notifications.world import County


async def test_the_list_is_what_the_contract_says(county: County) -> None:
    fields = {"a": "title", "b": "text"}
    await bind(county.db, "notice", gateway="aliyun", external_id="SMS_1", fields=fields, now=NOW)

    listed = {item["code"]: item for item in await listing(county.db)}

    assert listed["notice"] == {
        "code": "notice",
        "class": "news",
        "parameters": ["title", "text"],
        "channels": ["wechat", "sms"],
        "bound": {"aliyun": "SMS_1"},
    }
    assert listed["answer_total"]["channels"] == ["sms"]
    assert listed["menu"]["parameters"] == []


async def test_a_binding_keeps_its_fields_in_order(county: County) -> None:
    fields = {"thing3": "title", "thing1": "text", "thing2": "text"}

    await bind(county.db, "notice", gateway="wechat", external_id="t", fields=fields, now=NOW)

    bound = (await templates.bindings(county.db))["notice", "wechat"]
    assert bound.fields == (("thing3", "title"), ("thing1", "text"), ("thing2", "text"))


async def test_our_own_text_registered_as_it_is_needs_no_fields(county: County) -> None:
    await bind(county.db, "notice", gateway="aliyun", external_id="SMS_1", fields={}, now=NOW)

    bound = (await templates.bindings(county.db))["notice", "aliyun"]
    assert bound.fields == (("title", "title"), ("text", "text"))


@pytest.mark.parametrize(
    ("code", "gateway", "fields", "says"),
    [
        ("nothing", "wechat", {}, "没有“nothing”"),
        ("notice", "wechat", {"thing1": "headline"}, "没有“headline”"),
        ("notice", "wechat", {"标题": "title"}, "没有“标题”"),
        ("notice", "wechat", {}, "--field"),
        ("answer_total", "wechat", {"thing1": "village"}, "不走wechat"),
        ("menu", "aliyun", {"a": "title"}, "没有“title”"),
    ],
)
async def test_a_binding_that_makes_no_sense_is_refused(
    county: County, code: str, gateway: str, fields: dict[str, str], says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        await bind(county.db, code, gateway=gateway, external_id="t", fields=fields, now=NOW)
    assert await templates.bindings(county.db) == {}


async def test_edited_words_are_another_version_and_on_record(county: County) -> None:
    version = await edit(county.db, "help", "sms", "问一句账", actor="operator", now=NOW)

    wordings = await templates.wordings_of(county.db, "help")
    acts = await audit.about(county.db, "help")
    assert (version, wordings["sms"].text) == (2, "问一句账")
    assert wordings["wechat"].version == 1
    assert [(act.actor, act.action, act.details) for act in acts] == [
        ("operator", "edited", {"channel": "sms"})
    ]


@pytest.mark.parametrize(
    ("code", "channel", "text", "says"),
    [
        ("welcome", "wechat", "您好,${name}。", "没有的变量.*没有"),
        ("notice", "wechat", "${title}\n${body}", r"没有的变量.*\$\{title\} \$\{text\}"),
        ("notice", "wechat", "${title", "变量写得不对"),
        ("notice", "sms", "${title}好", "都要用上"),
        ("welcome", "wechat", " \n", "是空的"),
        ("welcome", "wechat", "有事打13800138000。", "手机号"),
        ("help", "sms", "【明白账】问账", "不收的符号"),
        ("answer_total", "sms", "${village}没花钱", "不能改"),
        ("late", "sms", "等一等", "不走sms"),
        ("tip", "wechat", "不用举报", "没有“tip”"),
    ],
)
async def test_words_that_cannot_be_said_are_refused(
    county: County, code: str, channel: str, text: str, says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        await edit(county.db, code, channel, text, actor="operator", now=NOW)

    assert {w.version for w in (await templates.wordings(county.db)).values()} == {1}
    assert await audit.about(county.db, code) == []


async def test_an_older_wording_is_taken_up_again(county: County) -> None:
    (first,) = [w for w in await templates.versions(county.db, "help") if w.channel == "sms"]
    await edit(county.db, "help", "sms", "问一句账", actor="operator", now=NOW)

    version = await go_back(county.db, "help", "sms", 1, actor="operator", now=NOW)

    kept = [w for w in await templates.versions(county.db, "help") if w.channel == "sms"]
    assert version == 3
    assert [(w.version, w.text, w.author) for w in kept] == [
        (3, first.text, "operator"),
        (2, "问一句账", "operator"),
        (1, first.text, "system"),
    ]


async def test_figures_are_not_taken_back_either(county: County) -> None:
    words = "${village}的账"
    await templates.add_version(county.db, "answer_total", "sms", words, author="operator", now=NOW)

    with pytest.raises(TemplateError, match="不能改"):
        await go_back(county.db, "answer_total", "sms", 1, actor="operator", now=NOW)
    with pytest.raises(TemplateError, match="不走wechat"):
        await go_back(county.db, "answer_total", "wechat", 1, actor="operator", now=NOW)


async def test_variables_that_touch_are_not_bound(county: County) -> None:
    words = "${title}${text}。"
    await templates.add_version(county.db, "notice", "sms", words, author="operator", now=NOW)

    with pytest.raises(TemplateError, match="挨在一起"):
        await bind(county.db, "notice", gateway="aliyun", external_id="S", fields={}, now=NOW)
    # A government port gets the whole text, in which there are none.
    await bind(county.db, "notice", gateway="http", external_id="S", fields={}, now=NOW)

    assert set(await templates.bindings(county.db)) == {("notice", "http")}


@pytest.mark.parametrize(
    ("code", "fields", "says"),
    [
        (
            "notice",
            {"thing1": "title", "phrase2": "text"},
            "phrase 最多 5 个汉字,而“text”一般有 35",
        ),
        ("notice", {"character_string1": "title", "thing2": "text"}, "不能有汉字"),
        ("notice", {"thing1": "title", "thing2": "text", "number3": "text"}, "number3.*32 个数字"),
        ("matter_due", {"thing1": "village", "time2": "number"}, "time 只填时间"),
        ("matter_due", {"thing1": "village", "letter2": "step"}, "32 个字母"),
    ],
)
@pytest.mark.parametrize("gateway", ["wechat", "subscribe"])
async def test_a_field_that_could_not_take_its_parameter_is_refused(
    county: County, gateway: str, code: str, fields: dict[str, str], says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        await bind(county.db, code, gateway=gateway, external_id="t", fields=fields, now=NOW)
    assert await templates.bindings(county.db) == {}


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("notice", {"first": "title", "keyword1": "text", "thing2": "text", "remark": "text"}),
        ("disclosure_due", {"thing1": "village", "thing2": "period", "date3": "due"}),
        ("disclosure_due", {"thing1": "village", "thing2": "period", "time3": "due"}),
        ("matter_due", {"thing1": "item", "character_string2": "number", "number3": "step"}),
        ("matter_due", {"phrase1": "village", "amount2": "number"}),
    ],
)
async def test_a_field_that_may_take_its_parameter_is_bound(
    county: County, code: str, fields: dict[str, str]
) -> None:
    await bind(county.db, code, gateway="wechat", external_id="t", fields=fields, now=NOW)

    assert (await templates.bindings(county.db))[code, "wechat"].fields == tuple(fields.items())
