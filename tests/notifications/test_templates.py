"""Templates as operators see and bind them."""

import pytest

from notifications.templates import TemplateError, bind, listing
from storage import templates
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
