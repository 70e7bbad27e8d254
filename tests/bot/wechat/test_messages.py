"""Every kind of message and event that the platform sends, and what is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.fields import MAX_DEPTH, MAX_ELEMENTS, MAX_XML_BYTES, MalformedMessage
from bot.wechat.messages import (
    EVENTS,
    FinishedJob,
    Kind,
    Link,
    Location,
    Media,
    PlatformMessage,
    SubscriptionNotice,
    body_digest,
    message_key,
    parse_message,
)
from tests.bot.wechat.platform import ACCOUNT, NOW, OPENID, event_xml, message_xml, text_xml


def read_event(event: str, inner: str = "") -> PlatformMessage:
    return parse_message(event_xml(event, inner))


def test_a_text_message() -> None:
    message = parse_message(text_xml(" 上个月\n花了多少钱 "))

    assert message.kind is Kind.TEXT
    assert message.content == " 上个月\n花了多少钱 "
    assert (message.to, message.openid, message.created_at) == (ACCOUNT, OPENID, NOW)
    assert message.msg_id == "24000000000000001"
    assert message.event == message.event_key == message.scene == message.menu_item == ""
    assert [message.media, message.location, message.link, message.job] == [None] * 4


def test_a_tapped_menu_line_tells_its_id() -> None:
    inner = "<Content>看账</Content><bizmsgmenuid>101</bizmsgmenuid>"

    message = parse_message(message_xml(inner=inner))

    assert (message.content, message.menu_item) == ("看账", "101")


@pytest.mark.parametrize(
    ("kind", "inner", "media"),
    [
        (
            "image",
            "<PicUrl><![CDATA[http://mmbiz/1]]></PicUrl><MediaId>m1</MediaId>",
            Media("m1", picture_url="http://mmbiz/1"),
        ),
        ("voice", "<MediaId>m2</MediaId><Format>amr</Format>", Media("m2", format="amr")),
        ("video", "<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>", Media("m3", "t3")),
        ("shortvideo", "<MediaId>m4</MediaId><ThumbMediaId>t4</ThumbMediaId>", Media("m4", "t4")),
    ],
)
def test_pictures_voices_and_films(kind: str, inner: str, media: Media) -> None:
    message = parse_message(message_xml(kind, inner=inner))

    assert message.kind == kind
    assert message.media == media


def test_nothing_is_taken_from_a_voices_recognition() -> None:
    inner = "<MediaId>m2</MediaId><Recognition>上个月花了多少钱</Recognition>"

    message = parse_message(message_xml("voice", inner=inner))

    assert message.content == ""
    assert "Recognition" not in message.fields


def test_a_chosen_place() -> None:
    inner = (
        "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y>"
        "<Scale>20</Scale><Label><![CDATA[村委会]]></Label>"
    )

    message = parse_message(message_xml("location", inner=inner))

    assert message.location == Location(23.134521, 113.358803, "村委会")


@pytest.mark.parametrize("latitude", ["", "north", "nan", "inf", "91", "1e999"])
def test_a_place_that_is_nowhere_is_none(latitude: str) -> None:
    inner = f"<Location_X>{latitude}</Location_X><Location_Y>1</Location_Y>"

    assert parse_message(message_xml("location", inner=inner)).location is None


@pytest.mark.parametrize(
    ("kind", "inner", "link"),
    [
        (
            "link",
            "<Title>公告</Title><Description>内容</Description><Url>https://a.example</Url>",
            Link("公告", "内容", "https://a.example"),
        ),
        (
            "miniprogrampage",
            "<Title>页面</Title><AppId>wx1</AppId><PagePath>pages/1</PagePath>",
            Link("页面", url="pages/1"),
        ),
        ("file", "<Title>账.xlsx</Title><FileKey>k</FileKey>", Link("账.xlsx")),
    ],
)
def test_what_people_share(kind: str, inner: str, link: Link) -> None:
    message = parse_message(message_xml(kind, inner=inner))

    assert message.kind == kind
    assert message.link == link


def test_following_by_a_villages_code() -> None:
    inner = "<EventKey><![CDATA[qrscene_v_990101001001]]></EventKey><Ticket>T</Ticket>"

    message = read_event("subscribe", inner)

    assert (message.kind, message.event) == (Kind.EVENT, "subscribe")
    assert (message.scene, message.ticket) == ("v_990101001001", "T")


def test_scanning_a_villages_code_as_a_follower() -> None:
    inner = "<EventKey><![CDATA[v_990101001001]]></EventKey><Ticket>T</Ticket>"

    assert read_event("SCAN", inner).scene == "v_990101001001"


def test_following_without_a_code() -> None:
    for inner in ("", "<EventKey></EventKey>", "<EventKey>last_trade_no_1</EventKey>"):
        assert read_event("subscribe", inner).scene == ""


def test_a_menu_key() -> None:
    message = read_event("CLICK", "<EventKey>accounts</EventKey>")

    assert (message.event, message.event_key, message.scene) == ("click", "accounts", "")


def test_where_a_person_is_and_where_one_was_chosen() -> None:
    reported = "<Latitude>23.1</Latitude><Longitude>113.2</Longitude><Precision>65</Precision>"
    chosen = (
        "<EventKey>k</EventKey><SendLocationInfo><Location_X>23.1</Location_X>"
        "<Location_Y>113.2</Location_Y><Label>田头</Label></SendLocationInfo>"
    )

    assert read_event("LOCATION", reported).location == Location(23.1, 113.2)
    assert read_event("location_select", chosen).location == Location(23.1, 113.2, "田头")


def test_what_was_scanned_stands_among_the_fields() -> None:
    inner = (
        "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType>"
        "<ScanResult>1</ScanResult></ScanCodeInfo>"
    )

    fields = read_event("scancode_push", inner).fields

    assert fields["ScanCodeInfo/ScanResult"] == "1"


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("success", "success"),
        ("failed:user block", "failed:user block"),
        ("failed: user block", "failed:user block"),
        ("failed: system failed", "failed:system failed"),
        ("Failed :  System  Failed", "failed:system failed"),
    ],
)
def test_the_fate_of_a_template_message(written: str, normalised: str) -> None:
    inner = f"<MsgID>200163836</MsgID><Status><![CDATA[{written}]]></Status>"

    message = read_event("TEMPLATESENDJOBFINISH", inner)

    assert message.job == FinishedJob("200163836", normalised)


def test_the_fate_of_a_mass_message() -> None:
    inner = "<MsgID>1</MsgID><Status>err(20001)</Status><SentCount>3</SentCount>"

    message = read_event("MASSSENDJOBFINISH", inner)

    assert message.job == FinishedJob("1", "err(20001)")
    assert message.fields["SentCount"] == "3"


def test_choices_about_subscription_notices() -> None:
    inner = (
        "<SubscribeMsgPopupEvent>"
        "<List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString>"
        "<PopupScene>1</PopupScene></List>"
        "<List><TemplateId>t2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString>"
        "<PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>"
    )

    message = read_event("subscribe_msg_popup_event", inner)

    assert message.subscriptions == (
        SubscriptionNotice("t1", choice="accept", popup_scene="1"),
        SubscriptionNotice("t2", choice="reject", popup_scene="2"),
    )


def test_a_single_refusal_and_a_receipt_of_subscription_notices() -> None:
    refused = (
        "<SubscribeMsgChangeEvent><List><TemplateId>t1</TemplateId>"
        "<SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent>"
    )
    sent = (
        "<SubscribeMsgSentEvent><List><TemplateId>t1</TemplateId><MsgID>9</MsgID>"
        "<ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>"
    )

    change = read_event("subscribe_msg_change_event", refused)
    receipt = read_event("subscribe_msg_sent_event", sent)

    assert change.subscriptions == (SubscriptionNotice("t1", choice="reject"),)
    assert receipt.subscriptions == (
        SubscriptionNotice("t1", message_id="9", error_code="0", error_status="success"),
    )


def test_a_withdrawal_names_whom_it_concerns() -> None:
    inner = "<OpenID>o1</OpenID><AppID>wx1</AppID><RevokeInfo>1</RevokeInfo>"

    fields = read_event("user_authorization_revoke", inner).fields

    assert (fields["OpenID"], fields["RevokeInfo"]) == ("o1", "1")


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_of_the_reference_is_known_in_any_case(event: str) -> None:
    for written in (event, event.upper()):
        message = read_event(written)
        assert (message.kind, message.event) == (Kind.EVENT, event)


def test_new_types_and_events_are_unknown_but_readable() -> None:
    new_type = parse_message(message_xml("hologram", inner="<Depth>3</Depth>"))
    new_event = read_event("MOON_LANDING", "<EventKey>k</EventKey>")

    assert (new_type.kind, new_type.event) == (Kind.UNKNOWN, "")
    assert (new_event.kind, new_event.event) == (Kind.UNKNOWN, "moon_landing")


def test_an_event_with_an_odd_name_leaves_none() -> None:
    assert read_event("a b\n").event == ""


def wrapped(inner: str) -> bytes:
    return f"<xml>{inner}</xml>".encode()


COMMON = (
    f"<ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENID}</FromUserName>"
    f"<CreateTime>{NOW}</CreateTime>"
)
TEXT = "<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"success",
        b'{"MsgType":"text"}',
        b"<xml/>",
        b"<html></html>",
        b"<xml><MsgType>text</MsgType>",
        wrapped(COMMON),
        wrapped(COMMON + "<MsgType></MsgType>"),
        wrapped(COMMON + "<MsgType><a>text</a></MsgType>"),
        wrapped(COMMON + "<MsgType>text</MsgType>" + TEXT),
        wrapped(COMMON + f"<FromUserName>{OPENID}</FromUserName>" + TEXT),
        wrapped(COMMON.replace(str(NOW), "yesterday") + TEXT),
        wrapped(COMMON.replace(str(NOW), "-1") + TEXT),
        wrapped(COMMON.replace(str(NOW), "1" * 400) + TEXT),
        wrapped(COMMON.replace(OPENID, "") + TEXT),
        wrapped(COMMON.replace(OPENID, "o" * 65) + TEXT),
        wrapped(COMMON.replace(OPENID, "a b") + TEXT),
        wrapped(COMMON + TEXT).replace(b"x", b"\xff\xfe"),
        wrapped(COMMON + TEXT).decode().encode("utf-16"),
        wrapped(COMMON + "<MsgType>text</MsgType><Content>\x08</Content>"),
        wrapped(COMMON + "<MsgType>text</MsgType><Content>&unknown;</Content>"),
        b"<!DOCTYPE xml>" + wrapped(COMMON + TEXT),
        b'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a []>' + wrapped(COMMON + TEXT),
        wrapped("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH + COMMON + TEXT),
        wrapped("<a/>" * MAX_ELEMENTS + COMMON + TEXT),
        wrapped(COMMON + TEXT.replace("x", "x" * MAX_XML_BYTES)),
    ],
)
def test_what_is_no_message_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_message(body)


def test_entities_never_expand() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE xml [<!ENTITY e0 "boom">{layers}]>' + "<xml><Content>&e9;</Content></xml>"

    with pytest.raises(MalformedMessage, match="DOCTYPE"):
        parse_message(bomb.encode())


def test_a_person_may_write_about_doctypes() -> None:
    assert parse_message(text_xml("<!DOCTYPE html>")).content == "<!DOCTYPE html>"


def test_split_cdata_and_references_read_as_one_text() -> None:
    inner = "<Content><![CDATA[a]]]]><![CDATA[>b]]>&amp;&#20013;</Content>"

    assert parse_message(message_xml(inner=inner)).content == "a]]>b&中"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=300))
def test_any_text_arrives_as_written(text: str) -> None:
    safe = text.replace("]]>", "]]]]><![CDATA[>")

    assert parse_message(text_xml(safe)).content == text


def test_a_repeat_has_the_same_key_and_digest() -> None:
    first = parse_message(text_xml())
    spaced = parse_message(re.sub(rb"(</\w+>)<", rb"\1\n<", text_xml()))

    assert message_key(first) == message_key(spaced)
    assert body_digest(first) == body_digest(spaced)
    assert len(message_key(first)) == 16


def test_another_body_under_the_same_key_has_another_digest() -> None:
    one, other = parse_message(text_xml("5元")), parse_message(text_xml("50元"))

    assert message_key(one) == message_key(other)
    assert body_digest(one) != body_digest(other)


def test_two_people_with_one_msg_id_are_two_messages() -> None:
    one = parse_message(text_xml())
    other = parse_message(text_xml().replace(OPENID.encode(), b"oOther"))

    assert message_key(one) != message_key(other)


def keys_of(*bodies: bytes) -> set[bytes]:
    return {message_key(parse_message(body)) for body in bodies}


def test_different_events_of_one_second_have_different_keys() -> None:
    accept = (
        "<SubscribeMsgPopupEvent><List><TemplateId>{}</TemplateId></List></SubscribeMsgPopupEvent>"
    )
    bodies = [
        event_xml("CLICK", "<EventKey>accounts</EventKey>"),
        event_xml("CLICK", "<EventKey>help</EventKey>"),
        event_xml("VIEW", "<EventKey>accounts</EventKey>"),
        event_xml("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>success</Status>"),
        event_xml("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>success</Status>"),
        event_xml("LOCATION", "<Latitude>1</Latitude><Longitude>1</Longitude>"),
        event_xml("LOCATION", "<Latitude>1</Latitude><Longitude>2</Longitude>"),
        event_xml("subscribe_msg_popup_event", accept.format("t1")),
        event_xml("subscribe_msg_popup_event", accept.format("t2")),
        event_xml("subscribe"),
        event_xml("unsubscribe"),
    ]

    assert len(keys_of(*bodies)) == len(bodies)


def test_one_event_twice_has_one_key() -> None:
    body = event_xml("unsubscribe")

    assert len(keys_of(body, body)) == 1


def test_messages_without_msg_id_are_told_apart_by_what_they_say() -> None:
    one, other = (message_xml(inner=f"<Content>{text}</Content>", msg_id="") for text in "12")

    assert len(keys_of(one, other, one)) == 2


def test_a_key_cannot_be_imitated_by_moving_a_boundary() -> None:
    one = parse_message(event_xml("CLICK", "<EventKey>ab</EventKey>"))
    other = parse_message(
        event_xml("CLICK", "<EventKey>b</EventKey>").replace(
            OPENID.encode(), OPENID.encode() + b"a"
        )
    )

    assert message_key(one) != message_key(other)


def test_what_was_said_and_who_said_it_stay_out_of_the_representation() -> None:
    shown = repr(parse_message(text_xml("秘密的话")))

    assert OPENID not in shown
    assert "秘密" not in shown
