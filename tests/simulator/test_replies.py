"""What the platform makes of an answer (wechat.md 1.6, 5.2)."""

import pytest

from simulator.wechat.envelope import Envelope, sign
from simulator.wechat.replies import Asked, Faulty, Judge

KEY = "simulatorsimulatorsimulatorsimulatorsimulaU"
APP_ID = "wx5e1f00d0c0ffee11"
TOKEN = "simulator"
ASKED = Asked("oPerson", "gh_account", "text")
EVENT = Asked("oPerson", "gh_account", "event")
HEAD = (
    "<ToUserName>oPerson</ToUserName><FromUserName>gh_account</FromUserName>"
    "<CreateTime>1790000000</CreateTime>"
)
TEXT = f"<xml>{HEAD}<MsgType>text</MsgType><Content>好</Content></xml>"


def judge(mode: str = "plain", *earlier: Envelope) -> Judge:
    envelopes = [Envelope(KEY, APP_ID), *earlier]
    return Judge(mode, TOKEN, envelopes, lambda media_id: media_id == "stored")


def inside(fields: str, head: str = HEAD) -> bytes:
    return f"<xml>{head}{fields}</xml>".encode()


def news(count: int, stated: int | None = None) -> bytes:
    item = (
        "<item><Title>10月账目</Title><Description>共31笔</Description><Url>http://a/</Url></item>"
    )
    stated = count if stated is None else stated
    return inside(
        f"<MsgType>news</MsgType><ArticleCount>{stated}</ArticleCount>"
        f"<Articles>{item * count}</Articles>"
    )


@pytest.mark.parametrize("body", [b"", b"success"])
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_nothing_and_success_are_silence_in_every_mode(mode: str, body: bytes) -> None:
    assert judge(mode).read(200, body, ASKED) is None


def test_a_text_is_shown_as_it_is() -> None:
    body = inside(
        "<MsgType>text</MsgType><Content><![CDATA[第一行\n<a href='x'>看</a>]]></Content>"
    )

    reply = judge().read(200, body, ASKED)

    assert reply is not None
    assert (reply.kind, reply.text) == ("text", "第一行\n<a href='x'>看</a>")


def test_2048_bytes_fit_and_one_more_does_not() -> None:
    fits = inside(f"<MsgType>text</MsgType><Content>{'账' * 682}ok</Content>")
    too_long = inside(f"<MsgType>text</MsgType><Content>{'账' * 682}oks</Content>")

    assert judge().read(200, fits, ASKED) is not None
    with pytest.raises(Faulty, match="2049 bytes"):
        judge().read(200, too_long, ASKED)


def test_one_article_to_a_message_and_eight_to_an_event() -> None:
    reply = judge().read(200, news(1), ASKED)

    assert reply is not None
    assert reply.text == "10月账目\n共31笔"
    assert judge().read(200, news(8), EVENT) is not None
    for body, asked in ((news(2), ASKED), (news(9), EVENT), (news(0), EVENT), (news(1, 2), ASKED)):
        with pytest.raises(Faulty):
            judge().read(200, body, asked)


@pytest.mark.parametrize("kind", ["Image", "Voice", "Video"])
def test_media_must_have_been_uploaded(kind: str) -> None:
    fields = "<MsgType>{0}</MsgType><{1}><MediaId>{2}</MediaId></{1}>"
    stored = inside(fields.format(kind.lower(), kind, "stored"))

    reply = judge().read(200, stored, ASKED)

    assert reply is not None
    assert reply.detail == {"media_id": "stored"}
    with pytest.raises(Faulty, match="MediaId"):
        judge().read(200, inside(fields.format(kind.lower(), kind, "gone")), ASKED)


def test_music_needs_its_thumb() -> None:
    fields = "<MsgType>music</MsgType><Music><Title>歌</Title>{}</Music>"
    thumb = "<ThumbMediaId>stored</ThumbMediaId>"

    assert judge().read(200, inside(fields.format(thumb)), ASKED) is not None
    with pytest.raises(Faulty, match="ThumbMediaId"):
        judge().read(200, inside(fields.format("")), ASKED)


def test_handing_over_to_a_person_shows_nothing() -> None:
    body = inside("<MsgType>transfer_customer_service</MsgType>")

    assert judge().read(200, body, ASKED) is None


FAULTY = {
    "status": (b"success", 500),
    "other words": (b"SUCCESS", 200),
    "blank": (b" ", 200),
    "JSON": (b'{"a":1}', 200),
    "cut off": (TEXT[:-3].encode(), 200),
    "another root": (TEXT.replace("xml>", "html>").encode(), 200),
    "document type": (b"<!DOCTYPE xml>" + TEXT.encode(), 200),
    "entity": (b'<!DOCTYPE xml [<!ENTITY a "b">]>' + TEXT.encode(), 200),
    "not swapped": (inside("", HEAD.replace("oPerson", "oSomebody")), 200),
    "no address": (b"<xml><MsgType>text</MsgType></xml>", 200),
    "time": (inside("<MsgType>text</MsgType>", HEAD.replace("1790000000", "now")), 200),
    "unknown kind": (inside("<MsgType>poem</MsgType>"), 200),
    "no kind": (inside(""), 200),
    "empty text": (inside("<MsgType>text</MsgType><Content> </Content>"), 200),
    "no text": (inside("<MsgType>text</MsgType>"), 200),
    "injected": (
        inside("<MsgType>text</MsgType><Content>a</Content><Content>b</Content>"),
        200,
    ),
    "control character": (inside("<MsgType>text</MsgType><Content>\x08</Content>"), 200),
    "its reference": (inside("<MsgType>text</MsgType><Content>&#8;</Content>"), 200),
    "open CDATA": (
        inside("<MsgType>text</MsgType><Content><![CDATA[x ]]> y]]></Content>"),
        200,
    ),
    "untitled": (
        inside(
            "<MsgType>news</MsgType><ArticleCount>1</ArticleCount>"
            "<Articles><item><Url>http://a/</Url></item></Articles>"
        ),
        200,
    ),
    "not UTF-8": (TEXT.encode("gb18030"), 200),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_the_platform_cannot_show_is_faulty(name: str) -> None:
    body, status = FAULTY[name]

    with pytest.raises(Faulty):
        judge().read(status, body, ASKED)


def sealed(text: str = TEXT, envelope: Envelope | None = None, **change: str) -> bytes:
    encrypt = (envelope or Envelope(KEY, APP_ID)).seal(text.encode(), b"0123456789abcdef")
    fields = {"Encrypt": encrypt, "TimeStamp": "1790000000", "Nonce": "12345"}
    fields["MsgSignature"] = sign(TOKEN, "1790000000", "12345", encrypt)
    fields |= change
    return ("<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</xml>").encode()


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_a_sealed_reply_is_opened(mode: str) -> None:
    reply = judge(mode).read(200, sealed(), ASKED)

    assert reply is not None
    assert reply.text == "好"


def test_a_plain_reply_is_taken_in_compatible_mode_and_refused_in_safe_mode() -> None:
    assert judge("compatible").read(200, TEXT.encode(), ASKED) is not None
    with pytest.raises(Faulty, match="safe mode"):
        judge("safe").read(200, TEXT.encode(), ASKED)
    with pytest.raises(Faulty, match="plain mode"):
        judge("plain").read(200, sealed(), ASKED)


def test_a_reply_under_the_key_before_is_still_opened() -> None:
    before = Envelope("b" * 42 + "A", APP_ID)

    assert judge("safe", before).read(200, sealed(envelope=before), ASKED) is not None
    with pytest.raises(Faulty, match="-400"):
        judge("safe").read(200, sealed(envelope=before), ASKED)


@pytest.mark.parametrize(
    "body",
    [
        sealed(MsgSignature="0" * 40),
        sealed(TimeStamp="now"),
        sealed(Nonce=""),
        sealed(envelope=Envelope(KEY, "wx0000000000000000")),
        sealed("no xml"),
        b"<xml><Encrypt></Encrypt></xml>",
    ],
)
def test_a_sealed_reply_that_does_not_hold_is_faulty(body: bytes) -> None:
    with pytest.raises(Faulty):
        judge("safe").read(200, body, ASKED)
