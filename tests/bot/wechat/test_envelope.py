"""Who may speak to us as the platform, and how we answer it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.wechat.envelope import (
    Admitted,
    Echo,
    Envelope,
    Ignored,
    Opened,
    Reason,
    Refused,
)
from notifications.settings import WeChatMode, WeChatSettings
from tests.bot.wechat.platform import NOW, Platform, sign, text_xml

PLATFORM = Platform()
OLD = Platform(
    token="tokenOfLastYear", encoding_aes_key="ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkj"
)
SETTINGS = WeChatSettings(
    app_id=PLATFORM.app_id,
    token=PLATFORM.token,
    encoding_aes_key=PLATFORM.encoding_aes_key,
)


def make_envelope(settings: WeChatSettings = SETTINGS, *, now: float = NOW) -> Envelope:
    return Envelope(settings, clock=lambda: now)


def receive(envelope: Envelope, query: dict[str, str], body: bytes) -> Opened | Refused | Ignored:
    admitted = envelope.admit(query)
    return envelope.open(admitted, body) if isinstance(admitted, Admitted) else admitted


# Made once by the openssl command line from wechat.md 1.2, for this EncodingAESKey:
#   K=$(printf '%s=' "$KEY" | openssl base64 -d -A | od -An -tx1 | tr -d ' \n')
#   plain: 'abcdefghijklmnop', 00 00 01 1f (287), the XML, the appid, 27 bytes of value 27
#   openssl enc -aes-256-cbc -nopad -K $K -iv ${K:0:32} -in plain | openssl base64 -A
#   printf '%s\n' TOKEN TIMESTAMP NONCE [ENCRYPT] | LC_ALL=C sort | tr -d '\n' | openssl sha1
VECTOR_SETTINGS = WeChatSettings(
    app_id="wx0123456789abcdef",
    token="vectorToken",
    encoding_aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
)
VECTOR_XML = (
    "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
    "<FromUserName><![CDATA[oVector0000000000000000001]]></FromUserName>"
    "<CreateTime>1763950000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[上个月花了多少钱]]></Content><MsgId>24000000000000001</MsgId></xml>"
).encode()
VECTOR_ENCRYPT = (
    "8Q6sFaw1Cb9qj7RuhNb60rTi7i6xfpSm/dm3EcN1r+kmFrXriNp3rhBAfgzCFGlD+vBvfyK5IdAUiWjHzyxsZFDNIk1o"
    "u4DlbMDmCgSm2Nzz8jS2HkcS8LqQAnIn3kMy/DA1kYD3XdxAwtb19FPUclK7/4Lsv7u5BabCWR4w5Swn/xC+Ij27xFcU"
    "oOAJ9en1BSi2I9yKMT5qfbf2HrFf3O86FXO+T4C2ECOLkvdnJHqu35SMn/4mgU0JbKrCDUL1JpRvRfG3VdoR9pl+BdmH"
    "CSSzW+Yg6has5JwEHs43SI6jIRS/E+xbd2Q7SZdmmN3nPlemQM4Um/60KEc4zSHhn+tJ3bW5P6OdEJTjx4bSzKS4xFVH"
    "TdDKZT3lJFAHEcvLAHidJKQ3jxrMseuLlfb2wRGXSgRzdjFlajEm8bocduUN3yqwF8/iXwcREHuC3Hfc3P/zkVij6r/p"
    "ES6fZPKwoA=="
)
VECTOR_QUERY = {
    "signature": "81a8950305d6b38ded73cd05bbfbabe03114d06d",
    "timestamp": "1763950005",
    "nonce": "887766",
    "encrypt_type": "aes",
    "msg_signature": "8ebd95b028af1548bda79f2922f8a503c6a458a5",
}


def test_a_push_made_by_openssl_is_opened() -> None:
    envelope = make_envelope(VECTOR_SETTINGS, now=1763950006)
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{VECTOR_ENCRYPT}</Encrypt></xml>".encode()

    opened = receive(envelope, VECTOR_QUERY, body)

    assert isinstance(opened, Opened)
    assert opened.xml == VECTOR_XML


def test_the_handshake_gives_the_echo_back() -> None:
    query = PLATFORM.query(echostr="1029384756")

    assert make_envelope().handshake(query) == Echo("1029384756")


def test_a_forged_handshake_is_refused() -> None:
    query = PLATFORM.query(echostr="1029384756")
    query["signature"] = query["signature"][::-1]

    assert make_envelope().handshake(query) == Refused(Reason.BAD_SIGNATURE)


def test_a_handshake_without_echo_or_too_late_is_ignored() -> None:
    envelope = make_envelope()

    assert envelope.handshake(PLATFORM.query()) == Ignored(Reason.NO_ECHO)
    assert envelope.handshake(PLATFORM.query(at=NOW - 301, echostr="1")) == Ignored(Reason.STALE)


@pytest.mark.parametrize("missing", ["signature", "timestamp", "nonce"])
def test_a_query_that_lacks_a_part_of_the_signature_is_refused(missing: str) -> None:
    query = PLATFORM.query()
    del query[missing]

    assert make_envelope().admit(query) == Refused(Reason.UNSIGNED)


@pytest.mark.parametrize("signature", ["", "0", "é" * 40, "\udc80", "A" * 5000])
def test_odd_signatures_are_refused(signature: str) -> None:
    query = PLATFORM.query() | {"signature": signature}

    assert isinstance(make_envelope().admit(query), Refused)


def test_a_signature_in_capitals_is_refused() -> None:
    query = PLATFORM.query()
    query["signature"] = query["signature"].upper()

    assert make_envelope().admit(query) == Refused(Reason.BAD_SIGNATURE)


@pytest.mark.parametrize(
    ("age", "opened"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_freshness_reaches_300_seconds_either_way(age: int, opened: bool) -> None:
    query, body = PLATFORM.push(text_xml(), at=NOW - age)

    result = receive(make_envelope(), query, body)

    assert isinstance(result, Opened) if opened else result == Ignored(Reason.STALE)


@pytest.mark.parametrize("timestamp", ["1_763_950_000", " 1763950000", "+1763950000", "9" * 5000])
def test_a_signed_time_that_is_none_is_stale(timestamp: str) -> None:
    query = {
        "signature": sign(PLATFORM.token, timestamp, "4711"),
        "timestamp": timestamp,
        "nonce": "4711",
    }

    admitted = make_envelope().admit(query)

    assert isinstance(admitted, Admitted)
    assert admitted.stale


def test_a_stale_push_with_a_wrong_msg_signature_is_refused_all_the_same() -> None:
    query, body = PLATFORM.push(text_xml(), at=NOW - 1000)
    query["msg_signature"] = query["msg_signature"][::-1]

    assert receive(make_envelope(), query, body) == Refused(Reason.BAD_MSG_SIGNATURE)


@pytest.mark.parametrize("mode", [WeChatMode.SAFE, WeChatMode.COMPATIBLE])
@pytest.mark.parametrize("encrypt_type", [None, "raw", "", "AES"])
def test_a_plain_body_is_refused_where_keys_are_agreed(
    mode: WeChatMode, encrypt_type: str | None
) -> None:
    query = PLATFORM.query()
    if encrypt_type is not None:
        query["encrypt_type"] = encrypt_type

    result = receive(make_envelope(replace(SETTINGS, mode=mode)), query, text_xml())

    assert result == Refused(Reason.NOT_ENCRYPTED)


def test_a_wrong_msg_signature_is_refused() -> None:
    query, body = PLATFORM.push(text_xml())

    for wrong in (query["msg_signature"][::-1], "", query["signature"]):
        result = receive(make_envelope(), query | {"msg_signature": wrong}, body)
        assert result == Refused(Reason.BAD_MSG_SIGNATURE)


@pytest.mark.parametrize(
    "body",
    [b"", b"<xml></xml>", b"<Encrypt>", b"</Encrypt><Encrypt>", b"{}", b"<xml><Encrypt/></xml>"],
)
def test_a_body_without_encrypt_is_refused(body: bytes) -> None:
    query = PLATFORM.query(encrypt_type="aes", msg_signature="0" * 40)

    assert receive(make_envelope(), query, body) == Refused(Reason.NO_ENCRYPT)


def test_in_compatible_mode_what_is_encrypted_counts() -> None:
    envelope = make_envelope(replace(SETTINGS, mode=WeChatMode.COMPATIBLE))
    beside = "<Content><![CDATA[伪造]]></Content>"

    opened = receive(envelope, *PLATFORM.push(text_xml("真的"), beside=beside))

    assert isinstance(opened, Opened)
    assert opened.xml == text_xml("真的")


def test_a_person_who_writes_an_encrypt_element_is_still_heard() -> None:
    envelope = make_envelope(replace(SETTINGS, mode=WeChatMode.COMPATIBLE))
    beside = "<Content><![CDATA[<Encrypt>AAAA</Encrypt>]]></Content>"

    assert isinstance(receive(envelope, *PLATFORM.push(text_xml(), beside=beside)), Opened)


def test_plain_mode_takes_the_body_and_leaves_the_reply_plain() -> None:
    envelope = make_envelope(WeChatSettings(token=PLATFORM.token, mode=WeChatMode.PLAIN))

    opened = receive(envelope, PLATFORM.query(), text_xml())

    assert isinstance(opened, Opened)
    assert opened.xml == text_xml()
    assert envelope.seal(opened, b"<xml/>") == b"<xml/>"


def test_plain_mode_ignores_what_is_stale_or_encrypted() -> None:
    envelope = make_envelope(WeChatSettings(token=PLATFORM.token, mode=WeChatMode.PLAIN))

    stale = receive(envelope, PLATFORM.query(at=NOW - 301), text_xml())
    encrypted = receive(envelope, *PLATFORM.push(text_xml()))

    assert stale == Ignored(Reason.STALE)
    assert encrypted == Ignored(Reason.ENCRYPTED_IN_PLAIN_MODE)


def framed(frame: bytes) -> tuple[dict[str, str], bytes]:
    return PLATFORM.wrap(PLATFORM.encrypt(frame))


@pytest.mark.parametrize(
    "frame",
    [
        b"\x10" * 16,
        PLATFORM.frame(b"<xml/>", padding=b"\x00" * 14 + b"\x20\x20"),
        b"x" * 31 + b"\x00",
        b"x" * 31 + b"\x21",
        b"x" * 30 + b"\x01\x02",
        PLATFORM.frame(b"<xml/>", length=2**32 - 1),
        PLATFORM.frame(b"<xml/>", length=60),
        b"\x20" * 32,
    ],
    ids=range(8),
)
def test_a_frame_that_does_not_add_up_is_ignored(frame: bytes) -> None:
    frame += b"\x00" * (-len(frame) % 16)

    assert receive(make_envelope(), *framed(frame)) == Ignored(Reason.UNDECRYPTABLE)


@pytest.mark.parametrize("length", [0, 5, 7])
def test_a_wrong_length_leaves_another_appid(length: int) -> None:
    frame = PLATFORM.frame(b"<xml/>", length=length)

    assert receive(make_envelope(), *framed(frame)) == Ignored(Reason.OTHER_APP)


@pytest.mark.parametrize("sealed", ["A", "====", "AAAA", "AA AA", "中文", "A" * 43, "-_-_" * 16])
def test_what_is_no_base64_of_whole_blocks_is_ignored(sealed: str) -> None:
    assert receive(make_envelope(), *PLATFORM.wrap(sealed)) == Ignored(Reason.UNDECRYPTABLE)


def test_another_accounts_message_is_ignored() -> None:
    stranger = replace(PLATFORM, app_id="wxffffffffffffffff")

    assert receive(make_envelope(), *stranger.push(text_xml())) == Ignored(Reason.OTHER_APP)


def test_another_key_opens_nothing() -> None:
    stranger = replace(PLATFORM, encoding_aes_key=OLD.encoding_aes_key)

    result = receive(make_envelope(), *stranger.push(text_xml()))

    assert isinstance(result, Ignored)


def test_the_previous_token_and_key_are_still_answered_with_what_opened() -> None:
    envelope = make_envelope(
        replace(
            SETTINGS,
            previous_token=OLD.token,
            previous_encoding_aes_key=OLD.encoding_aes_key,
        )
    )
    half = replace(PLATFORM, encoding_aes_key=OLD.encoding_aes_key)

    for sender in (PLATFORM, OLD, half):
        opened = receive(envelope, *sender.push(text_xml()))
        assert isinstance(opened, Opened)
        assert opened.xml == text_xml()
        assert sender.read(envelope.seal(opened, b"<xml>reply</xml>")) == b"<xml>reply</xml>"


def test_wechatpy_reads_our_replies_and_we_read_its_pushes() -> None:
    envelope, theirs = (
        make_envelope(),
        WeChatCrypto(PLATFORM.token, PLATFORM.encoding_aes_key, PLATFORM.app_id),
    )

    for length in range(70):
        xml = text_xml("账" * length)
        wrapped = theirs.encrypt_message(xml.decode(), "4711", str(NOW))
        query = PLATFORM.query(encrypt_type="aes")
        query["msg_signature"] = wrapped.split("<MsgSignature><![CDATA[")[1].split("]")[0]
        opened = receive(envelope, query, wrapped.encode())
        assert isinstance(opened, Opened)
        assert opened.xml == xml
        reply = envelope.seal(opened, xml).decode()
        parts = {name: reply.split(f"<{name}>")[1].split("<", 1)[0] for name in ("TimeStamp",)} | {
            name: reply.split(f"<{name}><![CDATA[")[1].split("]")[0]
            for name in ("MsgSignature", "Nonce")
        }
        read = theirs.decrypt_message(
            reply, parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"]
        )
        assert read.encode() == xml


def test_no_two_replies_are_sealed_alike() -> None:
    envelope = make_envelope()
    opened = receive(envelope, *PLATFORM.push(text_xml()))
    assert isinstance(opened, Opened)

    assert len({envelope.seal(opened, b"<xml/>") for _ in range(50)}) == 50


@given(st.binary(max_size=400))
def test_whatever_is_sealed_comes_back(message: bytes) -> None:
    envelope = make_envelope()

    opened = receive(envelope, *PLATFORM.push(message))

    assert isinstance(opened, Opened)
    assert opened.xml == message
    assert PLATFORM.read(envelope.seal(opened, message)) == message


@pytest.mark.parametrize(
    "settings",
    [
        replace(SETTINGS, token=""),
        replace(SETTINGS, app_id=""),
        replace(SETTINGS, encoding_aes_key=""),
        replace(SETTINGS, encoding_aes_key="tooshort"),
        replace(SETTINGS, encoding_aes_key="é" * 43),
        replace(SETTINGS, previous_encoding_aes_key="x" * 44),
    ],
)
def test_keys_that_verify_nothing_stop_the_start(settings: WeChatSettings) -> None:
    with pytest.raises(ValueError, match=r"needed|letters"):
        make_envelope(settings)


def test_nothing_secret_or_personal_is_shown() -> None:
    envelope = make_envelope()
    query, body = PLATFORM.push(text_xml("秘密的话"))
    admitted = envelope.admit(query)
    assert isinstance(admitted, Admitted)

    shown = repr(admitted) + repr(envelope.open(admitted, body))

    for secret in (PLATFORM.token, "秘密", query["msg_signature"], "<xml>"):
        assert secret not in shown
