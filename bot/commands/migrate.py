"""`mingbai migrate`: the newest schema."""

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(config: Config) -> None:
    """Brings the database to this release's schema, after a backup where there is data.

    Makes the key file where there is none and nothing sealed is stored; else refuses and names the
    fingerprint that is needed.
    """
    raise Refused(texts.NOT_YET)
