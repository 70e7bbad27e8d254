"""Thousands of spoilt pushes: each ends in one of the three results, and soon."""

import random
import time
from collections import Counter
from collections.abc import Callable

from bot.wechat.envelope import Admitted, Envelope, Ignored, Opened, Refused
from bot.wechat.fields import MalformedMessage
from bot.wechat.messages import PlatformMessage, message_key, parse_message
from bot.wechat.render import text_reply
from notifications.settings import WeChatMode, WeChatSettings
from tests.bot.wechat.platform import NOW, Platform, event_xml, sign, text_xml

PLATFORM = Platform()
ROUNDS = 3000
# One push may cost this much on a busy machine; the usual one costs 0.1 ms.
MAX_SECONDS = 0.5

SEEDS = [
    text_xml(),
    text_xml("<Encrypt>]]]]><![CDATA[></Encrypt>"),
    text_xml("长" * 5000),
    event_xml("subscribe", "<EventKey>qrscene_v_990101001001</EventKey><Ticket>T</Ticket>"),
    event_xml(
        "subscribe_msg_popup_event",
        "<SubscribeMsgPopupEvent>"
        + "<List><TemplateId>t</TemplateId></List>" * 5
        + "</SubscribeMsgPopupEvent>",
    ),
]
SNIPPETS = [
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<![CDATA[",
    b"]]>",
    b"<Encrypt>",
    b"</Encrypt>",
    b"<a>" * 2000,
    b"&amp;" * 500,
    b"\x00",
    b"\xff\xfe",
    "\u202e账".encode(),
    b"<!--",
    b"<?x ?>",
    b"=" * 40,
    b" " * 20000,
    b"<xml>",
    b"",
]


def mutate(dice: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        start, end = sorted(dice.randrange(len(spoilt) + 1) for _ in range(2))
        choice = dice.randrange(6)
        if choice == 0 and spoilt:
            spoilt[min(start, len(spoilt) - 1)] ^= 1 << dice.randrange(8)
        elif choice == 1:
            del spoilt[start : min(end, start + 64)]
        elif choice == 2:
            spoilt[start:start] = dice.choice(SNIPPETS)
        elif choice == 3:
            spoilt[start:start] = spoilt[start:end][:512] * dice.randint(1, 8)
        elif choice == 4:
            del spoilt[start:]
        else:
            spoilt[start:end] = dice.randbytes(min(end - start, 200))
    return bytes(spoilt)


def spoil_body(dice: random.Random) -> tuple[dict[str, str], bytes]:
    query, body = PLATFORM.push(dice.choice(SEEDS))
    return query, mutate(dice, body)


def spoil_signed_encrypt(dice: random.Random) -> tuple[dict[str, str], bytes]:
    sealed = mutate(dice, PLATFORM.encrypt(PLATFORM.frame(dice.choice(SEEDS))).encode())
    return PLATFORM.wrap(sealed.decode("ascii", "ignore"))


def spoil_frame(dice: random.Random) -> tuple[dict[str, str], bytes]:
    frame = mutate(dice, PLATFORM.frame(dice.choice(SEEDS)))
    return PLATFORM.wrap(PLATFORM.encrypt(frame + b"\x01" * (-len(frame) % 16)))


def spoil_message(dice: random.Random) -> tuple[dict[str, str], bytes]:
    return PLATFORM.push(mutate(dice, dice.choice(SEEDS)))


def spoil_query(dice: random.Random) -> tuple[dict[str, str], bytes]:
    query, body = PLATFORM.push(dice.choice(SEEDS))
    name = dice.choice([*query])
    query[name] = mutate(dice, query[name].encode()).decode("utf-8", "surrogateescape")
    if dice.random() < 0.5:  # validly signed, whatever it says
        query["signature"] = sign_lenient(query["timestamp"], query["nonce"])
    return query, body


def sign_lenient(timestamp: str, nonce: str) -> str:
    timestamp, nonce = (
        part.encode("utf-8", "replace").decode("utf-8") for part in (timestamp, nonce)
    )
    return sign(PLATFORM.token, timestamp, nonce)


def make_envelope(mode: WeChatMode) -> Envelope:
    settings = WeChatSettings(
        app_id=PLATFORM.app_id,
        token=PLATFORM.token,
        encoding_aes_key=PLATFORM.encoding_aes_key,
        previous_encoding_aes_key="ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkj",
        mode=mode,
    )
    return Envelope(settings, clock=lambda: NOW)


def receive(envelope: Envelope, query: dict[str, str], body: bytes) -> str:
    """The way of a push through the edge, named by where it ended."""
    admitted = envelope.admit(query)
    result = envelope.open(admitted, body) if isinstance(admitted, Admitted) else admitted
    if isinstance(result, Refused | Ignored):
        return type(result).__name__
    assert isinstance(result, Opened)
    try:
        message = parse_message(result.xml)
    except MalformedMessage:
        return "MalformedMessage"
    assert isinstance(message, PlatformMessage)
    assert len(message_key(message)) == 16
    reply = text_reply(to=message.openid, sender=message.to, at=NOW, text=message.content + "好")
    assert envelope.seal(result, reply)
    return "answered"


def run(spoil: Callable[[random.Random], tuple[dict[str, str], bytes]], seed: int) -> Counter[str]:
    dice = random.Random(seed)  # noqa: S311
    envelopes = [make_envelope(mode) for mode in WeChatMode if mode is not WeChatMode.OFF]
    ends: Counter[str] = Counter()
    for _ in range(ROUNDS):
        query, body = spoil(dice)
        began = time.perf_counter()
        ends[receive(dice.choice(envelopes), query, body)] += 1
        assert time.perf_counter() - began < MAX_SECONDS
    return ends


def test_spoilt_bodies() -> None:
    ends = run(spoil_body, 1)

    assert ends["Refused"] > ROUNDS / 3


def test_spoilt_but_signed_ciphertexts() -> None:
    ends = run(spoil_signed_encrypt, 2)

    assert ends["Ignored"] > ROUNDS / 3


def test_spoilt_frames() -> None:
    ends = run(spoil_frame, 3)

    assert ends["Ignored"] > ROUNDS / 3


def test_spoilt_messages() -> None:
    ends = run(spoil_message, 4)

    assert ends["MalformedMessage"] > ROUNDS / 3
    assert ends["answered"] > 0


def test_spoilt_queries() -> None:
    ends = run(spoil_query, 5)

    assert ends["Refused"] > ROUNDS / 3
    assert ends["Ignored"] > 0
