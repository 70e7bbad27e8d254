"""Words that may be edited: the newest are said, read again only when something was done."""

from datetime import timedelta

import pytest

from handlers import texts as handler_texts
from notifications import texts
from notifications.answers import answer_by_sms
from notifications.templates import bind, edit
from notifications.wordings import Wordings
from storage import audit
from storage.database import Database
from tests.conftest import NOW
from tests.notifications.world import County, open_world, phone, usual_terms

LATER = NOW + timedelta(hours=1)
LONG = "您可以问村里的账,比如上个月花了多少钱,今年哪笔最大,修路用了多少。" * 3


@pytest.fixture
def wordings(county: County) -> Wordings:
    return Wordings(county.db)


async def refresh(wordings: Wordings, db: Database) -> None:
    height, _ = await audit.head(db)
    await wordings.refresh(height)


async def change(county: County, code: str, channel: str, text: str) -> None:
    await edit(county.db, code, channel, text, actor="operator", now=LATER)


async def test_shipped_words_hold_until_somebody_edits_them(
    county: County, wordings: Wordings
) -> None:
    before = wordings.text("welcome"), wordings.by_sms("help").text
    await change(county, "welcome", "wechat", "这里是听竹村的账。")
    await change(county, "help", "sms", "问一句账")
    await refresh(wordings, county.db)

    assert before == (texts.WELCOME, texts.HELP_SMS)
    assert (wordings.text("welcome"), wordings.by_sms("help").text) == (
        "这里是听竹村的账。",
        "问一句账",
    )
    assert wordings.text("help") == texts.HELP


async def test_nothing_is_read_while_nothing_is_done(county: County, wordings: Wordings) -> None:
    await refresh(wordings, county.db)
    await county.db.run("UPDATE template_versions SET text = '没有记下的'")

    await refresh(wordings, county.db)

    assert wordings.text("welcome") == texts.WELCOME


async def test_an_edited_text_goes_as_free_lines_until_the_provider_has_it(
    county: County, wordings: Wordings
) -> None:
    await bind(county.db, "help", gateway="aliyun", external_id="S1", fields={}, now=NOW)
    await refresh(wordings, county.db)
    shipped = wordings.by_sms("help")
    await change(county, "help", "sms", LONG)
    await refresh(wordings, county.db)
    edited = wordings.by_sms("help")
    await bind(county.db, "help", gateway="aliyun", external_id="S2", fields={}, now=LATER)
    await refresh(wordings, county.db)
    registered = wordings.by_sms("help")

    assert (shipped.template, shipped.text) == ("help", texts.HELP_SMS)
    assert edited.template == "answer_text2"
    assert edited.rest
    assert (registered.template, registered.text) == ("help", LONG)


@pytest.mark.parametrize("gateway", ["http", "aliyun"])
async def test_a_phone_shows_the_newest_words(county: County, gateway: str) -> None:
    terms = usual_terms(wechat=False, sms_gateway=gateway)
    asker = await county.person(phone=phone(1))
    async with open_world(county, terms) as world:
        if gateway == "aliyun":
            await world.bind("help", "answer_text")
        await change(county, "help", "sms", "想问账就说上个月花了多少钱")
        wordings = Wordings(county.db)
        await refresh(wordings, county.db)
        answer = wordings.by_sms("help")
        await answer_by_sms(
            world.db, county.sealer, person_id=asker, message_key="m", answer=answer, now=NOW
        )
        async with world.working():
            await world.until_states(sent=1)
        shown = await world.screen(phone(1))

    assert shown[0].endswith("想问账就说上个月花了多少钱")


def test_no_sentence_stands_twice() -> None:
    mine, theirs = (
        {said for name, said in vars(module).items() if name.isupper() and isinstance(said, str)}
        for module in (texts, handler_texts)
    )

    assert {said for said in mine & theirs if len(said) > 4} == set()
