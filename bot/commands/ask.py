"""`mingbai ask`: one message through the real pipeline."""

from datetime import datetime

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(
    config: Config,
    text: str,
    *,
    village: str | None,
    channel: str,
    person: str | None,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Prints the reply to `text` over `channel` (wechat or sms).

    With `person` the conversation goes on from call to call; without, a new resident bound to
    `village` asks.
    """
    raise Refused(texts.NOT_YET)
