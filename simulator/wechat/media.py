"""The media store: files for three days, and the pictures of scene QR codes."""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass

import segno

from simulator.clock import Clock
from simulator.wechat.errors import ApiError

KEPT_SECONDS = 3 * 86_400
MEGABYTE = 1024 * 1024
# type -> (bytes at most, file name endings)
KINDS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "image": (10 * MEGABYTE, (".bmp", ".png", ".jpeg", ".jpg", ".gif")),
    "voice": (2 * MEGABYTE, (".amr", ".mp3", ".wma", ".wav")),
    "video": (10 * MEGABYTE, (".mp4",)),
    "thumb": (64 * 1024, (".jpg", ".jpeg")),
}


@dataclass(frozen=True, slots=True)
class Medium:
    kind: str
    content: bytes
    content_type: str
    created_at: int
    until: float


class Media:
    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._known: dict[str, Medium] = {}

    def upload(self, kind: str, name: str, content_type: str, content: bytes) -> tuple[str, Medium]:
        if kind not in KINDS or not name.lower().endswith(KINDS[kind][1]):
            raise ApiError(40004)
        if not content:
            raise ApiError(44001, "empty media data")
        if len(content) > KINDS[kind][0]:
            raise ApiError(40006)
        media_id = self._rng.randbytes(32).hex()
        until = self._clock.now() + KEPT_SECONDS
        medium = Medium(kind, content, content_type, int(self._clock.real()), until)
        self._known[media_id] = medium
        return media_id, medium

    def get(self, media_id: str | None) -> Medium:
        """40007 for what is unknown or older than three days."""
        medium = self._known.get(media_id or "")
        if medium is None or self._clock.now() >= medium.until:
            raise ApiError(40007)
        return medium

    def has(self, media_id: str) -> bool:
        medium = self._known.get(media_id)
        return medium is not None and self._clock.now() < medium.until


class QrCodes:
    """Tickets of scene QR codes."""

    TEMPORARY_SECONDS = 2_592_000
    PERMANENT = 100_000

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._scenes: dict[str, tuple[str, float]] = {}  # ticket -> scene, until
        self._permanent = 0

    def create(self, call: Mapping[str, object]) -> dict[str, object]:
        action = call.get("action_name")
        lasting = action in ("QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")
        scene = self._scene(call, str(action), lasting=lasting)
        seconds = call.get("expire_seconds", 60)
        if not isinstance(seconds, int) or not 1 <= seconds <= self.TEMPORARY_SECONDS:
            raise ApiError(40053)
        if lasting:
            self._permanent += 1
            if self._permanent > self.PERMANENT:
                raise ApiError(45029, "qrcode count out of limit")
        ticket = "gQ" + self._rng.randbytes(48).hex().upper() + "=="
        until = float("inf") if lasting else self._clock.now() + seconds
        self._scenes[ticket] = (scene, until)
        answer: dict[str, object] = {"ticket": ticket, "url": self.url(ticket)}
        return answer if lasting else answer | {"expire_seconds": seconds}

    def url(self, ticket: str) -> str:
        """What the picture says."""
        return f"http://weixin.qq.com/q/{ticket[2:26]}"

    def scene(self, ticket: str) -> str | None:
        """The scene that a ticket, or the address in its picture, stands for."""
        for known, (scene, until) in self._scenes.items():
            if ticket in (known, self.url(known)):
                return scene if self._clock.now() < until else None
        return None

    def picture(self, ticket: str) -> bytes | None:
        """PNG with a quiet zone; None for an unknown ticket."""
        if ticket not in self._scenes:
            return None
        out = io.BytesIO()
        segno.make(self.url(ticket), error="m").save(out, kind="png", scale=10, border=4)
        return out.getvalue()

    def _scene(self, call: Mapping[str, object], action: str, *, lasting: bool) -> str:
        info = call.get("action_info")
        inside = info.get("scene") if isinstance(info, Mapping) else None
        if not isinstance(inside, Mapping):
            raise ApiError(40053)
        if action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
            name = inside.get("scene_str")
            if not isinstance(name, str) or not 1 <= len(name) <= 64:
                raise ApiError(40053)
            return name
        number = inside.get("scene_id")
        if action not in ("QR_SCENE", "QR_LIMIT_SCENE") or not isinstance(number, int):
            raise ApiError(40053)
        if not 1 <= number <= (100_000 if lasting else 2**32 - 1):
            raise ApiError(40053)
        return str(number)
