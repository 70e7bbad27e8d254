"""How somebody wants to be told of news, and what is no such thing."""

import pytest

from tests.understanding.test_labelled_messages import TODAY, understanding, villages
from understanding import NO_MANNER, Context, Intent, Manner

OWN = next(village for village in villages() if village.name == "听竹村")
CONTEXT = Context(bound_village=OWN)


@pytest.mark.parametrize(
    ("text", "rhythm", "channel"),
    [
        ("每周发一次", "weekly", ""),
        ("一个星期说一次就行", "weekly", ""),
        ("改成一周一次嘛", "weekly", ""),
        ("每周一发给我", "weekly", ""),
        ("马上发", "at_once", ""),
        ("还是有了就告诉我", "at_once", ""),
        ("用短信发", "", "sms"),
        ("改成用微信通知我", "", "wechat"),
        ("每周发一次,用短信", "weekly", "sms"),
        ("恢复", "", ""),
    ],
)
def test_a_manner_alone(text: str, rhythm: str, channel: str) -> None:
    meant = understanding().read(text, today=TODAY, context=CONTEXT)

    assert meant.intent is Intent.SUBSCRIBE
    assert meant.manner == Manner(rhythm, channel, alone=True)


@pytest.mark.parametrize(
    ("text", "topic", "village", "manner"),
    [
        ("订阅低保每周一次用短信", "AID.DIBAO", None, Manner("weekly", "sms")),
        ("低保每周说一次", "AID.DIBAO", None, Manner("weekly")),
        ("关注上泉村的账", "FIN", "上泉村", NO_MANNER),
        ("上泉村的账每周发一次", "FIN", "上泉村", Manner("weekly")),
        ("以后修路的事跟我说一声", "PROJ.ROAD", None, NO_MANNER),
    ],
)
def test_a_wish_with_all_that_it_names(
    text: str, topic: str, village: str | None, manner: Manner
) -> None:
    meant = understanding().read(text, today=TODAY, context=CONTEXT)
    named = meant.slots.village

    assert meant.intent is Intent.SUBSCRIBE
    assert (meant.slots.topic, named.name if named else None) == (topic, village)
    assert meant.manner == manner
    assert "manner" not in meant.as_json()


@pytest.mark.parametrize("text", ["我订了哪些", "我的订阅", "看看我的订阅", "我都关注了些啥子"])
def test_what_one_follows_is_asked_for(text: str) -> None:
    meant = understanding().read(text, today=TODAY, context=CONTEXT)

    assert (meant.intent, meant.slots.ask) == (Intent.SUBSCRIBE, "list")


@pytest.mark.parametrize(
    "text", ["上一周的账公开没", "低保马上发吗", "上周花了多少钱", "恢复供水好久", "这周开会没"]
)
def test_questions_stay_questions(text: str) -> None:
    meant = understanding().read(text, today=TODAY, context=CONTEXT)

    assert meant.intent is not Intent.SUBSCRIBE
    assert meant.manner == NO_MANNER


def test_a_village_is_named_where_its_news_are_left() -> None:
    meant = understanding().read("取消关注上泉村", today=TODAY, context=CONTEXT)

    assert meant.intent is Intent.UNSUBSCRIBE
    assert meant.slots.village is not None
    assert meant.slots.village.name == "上泉村"
