"""`mingbai backup`: the database in one file, without the keys."""

from pathlib import Path

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(config: Config, file: Path) -> None:
    """Writes a consistent backup that names the fingerprint of the keys; the service may run on."""
    raise Refused(texts.NOT_YET)
