"""What an SMS gateway pushes: replies of people (SmsUp) and receipts (SmsReport), sms.md 1.3.

Aliyun and a government gateway push the same arrays. Two dialects exist: ids as texts or as
numbers, `sign_name` there or not. Nothing is signed, and a probe with an empty or odd body comes
whenever an address is saved: whatever arrives is read as far as it makes sense, and the webhook
acknowledges it all the same.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Generic, TypeVar

from storage.sealing import normal_phone

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_ITEMS: Final = 5000
MAX_CONTENT_CHARS: Final = 2000
"""Some 30 texts put together; what is longer was not typed on a phone, and only so much is read."""

_MAX_FIELD_CHARS = 256
_BEIJING = timezone(timedelta(hours=8))
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{3,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SmsUplink:
    """One text from a person. It names no message of ours that it would answer."""

    phone: str = field(repr=False)
    content: str = field(repr=False)
    sent_at: datetime | None
    """When the carrier passed it on; None where that cannot be read."""
    sequence_id: str
    dest_code: str
    sign_name: str
    key: bytes = field(repr=False)
    """16 bytes by which a repeat is known."""


@dataclass(frozen=True, slots=True)
class SmsReceipt:
    """What became of one text of ours, as far as the gateway knows by now."""

    phone: str = field(repr=False)
    reference: str
    """The gateway's id of the request (`biz_id`)."""
    out_id: str
    """Our own id, which had travelled along."""
    success: bool
    code: str
    """To be judged by `notifications.channels.aliyun_codes.receipt_outcome`."""
    sent_at: datetime | None
    reported_at: datetime | None
    segments: int | None
    """How many were billed."""
    key: bytes = field(repr=False)
    """16 bytes by which a repeat is known; another code for the same text is no repeat."""


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """The items of one push that make sense, and how many did not."""

    items: tuple[Item, ...] = ()
    odd: int = 0
    """Elements of which nothing can be kept; a body that is no array counts as one."""
    beyond: int = 0
    """Elements beyond the cap, which no gateway reaches: an alarm."""


def read_uplinks(body: bytes) -> Batch[SmsUplink]:
    """Reads a push of replies; raises nothing."""
    return _read(body, _uplink)


def read_receipts(body: bytes) -> Batch[SmsReceipt]:
    """Reads a push of receipts; raises nothing."""
    return _read(body, _receipt)


def is_person(phone: str) -> bool:
    """Whether this is a mobile number; service numbers are never answered (contract.md, 8)."""
    return _MOBILE.fullmatch(phone) is not None


def _read(body: bytes, read_item: Callable[[Mapping[str, object]], Item | None]) -> Batch[Item]:
    if len(body) > MAX_BODY_BYTES:
        return Batch(odd=1)
    if not body.strip():
        return Batch()
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(odd=1)
    if isinstance(content, dict):  # one object, as the message queue has it
        content = [content]
    if not isinstance(content, list):
        return Batch(odd=1)
    taken = content[:MAX_ITEMS]
    read = [read_item(item) if isinstance(item, dict) else None for item in taken]
    items = tuple(item for item in read if item is not None)
    return Batch(items, odd=len(taken) - len(items), beyond=len(content) - len(taken))


def _uplink(item: Mapping[str, object]) -> SmsUplink | None:
    phone = _phone(item)
    content = _text(item, "content", MAX_CONTENT_CHARS)
    if not phone or not content:
        return None
    sequence_id = _text(item, "sequence_id")
    sent = _text(item, "send_time")
    # Where the id is missing: what was said, by whom and when.
    parts = ["id", sequence_id] if sequence_id else ["text", content, sent]
    return SmsUplink(
        phone=phone,
        content=content,
        sent_at=_moment(sent),
        sequence_id=sequence_id,
        dest_code=_text(item, "dest_code"),
        sign_name=_text(item, "sign_name"),
        key=_key("uplink", phone, *parts),
    )


def _receipt(item: Mapping[str, object]) -> SmsReceipt | None:
    phone = _phone(item)
    reference, out_id = _text(item, "biz_id"), _text(item, "out_id")
    success = _truth(item.get("success"))
    if not phone or not (reference or out_id) or success is None:
        return None
    code = _text(item, "err_code")
    reported = _text(item, "report_time")
    segments = _text(item, "sms_size")
    parts = ["id", reference] if reference else ["out", out_id]
    return SmsReceipt(
        phone=phone,
        reference=reference,
        out_id=out_id,
        success=success,
        code=code,
        sent_at=_moment(_text(item, "send_time")),
        reported_at=_moment(reported),
        segments=int(segments) if re.fullmatch(r"[0-9]{1,3}", segments, re.ASCII) else None,
        # A silent carrier is reported as such, and later what became of it: both count.
        key=_key("receipt", phone, *parts, str(success), code),
    )


def _phone(item: Mapping[str, object]) -> str:
    phone = normal_phone(_text(item, "phone_number"))
    return phone if _NUMBER.fullmatch(phone) else ""


def _text(item: Mapping[str, object], name: str, most: int = _MAX_FIELD_CHARS) -> str:
    """A field as text: ids come as numbers too."""
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # JSON can hold halves of surrogate pairs and U+0000, which could be neither stored nor sent.
    return str(value)[:most].encode("utf-8", "ignore").decode().replace("\0", "")


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


@functools.lru_cache(maxsize=256)  # many reports of one array name the same second
def _moment(text: str) -> datetime | None:
    """UTC of a time of day in Beijing, which is how the gateway writes it."""
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _key(*parts: str) -> bytes:
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(framed.encode(), digest_size=16).digest()
