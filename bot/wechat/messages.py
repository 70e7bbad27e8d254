"""What the platform says inside the envelope, as one typed message (wechat.md 1.4, 1.5).

wechatpy's `parse_message` knows neither the subscription events nor bizmsgmenuid, and raises a
dozen kinds of exceptions for odd input (wechat.md 3.3). Here there is one, and every field is a
text unless it says otherwise.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.wechat.fields import MalformedMessage, read_fields

_MAX_ADDRESS = 64  # an openid has 28 characters; room for what nobody promised


class Kind(StrEnum):
    """What kind of message it is; unknown covers new message types and new events alike."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    SHORT_VIDEO = "shortvideo"
    LOCATION = "location"
    LINK = "link"
    MINI_PROGRAM_PAGE = "miniprogrampage"
    FILE = "file"
    EVENT = "event"
    UNKNOWN = "unknown"


_KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}
)

EVENTS: Final = frozenset(
    {
        "subscribe",
        "unsubscribe",
        "scan",
        "location",
        "click",
        "view",
        "view_miniprogram",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        "templatesendjobfinish",
        "masssendjobfinish",
        "publishjobfinish",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "user_info_modified",
        "user_authorization_revoke",
        "user_authorization_cancellation",
        "kf_create_session",
        "kf_close_session",
        "kf_switch_session",
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
        "annual_renew",
        "verify_expired",
    }
)
"""The events of wechat.md 1.5, in lower case: the platform mixes the cases."""

_SCENE_PREFIX = "qrscene_"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in degrees; `label` is the address where a person chose it."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file at the platform, kept there for three days."""

    media_id: str
    thumb_media_id: str = ""
    format: str = ""
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What a person shared: an article, a mini program's page, a file's name."""

    title: str
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """The platform's word on a message of ours that it had taken: our delivery receipt."""

    message_id: str
    """The `msgid` that the sending call had answered."""
    status: str
    """As sent, in lower case and without blanks after the colon: `success`, `failed:user block`."""


@dataclass(frozen=True, slots=True)
class SubscriptionNotice:
    """One element of a subscribe_msg event: a person's consent, or the fate of a notice."""

    template_id: str
    choice: str = ""
    """`accept` or `reject`."""
    popup_scene: str = ""
    message_id: str = ""
    error_code: str = ""
    error_status: str = ""


@dataclass(frozen=True, slots=True)
class PlatformMessage:
    """One push of the platform; what does not belong to its kind is empty or None."""

    to: str
    """The account's original id, gh_..."""
    openid: str = field(repr=False)
    created_at: int
    """Unix seconds."""
    kind: Kind
    msg_id: str
    """Empty for events."""
    event: str
    """In lower case; also where the kind is unknown, as far as it is a plain word."""
    event_key: str = field(repr=False)
    """The menu's key, a VIEW's address, or a QR code's scene, with qrscene_ from a new follower."""
    content: str = field(repr=False)
    """A text message's text; nothing is recognised from voices any more."""
    scene: str
    """The scene of the QR code that was scanned, without prefix: `v_<code12>` is a village's."""
    ticket: str = field(repr=False)
    menu_item: str
    """bizmsgmenuid of the msgmenu's line that was tapped; `content` is its label."""
    media: Media | None = field(repr=False)
    location: Location | None = field(repr=False)
    link: Link | None = field(repr=False)
    job: FinishedJob | None
    subscriptions: tuple[SubscriptionNotice, ...]
    fields: Mapping[str, str] = field(repr=False)
    """All texts of the message by path, such as `FailReason` or `ScanCodeInfo/ScanResult`; of
    repeated ones the last."""
    digest: bytes = field(repr=False)
    """Of all fields in their order: two pushes of one message agree in it."""


def parse_message(xml: bytes) -> PlatformMessage:
    """Reads what was in the envelope; raises MalformedMessage, and nothing else."""
    pairs = read_fields(xml)
    top = _Fields(pairs)
    kind = _KINDS.get(top.word("MsgType").lower(), Kind.UNKNOWN)
    event = _plain_word(top.get("Event")) if kind is Kind.EVENT else ""
    if kind is Kind.EVENT and event not in EVENTS:
        kind = Kind.UNKNOWN
    event_key = top.get("EventKey")
    return PlatformMessage(
        to=top.address("ToUserName"),
        openid=top.address("FromUserName"),
        created_at=top.unix_time("CreateTime"),
        kind=kind,
        msg_id=top.get("MsgId"),
        event=event,
        event_key=event_key,
        content=top.get("Content") if kind is Kind.TEXT else "",
        scene=_scene(event, event_key),
        ticket=top.get("Ticket"),
        menu_item=top.get("bizmsgmenuid"),
        media=_media(top),
        location=_location(kind, event, top),
        link=_link(top) if kind in _SHARED else None,
        job=_job(top) if event in _JOBS else None,
        subscriptions=_subscriptions(event, pairs) if event in _LISTS else (),
        fields=top.as_mapping(),
        digest=_digest(part for pair in pairs for part in pair),
    )


def message_key(message: PlatformMessage) -> bytes:
    """16 bytes by which a repeat is known (wechat.md 1.3), never an id that can be read back.

    A message: account, person, MsgId; people have been seen to share a MsgId. An event: account,
    person, second, event and what it is about, for one person can cause several in a second. A
    message without MsgId: all that it says.
    """
    parts = [message.to, message.openid]
    if message.msg_id:
        parts += ["message", message.msg_id]
    elif message.event:
        parts += ["event", str(message.created_at), message.event, _about(message)]
    else:
        parts += ["no id", message.digest.hex()]
    return _digest(parts)


def body_digest(message: PlatformMessage) -> bytes:
    """16 bytes over all that a message says: the same key with another digest is no repeat."""
    return message.digest


_SHARED = frozenset({Kind.LINK, Kind.MINI_PROGRAM_PAGE, Kind.FILE})
_JOBS = frozenset({"templatesendjobfinish", "masssendjobfinish"})
_LISTS = frozenset(
    {"subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"}
)


def _about(message: PlatformMessage) -> str:
    if message.job:
        return message.job.message_id
    if message.subscriptions or message.location:
        # Neither has a key of its own; people consent to two templates in one second.
        return message.digest.hex()
    return message.event_key


class _Fields:
    """The fields right below the root; a repeated one is nothing the platform would send."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._all = dict(pairs)
        if len(self._all) != len(pairs):
            names = [path for path, _ in pairs if "/" not in path]
            if len(names) != len(set(names)):
                raise MalformedMessage("a field stands there twice")

    def get(self, name: str) -> str:
        return self._all.get(name, "")

    def word(self, name: str) -> str:
        value = self.get(name)
        if not value:
            raise MalformedMessage(f"no {name}")
        return value

    def address(self, name: str) -> str:
        value = self.word(name)
        if len(value) > _MAX_ADDRESS or not value.isprintable() or " " in value:
            raise MalformedMessage(f"no usable {name}")
        return value

    def unix_time(self, name: str) -> int:
        value = self.word(name)
        if not (value.isascii() and value.isdigit() and len(value) <= 12):
            raise MalformedMessage(f"{name} is no time")
        return int(value)

    def number(self, name: str) -> float | None:
        try:
            value = float(self.get(name))
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def as_mapping(self) -> Mapping[str, str]:
        self._all.pop("Recognition", None)  # on its way out since 2023: nothing may depend on it
        return MappingProxyType(self._all)


def _plain_word(text: str) -> str:
    return text.lower() if re.fullmatch(r"\w{1,40}", text, re.ASCII) else ""


def _scene(event: str, event_key: str) -> str:
    if event == "subscribe" and event_key.startswith(_SCENE_PREFIX):
        return event_key.removeprefix(_SCENE_PREFIX)
    return event_key if event == "scan" else ""


def _media(top: _Fields) -> Media | None:
    media_id = top.get("MediaId")
    if not media_id:
        return None
    return Media(media_id, top.get("ThumbMediaId"), top.get("Format"), top.get("PicUrl"))


def _location(kind: Kind, event: str, top: _Fields) -> Location | None:
    if kind is Kind.LOCATION:
        names = "Location_X", "Location_Y", "Label"
    elif event == "location":
        names = "Latitude", "Longitude", ""
    elif event == "location_select":
        names = (
            "SendLocationInfo/Location_X",
            "SendLocationInfo/Location_Y",
            "SendLocationInfo/Label",
        )
    else:
        return None
    latitude, longitude = top.number(names[0]), top.number(names[1])
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(latitude, longitude, top.get(names[2]))


def _link(top: _Fields) -> Link:
    url = top.get("Url") or top.get("PagePath")
    return Link(top.get("Title"), top.get("Description"), url)


def _job(top: _Fields) -> FinishedJob:
    # The platform writes `failed:user block` and `failed: system failed`.
    status = re.sub(r"\s*:\s*", ":", " ".join(top.get("Status").lower().split()))
    return FinishedJob(top.get("MsgID"), status)


def _subscriptions(event: str, pairs: list[tuple[str, str]]) -> tuple[SubscriptionNotice, ...]:
    found: list[dict[str, str]] = []
    for path, value in pairs:
        _, _, name = path.partition("/List/")
        if path.endswith("/List"):
            found.append({})
        elif name and found:
            found[-1][name] = value
    return tuple(
        SubscriptionNotice(
            template_id=one.get("TemplateId", ""),
            choice=one.get("SubscribeStatusString", "").lower(),
            popup_scene=one.get("PopupScene", ""),
            message_id=one.get("MsgID", ""),
            error_code=one.get("ErrorCode", ""),
            error_status=one.get("ErrorStatus", ""),
        )
        for one in found
    )


def _digest(parts: Iterable[str]) -> bytes:
    # XML cannot hold U+0000, so nothing in one part looks like two.
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()
