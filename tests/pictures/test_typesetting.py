import pytest

from pictures.typesetting import typeset


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("先公示,再发放", "先公示\uff0c再发放"),
        ("清楚吗?清楚!", "清楚吗\uff1f清楚\uff01"),
        ("(四议两公开)", "\uff08四议两公开\uff09"),
        ("《办法》,第1版", "《办法》\uff0c第1版"),
        ("1,200.00", "1,200.00"),
        ("A4(80g),2包", "A4(80g),2包"),
        ("https://a.example/?b=1", "https://a.example/?b=1"),
    ],
)
def test_chinese_text_gets_chinese_punctuation(typed: str, printed: str) -> None:
    assert typeset(typed) == printed


def test_everything_within_is_set_and_nothing_else_changes() -> None:
    assert typeset({"a": ("好,", 1, None, [True, "x"])}) == {
        "a": ["好\uff0c", 1, None, [True, "x"]]
    }
