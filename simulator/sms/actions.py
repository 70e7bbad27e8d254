"""SendSms, SendBatchSms and QuerySendDetails, in the gateway's order of checks (sms.md 3)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.faults import Faults
from simulator.sms.errors import Refusal
from simulator.sms.handsets import Handsets
from simulator.sms.limits import Account, NumberLimits, segments
from simulator.sms.registry import Registry, Signature, Template
from simulator.sms.texting import Texting
from simulator.sms.variables import check_value

MOST_NUMBERS = 1000
MOST_IN_A_BATCH = 100
LONGEST = 500
PRICE_FEN = 5
_PREFIX = re.compile(r"^(\+86|0086|86)(?=1\d{10}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that has passed every check but the limits."""

    phone: str
    content: str
    signature: Signature
    template: Template


class Actions:
    def __init__(
        self,
        *,
        registry: Registry,
        account: Account,
        limits: NumberLimits,
        handsets: Handsets,
        texting: Texting,
        faults: Faults,
    ) -> None:
        self._registry = registry
        self._account = account
        self._limits = limits
        self._handsets = handsets
        self._texting = texting
        self._faults = faults

    async def run(self, given: Given) -> dict[str, Any]:
        """The answer beside RequestId; raises Refusal."""
        self._account.check()
        match given["Action"]:
            case "SendSms":
                return await self._send(given)
            case "SendBatchSms":
                return await self._send_batch(given)
            case "GetSmsTemplate":
                return self._template(given)
            case _:
                return self._details(given)

    def _template(self, given: Given) -> dict[str, Any]:
        """How the review of a template stands."""
        template = self._registry.templates.get(_needed(given, "TemplateCode"))
        if template is None:
            raise Refusal("isv.SMS_TEMPLATE_ILLEGAL", "短信模版不合法")
        return {
            "TemplateCode": template.id,
            "TemplateContent": template.text,
            "TemplateStatus": str(int(template.state)),
            "AuditInfo": {"RejectInfo": template.reason},
        }

    async def _send(self, given: Given) -> dict[str, Any]:
        numbers = [n for n in _needed(given, "PhoneNumbers").split(",") if n]
        if len(numbers) > MOST_NUMBERS:
            raise Refusal("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制")
        phones = [_mobile(number) for number in numbers]
        if not phones:
            raise Refusal("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误")
        sign_name = _needed(given, "SignName")
        template = self._registry.template(_needed(given, "TemplateCode"))
        extension = given.get("SmsUpExtendCode", "")
        signature = self._registry.signature(sign_name, template, extension)
        content = self._filled(signature, template, _object(given.get("TemplateParam") or "{}"))
        ready = [Ready(phone, content, signature, template) for phone in phones]
        return await self._take(ready, given.get("OutId", ""))

    async def _send_batch(self, given: Given) -> dict[str, Any]:
        numbers = _array(_needed(given, "PhoneNumberJson"))
        signs = _array(_needed(given, "SignNameJson"))
        if len(numbers) > MOST_IN_A_BATCH:
            raise Refusal("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制")
        template = self._registry.template(_needed(given, "TemplateCode"))
        parameters = _array(given.get("TemplateParamJson") or json.dumps([{}] * len(numbers)))
        extensions = _array(given.get("SmsUpExtendCodeJson") or json.dumps([""] * len(numbers)))
        if not numbers or len({len(numbers), len(signs), len(parameters), len(extensions)}) != 1:
            raise Refusal("isv.INVALID_PARAMETERS", "各数组的长度必须一致")
        ready: list[Ready] = []
        for number, sign, values, extension in zip(
            numbers, signs, parameters, extensions, strict=True
        ):
            if not isinstance(values, dict):
                raise Refusal("isv.INVALID_JSON_PARAM", "JSON参数不合法")
            phone = _mobile(str(number))
            signature = self._registry.signature(str(sign), template, str(extension))
            content = self._filled(signature, template, values)
            ready.append(Ready(phone, content, signature, template))
        return await self._take(ready, given.get("OutId", ""))

    async def _take(self, ready: list[Ready], out_id: str) -> dict[str, Any]:
        if len(out_id) > 255:
            raise Refusal("isv.INVALID_PARAMETERS", "OutId 过长")
        windows = []
        for text in ready:
            kind, identifier = text.template.type, text.template.id
            sign = text.signature.name
            windows += self._limits.check(sign, identifier, kind, text.phone)
        if any(self._handsets.refuses(text.phone, text.template.type) for text in ready):
            raise Refusal("isv.CUSTOMER_REFUSED", "用户已退订")
        self._limits.count(windows)
        billed = sum(segments(text.content) for text in ready)
        self._account.bill(billed, len(ready), PRICE_FEN)
        biz_id = self._texting.new_biz_id()
        for text in ready:
            await self._texting.carry(
                text.phone,
                text.content,
                template=text.template.id,
                biz_id=biz_id,
                out_id=out_id,
                filed=text.signature.filed,
            )
        return {"BizId": biz_id}

    def _filled(
        self, signature: Signature, template: Template, values: Mapping[str, object]
    ) -> str:
        """The text as the handset shows it, 【signature】 first."""
        if missing := [name for name in template.fields if name not in values]:
            raise Refusal("isv.TEMPLATE_MISSING_PARAMETERS", f"模版缺少变量{missing[0]}")
        banned = self._faults.banned_words
        checked = {
            name: check_value(name, kind, values[name], banned)
            for name, kind in template.fields.items()
        }
        content = f"【{signature.name}】{template.fill(checked)}"
        if len(content) > LONGEST:
            raise Refusal("isv.PARAM_LENGTH_LIMIT", f"短信内容超过{LONGEST}字")
        return content

    def _details(self, given: Given) -> dict[str, Any]:
        phone = _mobile(_needed(given, "PhoneNumber"))
        size, page = _needed(given, "PageSize"), _needed(given, "CurrentPage")
        if not size.isdigit() or not page.isdigit():
            raise Refusal("isv.INVALID_PARAMETERS", "PageSize 或 CurrentPage 错误")
        day = _needed(given, "SendDate")
        return self._texting.details(phone, day, given.get("BizId", ""), int(size), int(page))


def _needed(given: Given, name: str) -> str:
    if not given.get(name):
        raise Refusal(f"Missing{name}", f"{name} is mandatory for this action.", 400)
    return given[name]


def _mobile(number: str) -> str:
    """Eleven digits, whichever prefix stood before them."""
    bare = _PREFIX.sub("", number.strip())
    if number.startswith(("+", "00")) and bare == number.strip():
        raise Refusal("isv.DOMESTIC_NUMBER_NOT_SUPPORTED", "国际/港澳台消息模板不支持发送境内号码")
    if not _MOBILE.fullmatch(bare):
        raise Refusal("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误")
    return bare


def _object(text: str) -> dict[str, object]:
    values = _json(text)
    if not isinstance(values, dict):
        raise Refusal("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值")
    return values


def _array(text: str) -> list[object]:
    values = _json(text)
    if not isinstance(values, list):
        raise Refusal("isv.INVALID_JSON_PARAM", "JSON参数不合法")
    return values


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise Refusal("isv.INVALID_JSON_PARAM", "JSON参数不合法") from None
