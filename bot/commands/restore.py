"""`mingbai restore`: a backup into an empty database."""

from pathlib import Path

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(config: Config, file: Path) -> None:
    """Restores, and holds every unfinished delivery and missed occurrence until they are resumed.

    Refuses a database that holds data or is in use, and a key file of another fingerprint than the
    backup names.
    """
    raise Refused(texts.NOT_YET)
