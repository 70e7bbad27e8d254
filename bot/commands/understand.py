"""`mingbai understand`: intent and slots of a message, over the sample county or a config's own."""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused
from storage.clock import SystemClock
from understanding import Context, Understanding, Village, context_from_json


def run(
    text: str, *, today: date | None, village: str | None, explained: bool, config: Config | None
) -> None:
    """Prints the meaning of one message as a line of JSON; `explained`, the steps to it below.

    `today` (None: in Beijing now) is what 上个月 is counted from; `village` is the sender's own.
    """
    villages = _villages(config)
    context = Context(bound_village=named(village, villages) if village else None)
    day, understanding = today or SystemClock().today(), Understanding(villages)
    click.echo(_line(understanding.read(text, today=day, context=context).as_json()))
    if explained:
        for step in understanding.explain(text, today=day, context=context):
            click.echo(f"  {step}")


def run_file(file: Path, *, today: date | None, village: str | None, config: Config | None) -> None:
    """Prints one line of JSON for each row (`id`, `text`, its own `today` and `context`) of a file.

    `us` is how many microseconds the reading took. `today` and `village` stand in where a row has
    none.
    """
    villages = _villages(config)
    home = Context(bound_village=named(village, villages) if village else None)
    day, understanding = today or SystemClock().today(), Understanding(villages)
    for number, content in _lines(file):
        try:
            row = json.loads(content)
            name, text = row["id"], str(row["text"])
            context = context_from_json(row["context"], villages) if "context" in row else home
            on = date.fromisoformat(row["today"]) if "today" in row else day
        except (ValueError, LookupError, TypeError, AttributeError):
            raise Refused(texts.ROW_UNREADABLE.format(file=file, row=number)) from None
        began = time.perf_counter_ns()
        meaning = understanding.read(text, today=on, context=context)
        microseconds = (time.perf_counter_ns() - began) // 1000
        click.echo(_line({"id": name, **meaning.as_json(), "us": microseconds}))


def named(name: str, villages: Sequence[Village]) -> Village:
    """The village of that name (perhaps after its town's) or 12-digit code.

    Refuses an unknown name, and one that several villages bear, with the town of each.
    """
    fitting = [v for v in villages if name in (v.code, v.name, v.town + v.name)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Refused(texts.NO_SUCH_VILLAGE.format(name=name))
    lines = [
        texts.ONE_OF_THE_VILLAGES.format(code=v.code, name=v.name, town=v.town) for v in fitting
    ]
    raise Refused(texts.SEVERAL_VILLAGES.format(name=name, villages="\n".join(lines)))


def sample_villages() -> list[Village]:
    """The sample county that ships with the project."""
    with files("bot").joinpath("sample/villages.csv").open(encoding="utf-8") as file:
        return [
            Village(code=row["区划代码"], name=row["名称"], town=row["乡镇"])
            for row in csv.DictReader(file)
        ]


def _villages(config: Config | None) -> list[Village]:
    return asyncio.run(_stored_villages(config)) if config else sample_villages()


async def _stored_villages(config: Config) -> list[Village]:
    from bot.commands.store import opened
    from storage import regions

    async with opened(config) as db:
        found = await regions.villages(db)
    return [Village(code=region.code, name=region.name, town=region.town) for region in found]


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8") as opened:
            for number, line in enumerate(opened, 1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError):
        raise Refused(texts.FILE_UNREADABLE.format(file=file)) from None


def _line(meaning: dict[str, Any]) -> str:
    return json.dumps(meaning, ensure_ascii=False)
