"""A template that its provider has not approved, or has refused, is not sent."""

import pytest

from notifications.campaigns import CampaignError, Order, create
from notifications.templates import TemplateError, bind, note_approval
from tests.conftest import NOW
from tests.notifications.world import County, usual_terms

TERMS = usual_terms()
NOTICE = Order(
    template="notice", audience="role=干部", params={"title": "开会", "text": "明天九点"}
)


async def bound(county: County) -> None:
    await county.cadres(wechat=1)
    fields = {"thing1": "title", "thing2": "text"}
    await bind(county.db, "notice", gateway="wechat", external_id="t", fields=fields, now=NOW)


async def made(county: County) -> str:
    return await create(county.db, TERMS, NOTICE, now=NOW, actor="operator")


@pytest.mark.parametrize(
    ("approval", "reason", "said"),
    [("pending", "", "还在审核"), ("refused", "党政内容", "没有通过审核:党政内容")],
)
async def test_create_says_why_it_cannot_be_sent(
    county: County, approval: str, reason: str, said: str
) -> None:
    await bound(county)
    await note_approval(
        county.db, "notice", gateway="wechat", approval=approval, reason=reason, now=NOW
    )

    with pytest.raises(CampaignError, match=said):
        await made(county)

    await note_approval(county.db, "notice", gateway="wechat", approval="approved", now=NOW)
    assert await made(county)
    acts = await county.db.rows("SELECT action FROM audit ORDER BY seq")
    assert [act["action"] for act in acts][-2:] == ["approval", "approval"]


async def test_a_template_bound_anew_is_as_good_as_not_asked_of(county: County) -> None:
    await bound(county)
    await note_approval(county.db, "notice", gateway="wechat", approval="refused", now=NOW)

    fields = {"thing1": "title", "thing2": "text"}
    await bind(county.db, "notice", gateway="wechat", external_id="t2", fields=fields, now=NOW)

    assert await made(county)


async def test_what_is_not_bound_there_has_no_approval(county: County) -> None:
    with pytest.raises(TemplateError, match="template bind notice --gateway aliyun"):
        await note_approval(county.db, "notice", gateway="aliyun", approval="approved", now=NOW)
