"""`mingbai check`: what is good, what deserves attention, what has to change, each with its remedy.

A probe looks at one thing and returns what it found; `PROBES` are asked in turn. A new one is one
more function in that list.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands import keys, platforms, servers, store, texts
from bot.commands.findings import Finding, Level
from bot.config import Config, ConfigError, load_config
from bot.errors import Refused
from storage.clock import BEIJING
from storage.keys import KeyFileError, Keys

_UNSYNCHRONISED = 5  # TIME_ERROR in <sys/timex.h>
_TOLERATED_SECONDS = 60


Probe = Callable[[Config], Awaitable[list[Finding]]]


def run(file: Path) -> int:
    """Prints what was found; 0 when nothing has to change, else 1."""
    try:
        config = load_config(file)
    except ConfigError as error:
        return report([Finding(Level.CHANGE, problem) for problem in error.problems])
    return report(asyncio.run(findings(config, PROBES)))


async def findings(config: Config, probes: tuple[Probe, ...]) -> list[Finding]:
    """What the probes found, in their order; one that fails does not take the others with it."""
    found: list[Finding] = []
    for probe in probes:
        try:
            found += await probe(config)
        except Exception as error:  # what is broken is just what it is asked for
            what = texts.PROBE_FAILED.format(error=f"{probe.__name__}: {type(error).__name__}")
            found.append(Finding(Level.CHANGE, what, texts.PROBE_FAILED_REMEDY))
    return found


def report(found: list[Finding]) -> int:
    """Prints the findings and their sum; 0 when nothing has to change, else 1."""
    for finding in found:
        word, colour = finding.level.value
        blanks = " " * (6 - 2 * len(word))
        click.echo(click.style(word, fg=colour) + blanks + finding.what)
        if finding.remedy:
            click.echo(" " * 6 + texts.REMEDY.format(remedy=finding.remedy))
    counts = Counter(finding.level for finding in found)
    changes, notes = counts[Level.CHANGE], counts[Level.NOTE]
    if changes:
        click.echo(texts.TO_CHANGE.format(changes=changes, notes=notes))
    else:
        click.echo(texts.NOTHING_TO_CHANGE.format(notes=notes) if notes else texts.ALL_GOOD)
    return 1 if changes else 0


# --- the probes -----------------------------------------------------------------------------------


async def config_and_notes(config: Config) -> list[Finding]:
    """The config itself, what it switches on, and its warnings."""
    channels = (
        texts.WECHAT_MODES[config.wechat.mode.value],
        texts.SMS_GATEWAYS[config.sms.gateway.value].format(sign_name=config.sms.sign_name),
    )
    return [
        Finding(Level.GOOD, texts.CONFIG_FINE.format(file=config.file)),
        *(Finding(Level.GOOD, channel) for channel in channels),
        *(Finding(Level.NOTE, note) for note in config.notes),
    ]


async def key_file(config: Config) -> list[Finding]:
    """Whether the key file can be used, and on a live system lies apart from the data."""
    path = config.security.key_file
    try:
        loaded = Keys.load(path)
    except KeyFileError as error:
        return [Finding(Level.CHANGE, *keys.explain(error))]
    fine = texts.KEY_FILE_FINE.format(path=path, fingerprint=loaded.fingerprint)
    found = [Finding(Level.GOOD, fine)]
    if config.keys_lie_beside_data:
        remedy = texts.KEY_FILE_BESIDE_DATA_REMEDY.format(path=path)
        found.append(Finding(Level.NOTE, texts.KEY_FILE_BESIDE_DATA, remedy))
    return found


async def database(config: Config) -> list[Finding]:
    """Whether the database answers, is of this release, and sealed under the keys at hand."""
    try:
        loaded = Keys.load(config.security.key_file)
    except KeyFileError:
        loaded = None  # which `key_file` tells
    try:
        async with store.opened(config, loaded):
            return [Finding(Level.GOOD, texts.DATABASE_FINE)]
    except Refused as refusal:
        what, _, remedy = str(refusal).partition("\n")
        return [Finding(Level.CHANGE, what, remedy)]


async def data_dir(config: Config) -> list[Finding]:
    """Whether the data directory can be written, or made."""
    path = config.server.data_dir
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        what = texts.DATA_DIR_CLOSED.format(path=path)
        return [Finding(Level.CHANGE, what, texts.DATA_DIR_CLOSED_REMEDY)]
    fine = texts.DATA_DIR_FINE if existing == path else texts.DATA_DIR_LATER
    return [Finding(Level.GOOD, fine.format(path=path))]


async def clock(config: Config) -> list[Finding]:
    """Whether the machine's time can be right, and what the system itself says of it."""
    return judge_clock(time.time(), config.file.stat().st_mtime, synchronised())


def judge_clock(now: float, written: float, synchronised: bool | None) -> list[Finding]:
    """What to say of a time (seconds since 1970) when the config was written at another."""
    shown = f"{datetime.fromtimestamp(now, UTC).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    if now < written - _TOLERATED_SECONDS:
        what = texts.CLOCK_BEHIND.format(now=shown)
        return [Finding(Level.CHANGE, what, texts.CLOCK_BEHIND_REMEDY)]
    if synchronised is False:
        return [Finding(Level.NOTE, texts.CLOCK_ALONE, texts.CLOCK_ALONE_REMEDY)]
    return [Finding(Level.GOOD, texts.CLOCK_FINE.format(now=shown))]


def synchronised() -> bool | None:
    """Whether the kernel's clock is kept by a time service; None where it does not tell."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # 0: only asks
    except (AttributeError, OSError, TypeError):
        return None
    return None if state < 0 else bool(state != _UNSYNCHRONISED)


PROBES: tuple[Probe, ...] = (
    config_and_notes,
    key_file,
    data_dir,
    database,
    servers.queue,
    servers.redis,
    servers.at_work,
    servers.open_alarms,
    clock,
    platforms.holiday_table,
    platforms.wechat,
    platforms.sms,
    platforms.bound_templates,
)
