"""Edited words reach residents over the whole way of a message, on both channels."""

from collections.abc import AsyncIterator

import pytest

from bot.app import Parts, answering
from bot.pipeline import Outcome
from bot.sms.replying import as_sms
from handlers import texts as handler_texts
from handlers.turn import Inbound, Kind
from notifications import texts
from notifications.templates import edit, ensure_templates
from storage import audit
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.conftest import NOW


@pytest.fixture
async def parts(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Parts]:
    await ensure_templates(db, NOW)
    async with answering(db, sealer, clock) as parts:
        yield parts


async def change(db: Database, code: str, channel: str, text: str) -> None:
    await edit(db, code, channel, text, actor=audit.OPERATOR, now=NOW)


async def follow(parts: Parts, openid: str) -> str:
    inbound = Inbound("wechat", f"follow {openid}", Kind.FOLLOW, openid)
    answer = await parts.pipeline.handle(inbound, "body")
    return answer.reply.text if answer.reply else ""


async def ask(parts: Parts, channel: str, text: str, key: str) -> str:
    """What the person reads."""
    address = "oPerson" if channel == "wechat" else "16600010001"
    inbound = Inbound(channel, f"{channel} {key}", Kind.TEXT, address, text)
    answer = await parts.pipeline.handle(inbound, "body")
    if answer.reply is None:
        return ""
    return as_sms(answer.reply, parts.wordings).text if channel == "sms" else answer.reply.text


async def test_the_next_follower_gets_the_edited_greeting(db: Database, parts: Parts) -> None:
    first = await follow(parts, "oFirst")
    await change(db, "welcome", "wechat", "这里是听竹村的账,随便问。")
    second = await follow(parts, "oSecond")

    assert first == f"{texts.WELCOME}\n{handler_texts.WHICH_VILLAGE}"
    assert second == f"这里是听竹村的账,随便问。\n{handler_texts.WHICH_VILLAGE}"


async def test_help_is_said_in_the_newest_words_on_both_channels(
    db: Database, parts: Parts
) -> None:
    before = [await ask(parts, channel, "帮助", "one") for channel in ("wechat", "sms")]
    await change(db, "help", "wechat", "问一句账就行。")
    await change(db, "menu", "wechat", "1 账 2 办事 3 订阅 4 监督 5 帮助 6 找人")
    await change(db, "help", "sms", "问一句账就行")
    after = [await ask(parts, channel, "帮助", "two") for channel in ("wechat", "sms")]

    assert before == [f"{texts.HELP}\n{texts.MENU}", texts.HELP_SMS]
    assert after == ["问一句账就行。\n1 账 2 办事 3 订阅 4 监督 5 帮助 6 找人", "问一句账就行"]


async def test_an_apology_is_made_in_the_newest_words(db: Database, parts: Parts) -> None:
    await change(db, "apology", "wechat", "刚才出错了,请再发一次。")
    await ask(parts, "wechat", "你好", "one")
    await db.run("DROP TABLE inbox")

    answer = await parts.pipeline.handle(
        Inbound("wechat", "two", Kind.TEXT, "oB", text="你好"), "body"
    )

    assert answer.outcome is Outcome.FAILED
    assert answer.reply is not None
    assert answer.reply.text == "刚才出错了,请再发一次。"


async def test_a_new_process_knows_them_before_the_first_message(
    db: Database, sealer: Sealer, clock: HeldClock
) -> None:
    await ensure_templates(db, NOW)
    await change(db, "apology", "wechat", "刚才出错了,请再发一次。")
    await db.run("DROP TABLE conversations")

    async with answering(db, sealer, clock) as parts:
        said = await ask(parts, "wechat", "你好", "one")

    assert said == "刚才出错了,请再发一次。"
