"""`mingbai campaign`: one notice to one audience."""

from collections.abc import Mapping
from datetime import datetime

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def create(
    config: Config,
    *,
    template: str,
    audience: str,
    params: Mapping[str, str],
    at: datetime | None,
    lane: str | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Plans a push, its id alone on the last line; with `dry_run`, prints what would happen.

    `lane` is urgent, normal or bulk, None the template's own. With a `key` seen before, the first
    id is printed and nothing is sent. Times are UTC.
    """
    raise Refused(texts.NOT_YET)


def show(config: Config, campaign_id: str, *, as_json: bool, now: datetime | None) -> None:
    """Prints how far a campaign has come."""
    raise Refused(texts.NOT_YET)


def resume(config: Config, campaign_id: str | None, *, now: datetime | None) -> None:
    """Lets a held campaign go on, or all of them (None), saying how many may have gone out."""
    raise Refused(texts.NOT_YET)
