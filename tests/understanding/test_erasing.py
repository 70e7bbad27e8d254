"""Who asks to be forgotten is told apart from who ends, leaves or asks about something."""

import pytest

from understanding.erasing import asks_to_be_erased


@pytest.mark.parametrize(
    "text",
    [
        "注销",
        "注销。",
        "我要注销",
        "注销账号",
        "删除我的信息",
        "请删除我的个人信息",
        "把我的号码删了",
        "把我的号码删了吧",
        "麻烦把我的手机号都删掉",
        "删掉我的电话号码,谢谢",
        "清除我的资料",
        "不要再存我的号码",
        "忘掉我",
        "把我的微信绑定注销",
    ],
)
def test_it_is_heard(text: str) -> None:
    assert asks_to_be_erased(text)


@pytest.mark.parametrize(
    "text",
    [
        "退订",
        "取消",
        "TD",
        "不要再发了",
        "户口怎么注销",
        "注销户口要什么材料",
        "合作社注销了没有",
        "我妈的低保为什么注销",
        "营业执照注销",
        "把那一笔删了",
        "名单上怎么没有我的信息",
        "我的信息对不对",
        "村里把我的补贴删了",
        "删除这条记录",
    ],
)
def test_other_things_are_not(text: str) -> None:
    assert not asks_to_be_erased(text)
