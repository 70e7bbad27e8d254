"""`mingbai understand`: meanings as JSON over the sample county, without a config or a database."""

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.commands import understand
from bot.config import Config
from bot.errors import Refused
from storage import installation, regions
from storage.database import Database
from storage.installation import Purpose
from storage.regions import VillageFacts
from storage.schema import migrate
from tests.bot.commands.conftest import Configure
from understanding import Village

TODAY = date(2026, 11, 24)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def write_rows(folder: Path, *rows: object) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", "utf-8")
    return file


def test_one_text_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    understand.run("2025年3月收入", today=TODAY, village=None, explained=False, config=None)

    (meaning,) = lines(capsys)
    assert meaning["period"] == {"start": "2025-03-01", "end": "2025-03-31"}
    assert meaning["direction"] == "income"


def test_the_day_given_decides_what_last_month_is(capsys: pytest.CaptureFixture[str]) -> None:
    for today in (date(2026, 11, 24), date(2026, 1, 5)):
        understand.run("上个月花了多少", today=today, village=None, explained=False, config=None)

    starts = [meaning["period"]["start"] for meaning in lines(capsys)]
    assert starts == ["2026-10-01", "2025-12-01"]


def test_the_steps_stand_below_the_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    understand.run("上个月花了多少", today=TODAY, village="听竹村", explained=True, config=None)

    first, *steps = capsys.readouterr().out.splitlines()
    assert json.loads(first)["intent"] == "ask_total"
    assert steps


def test_every_row_of_a_file_is_read_in_its_own_context(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write_rows(
        tmp_path,
        {"id": "a", "text": "上个月花了多少", "today": "2026-01-05", "context": {}},
        {"id": "b", "text": "上个月花了多少", "context": {"bound_village": "听竹村"}},
        {"id": "c", "text": "1", "context": {"pending": "menu"}, "today": "2026-11-24"},
    )

    understand.run_file(file, today=TODAY, village=None, config=None)

    first, second, third = lines(capsys)
    assert (first["id"], first["period"]["start"]) == ("a", "2025-12-01")
    assert (second["id"], second["period"]["start"]) == ("b", "2026-10-01")
    assert (third["id"], third["intent"]) == ("c", "choose")
    assert all(isinstance(row["us"], int) and row["us"] >= 0 for row in (first, second, third))


@pytest.mark.parametrize(
    "row",
    [
        "no object",
        {"text": "查账"},
        {"id": "x"},
        {"id": "x", "text": "查账", "today": "24.11."},
        {"id": "x", "text": "查账", "context": {"bound_village": "没有村"}},
        {"id": "x", "text": "查账", "context": []},
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: object) -> None:
    file = write_rows(tmp_path, {"id": "a", "text": "查账"}, row)

    with pytest.raises(Refused, match=r"rows\.jsonl 第 2 行"):
        understand.run_file(file, today=TODAY, village=None, config=None)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "gb.jsonl").write_bytes('{"id": "a", "text": "查账"}'.encode("gb18030"))

    for name in ("none.jsonl", "gb.jsonl"):
        with pytest.raises(Refused, match=name):
            understand.run_file(tmp_path / name, today=TODAY, village=None, config=None)


def test_the_sample_county_ships_with_the_project() -> None:
    villages = understand.sample_villages()

    assert len({village.code for village in villages}) == len(villages) == 40
    assert Village("990101001001", "暖阳社区", "稻香街道") in villages


NAMESAKES = [
    Village("990101001001", "桃花村", "东镇"),
    Village("990101002001", "桃花村", "西镇"),
    Village("990101002002", "梨花村", "西镇"),
]


@pytest.mark.parametrize("name", ["990101002001", "西镇桃花村"])
def test_a_village_is_named_by_code_or_with_its_town(name: str) -> None:
    assert understand.named(name, NAMESAKES) == NAMESAKES[1]


def test_a_village_without_namesakes_is_named_by_its_name() -> None:
    assert understand.named("梨花村", NAMESAKES) == NAMESAKES[2]


def test_a_name_that_several_bear_is_refused_with_the_town_of_each() -> None:
    with pytest.raises(Refused) as refused:
        understand.named("桃花村", NAMESAKES)

    for word in ("990101001001", "东镇", "990101002001", "西镇"):
        assert word in str(refused.value)


def test_an_unknown_village_is_refused() -> None:
    with pytest.raises(Refused, match="没有叫“荷花村”的村"):
        understand.named("荷花村", NAMESAKES)


def test_a_configs_own_villages_come_from_its_database(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure()
    asyncio.run(_store_a_village(config))

    understand.run("我是荷塘村的", today=TODAY, village=None, explained=False, config=config)

    (meaning,) = lines(capsys)
    assert (meaning["intent"], meaning["village"]) == ("bind_village", "荷塘村")


async def _store_a_village(config: Config) -> None:
    config.server.data_dir.mkdir()
    db = await Database.open(config.database.url)
    try:
        await migrate(db)
        await installation.create(db, Purpose.LIVE, "fingerprint")
        facts = VillageFacts(
            code="990102001001",
            name="荷塘村",
            kind="村",
            county_code="990102000000",
            county="荷县",
            town_code="990102001000",
            town="荷镇",
        )
        await regions.save_villages(db, [facts])
    finally:
        await db.close()


def test_a_config_without_a_database_is_refused(configure: Configure) -> None:
    with pytest.raises(Refused, match="mingbai migrate"):
        understand.run("查账", today=None, village=None, explained=False, config=configure())
