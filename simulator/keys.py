"""What the simulator must know of the service: keys on both wires, and whose phones to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from simulator import texts

MODES = ("plain", "compatible", "safe", "off")
CHANNELS = ("wechat", "sms")

T = TypeVar("T")


class KeysError(ValueError):
    """What was handed over cannot be used; the message says why, without any secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatKeys:
    app_id: str = "wx5e1f00d0c0ffee11"
    app_secret: str = field(default="5e1f00d0c0ffee115e1f00d0c0ffee11", repr=False)
    token: str = field(default="simulator", repr=False)
    encoding_aes_key: str = field(default="simulatorsimulatorsimulatorsimulatorsimulaU", repr=False)
    mode: str = "safe"
    original_id: str = "gh_51e0f00dcafe"  # whom the pushes are addressed to


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsKeys:
    gateway: str = "aliyun"
    access_key_id: str = "simulatorKeyId"
    access_key_secret: str = field(default="simulatorKeySecret", repr=False)
    sign_name: str = "明白账"
    callback_secret: str = field(default="simulatorCallback", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone that the page shows. `scene` is what its village's QR code says."""

    who: str
    channel: str
    name: str
    caption: str = ""
    tries: tuple[str, ...] = ()
    village: str | None = None
    scene: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    wechat: WeChatKeys = WeChatKeys()
    sms: SmsKeys = SmsKeys()
    phones: tuple[Phone, ...] = tuple(Phone(**phone) for phone in texts.SAMPLE_PHONES)
    demo: bool = False

    def __post_init__(self) -> None:
        if self.wechat.mode not in MODES:
            raise KeysError(f"wechat.mode is {self.wechat.mode!r}; expected one of {MODES}")
        if self.wechat.mode in ("compatible", "safe") and len(self.wechat.encoding_aes_key) != 43:
            raise KeysError("wechat.encoding_aes_key must have 43 characters")
        # sms.md 3: a real secret must never be pasted in here; real ids begin like this.
        if self.sms.access_key_id.startswith("LTAI"):
            raise KeysError(
                "sms.access_key_id is a real Aliyun key; the simulator takes test keys only"
            )
        for phone in self.phones:
            if phone.channel not in CHANNELS:
                raise KeysError(
                    f"a phone's channel is {phone.channel!r}; expected one of {CHANNELS}"
                )


def keys_from_json(given: object) -> Keys:
    """Keys as `python -m simulator` reads them from its input; what is left out has its default."""
    if not isinstance(given, Mapping):
        raise KeysError("expected one JSON object")
    parts = dict(given)
    phones = parts.pop("phones", None)
    demo = parts.pop("demo", False)
    wechat = _section(WeChatKeys, "wechat", parts.pop("wechat", None))
    sms = _section(SmsKeys, "sms", parts.pop("sms", None))
    if parts:
        raise KeysError(f"unknown: {', '.join(sorted(map(str, parts)))}")
    if not isinstance(demo, bool):
        raise KeysError("demo must be true or false")
    if not phones:
        return Keys(wechat=wechat, sms=sms, demo=demo)
    if not isinstance(phones, list):
        raise KeysError("phones must be a list")
    listed = tuple(_section(Phone, f"phones[{n}]", phone) for n, phone in enumerate(phones))
    return Keys(wechat=wechat, sms=sms, phones=listed, demo=demo)


def _section(kind: type[T], name: str, given: object) -> T:
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise KeysError(f"{name} must be an object")
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # every kind here is a dataclass
    values: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if unknown := sorted(values.keys() - known):
        raise KeysError(f"{name}: unknown {', '.join(map(str, unknown))}")
    if "tries" in values:
        values["tries"] = tuple(map(str, values["tries"]))
    for key, value in values.items():
        if not isinstance(value, str | tuple):
            raise KeysError(f"{name}.{key} must be text")
    try:
        return kind(**values)
    except TypeError:
        raise KeysError(f"{name} needs who, channel and name") from None
