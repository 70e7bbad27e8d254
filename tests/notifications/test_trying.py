"""What words would look like, tried before anything is stored."""

from notifications.catalogue import CATALOGUE
from notifications.terms import Route
from notifications.trying import try_words
from storage.templates import Template
from tests.notifications.world import usual_terms

TERMS = usual_terms(sign_name="明禾公开", price_fen=5)
NOTICE = Template("notice", "news", ("title", "text"), ("wechat", "sms"), True)
WECHAT = Route("wechat", "wechat", "w", (("thing1", "title"), ("thing2", "text")))
ALIYUN = Route("sms", "aliyun", "S", (("title", "title"), ("text", "text")))
PARAMS = {"title": "开会", "text": "明天上午九点开会"}


def test_a_text_is_counted_with_its_signature_and_priced() -> None:
    tried = try_words(NOTICE, "sms", "${title}:${text}。", PARAMS, ALIYUN, TERMS)

    assert tried.text == "开会:明天上午九点开会。"
    assert tried.chars == len("【明禾公开】") + 12
    assert (tried.segments, tried.price_fen) == (1, 5)


def test_the_worst_case_is_every_variable_at_its_longest() -> None:
    fixed = "请看" * 20

    tried = try_words(NOTICE, "sms", fixed + "${title}:${text}。", PARAMS, ALIYUN, TERMS)

    assert (tried.segments, tried.worst_segments, tried.worst_price_fen) == (1, 2, 10)


def test_a_value_that_no_provider_takes_is_named() -> None:
    tried = try_words(
        NOTICE, "sms", "${title}:${text}。", PARAMS | {"text": "看www.a.cn"}, None, TERMS
    )

    assert tried.refused == "text"


def test_a_template_message_shows_what_stands_in_each_field() -> None:
    long = "村委会定于明天上午九点在文化广场召开村民代表会议,请准时。"

    tried = try_words(NOTICE, "wechat", "${title}", PARAMS | {"text": long}, WECHAT, TERMS)

    assert tried.fields["thing1"] == "开会"
    assert len(tried.fields["thing2"]) <= 20
    assert tried.shortened


def test_without_a_binding_it_is_a_free_text() -> None:
    tried = try_words(NOTICE, "wechat", "${title}\n${text}", PARAMS, None, TERMS)

    assert (tried.text, tried.fields) == ("开会\n明天上午九点开会", {})


def test_a_number_of_a_person_never_shows() -> None:
    tried = try_words(
        NOTICE, "wechat", "${text}", {"title": "a", "text": "13800138000"}, None, TERMS
    )

    assert "13800138000" not in tried.text


def test_every_shipped_wording_can_be_tried() -> None:
    for item in CATALOGUE.values():
        names = tuple(parameter.name for parameter in item.parameters)
        template = Template(item.code, item.notice_class.value, names, tuple(item.texts), True)
        for channel, words in item.texts.items():
            tried = try_words(template, channel, words, dict.fromkeys(names, "1"), None, TERMS)
            assert tried.text
