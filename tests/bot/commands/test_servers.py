"""`mingbai check` on RabbitMQ, Redis and the processes at work."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.commands import servers, texts
from bot.commands.findings import Level
from bot.config import QueueSettings, RedisSettings
from tests.bot.commands.conftest import Configure


async def test_one_process_is_asked_for_no_servers(configure: Configure) -> None:
    config = configure()

    assert await servers.queue(config) == []
    assert await servers.redis(config) == []


async def test_servers_that_are_gone_are_a_note_and_show_no_password(
    configure: Configure,
) -> None:
    config = replace(
        configure(),
        queue=QueueSettings(url="amqp://user:secret@127.0.0.1:1/"),
        redis=RedisSettings(url="redis://:secret@127.0.0.1:1/0"),
    )

    found = [*await servers.queue(config), *await servers.redis(config)]

    assert [finding.level for finding in found] == [Level.NOTE, Level.NOTE]
    assert not any("secret" in finding.what + finding.remedy for finding in found)


@pytest.mark.parametrize(
    ("present", "said"),
    [
        (Counter(), [texts.NOBODY_AT_WORK]),
        (Counter(web=2), [texts.NO_WORKER, texts.NO_SCHEDULER]),
        (Counter(worker=1, scheduler=1), [texts.NO_WEB]),
        (Counter(all=1), [texts.AT_WORK_NOW.format(processes="all 1")]),
        (
            Counter(web=2, worker=3, scheduler=1),
            [texts.AT_WORK_NOW.format(processes="scheduler 1、web 2、worker 3")],
        ),
    ],
)
def test_a_part_of_the_work_that_is_nobodys_is_named(
    present: Counter[str], said: list[str]
) -> None:
    found = servers.judge_processes(present, one_file=False)

    assert [finding.what for finding in found] == said


def test_several_on_one_file_are_warned_of() -> None:
    (found,) = servers.judge_processes(Counter(all=2), one_file=True)

    assert (found.level, found.what) == (Level.NOTE, texts.MANY_ON_SQLITE)
