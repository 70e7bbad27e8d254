"""The page on which a reminder is confirmed: its address tells nothing and cannot be guessed.

The token is a keyed hash of the delivery, so that the database alone opens no such page.
"""

from __future__ import annotations

import hmac
from dataclasses import replace

from notifications.confirming import DEFAULT_RULES
from notifications.messages import Message
from storage.sealing import Sealer

PATH = "/v/confirm/{delivery}/{token}"
_TOKEN_CHARS = 24  # 96 bits


def token_of(sealer: Sealer, delivery_id: str) -> str:
    return sealer.lookup_hash("confirm", delivery_id)[:_TOKEN_CHARS]


def is_token(sealer: Sealer, delivery_id: str, token: str) -> bool:
    return hmac.compare_digest(token_of(sealer, delivery_id).encode(), token.encode())


def with_link(
    message: Message, template: str, delivery_id: str, sealer: Sealer, public_url: str
) -> Message:
    """The message, leading to its own page where it is a reminder that asks for a word back."""
    if template not in DEFAULT_RULES or not message.url:
        return message
    path = PATH.format(delivery=delivery_id, token=token_of(sealer, delivery_id))
    url = f"{public_url}{path}"
    return replace(message, url=url, text=message.text.replace(message.url, url))
