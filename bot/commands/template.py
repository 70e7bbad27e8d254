"""`mingbai template`: message templates and the providers' ids for them."""

from collections.abc import Mapping

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def show_all(config: Config, *, as_json: bool) -> None:
    """Prints every template: code, class, parameters, channels, bindings."""
    raise Refused(texts.NOT_YET)


def show(config: Config, code: str) -> None:
    """Prints one template: its text, its versions, its bindings."""
    raise Refused(texts.NOT_YET)


def bind(
    config: Config, code: str, *, gateway: str, provider_id: str, fields: Mapping[str, str]
) -> None:
    """Records the provider's id of a template, and which of its fields takes which parameter.

    `gateway` is wechat, subscribe, aliyun or http. `fields` is in the order given: one parameter in
    several fields runs through them in that order.
    """
    raise Refused(texts.NOT_YET)
