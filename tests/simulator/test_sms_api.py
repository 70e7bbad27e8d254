"""The SMS API after its gate, in its order of checks (sms.md 3), and how its answers can fail."""

import json
from typing import Any

import pytest
from aiohttp import ClientError, ClientTimeout

from simulator.sms.limits import segments
from simulator.sms.registry import Signature, Template
from tests.simulator.conftest import PHONE, World

OTHER = "16600010072"


def shown(world: World, phone: str = PHONE) -> list[str]:
    return [b.text for b in world.platforms.screens.of(phone) if b.source == "service"]


async def batch(world: World, count: int = 2, **change: str) -> dict[str, Any]:
    form = {
        "Action": "SendBatchSms",
        "PhoneNumberJson": json.dumps([f"1660002{n:04d}" for n in range(count)]),
        "SignNameJson": json.dumps(["明白账"] * count),
        "TemplateCode": "SMS_1",
        "TemplateParamJson": json.dumps([{"text": f"第{n}份"} for n in range(count)]),
        "OutId": "b-1",
    }
    return await world.sms(**(form | change))


async def details(world: World, **change: str) -> dict[str, Any]:
    form = {
        "Action": "QuerySendDetails",
        "PhoneNumber": PHONE,
        "SendDate": world.platforms.clock.beijing(world.frozen.at).strftime("%Y%m%d"),
        "PageSize": "10",
        "CurrentPage": "1",
    }
    return await world.sms(**(form | change))


async def test_an_accepted_text_stands_on_the_phone_with_its_signature(world: World) -> None:
    answer = await world.text(OutId="d-1")

    assert (answer["Code"], answer["Message"], answer["status"]) == ("OK", "OK", 200)
    head, _, tail = answer["BizId"].partition("^")
    assert head.isdigit()
    assert tail.isdigit()
    assert len(answer["RequestId"]) == 36
    assert shown(world) == ["【明白账】账目已公开"]


async def test_query_and_form_count_together_and_get_is_taken(world: World) -> None:
    signed = world.signed(
        PhoneNumbers=PHONE, SignName="明白账", TemplateCode="SMS_1", TemplateParam='{"text":"好"}'
    )
    names = list(signed)
    query, form = ({name: signed[name] for name in half} for half in (names[:9], names[9:]))

    answer = await world.client.post("/", params=query, data=form)

    assert (await answer.json())["Code"] == "OK"


async def test_without_format_the_answer_is_xml(world: World) -> None:
    signed = world.signed(Format="XML", PhoneNumbers="x")

    answer = await world.client.post("/", data=signed)

    assert answer.content_type == "text/xml"
    assert "<SendSmsResponse><Code>isv.MOBILE_NUMBER_ILLEGAL</Code>" in await answer.text()


async def test_a_gate_failure_is_4xx_and_names_the_host(world: World) -> None:
    form = world.signed(PhoneNumbers=PHONE) | {"Signature": "x"}

    answer = await world.client.post("/", data=form)

    assert answer.status == 400
    body = await answer.json()
    assert set(body) == {"Code", "Message", "HostId", "RequestId"}
    assert body["Code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("prefix", ["", "+86", "86", "0086"])
async def test_prefixes_of_a_number_are_stripped(world: World, prefix: str) -> None:
    assert (await world.text(prefix + PHONE))["Code"] == "OK"

    assert shown(world) == ["【明白账】账目已公开"]


NUMBERS = {
    "short": ("1660001", "isv.MOBILE_NUMBER_ILLEGAL"),
    "landline": ("08181234567", "isv.MOBILE_NUMBER_ILLEGAL"),
    "service": ("10086", "isv.MOBILE_NUMBER_ILLEGAL"),
    "letters": ("1660001007a", "isv.MOBILE_NUMBER_ILLEGAL"),
    "commas": (",", "isv.MOBILE_NUMBER_ILLEGAL"),
    "one of two": (f"{PHONE},12", "isv.MOBILE_NUMBER_ILLEGAL"),
    "abroad": ("+85291234567", "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"),
    "abroad with zeros": ("0085291234567", "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"),
    "too many": (",".join([PHONE] * 1001), "isv.MOBILE_COUNT_OVER_LIMIT"),
}


@pytest.mark.parametrize("name", NUMBERS)
async def test_wrong_numbers_are_refused(world: World, name: str) -> None:
    numbers, code = NUMBERS[name]

    answer = await world.text(numbers)

    assert (answer["Code"], answer["status"]) == (code, 200)
    assert world.platforms.counts.rows() == []


async def test_a_thousand_numbers_share_one_biz_id(world: World) -> None:
    phones = [f"1660003{n:04d}" for n in range(1000)]

    answer = await world.text(",".join(phones))

    texts = world.platforms.sms.texting.texts()
    assert {text.biz_id for text in texts} == {answer["BizId"]}
    assert [text.phone for text in texts] == phones


async def test_signatures_have_a_state_a_scene_and_digits_of_their_own(world: World) -> None:
    signatures = world.platforms.sms.registry.signatures
    signatures["待审"] = Signature(name="待审", approved=False)
    signatures["验证"] = Signature(name="验证", types=("verification",))
    signatures["乙村"] = Signature(name="乙村")

    codes = [
        (await world.text(**change))["Code"]
        for change in (
            {"SignName": "无名"},
            {"SignName": "待审"},
            {"SignName": "验证"},
            {"SmsUpExtendCode": "9x"},
            {"SmsUpExtendCode": "90"},
            {"SmsUpExtendCode": "90", "SignName": "乙村"},
            {"SmsUpExtendCode": "91", "SignName": "乙村"},
        )
    ]

    assert codes == [
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SIGN_STATE_ILLEGAL",
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
        "isv.EXTEND_CODE_ERROR",
        "OK",
        "isv.EXTEND_CODE_ERROR",
        "OK",
    ]


PARAMETERS = {
    "no JSON": ("{", "isv.INVALID_JSON_PARAM"),
    "no object": ('["账"]', "isv.INVALID_JSON_PARAM"),
    "missing": ('{"other":"账"}', "isv.TEMPLATE_MISSING_PARAMETERS"),
    "nothing": ("", "isv.TEMPLATE_MISSING_PARAMETERS"),
    "number": ('{"text":5}', "isv.TEMPLATE_PARAMS_ILLEGAL"),
    "long": (json.dumps({"text": "字" * 36}), "isv.PARAM_LENGTH_LIMIT"),
    "link": ('{"text":"http://a.example"}', "isv.PARAM_NOT_SUPPORT_URL"),
    "further ones are ignored": ('{"text":"账","more":5}', "OK"),
}


@pytest.mark.parametrize("name", PARAMETERS)
async def test_variables_are_held_to_the_template(world: World, name: str) -> None:
    parameters, code = PARAMETERS[name]

    assert (await world.text(TemplateParam=parameters))["Code"] == code


async def test_missing_parameters_and_unknown_templates_have_their_codes(world: World) -> None:
    codes = [
        (await world.text(**change))["Code"]
        for change in (
            {"PhoneNumbers": ""},
            {"SignName": ""},
            {"TemplateCode": ""},
            {"TemplateCode": "SMS_404"},
            {"OutId": "x" * 256},
        )
    ]

    assert codes == [
        "MissingPhoneNumbers",
        "MissingSignName",
        "MissingTemplateCode",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.INVALID_PARAMETERS",
    ]


async def test_a_template_with_text_is_shown_filled(world: World) -> None:
    text = "${village}10月支出${sum}元，回复1看明细"
    await world.sim(
        "templates",
        gateway="aliyun",
        id="SMS_2",
        fields={"village": "unit_name", "sum": "money"},
        text=text,
    )

    await world.text(TemplateCode="SMS_2", TemplateParam='{"village":"听竹村","sum":"38420.50"}')

    assert shown(world) == ["【明白账】听竹村10月支出38420.50元，回复1看明细"]


async def test_a_filled_text_over_500_characters_is_refused(world: World) -> None:
    await world.sim(
        "templates", gateway="aliyun", id="SMS_2", fields={"a": "others"}, text="字" * 480 + "${a}"
    )

    answer = await world.text(TemplateCode="SMS_2", TemplateParam=json.dumps({"a": "账" * 20}))

    assert answer["Code"] == "isv.PARAM_LENGTH_LIMIT"


async def test_a_batch_has_a_text_for_each(world: World) -> None:
    answer = await batch(world)

    assert answer["Code"] == "OK"
    assert [text.content for text in world.platforms.sms.texting.texts()] == [
        "【明白账】第0份",
        "【明白账】第1份",
    ]
    assert {text.biz_id for text in world.platforms.sms.texting.texts()} == {answer["BizId"]}


BATCHES: dict[str, tuple[dict[str, str], str]] = {
    "too many": ({"count": "101"}, "isv.MOBILE_COUNT_OVER_LIMIT"),
    "a hundred": ({"count": "100"}, "OK"),
    "uneven": ({"SignNameJson": '["明白账"]'}, "isv.INVALID_PARAMETERS"),
    "none": ({"PhoneNumberJson": "[]", "SignNameJson": "[]"}, "isv.INVALID_PARAMETERS"),
    "no array": ({"PhoneNumberJson": "{}"}, "isv.INVALID_JSON_PARAM"),
    "no JSON": ({"PhoneNumberJson": "["}, "isv.INVALID_JSON_PARAM"),
    "no objects": ({"TemplateParamJson": '["a", "b"]'}, "isv.INVALID_JSON_PARAM"),
    "missing": ({"TemplateParamJson": "[{}, {}]"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
    "number": ({"PhoneNumberJson": f'["{PHONE}", "1"]'}, "isv.MOBILE_NUMBER_ILLEGAL"),
    "sign": ({"SignNameJson": '["明白账", "无名"]'}, "isv.SMS_SIGNATURE_ILLEGAL"),
    "digits": ({"SmsUpExtendCodeJson": '["", "x"]'}, "isv.EXTEND_CODE_ERROR"),
}


@pytest.mark.parametrize("name", BATCHES)
async def test_a_batch_is_held_to_its_arrays(world: World, name: str) -> None:
    change, code = BATCHES[name]
    count = int(change.get("count", "2"))

    answer = await batch(world, count, **{k: v for k, v in change.items() if k != "count"})

    assert answer["Code"] == code
    assert len(world.platforms.sms.texting.texts()) == (count if code == "OK" else 0)


async def test_the_accounts_state_stops_everything(world: World) -> None:
    async def codes(**knobs: Any) -> list[str]:
        await world.sim("faults", reset=True, **knobs)
        return [(await world.text())["Code"] for _ in range(2)]

    assert await codes(suspended=True) == ["isv.OUT_OF_SERVICE"] * 2
    assert await codes(balance_fen=5) == ["OK", "isv.AMOUNT_NOT_ENOUGH"]
    assert await codes(day_limit=2) == ["OK", "isv.DAY_LIMIT_CONTROL"]
    assert await codes(month_limit=2) == ["isv.MONTH_LIMIT_CONTROL"] * 2
    await world.platforms.advance(86_400)
    assert await codes(day_limit=1) == ["OK", "isv.DAY_LIMIT_CONTROL"]
    assert await codes(month_limit=3) == ["isv.MONTH_LIMIT_CONTROL"] * 2
    await world.platforms.advance(31 * 86_400)
    assert await codes(month_limit=1) == ["OK", "isv.MONTH_LIMIT_CONTROL"]


async def test_more_calls_a_second_than_allowed_are_throttled(world: World) -> None:
    await world.sim("faults", sms_per_second=2.0)

    codes = [(await world.text())["Code"] for _ in range(3)]
    world.frozen.at += 0.5
    codes.append((await world.text())["Code"])

    assert codes == ["OK", "OK", "Throttling.User", "OK"]


async def test_fifty_notices_a_day_of_one_template_to_one_number(world: World) -> None:
    for _ in range(50):
        assert (await world.text())["Code"] == "OK"

    full = await world.text()
    other = await world.text(OTHER)
    await world.platforms.advance(86_399)
    still = await world.text()
    await world.platforms.advance(1)
    next_day = await world.text()

    assert (full["Code"], full["Message"]) == (
        "isv.BUSINESS_LIMIT_CONTROL",
        "触发天级流控Permits:50",
    )
    assert [other["Code"], still["Code"], next_day["Code"]] == [
        "OK",
        "isv.BUSINESS_LIMIT_CONTROL",
        "OK",
    ]


async def test_codes_are_limited_by_clock_minute_hour_and_day(world: World) -> None:
    world.platforms.sms.registry.approve(
        Template(id="SMS_3", fields={"code": "numberCaptcha"}, type="verification")
    )
    world.frozen.at = 1_790_000_000.0 - 1_790_000_000.0 % 3600  # the hour begins

    async def code() -> str:
        answer = await world.text(TemplateCode="SMS_3", TemplateParam='{"code":"1234"}')
        return str(answer["Message"])

    first, second = await code(), await code()
    world.platforms.clock.move(60)
    third = await code()
    for _ in range(3):
        world.platforms.clock.move(60)
        assert await code() == "OK"
    world.platforms.clock.move(60)
    sixth = await code()
    world.platforms.clock.move(3600)
    after = [await code()]
    for _ in range(4):
        world.platforms.clock.move(60)
        after.append(await code())
    world.platforms.clock.move(3600)
    eleventh = await code()

    assert [first, second, third, sixth] == [
        "OK",
        "触发分钟级流控Permits:1",
        "OK",
        "触发小时级流控Permits:5",
    ]
    assert after == ["OK"] * 5
    assert eleventh == "触发天级流控Permits:10"


async def test_all_codes_to_one_number_together_are_forty_a_day(world: World) -> None:
    signatures = world.platforms.sms.registry.signatures
    world.platforms.sms.registry.approve(
        Template(id="SMS_3", fields={"code": "numberCaptcha"}, type="verification")
    )
    codes = []
    for n in range(41):
        signatures[f"甲{n}"] = Signature(name=f"甲{n}")
        answer = await world.text(
            TemplateCode="SMS_3", SignName=f"甲{n}", TemplateParam='{"code":"1234"}'
        )
        codes.append(answer["Code"])

    assert codes == ["OK"] * 40 + ["isv.BUSINESS_LIMIT_CONTROL"]


async def test_listed_numbers_have_no_limit(world: World) -> None:
    await world.sim("faults", unlimited_numbers=[PHONE])

    assert {(await world.text())["Code"] for _ in range(52)} == {"OK"}


async def test_refused_texts_do_not_count(world: World) -> None:
    for _ in range(60):
        await world.text(TemplateParam="{}")

    assert (await world.text())["Code"] == "OK"


async def test_who_has_opted_out_is_refused(world: World) -> None:
    await world.sim("person", who=PHONE, opted_out=True)
    assert (await world.text())["Code"] == "isv.CUSTOMER_REFUSED"
    await world.sim("person", who=PHONE, opted_out=False)
    assert (await world.text())["Code"] == "OK"


async def test_an_opt_out_word_stops_promotions_and_nothing_else(world: World) -> None:
    await world.sim(
        "templates",
        gateway="aliyun",
        id="SMS_4",
        fields={},
        text="赶场优惠，拒收请回复R",
        type="promotion",
    )
    await world.platforms.say(PHONE, "r")

    promotion = await world.text(TemplateCode="SMS_4")
    notice = await world.text()

    assert [promotion["Code"], notice["Code"]] == ["isv.CUSTOMER_REFUSED", "OK"]


@pytest.mark.parametrize(
    ("length", "count"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4)],
)
def test_segments_are_70_then_67(length: int, count: int) -> None:
    assert segments("账" * length) == count


async def test_segments_are_billed(world: World) -> None:
    await world.sim("faults", balance_fen=100)
    await world.sim(
        "templates", gateway="aliyun", id="SMS_5", fields={"a": "others"}, text="字" * 66 + "${a}"
    )

    await world.text()
    await world.text(TemplateCode="SMS_5", TemplateParam='{"a":"账"}')

    assert world.platforms.sms.account.billed_segments == 3
    assert world.platforms.faults.balance_fen == 85


async def test_details_find_a_text_by_number_day_and_biz_id(world: World) -> None:
    first = await world.text(OutId="d-1")
    await world.text(OutId="d-2")
    await world.text(OTHER)

    answer = await details(world)
    one = await details(world, BizId=first["BizId"])
    second_page = await details(world, PageSize="1", CurrentPage="2")

    rows = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    assert answer["TotalCount"] == 2
    assert [row["OutId"] for row in rows] == ["d-2", "d-1"]
    assert rows[0] == {
        "PhoneNum": PHONE,
        "SendStatus": 3,
        "ErrCode": "DELIVERED",
        "TemplateCode": "SMS_1",
        "Content": "【明白账】账目已公开",
        "SendDate": "2026-09-21 22:13:20",
        "ReceiveDate": "2026-09-21 22:13:20",
        "OutId": "d-2",
    }
    assert [row["OutId"] for row in one["SmsSendDetailDTOs"]["SmsSendDetailDTO"]] == ["d-1"]
    assert second_page["TotalCount"] == 2
    assert [r["OutId"] for r in second_page["SmsSendDetailDTOs"]["SmsSendDetailDTO"]] == ["d-1"]


async def test_details_go_by_the_beijing_day_and_reach_back_thirty_days(world: World) -> None:
    await world.text(OutId="late")
    world.frozen.at += 2 * 3600  # past midnight in Beijing, not in UTC
    await world.text(OutId="early")

    yesterday = await details(world, SendDate="20260921")
    today = await details(world)
    world.frozen.at += 29 * 86_400
    kept = await details(world, SendDate="20260921")
    world.frozen.at += 86_400
    gone = await details(world, SendDate="20260921")

    def out_ids(answer: dict[str, Any]) -> list[str]:
        return [row["OutId"] for row in answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]]

    assert (out_ids(yesterday), out_ids(today), out_ids(kept)) == (["late"], ["early"], ["late"])
    assert gone["Code"] == "isv.INVALID_PARAMETERS"


DETAILS: dict[str, dict[str, str]] = {
    "size": {"PageSize": "51"},
    "no size": {"PageSize": "0"},
    "page": {"CurrentPage": "0"},
    "word": {"CurrentPage": "one"},
    "date": {"SendDate": "2026-11-24"},
    "tomorrow": {"SendDate": "20260923"},
}


@pytest.mark.parametrize("name", DETAILS)
async def test_details_are_held_to_their_parameters(world: World, name: str) -> None:
    assert (await details(world, **DETAILS[name]))["Code"] == "isv.INVALID_PARAMETERS"


async def test_details_can_lag_behind(world: World) -> None:
    await world.sim("faults", details_lag_seconds=8.0)
    await world.text(OutId="d-1")

    before = (await details(world))["TotalCount"]
    world.frozen.at += 8

    assert [before, (await details(world))["TotalCount"]] == [0, 1]


async def test_answers_can_be_lost_after_acceptance(world: World) -> None:
    async def lost(**knobs: Any) -> object:
        await world.sim("faults", reset=True, **knobs)
        form = world.signed(
            PhoneNumbers=PHONE,
            SignName="明白账",
            TemplateCode="SMS_1",
            TemplateParam='{"text":"账目已公开"}',
        )
        try:
            answer = await world.client.post("/", data=form, timeout=ClientTimeout(total=0.1))
            return answer.status, await answer.text()
        except (ClientError, TimeoutError) as error:
            return type(error).__name__

    assert await lost(next_sms_503=1) == (503, "")
    assert world.platforms.sms.texting.texts() == []
    assert await lost(next_sms_lost_500=1) == (500, "")
    assert await lost(next_sms_not_json=1) == (200, "<html>gateway</html>")
    assert await lost(next_sms_lost_reset=1) in ("ServerDisconnectedError", "ClientOSError")
    assert await lost(next_sms_lost_hanging=1) in ("TimeoutError", "ServerTimeoutError")
    cut = await lost(next_sms_truncated=1)
    assert isinstance(cut, tuple)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(cut[1])
    assert len(world.platforms.sms.texting.texts()) == 5
    slow = await lost(sms_slow_body_seconds=0.02)
    assert isinstance(slow, tuple)
    assert json.loads(slow[1])["Code"] == "OK"


async def test_any_code_can_be_answered_and_the_gateways_clock_can_be_off(world: World) -> None:
    await world.sim(
        "faults", next_sms_code=1, sms_code="isp.GATEWAY_ERROR", sms_message="SMS网关错误"
    )
    refused = await world.text()
    await world.sim("faults", sms_clock_ahead_seconds=901)
    skewed = await world.text()

    assert (refused["Code"], refused["Message"]) == ("isp.GATEWAY_ERROR", "SMS网关错误")
    assert (skewed["Code"], skewed["status"]) == ("InvalidTimeStamp.Expired", 400)
    assert world.platforms.sms.texting.texts() == []


async def test_banned_words_can_be_added(world: World) -> None:
    await world.sim("faults", banned_words=["公开"])

    assert (await world.text())["Code"] == "isv.SMS_CONTENT_ILLEGAL"


# The government port


async def gov(world: World, **given: Any) -> dict[str, Any]:
    answer = await world.client.post("/gov/send", json=given)
    result: dict[str, Any] = await answer.json()
    return result


async def test_the_government_port_takes_free_text_and_counts_repeats(world: World) -> None:
    text = "【明禾县】听竹村10月账目已公开，详见 http://127.0.0.1/v/"

    first = await gov(world, phone=PHONE, text=text, id="g-1")
    second = await gov(world, phone=PHONE, text=text, id="g-1")

    assert first["code"] == second["code"] == 0
    assert first["data"]["id"] != second["data"]["id"]
    assert shown(world) == [text, text]
    [row] = world.platforms.counts.rows()
    assert (row["key"], row["accepted"], row["shown"]) == ("g-1", 2, 2)


async def test_the_government_ports_receipts_bear_both_ids(world: World) -> None:
    answer = await gov(world, phone=PHONE, text="账目已公开", id="g-1")
    await world.platforms.advance(2)

    [receipt] = world.service.items("receipts")
    assert (receipt["biz_id"], receipt["out_id"]) == (answer["data"]["id"], "g-1")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "账"}, 1001),
        ({"phone": "1", "text": "账"}, 1002),
        ({"phone": PHONE, "text": " "}, 1003),
        ({"phone": PHONE, "text": "字" * 1001}, 1003),
    ],
)
async def test_the_government_port_refuses_with_a_code(
    world: World, given: dict[str, Any], code: int
) -> None:
    assert (await gov(world, **given))["code"] == code


async def test_the_government_port_fails_like_the_other(world: World) -> None:
    await world.sim("person", who=PHONE, opted_out=True)
    assert (await gov(world, phone=PHONE, text="账"))["code"] == 1004
    await world.sim("faults", next_sms_503=1)
    assert (await world.client.post("/gov/send", data=b"{")).status == 503
    assert (await (await world.client.post("/gov/send", data=b"{")).json())["code"] == 1001
    await world.sim("faults", next_sms_lost_500=1)
    given = {"phone": OTHER, "text": "账"}
    assert (await world.client.post("/gov/send", json=given)).status == 500
    assert shown(world, OTHER) == ["账"]
