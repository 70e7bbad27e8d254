"""The way of a message: once, in order, in time, and nothing personal on the way out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from bot.pipeline import Outcome, Pipeline
from bot.wechat.leftovers import answer_leftovers
from handlers.turn import Brief, Inbound, Kind, Reply, Turn
from notifications import texts
from notifications.wordings import Wordings
from storage.asked import counts
from storage.clock import HeldClock
from storage.database import Database
from storage.inbox import Inbox
from storage.residents import Residents
from storage.sealing import Sealer

APOLOGY = Reply(texts.APOLOGY, Brief("apology", {}))


@dataclass
class Answers:
    """Stands where the handlers stand, to be slow or to fail when a test wants it."""

    reply: Callable[[Turn], Reply] = lambda turn: Reply(f"答 {turn.inbound.text}")
    seconds: float = 0.0
    order: list[str] = field(default_factory=list)

    async def respond(self, turn: Turn) -> Reply | None:
        self.order.append(f"{turn.inbound.text} begins")
        await asyncio.sleep(self.seconds)
        self.order.append(f"{turn.inbound.text} ends")
        if turn.inbound.text == "继续" and turn.conversation.late:
            return Reply(turn.conversation.late)
        return self.reply(turn)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def pipeline(
    db: Database, sealer: Sealer, clock: HeldClock, answers: Answers
) -> AsyncIterator[Pipeline]:
    inbox = Inbox(db)
    await inbox.start()
    pipeline = Pipeline(
        db=db,
        sealer=sealer,
        clock=clock,
        inbox=inbox,
        residents=Residents(db, sealer),
        dialogue=answers,
        wordings=Wordings(db),
        villages={},
        patience_seconds=0.5,
    )
    yield pipeline
    await pipeline.stop()
    await inbox.stop()


def make_inbound(text: str = "问", key: str = "", address: str = "oPerson") -> Inbound:
    return Inbound("wechat", key or f"key {text}", Kind.TEXT, address, text=text)


async def test_a_repeat_in_flight_waits_for_the_first_run(
    pipeline: Pipeline, answers: Answers
) -> None:
    answers.seconds = 0.1

    both = await asyncio.gather(*(pipeline.handle(make_inbound(), "body") for _ in range(2)))

    assert [answer.reply for answer in both] == [Reply("答 问")] * 2
    assert answers.order == ["问 begins", "问 ends"]


async def test_a_repeat_of_what_was_answered_runs_nothing(
    pipeline: Pipeline, answers: Answers
) -> None:
    await pipeline.handle(make_inbound(), "body")

    again = await pipeline.handle(make_inbound(), "body")

    assert again.outcome is Outcome.REPEATED
    assert len(answers.order) == 2


async def test_the_same_key_with_another_body_is_refused(
    pipeline: Pipeline, answers: Answers
) -> None:
    await pipeline.handle(make_inbound(), "body")

    altered = await pipeline.handle(make_inbound(), "another body")

    assert altered.outcome is Outcome.REFUSED
    assert altered.reply is None


async def test_one_person_is_answered_in_order_and_others_side_by_side(
    pipeline: Pipeline, answers: Answers
) -> None:
    answers.seconds = 0.05
    mine = [make_inbound("一"), make_inbound("二")]
    other = make_inbound("三", address="oOther")

    await asyncio.gather(*(pipeline.handle(inbound, "body") for inbound in [*mine, other]))

    assert answers.order.index("一 ends") < answers.order.index("二 begins")
    assert answers.order.index("三 begins") < answers.order.index("一 ends")


async def test_what_answers_lead_to_is_counted_by_village_and_nothing_else_is(
    db: Database, pipeline: Pipeline, answers: Answers
) -> None:
    page = "/v/990101101200/"
    links = iter([f"{page}entries/e1", f"{page}accounts/2026-10", f"{page}subsidies", "", "/v/"])
    answers.reply = lambda turn: Reply("答", link=next(links))

    for number in range(5):
        await pipeline.handle(make_inbound(f"问{number}"), "body")
    await pipeline.stop()
    await pipeline.receive(make_inbound("last"), "body")  # what was settled is written before it

    assert await counts(db, "990101101200") == {"accounts": 2, "subsidies": 1}


async def test_an_answer_that_a_crash_cut_off_is_had_by_asking_on(
    db: Database, sealer: Sealer, pipeline: Pipeline
) -> None:
    await pipeline.receive(make_inbound(), "body")  # and here the process ended

    await answer_leftovers(db, sealer, pipeline, after_seconds=0)
    later = await pipeline.handle(make_inbound("继续"), "on")

    assert later.reply == Reply("答 问")
    repeated = await pipeline.handle(make_inbound(), "body")
    assert repeated.outcome is Outcome.REPEATED


async def test_a_late_answer_is_had_by_asking_on(pipeline: Pipeline, answers: Answers) -> None:
    answers.seconds = 0.8

    at_first = await pipeline.handle(make_inbound("慢"), "body")
    await asyncio.sleep(0.6)
    answers.seconds = 0.0
    afterwards = await pipeline.handle(make_inbound("继续"), "body")

    assert at_first.reply == Reply(texts.LATE)
    assert afterwards.reply == Reply("答 慢")


async def test_an_error_is_apologised_for_and_the_next_message_answered(
    pipeline: Pipeline, answers: Answers
) -> None:
    def fail(_: Turn) -> Reply:
        raise RuntimeError("13800138000")

    answers.reply = fail
    failed = await pipeline.handle(make_inbound("坏"), "body")
    answers.reply = lambda _: Reply("好")
    next_one = await pipeline.handle(make_inbound("好"), "body")

    assert failed.reply == APOLOGY
    assert next_one.reply == Reply("好")


async def test_what_goes_wrong_is_logged_without_what_people_wrote(
    pipeline: Pipeline, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(turn: Turn) -> Reply:
        raise RuntimeError(turn.inbound.text)

    answers.reply = fail
    await pipeline.handle(make_inbound("主任的电话13800138000"), "body")

    assert "RuntimeError" in caplog.text
    assert "13800138000" not in caplog.text
    assert "主任" not in caplog.text


async def test_an_inbox_that_cannot_be_written_asks_to_send_again(
    db: Database, pipeline: Pipeline
) -> None:
    await db.run("DROP TABLE inbox")

    answer = await pipeline.handle(make_inbound(), "body")

    assert answer.outcome is Outcome.FAILED
    assert answer.reply == APOLOGY


async def test_numbers_of_people_do_not_leave(pipeline: Pipeline, answers: Answers) -> None:
    brief = Brief("answer_text", {"text": "电话13800138000"}, ("卡6222020200112233445",))
    answers.reply = lambda _: Reply("身份证990101195503120021的人", brief)

    by_sms = Inbound("sms", "key", Kind.TEXT, "16600010001", text="问")
    answer = await pipeline.handle(by_sms, "body")

    assert answer.reply == Reply(
        "身份证***的人", Brief("answer_text", {"text": "电话***"}, ("卡***",))
    )
