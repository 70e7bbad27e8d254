"""Replies that the platform can always read, and that say nothing but what they were given."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.wechat.render import (
    MAX_TEXT_BYTES,
    MAX_TEXT_CHARS,
    Article,
    fitting_text,
    image_reply,
    news_reply,
    safe_text,
    text_reply,
    transfer_reply,
)
from tests.bot.wechat.platform import ACCOUNT, NOW, OPENID

ANY_TEXT = st.text(st.characters(), max_size=800) | st.text("]>[<![CDATA&;\x00\r\n中", max_size=200)


def read(reply: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(reply)  # noqa: S314 - our own


def make_text(text: str, *, tail: str = "") -> bytes:
    return text_reply(to=OPENID, sender=ACCOUNT, at=NOW, text=text, tail=tail)


def test_a_text_goes_back_to_who_asked() -> None:
    reply = read(make_text("听竹村10月支出38,420.50元"))

    assert {child.tag: child.text for child in reply} == {
        "ToUserName": OPENID,
        "FromUserName": ACCOUNT,
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "听竹村10月支出38,420.50元",
    }


@given(ANY_TEXT)
@example("]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA[")
@example("]]>" * 300)
@example("a\r\nb\rc")
def test_whatever_goes_in_comes_out_as_the_safe_text(text: str) -> None:
    fitting = fitting_text(text)
    if not fitting.strip():
        with pytest.raises(ValueError, match="empty"):
            make_text(text)
        return

    reply = read(make_text(text))

    assert [child.tag for child in reply] == [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Content",
    ]
    assert reply.findtext("Content") == fitting


@given(ANY_TEXT)
def test_the_safe_text_lacks_only_what_xml_cannot_hold(text: str) -> None:
    lost = set(text) - set(safe_text(text))

    assert all(re.fullmatch("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", char) for char in lost)
    assert lost.isdisjoint("\t\n")


@given(st.text(st.characters(codec="utf-8"), max_size=1500), st.sampled_from(["", "…", "看全文"]))
def test_a_text_fits_the_platforms_limits(text: str, tail: str) -> None:
    fitting = fitting_text(text, tail=tail)

    assert len(fitting) <= MAX_TEXT_CHARS
    assert len(fitting.encode()) <= MAX_TEXT_BYTES
    assert fitting == safe_text(text) or fitting.endswith(tail)


def test_a_long_text_ends_at_a_sentence_and_says_how_to_go_on() -> None:
    text = "修村道补坑花了9,800元。" * 60

    fitting = fitting_text(text, tail="\n回复“下一页”看其余。")

    assert fitting.endswith("元。\n回复“下一页”看其余。")
    assert len(fitting) > MAX_TEXT_CHARS - 50


def test_emoji_are_bounded_by_bytes() -> None:
    fitting = fitting_text("🌾" * 600)

    assert len(fitting.encode()) == MAX_TEXT_BYTES


def test_a_picture() -> None:
    reply = read(image_reply(to=OPENID, sender=ACCOUNT, at=NOW, media_id="m1"))

    assert reply.findtext("MsgType") == "image"
    assert reply.findtext("Image/MediaId") == "m1"


def test_cards() -> None:
    articles = [
        Article("听竹村10月账", "https://a.example/?a=1&b=2", "支出" * 100),
        Article("]]>", "u"),
    ]

    reply = read(news_reply(to=OPENID, sender=ACCOUNT, at=NOW, articles=articles))

    items = reply.findall("Articles/item")
    assert reply.findtext("ArticleCount") == "2"
    assert items[0].findtext("Url") == "https://a.example/?a=1&b=2"
    assert len(items[0].findtext("Description") or "") == 120
    assert items[1].findtext("Title") == "]]>"


@pytest.mark.parametrize("count", [0, 9])
def test_no_cards_or_too_many_are_a_mistake(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 8"):
        news_reply(to=OPENID, sender=ACCOUNT, at=NOW, articles=[Article("t", "u")] * count)


def test_a_conversation_is_handed_over() -> None:
    plain = read(transfer_reply(to=OPENID, sender=ACCOUNT, at=NOW))
    named = read(transfer_reply(to=OPENID, sender=ACCOUNT, at=NOW, account="kf@village"))

    assert plain.findtext("MsgType") == "transfer_customer_service"
    assert plain.find("TransInfo") is None
    assert named.findtext("TransInfo/KfAccount") == "kf@village"
