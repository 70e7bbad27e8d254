"""SMS by Aliyun: SendSms and QuerySendDetails, signed by its SDK's signer, carried by aiohttp.

The SDK's own client blocks the loop, puts phone numbers into addresses and speaks plain http
(sms.md 2.2); of it only the pure function that signs is used. What is about a person travels in
the body.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import ClientSession
from aliyunsdkcore.auth.composer.rpc_signature_composer import get_signed_url
from yarl import URL

from notifications.channels import texts
from notifications.channels.aliyun_codes import is_known, receipt_outcome, send_outcome
from notifications.channels.outcome import Outcome, Verdict, safe_code
from notifications.channels.windows import BEIJING
from notifications.channels.wire import (
    Answer,
    NotSent,
    Unreadable,
    Unsure,
    call,
    failed_call,
)
from notifications.settings import SmsSettings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 5.0
_PAGE = 50
_MAX_PAGES = 20  # a thousand texts a day to one number: nothing of ours comes near
# Around midnight the provider may have booked a text under the other date.
_NEAR_MIDNIGHT = timedelta(minutes=15)
_NO_TEMPLATE: Final = frozenset({"isv.SMS_TEMPLATE_ILLEGAL", "isv.TEMPLATE_NOT_EXIST"})
_REVIEWS: Final = {
    "0": "pending",
    "1": "approved",
    "2": "refused",
    "10": "refused",
    "AUDIT_STATE_INIT": "pending",
    "AUDIT_STATE_PASS": "approved",
    "AUDIT_STATE_NOT_PASS": "refused",
    "AUDIT_STATE_CANCEL": "refused",
    "AUDIT_SATE_CANCEL": "refused",  # as the provider writes it too
}
"""How the provider calls a review, in figures and in words."""
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class LookUpFailed(Exception):
    """The provider could not be asked, or did not answer; nothing is known of the text."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class SendDetail:
    """One text to one number, as the provider has it in its books."""

    out_id: str
    outcome: Outcome
    """TAKEN with code DELIVERED: it arrived; TAKEN with code WAITING: no receipt yet."""
    template_code: str
    sent_at: datetime | None
    received_at: datetime | None
    content: str = field(repr=False)


class AliyunGateway:
    """Sends to one number at a time; every answer, and none, becomes an Outcome.

    `clock` is real time in UTC: the provider's windows and dates know no business clock.
    """

    def __init__(
        self,
        http: ClientSession,
        settings: SmsSettings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._http = http
        self._key = settings.access_key_id, settings.access_key_secret
        self._sign_name = settings.sign_name
        self._base = _https(settings.endpoint)
        self._clock = clock
        self._timeout_seconds = timeout_seconds

    async def send(
        self, phone: str, template_code: str, params: Mapping[str, str], *, out_id: str
    ) -> Outcome:
        """One text to one number. TAKEN is not arrived: the receipt with our `reference` (BizId)
        and `out_id` tells that. The provider drops no repeat: an UNKNOWN is never sent again
        before `settle` has found nothing.
        """
        form = {
            "PhoneNumbers": phone,
            "SignName": self._sign_name,
            "TemplateCode": template_code,
            "OutId": out_id,
        }
        if params:
            form["TemplateParam"] = json.dumps(dict(params), ensure_ascii=False)
        try:
            answer = await self._call("SendSms", form)
        except (NotSent, Unsure, Unreadable) as failure:
            return failed_call(failure)
        code, message = answer["Code"], answer.get("Message")
        if not is_known(code):
            log.error("Aliyun answered with a code that no table knows: %s", safe_code(code))
        return send_outcome(
            code,
            self._clock(),
            reference=_text(answer, "BizId"),
            message=message if isinstance(message, str) else "",
        )

    async def details(self, phone: str, day: date) -> list[SendDetail]:
        """All texts to a number on one Beijing date of the last 30; raises LookUpFailed."""
        found: list[SendDetail] = []
        for page in range(1, _MAX_PAGES + 1):
            form = {
                "PhoneNumber": phone,
                "SendDate": f"{day:%Y%m%d}",
                "PageSize": str(_PAGE),
                "CurrentPage": str(page),
            }
            rows = await self._rows(form)
            found += [self._detail(row) for row in rows]
            if len(rows) < _PAGE:
                break
        return found

    async def settle(self, phone: str, out_id: str, sent_at: datetime) -> Outcome | None:
        """What became of a text of unknown outcome; None: the provider has no such text.

        Its books lag, so None counts only after a rest, and asked twice (delivery.md 3). Raises
        LookUpFailed.
        """
        days = {
            (sent_at + shift).astimezone(BEIJING).date()
            for shift in (-_NEAR_MIDNIGHT, timedelta(), _NEAR_MIDNIGHT)
        }
        for day in sorted(days):
            for detail in await self.details(phone, day):
                if detail.out_id == out_id:
                    return detail.outcome
        return None

    async def approval(self, template_code: str) -> tuple[str, str] | None:
        """How the review of a template stands, and why it was refused; None: there is no such
        template. Raises LookUpFailed.

        `approved`, `pending` or `refused`, by GetSmsTemplate.
        """
        try:
            answer = await self._call("GetSmsTemplate", {"TemplateCode": template_code})
        except (NotSent, Unsure, Unreadable) as failure:
            raise LookUpFailed(failed_call(failure)) from None
        if answer["Code"] in _NO_TEMPLATE:
            return None
        if answer["Code"] != "OK":
            raise LookUpFailed(send_outcome(answer["Code"], self._clock()))
        state = _REVIEWS.get(str(answer.get("TemplateStatus")))
        if state is None:
            raise LookUpFailed(failed_call(Unreadable(200)))
        review = answer.get("AuditInfo")
        reason = _text(review, "RejectInfo") if isinstance(review, dict) else ""
        return state, reason if state == "refused" else ""

    async def _rows(self, form: Mapping[str, str]) -> list[Mapping[str, object]]:
        try:
            answer = await self._call("QuerySendDetails", form)
        except (NotSent, Unsure, Unreadable) as failure:
            raise LookUpFailed(failed_call(failure)) from None
        if answer["Code"] != "OK":
            raise LookUpFailed(send_outcome(answer["Code"], self._clock()))
        listed = answer.get("SmsSendDetailDTOs")
        rows = listed.get("SmsSendDetailDTO") if isinstance(listed, dict) else None
        if not isinstance(rows, list):
            raise LookUpFailed(failed_call(Unreadable(200)))
        return [row for row in rows if isinstance(row, dict)]

    def _detail(self, row: Mapping[str, object]) -> SendDetail:
        return SendDetail(
            out_id=_text(row, "OutId"),
            outcome=self._booked(row),
            template_code=_text(row, "TemplateCode"),
            sent_at=_moment(_text(row, "SendDate")),
            received_at=_moment(_text(row, "ReceiveDate")),
            content=_text(row, "Content"),
        )

    def _booked(self, row: Mapping[str, object]) -> Outcome:
        status = str(row.get("SendStatus"))
        if status == "3":
            return Outcome(verdict=Verdict.TAKEN, code="DELIVERED")
        if status == "2":
            return receipt_outcome(_text(row, "ErrCode"), self._clock(), success=False)
        if status == "1":
            return Outcome(verdict=Verdict.TAKEN, code="WAITING", detail=texts.RECEIPT_SILENT)
        return Outcome(verdict=Verdict.UNKNOWN, code="unreadable", detail=texts.UNREADABLE)

    async def _call(self, action: str, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer, which has a `Code` whatever it says; raises what `wire` raises."""
        # A fresh dict: the signer writes into the one it is given. Texts only: others it would
        # sign as Python writes them.
        public = {"Action": action, "Version": "2017-05-25", "RegionId": "cn-hangzhou"}
        path, _ = get_signed_url(public, *self._key, "JSON", "POST", dict(form))
        answer = await call(
            self._http,
            "POST",
            URL(f"{self._base}{path}", encoded=True),
            timeout_seconds=self._timeout_seconds,
            data=urlencode(form).encode(),
            headers=_FORM,
        )
        return _content(answer)


def _https(endpoint: str) -> str:
    base = endpoint.rstrip("/")
    return base if "://" in base else f"https://{base}"


def _content(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("Code"), str):
        raise Unreadable(answer.status)
    if content["Code"] == "OK" and answer.status != 200:
        raise Unreadable(answer.status)
    return content


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    """UTC of a time of day in Beijing, which is how the provider writes it."""
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
