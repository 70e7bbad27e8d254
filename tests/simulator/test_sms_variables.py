"""Every row of sms.md 1.7: what each property takes, and the code for what it refuses."""

import pytest

from simulator.sms.errors import Refusal
from simulator.sms.registry import Registry, Template, TemplateRefused
from simulator.sms.variables import PROPERTIES, check_value, traditional

ILLEGAL = "isv.TEMPLATE_PARAMS_ILLEGAL"

TAKEN = {
    "numberCaptcha": ["1234", "123456"],
    "characterWithNumber2": ["a1B2", "ABC123"],
    "time": [
        "2026-11-24",
        "2026/11/24",
        "14:00",
        "14:00:05",
        "2026-11-24 14:00",
        "11月24日 14:00",
        "上午",
        "下午",
        "2026-11-24 上午",
        "11月24日 下午",
        "上午 9:30",
    ],
    "money": ["0", "38420.5", "38420.50"],
    "name": ["李婆", "买买提吐尔"],
    "unit_name": ["李家村", "明禾县竹影镇听竹村村民委员会"],
    "user_nick": ["李婆婆", "买买提·吐尔逊", "张3"],
    "address": ["竹影镇听竹村3组12号"],
    "other_number2": ["A7F3K2", "1" * 35],
    "phone_number2": ["0818-1234567", "12388", "400-123-4567", "16600010071", "1234567890123"],
    "link_param": ["a", "A1b2C3d4"],
    "email_address": ["clerk@village.example", "a.b+c@d-e.f.gov"],
    "license_plate_number": ["川A12345", "川AD12345", "川A1234学"],
    "tracking_number": ["SF1234567890", "12345"],
    "pick_up_code": ["3-2-1024", "8866", "A12"],
    "others": ["10月支出38420.50元共31笔", "村道补坑(三组)", "字" * 35],
}
REFUSED = {
    "numberCaptcha": ["123", "1234567", "12a4", "１２３４"],
    "characterWithNumber2": ["abc", "abcdefg", "ab-12", "验证码1"],
    "time": ["2026年11月24日", "2026-13-01", "25:00", "明天", "2026-11-24T14:00", "11月24日"],
    "money": ["1,200", "¥5", "5元", "1.234", "-5", "五"],
    "name": ["李", "买买提吐尔逊", "买买提·吐尔逊", "Li", "李4"],
    "unit_name": ["李家村3组", "字" * 21, "A村"],
    "user_nick": ["字" * 21, "加微信聊", "16600010071"],
    "address": ["字" * 31, "听竹村,电话16600010071", "QQ12345号院"],
    "other_number2": ["村3", "A-1"],
    "phone_number2": ["1234", "电话12345", "1" * 14, "0818--1234567", "-12345"],
    "link_param": ["123456789", "村", "a-b"],
    "email_address": ["clerk", "a@b", "村@village.example"],
    "license_plate_number": ["A12345", "川A123", "川a12345"],
    "tracking_number": ["1234", "单号12345", "SF-123456"],
    "pick_up_code": ["取件码1", "12345", "1--2"],
    "others": ["请拨16600010071", "致电0818-1234567", "加QQ123456", "微信同号", "拨400-123-4567"],
}


def code_of(kind: str, value: object, banned: list[str] | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        check_value("v", kind, value, banned or [])
    return refused.value.code


def test_every_property_is_tried() -> None:
    assert set(TAKEN) == set(REFUSED) == set(PROPERTIES)


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, values in TAKEN.items() for v in values])
def test_a_value_that_fits_is_taken(kind: str, value: str) -> None:
    assert check_value("v", kind, value, []) == value


@pytest.mark.parametrize(
    ("kind", "value"), [(k, v) for k, values in REFUSED.items() for v in values]
)
def test_a_value_that_does_not_fit_is_refused(kind: str, value: str) -> None:
    assert code_of(kind, value) == ILLEGAL


@pytest.mark.parametrize("kind", PROPERTIES)
def test_no_property_takes_what_no_text_may_hold(kind: str) -> None:
    assert code_of(kind, "x" * 36) == "isv.PARAM_LENGTH_LIMIT"
    assert code_of(kind, "") == ILLEGAL
    assert code_of(kind, 5) == ILLEGAL
    assert code_of(kind, None) == ILLEGAL
    assert code_of(kind, "好的\n谢谢") == ILLEGAL
    assert code_of(kind, "好的😀") == "isv.UNSUPPORTED_CONTENT"
    assert code_of(kind, "徵收款") == "isv.UNSUPPORTED_CONTENT"
    assert code_of(kind, "恭喜中奖") == "isv.SMS_CONTENT_ILLEGAL"
    assert code_of(kind, "补贴", ["补贴"]) == "isv.SMS_CONTENT_ILLEGAL"


@pytest.mark.parametrize(
    "value", ["看http://a.example/v", "www.example", "点village.com看", "a.cn/v/1", "HTTPS://X"]
)
def test_no_link_passes(value: str) -> None:
    assert code_of("others", value) == "isv.PARAM_NOT_SUPPORT_URL"


def test_names_with_rare_simplified_characters_are_not_traditional() -> None:
    assert not any(map(traditional, ("朱镕", "王堃", "李玥", "乾隆", "著名", "ABC", "3.5元")))
    assert all(map(traditional, ("徵收", "隻", "馮", "並")))


OBJECTED = {
    "too long": {"text": "字" * 501, "fields": {}},
    "only a variable": {"text": "${a}", "fields": {"a": "others"}},
    "side by side": {"text": "共${a}${b}元", "fields": {"a": "others", "b": "money"}},
    "twice": {"text": "${a}和${a}好", "fields": {"a": "others"}},
    "undeclared": {"text": "共${a}元", "fields": {}},
    "unused": {"text": "账目已公开", "fields": {"a": "others"}},
    "odd name": {"text": "共${a b}元", "fields": {}},
    "signature inside": {"text": "【明白账】已公开", "fields": {}},
    "brackets at the ends": {"text": "[通知]", "fields": {}},
    "sign": {"text": "★账目已公开", "fields": {}},
    "traditional": {"text": "賬目已公開", "fields": {}},
    "opt-out in a notification": {"text": "账目已公开，拒收请回复R", "fields": {}},
    "no opt-out in a promotion": {"text": "赶场优惠", "fields": {}, "type": "promotion"},
    "property": {"text": "共${a}元", "fields": {"a": "sum"}},
    "type": {"text": "账目已公开", "fields": {}, "type": "spam"},
    "id": {"id": "", "text": "账目已公开", "fields": {}},
}


@pytest.mark.parametrize("name", OBJECTED)
def test_review_refuses_a_template_that_breaks_the_rules(name: str) -> None:
    given = {"id": "SMS_9"} | OBJECTED[name]

    with pytest.raises(TemplateRefused):
        Registry("明白账").approve(Template(**given))  # type: ignore[arg-type]


def test_review_approves_templates_that_keep_the_rules() -> None:
    registry = Registry("明白账")
    good = [
        Template(
            id="1",
            text="${village}10月支出${sum}元。",
            fields={"village": "unit_name", "sum": "money"},
        ),
        Template(id="2", text="赶场优惠，拒收请回复R", fields={}, type="promotion"),
        Template(id="3", fields={"a": "others"}),
    ]

    for template in good:
        registry.approve(template)

    assert set(registry.templates) == {"1", "2", "3"}
    assert good[0].fill({"village": "听竹村", "sum": "5"}) == "听竹村10月支出5元。"
