"""`mingbai check`: good, worth a look, to be changed; and what each costs the exit status."""

from pathlib import Path

import pytest

from bot.commands import check, texts
from bot.commands.findings import Finding, Level
from bot.config import Config
from storage.keys import Keys
from tests.bot.commands.conftest import Configure

GOOD = Finding(Level.GOOD, "好的一件")
NOTE = Finding(Level.NOTE, "要看的一件", "看看它")
CHANGE = Finding(Level.CHANGE, "错的一件", "改掉它")


@pytest.mark.parametrize(
    ("found", "status", "last"),
    [
        ([GOOD], 0, "都好。"),
        ([GOOD, NOTE, NOTE], 0, "没有要改的,2 处要注意。"),
        ([CHANGE, NOTE, GOOD], 1, "1 处要改,1 处要注意。"),
        ([], 0, "都好。"),
    ],
)
def test_only_what_has_to_change_fails(
    found: list[Finding], status: int, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.report(found) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_each_line_begins_with_its_level_and_has_its_remedy_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check.report([GOOD, NOTE, CHANGE])

    assert capsys.readouterr().out.splitlines()[:-1] == [
        "好    好的一件",
        "注意  要看的一件",
        "      办法:看看它",
        "要改  错的一件",
        "      办法:改掉它",
    ]


async def test_a_probe_that_fails_is_named_and_the_others_go_on(configure: Configure) -> None:
    async def broken(_: Config) -> list[Finding]:
        raise OSError("13800138000")

    async def fine(_: Config) -> list[Finding]:
        return [GOOD]

    first, second = await check.findings(configure(), (broken, fine))

    assert (first.level, second) == (Level.CHANGE, GOOD)
    assert "broken: OSError" in first.what
    assert "13800138000" not in first.what


def test_a_wrong_config_is_told_problem_by_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[wechat]\nmode = "off"\ntokken = 1\n[sms]\ngateway = "fax"\n', "utf-8")

    status = check.run(file)

    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert any(line.startswith("要改  [sms] gateway:写的是“fax”") for line in lines)
    assert any(line.startswith("要改  [wechat] tokken:没有这个键") for line in lines)
    assert lines[-1] == "6 处要改,0 处要注意。"


def test_a_missing_config_has_to_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.run(tmp_path / "none.toml") == 1
    assert "config.example.toml" in capsys.readouterr().out


async def test_a_sound_installation_passes(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure()
    made = Keys.create(config.security.key_file)

    probes = (check.config_and_notes, check.key_file, check.data_dir)
    status = check.report(await check.findings(config, probes))

    said = capsys.readouterr().out
    assert status == 0
    assert made.fingerprint in said
    assert texts.WECHAT_MODES["off"] in said
    assert texts.SMS_GATEWAYS["none"] in said
    assert said.endswith("都好。\n")


async def test_the_configs_warnings_are_told(configure: Configure) -> None:
    config = configure(MINGBAI_WECHAT__API_BASE="http://h")

    found = await check.config_and_notes(config)

    assert Finding(Level.NOTE, config.notes[0]) in found


async def test_a_missing_key_file_has_to_be_made(configure: Configure) -> None:
    (found,) = await check.key_file(configure())

    assert found.level is Level.CHANGE
    assert "mingbai keys init" in found.remedy


async def test_a_key_file_open_to_others_has_to_be_closed(configure: Configure) -> None:
    config = configure()
    Keys.create(config.security.key_file)
    config.security.key_file.chmod(0o640)

    (found,) = await check.key_file(config)

    assert found.level is Level.CHANGE
    assert found.remedy == f"运行 chmod 600 {config.security.key_file}"


@pytest.mark.parametrize(
    ("public_url", "key_file", "levels"),
    [
        ("http://127.0.0.1:8080", "", [Level.GOOD]),
        ("https://cun.example", "", [Level.GOOD, Level.NOTE]),
        ("https://cun.example", "elsewhere/keys.toml", [Level.GOOD]),
        ("https://cun.example", "data/deeper/keys.toml", [Level.GOOD, Level.NOTE]),
    ],
)
async def test_a_key_file_beside_the_data_of_a_live_system_is_warned_of(
    configure: Configure, public_url: str, key_file: str, levels: list[Level]
) -> None:
    config = configure(MINGBAI_SERVER__PUBLIC_URL=public_url, MINGBAI_SECURITY__KEY_FILE=key_file)
    Keys.create(config.security.key_file)

    found = await check.key_file(config)

    assert [finding.level for finding in found] == levels


async def test_a_data_directory_that_is_a_file_has_to_be_changed(
    configure: Configure, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()

    (found,) = await check.data_dir(configure())

    assert found.level is Level.CHANGE


async def test_a_data_directory_may_still_have_to_be_made(configure: Configure) -> None:
    config = configure()

    (before,) = await check.data_dir(config)
    config.server.data_dir.mkdir()
    (after,) = await check.data_dir(config)

    assert (before.level, after.level) == (Level.GOOD, Level.GOOD)
    assert "还没有" in before.what
    assert "还没有" not in after.what


@pytest.mark.parametrize(
    ("now", "synchronised", "level"),
    [
        (1_000_000.0, True, Level.GOOD),
        (1_000_000.0, None, Level.GOOD),
        (1_000_000.0, False, Level.NOTE),
        (999_950.0, True, Level.GOOD),
        (999_000.0, True, Level.CHANGE),
        (0.0, None, Level.CHANGE),
    ],
)
def test_a_time_before_the_config_was_written_cannot_be_right(
    now: float, synchronised: bool | None, level: Level
) -> None:
    (found,) = check.judge_clock(now, 1_000_000.0, synchronised)

    assert found.level is level


def test_the_time_is_shown_as_in_beijing() -> None:
    (found,) = check.judge_clock(1_795_483_800.0, 0.0, True)

    assert "2026-11-24 09:30:00(北京)" in found.what


async def test_the_real_clock_is_later_than_the_config(configure: Configure) -> None:
    (found,) = await check.clock(configure())

    assert found.level in (Level.GOOD, Level.NOTE)
    assert check.synchronised() in (True, False, None)
