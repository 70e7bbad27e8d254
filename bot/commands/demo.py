"""`mingbai demo`: the whole service over the sample county, with the simulator's phones."""

from datetime import datetime
from pathlib import Path

from bot.commands import texts
from bot.errors import Refused


def run(*, port: int, data: Path, now: datetime | None) -> None:
    """Serves a demo until it is stopped.

    `data` is made, or rebuilt when of another version; it holds `config.toml` for other commands.
    The service listens on `port`, the simulator on the next one. `now` (UTC) is where the demo's
    clock, kept in its database, starts or goes on.
    """
    raise Refused(texts.NOT_YET)
