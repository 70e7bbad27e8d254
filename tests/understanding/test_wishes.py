"""A picture is sent to whoever asks for one, and not to whoever names a thing with 图 in it."""

import pytest

from understanding.wishes import wants_picture


@pytest.mark.parametrize(
    "text",
    [
        "低保流程图",
        "盖章的风险图发我",
        "上个月的账发张图",
        "给我来个图",
        "画张图看看",
        "有没得图片",
    ],
)
def test_wanted(text: str) -> None:
    assert wants_picture(text)


@pytest.mark.parametrize(
    "text", ["农家书屋买图书花了多少", "低保怎么办", "图纸设计费", "看图书室的账", "企图", "地图乡"]
)
def test_not_wanted(text: str) -> None:
    assert not wants_picture(text)
