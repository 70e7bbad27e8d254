"""One's own application is told from procedures, payments, reports and the village's affairs."""

import pytest

from understanding.own_matters import asks_about_own_matter, matter_number


@pytest.mark.parametrize(
    "text",
    [
        "我的事办到哪步了",
        "我申请的低保办到哪一步了",
        "我家的建房手续搞得咋样了",
        "我妈的残疾证办好没得",
        "我交的材料批下来没有",
        "我报的名批了没有",
        "办件号48301726",
        "48301726",
        "４８３０１７２６",
        "我那个申请进度咋样",
    ],
)
def test_asked_about(text: str) -> None:
    assert asks_about_own_matter(text)


@pytest.mark.parametrize(
    "text",
    [
        "低保怎么申请",
        "我要办低保要哪些材料",
        "我们村的路修到哪一步了",
        "我举报的事办到哪步了",
        "上个月花了好多钱",
        "我想看看三月的账",
        "电话16600010071是哪个的",
        "我的补贴发了没有",
        "20261124的账",
    ],
)
def test_not_asked_about(text: str) -> None:
    assert not asks_about_own_matter(text)


def test_a_number_is_found_in_either_width() -> None:
    assert matter_number("办件号 ４８３０１７２６ 呢") == "48301726"
    assert matter_number("483017261") is None
