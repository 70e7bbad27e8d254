"""SMS by Aliyun: signed so that it is accepted, judged so that nobody gets one twice."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest
from aiohttp import ClientSession, web
from aliyunsdkcore.utils import parameter_helper

from notifications.channels.aliyun import AliyunGateway, LookUpFailed
from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.settings import SmsSettings
from tests.notifications.channels.provider import Provider, Seen, answer

NOW = datetime(2026, 11, 24, 1, 30, 20, tzinfo=UTC)
PHONE = "16600010071"
SETTINGS = SmsSettings(
    access_key_id="vectorKeyId", access_key_secret="vectorKeySecret", sign_name="明禾公开"
)
PARAMS = {"text": '支出 38420.50元*~+%/&="'}

# Made once by the openssl command line from sms.md 1.2, for PARAMS sent to PHONE by SMS_100:
#   printf '%s' 'POST&%2F&AccessKeyId%3DvectorKeyId%26Action%3DSendSms%26...' |
#     openssl dgst -sha1 -hmac 'vectorKeySecret&' -binary | openssl base64
VECTOR_NONCE = "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
VECTOR_TIME = "2026-11-24T01:30:00Z"
VECTOR_SIGNATURE = "q5ewdIgbmdESCfd3yHAd+cGmb/k="


def encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def signature_of(seen: Seen) -> str:
    """What the provider computes for a request, written again from sms.md 1.2."""
    query = dict(parse_qsl(urlsplit(seen.raw_path).query, keep_blank_values=True))
    form = dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
    merged = {name: value for name, value in (query | form).items() if name != "Signature"}
    canonical = "&".join(f"{encoded(k)}={encoded(v)}" for k, v in sorted(merged.items()))
    to_sign = f"{seen.method}&%2F&{encoded(canonical)}"
    digest = hmac.digest(b"vectorKeySecret&", to_sign.encode(), hashlib.sha1)
    return base64.b64encode(digest).decode()


def given_signature(seen: Seen) -> str:
    return parse_qs(urlsplit(seen.raw_path).query)["Signature"][0]


def form_of(seen: Seen) -> dict[str, str]:
    return dict(parse_qsl(seen.body.decode(), keep_blank_values=True))


OK = {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "r"}


@pytest.fixture
def gateway(http: ClientSession, provider: Provider) -> AliyunGateway:
    provider.respond = lambda _: answer(OK)
    settings = replace(SETTINGS, endpoint=provider.url)
    return AliyunGateway(http, settings, clock=lambda: NOW, timeout_seconds=0.3)


async def send(gateway: AliyunGateway, params: Mapping[str, str] = PARAMS) -> Outcome:
    return await gateway.send(PHONE, "SMS_100", params, out_id="d-1")


async def test_a_text_is_sent_and_signed(gateway: AliyunGateway, provider: Provider) -> None:
    outcome = await send(gateway)

    (seen,) = provider.seen
    assert given_signature(seen) == signature_of(seen)
    assert (seen.method, seen.path) == ("POST", "/")
    assert form_of(seen) == {
        "PhoneNumbers": PHONE,
        "SignName": "明禾公开",
        "TemplateCode": "SMS_100",
        "OutId": "d-1",
        "TemplateParam": json.dumps(PARAMS, ensure_ascii=False),
    }
    assert outcome == Outcome(verdict=Verdict.TAKEN, code="OK", reference=OK["BizId"])


async def test_the_signature_is_the_one_that_openssl_makes(
    gateway: AliyunGateway, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_helper, "get_uuid", lambda: VECTOR_NONCE)
    monkeypatch.setattr(parameter_helper, "get_iso_8061_date", lambda: VECTOR_TIME)

    await gateway.send(PHONE, "SMS_100", PARAMS, out_id="vector-1")

    assert given_signature(provider.seen[0]) == VECTOR_SIGNATURE


async def test_nothing_about_a_person_stands_in_the_address(
    gateway: AliyunGateway, provider: Provider
) -> None:
    await send(gateway)

    public = dict(parse_qsl(urlsplit(provider.seen[0].raw_path).query, keep_blank_values=True))
    assert public.keys() == {
        "Action",
        "Version",
        "RegionId",
        "Format",
        "AccessKeyId",
        "Timestamp",
        "Signature",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureType",
        "SignatureVersion",
    }


async def test_no_two_requests_share_a_nonce(gateway: AliyunGateway, provider: Provider) -> None:
    for _ in range(20):
        await send(gateway)

    nonces = {
        parse_qs(urlsplit(seen.raw_path).query)["SignatureNonce"][0] for seen in provider.seen
    }
    assert len(nonces) == 20


async def test_a_template_without_variables_has_no_param(
    gateway: AliyunGateway, provider: Provider
) -> None:
    await send(gateway, {})

    assert "TemplateParam" not in form_of(provider.seen[0])


async def test_a_refusal_with_status_200_is_a_refusal(
    gateway: AliyunGateway, provider: Provider
) -> None:
    refusal = {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": PHONE, "RequestId": "r"}
    provider.respond = lambda _: answer(refusal)

    outcome = await send(gateway)

    assert (outcome.verdict, outcome.scope) == (Verdict.FALL_BACK, Scope.RECIPIENT)
    assert PHONE not in repr(outcome)


async def test_a_numbers_limit_is_read_from_the_message(
    gateway: AliyunGateway, provider: Provider
) -> None:
    refusal = {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"}
    provider.respond = lambda _: answer(refusal)

    outcome = await send(gateway)

    assert outcome.retry_at == datetime(2026, 11, 24, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (400, "SignatureDoesNotMatch", Verdict.HALT),
        (404, "InvalidAccessKeyId.NotFound", Verdict.HALT),
        (503, "ServiceUnavailable", Verdict.LATER),
        (500, "InternalError", Verdict.UNKNOWN),
        (400, "Throttling.User", Verdict.LATER),
        (500, "OK", Verdict.UNKNOWN),
    ],
)
async def test_the_gateways_own_refusals(
    gateway: AliyunGateway, provider: Provider, status: int, code: str, verdict: Verdict
) -> None:
    provider.respond = lambda _: answer({"Code": code, "Message": "m"}, status=status)

    assert (await send(gateway)).verdict is verdict


@pytest.mark.parametrize("fault", ["hang", "reset", "half"])
async def test_a_text_without_answer_is_unknown_and_not_sent_again(
    gateway: AliyunGateway, provider: Provider, fault: str
) -> None:
    provider.fault = fault

    outcome = await send(gateway)

    assert outcome.verdict is Verdict.UNKNOWN
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("content", "status", "verdict"),
    [
        (b"<html>", 200, Verdict.UNKNOWN),
        (b"", 502, Verdict.UNKNOWN),
        (b"", 504, Verdict.UNKNOWN),
        (b"<html>", 403, Verdict.HALT),
        ({}, 200, Verdict.UNKNOWN),
        ({"Code": 0}, 200, Verdict.UNKNOWN),
        ([OK], 200, Verdict.UNKNOWN),
    ],
)
async def test_an_answer_that_makes_no_sense(
    gateway: AliyunGateway, provider: Provider, content: object, status: int, verdict: Verdict
) -> None:
    provider.respond = lambda _: answer(content, status=status)

    assert (await send(gateway)).verdict is verdict


async def test_nobody_listening_is_later(http: ClientSession) -> None:
    gateway = AliyunGateway(http, replace(SETTINGS, endpoint="http://127.0.0.1:1"))

    assert (await send(gateway)).verdict is Verdict.LATER


async def test_without_a_scheme_the_endpoint_is_spoken_to_by_https(
    http: ClientSession, provider: Provider
) -> None:
    bare = provider.url.removeprefix("http://")
    gateway = AliyunGateway(http, replace(SETTINGS, endpoint=bare))

    outcome = await send(gateway)

    assert outcome.verdict is Verdict.LATER  # TLS fails here, so nothing was sent
    assert provider.seen == []


async def test_a_code_that_no_table_knows_is_logged_without_the_rest(
    gateway: AliyunGateway, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.respond = lambda _: answer({"Code": "isv.BRAND_NEW", "Message": f"{PHONE} 私密"})

    with caplog.at_level(logging.DEBUG):
        outcome = await send(gateway)

    assert outcome.verdict is Verdict.FALL_BACK
    assert "isv.BRAND_NEW" in caplog.text
    assert PHONE not in caplog.text


def booked(out_id: str, **more: object) -> dict[str, object]:
    return {
        "PhoneNum": PHONE,
        "OutId": out_id,
        "SendStatus": 3,
        "ErrCode": "DELIVERED",
        "TemplateCode": "SMS_100",
        "Content": "【明禾公开】支出38420.50元",
        "SendDate": "2026-11-24 09:30:20",
        "ReceiveDate": "2026-11-24 09:30:25",
    } | more


class Books:
    """What the provider has booked, by Beijing date, given out by pages."""

    def __init__(self, provider: Provider, days: Mapping[str, list[dict[str, object]]]) -> None:
        self.days = days
        provider.respond = self.respond

    def respond(self, seen: Seen) -> web.StreamResponse:
        form = form_of(seen)
        assert given_signature(seen) == signature_of(seen)
        rows = self.days.get(form["SendDate"], [])
        size, page = int(form["PageSize"]), int(form["CurrentPage"])
        part = rows[size * (page - 1) : size * page]
        return answer(
            {
                "Code": "OK",
                "TotalCount": len(rows),
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": part},
            }
        )


async def test_the_books_of_a_day_are_read_to_their_end(
    gateway: AliyunGateway, provider: Provider
) -> None:
    Books(provider, {"20261124": [booked(f"d-{n}") for n in range(120)]})

    details = await gateway.details(PHONE, date(2026, 11, 24))

    assert [detail.out_id for detail in details] == [f"d-{n}" for n in range(120)]
    assert details[0].sent_at == NOW
    assert details[0].received_at == NOW.replace(second=25)
    assert "38420" not in repr(details[0])


@pytest.mark.parametrize(
    ("row", "verdict", "code"),
    [
        ({"SendStatus": 3}, Verdict.TAKEN, "DELIVERED"),
        ({"SendStatus": "3"}, Verdict.TAKEN, "DELIVERED"),
        ({"SendStatus": 1, "ErrCode": ""}, Verdict.TAKEN, "WAITING"),
        ({"SendStatus": 2, "ErrCode": "MOBILE_IN_BLACK"}, Verdict.FALL_BACK, "MOBILE_IN_BLACK"),
        ({"SendStatus": 2, "ErrCode": "UNDELIV"}, Verdict.AT, "UNDELIV"),
        ({"SendStatus": 9}, Verdict.UNKNOWN, "unreadable"),
        ({"SendStatus": None}, Verdict.UNKNOWN, "unreadable"),
    ],
)
async def test_an_unknown_text_is_settled_by_our_id(
    gateway: AliyunGateway,
    provider: Provider,
    row: dict[str, object],
    verdict: Verdict,
    code: str,
) -> None:
    Books(provider, {"20261124": [booked("other"), booked("d-1", **row)]})

    outcome = await gateway.settle(PHONE, "d-1", NOW)

    assert outcome is not None
    assert (outcome.verdict, outcome.code) == (verdict, code)


async def test_a_text_that_is_not_in_the_books_settles_nothing(
    gateway: AliyunGateway, provider: Provider
) -> None:
    Books(provider, {"20261124": [booked("other")]})

    assert await gateway.settle(PHONE, "d-1", NOW) is None
    assert len(provider.seen) == 1


async def test_a_text_sent_at_midnight_is_looked_for_on_both_days(
    gateway: AliyunGateway, provider: Provider
) -> None:
    Books(provider, {"20261125": [booked("d-1")]})
    before_midnight = datetime(2026, 11, 24, 15, 59, 58, tzinfo=UTC)

    outcome = await gateway.settle(PHONE, "d-1", before_midnight)

    assert outcome is not None
    assert [form_of(seen)["SendDate"] for seen in provider.seen] == ["20261124", "20261125"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"Code": "isp.RAM_PERMISSION_DENY"}, 200),
        ({"Code": "Throttling.User"}, 400),
        ({"Code": "OK"}, 200),
        ({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": "none"}}, 200),
        (b"<html>", 502),
    ],
)
async def test_a_look_up_that_fails_is_not_taken_for_nothing_found(
    gateway: AliyunGateway, provider: Provider, content: object, status: int
) -> None:
    provider.respond = lambda _: answer(content, status=status)

    with pytest.raises(LookUpFailed):
        await gateway.settle(PHONE, "d-1", NOW)
