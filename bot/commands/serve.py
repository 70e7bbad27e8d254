"""`mingbai serve`: the service."""

from datetime import datetime

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(config: Config, *, now: datetime | None) -> None:
    """Serves until SIGTERM or SIGINT; `now` (UTC) is where the business clock starts.

    Refuses a database that a demo made, and one of another schema.
    """
    raise Refused(texts.NOT_YET)
