"""`mingbai keys`: the key file, made and identified; and how other commands get at the keys."""

import asyncio
import os

import click

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused
from storage.keys import KeyFileError, Keys


def init(config: Config) -> None:
    """Makes the key file, unless there is one, or something is stored that other keys sealed."""
    path = config.security.key_file
    if not os.path.lexists(path):
        refuse_if_sealed(asyncio.run(_needed(config)), config)
    keys = create(config)
    click.echo(texts.KEYS_MADE.format(path=path, fingerprint=keys.fingerprint))


async def _needed(config: Config) -> str | None:
    """The fingerprint that the database asks for; None where nothing in it is sealed."""
    from storage.database import Database, Unavailable, sqlite_path
    from storage.sealed import needed_fingerprint

    file = sqlite_path(config.database.url)
    if file and not file.exists():
        return None
    try:
        database = await Database.open(config.database.url)
        try:
            return await needed_fingerprint(database)
        finally:
            await database.close()
    except Unavailable:
        raise Refused(texts.DATABASE_UNAVAILABLE) from None


def fingerprint(config: Config) -> None:
    """Prints the fingerprint alone."""
    click.echo(load(config).fingerprint)


def load(config: Config) -> Keys:
    """The keys of the configured key file; refuses with what to do about it."""
    try:
        return Keys.load(config.security.key_file)
    except KeyFileError as error:
        raise Refused("\n".join(explain(error))) from None


def create(config: Config) -> Keys:
    """New keys in the configured key file; refuses where there is one."""
    try:
        return Keys.create(config.security.key_file)
    except KeyFileError as error:
        raise Refused("\n".join(explain(error))) from None


def refuse_if_sealed(needed: str | None, config: Config) -> None:
    """Refuses to make new keys where something stored needs those of this fingerprint."""
    if needed is not None:
        path = config.security.key_file
        raise Refused(texts.OTHER_KEYS_NEEDED.format(fingerprint=needed, path=path))


def explain(error: KeyFileError) -> tuple[str, str]:
    """What is wrong with the key file, and what to do."""
    wrong, remedy = texts.KEY_FILE[error.problem], texts.KEY_FILE_REMEDY[error.problem]
    return wrong.format(path=error.path), remedy.format(path=error.path)
