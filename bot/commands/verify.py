"""`mingbai verify`: whether anything published was changed."""

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(config: Config, *, head: str | None) -> None:
    """Checks the hash chains, and that `head`, noted earlier, is one of their links.

    Refuses, naming the first broken link, where something was changed.
    """
    raise Refused(texts.NOT_YET)
