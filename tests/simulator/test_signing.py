"""The gateway's signature check against openssl's vector and the SDK's own signer (sms.md 1.2).

S='POST&%2F&AccessKeyId%3DsimulatorKeyId%26Action%3DSendSms%26...' (TO_SIGN, below)
printf %s "$S" | openssl dgst -sha1 -hmac 'simulatorKeySecret&' -binary | openssl base64 -A
"""

import time
import uuid
from typing import Any

import pytest
from aliyunsdkcore.auth.composer.rpc_signature_composer import get_signed_url
from yarl import URL

from simulator.keys import SmsKeys
from simulator.sms.errors import Refusal
from simulator.sms.signing import Gate, signature, string_to_sign
from tests.simulator.conftest import PHONE, World, sign_form

FORM = {
    "AccessKeyId": "simulatorKeyId",
    "Action": "SendSms",
    "Format": "JSON",
    "OutId": "a+b*~",
    "PhoneNumbers": "16600010071",
    "RegionId": "cn-hangzhou",
    "SignName": "明白账",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
    "SignatureType": "",
    "SignatureVersion": "1.0",
    "TemplateCode": "SMS_1",
    "TemplateParam": '{"text":"账目 已公开"}',
    "Timestamp": "2026-11-24T01:30:00Z",
    "Version": "2017-05-25",
}
TO_SIGN = (
    "POST&%2F&AccessKeyId%3DsimulatorKeyId%26Action%3DSendSms%26Format%3DJSON%26OutId%3Da%252Bb%252A~"
    "%26PhoneNumbers%3D16600010071%26RegionId%3Dcn-hangzhou%26SignName%3D%25E6%2598%258E%25E7%2599%25BD"
    "%25E8%25B4%25A6%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
    "%26SignatureType%3D%26SignatureVersion%3D1.0%26TemplateCode%3DSMS_1%26TemplateParam%3D%257B%2522text"
    "%2522%253A%2522%25E8%25B4%25A6%25E7%259B%25AE%2520%25E5%25B7%25B2%25E5%2585%25AC%25E5%25BC%2580%2522"
    "%257D%26Timestamp%3D2026-11-24T01%253A30%253A00Z%26Version%3D2017-05-25"
)
SIGNATURE = "TE6zSaiIagX1kTv5wP42We3f0qQ="
AT = 1795483800.0  # 2026-11-24T01:30:00Z


def test_the_string_to_sign_and_its_signature_are_those_of_openssl() -> None:
    assert string_to_sign("POST", FORM) == TO_SIGN
    assert signature("simulatorKeySecret", TO_SIGN) == SIGNATURE


def test_the_gate_takes_that_vector_once() -> None:
    gate = Gate(SmsKeys(), ("SendSms",))
    signed = FORM | {"Signature": SIGNATURE}

    gate.check("POST", signed, AT)
    with pytest.raises(Refusal, match="SignatureNonceUsed"):
        gate.check("POST", signed, AT + 60)


@pytest.mark.parametrize("name", [name for name in FORM if name not in ("Action", "Version")])
def test_one_flipped_byte_is_refused(name: str) -> None:
    gate = Gate(SmsKeys(), ("SendSms",))
    flipped = FORM | {"Signature": SIGNATURE}
    value = flipped[name]
    flipped[name] = chr(ord(value[0]) ^ 1) + value[1:] if value else "x"

    with pytest.raises(Refusal):
        gate.check("POST", flipped, AT)


def test_the_gate_tells_what_it_would_have_signed() -> None:
    gate = Gate(SmsKeys(), ("SendSms",))

    with pytest.raises(Refusal) as refused:
        gate.check("POST", FORM | {"Signature": "A" * 28}, AT)

    assert refused.value.code == "SignatureDoesNotMatch"
    assert refused.value.message.endswith("server string to sign is:" + TO_SIGN)


WRONG: dict[str, tuple[dict[str, str], str, int]] = {
    "missing": ({"SignatureNonce": ""}, "MissingSignatureNonce", 400),
    "key": ({"AccessKeyId": "somebody"}, "InvalidAccessKeyId.NotFound", 404),
    "version": ({"Version": "2016-09-27"}, "InvalidVersion", 404),
    "action": ({"Action": "AddSmsSign"}, "InvalidAction.NotFound", 404),
    "stamp": ({"Timestamp": "2026-11-24 09:30:00"}, "InvalidTimeStamp.Format", 400),
    "early": ({"Timestamp": "2026-11-24T01:14:59Z"}, "InvalidTimeStamp.Expired", 400),
    "late": ({"Timestamp": "2026-11-24T01:45:01Z"}, "InvalidTimeStamp.Expired", 400),
    "method": ({"SignatureMethod": "HMAC-SHA256"}, "IncompleteSignature", 400),
    "signature": ({"Signature": "A" * 28}, "SignatureDoesNotMatch", 400),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_failure_at_the_gate_has_its_code_and_status(name: str) -> None:
    change, code, status = WRONG[name]
    form = FORM | change
    form.setdefault("Signature", sign_form(form, "simulatorKeySecret"))

    with pytest.raises(Refusal) as refused:
        Gate(SmsKeys(), ("SendSms",)).check("POST", form, AT)

    assert (refused.value.code, refused.value.status) == (code, status)


def test_a_nonce_is_remembered_for_as_long_as_its_stamp_could_be_used() -> None:
    gate = Gate(SmsKeys(), ("SendSms",))
    gate.check("POST", FORM | {"Signature": SIGNATURE}, AT - 900)

    with pytest.raises(Refusal, match="SignatureNonceUsed"):
        gate.check("POST", FORM | {"Signature": SIGNATURE}, AT + 899)


def sdk(form: dict[str, str], method: str = "POST") -> tuple[str, dict[str, str]]:
    """The path that the SDK's signer makes, and the form that goes with it."""
    path, _ = get_signed_url(
        {"Action": "SendSms", "Version": "2017-05-25"} | ({} if method == "POST" else form),
        "simulatorKeyId",
        "simulatorKeySecret",
        "JSON",
        method,
        form if method == "POST" else {},
    )
    return path, form


def a_text(**change: str) -> dict[str, str]:
    return {
        "PhoneNumbers": PHONE,
        "SignName": "明白账",
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"text": "村 道* 补坑~+%/&=已完工"}',
        "OutId": uuid.uuid4().hex,
    } | change


async def post(world: World, path: str, form: dict[str, str]) -> dict[str, Any]:
    url = URL(str(world.client.make_url("/")).rstrip("/") + path, encoded=True)
    async with world.client.session.post(url, data=form) as answer:
        result: dict[str, Any] = await answer.json()
    return result


async def test_what_the_sdk_signs_is_accepted(world: World) -> None:
    world.frozen.at = time.time()

    answer = await post(world, *sdk(a_text()))

    assert answer["Code"] == "OK"


async def test_what_the_sdk_signs_for_get_is_accepted(world: World) -> None:
    world.frozen.at = time.time()
    path, _ = sdk(a_text(), "GET")
    url = URL(str(world.client.make_url("/")).rstrip("/") + path, encoded=True)

    async with world.client.session.get(url) as answer:
        assert (await answer.json())["Code"] == "OK"


async def test_what_the_sdk_signed_is_refused_when_a_byte_was_flipped(world: World) -> None:
    world.frozen.at = time.time()
    path, form = sdk(a_text())

    answer = await post(world, path, form | {"PhoneNumbers": "16600010070"})

    assert answer["Code"] == "SignatureDoesNotMatch"
    assert world.platforms.sms.texting.texts() == []
