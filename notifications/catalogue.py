"""The templates that exist from the start, as data (contract.md, sections 6 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from notifications import texts
from notifications.alarms import texts as alarm_texts
from notifications.policy import NoticeClass
from notifications.sms_rules import MAX_VALUE_CHARS, VariableKind


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, and what its SMS variable is declared as (sms.md 1.7).

    `longest` is what it comes to in usual answers, in characters. Words that are `loose` are cut
    to it, so that a text stays short; names, figures and days never are.
    """

    name: str
    kind: VariableKind = VariableKind.OTHERS
    longest: int = MAX_VALUE_CHARS
    loose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A template as it comes with the program; an empty text: not over that channel."""

    code: str
    notice_class: NoticeClass
    parameters: tuple[Parameter, ...] = ()
    wechat: str = ""
    sms: str = ""
    editable: bool = True

    @property
    def texts(self) -> dict[str, str]:
        return {c: t for c, t in (("wechat", self.wechat), ("sms", self.sms)) if t}


_VILLAGE = Parameter("village", longest=10)
_PERIOD = Parameter("period", longest=14)
_DIRECTION = Parameter("direction", VariableKind.UNIT_NAME, longest=2)
_AMOUNT = Parameter("amount", VariableKind.MONEY, longest=12)
_COUNT = Parameter("count", VariableKind.OTHER_NUMBER, longest=4)
_TEXT = Parameter("text", loose=True)
_DUE = Parameter("due", longest=11)
_REQUEST = Parameter("kind", VariableKind.UNIT_NAME, longest=6)
_NUMBER = Parameter("number", VariableKind.OTHER_NUMBER, longest=8)


def _notice(
    code: str, notice_class: NoticeClass, *parameters: Parameter, wechat: str, sms: str
) -> Shipped:
    return Shipped(
        code=code, notice_class=notice_class, parameters=parameters, wechat=wechat, sms=sms
    )


def _spoken(code: str, wechat: str, sms: str = "") -> Shipped:
    """Greeting, help and apologies: without figures, so they may be edited."""
    return Shipped(code=code, notice_class=NoticeClass.ANSWER, wechat=wechat, sms=sms)


def _answer(code: str, text: str, *parameters: Parameter) -> Shipped:
    """An answer by SMS; its figures are not for editing (contract.md, section 6)."""
    return Shipped(
        code=code,
        notice_class=NoticeClass.ANSWER,
        parameters=parameters,
        sms=text,
        editable=False,
    )


_ALL = (
    _notice(
        "notice",
        NoticeClass.NEWS,
        Parameter("title", longest=20, loose=True),
        _TEXT,
        wechat=texts.NOTICE,
        sms=texts.NOTICE_SMS,
    ),
    _notice(
        "disclosure_published",
        NoticeClass.NEWS,
        _VILLAGE,
        _PERIOD,
        Parameter("title", longest=18, loose=True),
        wechat=texts.PUBLISHED,
        sms=texts.PUBLISHED_SMS,
    ),
    _notice("weekly_news", NoticeClass.NEWS, _TEXT, wechat=texts.WEEKLY, sms=texts.WEEKLY_SMS),
    _notice("news_published", NoticeClass.NEWS, _TEXT, wechat=texts.NEWS, sms=texts.NEWS_SMS),
    _notice(
        "disclosure_due",
        NoticeClass.DUTY,
        _VILLAGE,
        _PERIOD,
        _DUE,
        wechat=texts.DUE,
        sms=texts.DUE,
    ),
    _notice(
        "disclosure_overdue",
        NoticeClass.DUTY,
        _VILLAGE,
        _PERIOD,
        _DUE,
        wechat=texts.OVERDUE,
        sms=texts.OVERDUE,
    ),
    _notice(
        "duty_call",
        NoticeClass.DUTY,
        _VILLAGE,
        Parameter("time", longest=14),
        wechat=texts.DUTY_CALL,
        sms=texts.DUTY_CALL,
    ),
    _notice(
        "matter_due",
        NoticeClass.DUTY,
        _VILLAGE,
        Parameter("item", longest=20, loose=True),
        Parameter("number", VariableKind.OTHER_NUMBER, longest=8),
        Parameter("step", VariableKind.OTHER_NUMBER, longest=2),
        wechat=texts.MATTER_DUE,
        sms=texts.MATTER_DUE,
    ),
    _notice(
        "matter_done",
        NoticeClass.LEGAL,
        Parameter("item", longest=20, loose=True),
        Parameter("number", VariableKind.OTHER_NUMBER, longest=8),
        Parameter("result", longest=20, loose=True),
        wechat=texts.MATTER_DONE,
        sms=texts.MATTER_DONE,
    ),
    _notice(
        "power_changed",
        NoticeClass.DUTY,
        Parameter("item", longest=20, loose=True),
        Parameter("count", VariableKind.OTHER_NUMBER, longest=2),
        _VILLAGE,
        wechat=texts.POWER_CHANGED,
        sms=texts.POWER_CHANGED,
    ),
    _notice(
        "reminder_unconfirmed",
        NoticeClass.DUTY,
        _VILLAGE,
        Parameter("post", longest=20, loose=True),
        Parameter("item", longest=20, loose=True),
        wechat=texts.UNCONFIRMED,
        sms=texts.UNCONFIRMED,
    ),
    _notice(
        "proposal_made",
        NoticeClass.DUTY,
        _VILLAGE,
        Parameter("item", longest=20, loose=True),
        Parameter("number", VariableKind.OTHER_NUMBER, longest=6),
        wechat=texts.PROPOSAL,
        sms=texts.PROPOSAL,
    ),
    _notice(
        "early_reminder",
        NoticeClass.DUTY,
        _TEXT,
        wechat=texts.EARLY,
        sms=texts.EARLY_SMS,
    ),
    _notice(
        "integrity_reminder",
        NoticeClass.REMINDER,
        _TEXT,
        wechat=texts.INTEGRITY,
        sms=texts.INTEGRITY_SMS,
    ),
    _notice(
        "request_new",
        NoticeClass.DUTY,
        _VILLAGE,
        _REQUEST,
        _NUMBER,
        _DUE,
        wechat=texts.REQUEST_NEW,
        sms=texts.REQUEST_NEW,
    ),
    _notice(
        "request_due",
        NoticeClass.DUTY,
        _VILLAGE,
        _REQUEST,
        _NUMBER,
        wechat=texts.REQUEST_DUE,
        sms=texts.REQUEST_DUE,
    ),
    _notice(
        "request_late",
        NoticeClass.DUTY,
        _VILLAGE,
        _REQUEST,
        _NUMBER,
        _DUE,
        wechat=texts.REQUEST_LATE,
        sms=texts.REQUEST_LATE,
    ),
    _notice(
        "request_answered",
        NoticeClass.LEGAL,
        _NUMBER,
        _TEXT,
        wechat=texts.REQUEST_ANSWERED,
        sms=texts.REQUEST_ANSWERED_SMS,
    ),
    _notice(
        "request_extended",
        NoticeClass.LEGAL,
        _NUMBER,
        _DUE,
        wechat=texts.REQUEST_EXTENDED,
        sms=texts.REQUEST_EXTENDED,
    ),
    _notice(
        "rate_service",
        NoticeClass.NEWS,
        _NUMBER,
        Parameter("how", longest=20),
        wechat=texts.RATE_SERVICE,
        sms=texts.RATE_SERVICE,
    ),
    _notice("alarm", NoticeClass.DUTY, _TEXT, wechat=alarm_texts.ALARM, sms=alarm_texts.ALARM),
    _spoken("welcome", texts.WELCOME, texts.WELCOME_SMS),
    _spoken("help", texts.HELP, texts.HELP_SMS),
    _spoken("menu", texts.MENU, texts.MENU_SMS),
    _spoken("menu_more", texts.MENU_MORE),
    _spoken("menu_confirm", texts.MENU_CONFIRM),
    _spoken("apology", texts.APOLOGY, texts.APOLOGY_SMS),
    _spoken("late", texts.LATE),
    _spoken("not_understood", texts.NOT_UNDERSTOOD, texts.NOT_UNDERSTOOD_SMS),
    _spoken("not_understood_again", texts.NOT_UNDERSTOOD_AGAIN, texts.NOT_UNDERSTOOD_AGAIN_SMS),
    _spoken("voice_hint", texts.VOICE_HINT, texts.VOICE_HINT_SMS),
    _answer("answer_total", texts.ANSWER_TOTAL, _VILLAGE, _PERIOD, _DIRECTION, _AMOUNT, _COUNT),
    _answer(
        "answer_three",
        texts.ANSWER_THREE,
        _VILLAGE,
        _PERIOD,
        _DIRECTION,
        _AMOUNT,
        _COUNT,
        Parameter("list", loose=True),
    ),
    _answer(
        "answer_both",
        texts.ANSWER_BOTH,
        _VILLAGE,
        _PERIOD,
        Parameter("income", VariableKind.MONEY, longest=12),
        Parameter("expense", VariableKind.MONEY, longest=12),
        _COUNT,
    ),
    _answer(
        "answer_list",
        texts.ANSWER_LIST,
        Parameter("title", longest=20, loose=True),
        Parameter("list", loose=True),
    ),
    _answer(
        "answer_steps",
        texts.ANSWER_STEPS,
        Parameter("title", longest=20, loose=True),
        Parameter("first", loose=True),
        Parameter("second", loose=True),
    ),
    _answer(
        "answer_step",
        texts.ANSWER_STEP,
        Parameter("no", VariableKind.OTHER_NUMBER, longest=2),
        Parameter("step", longest=20, loose=True),
        Parameter("post", longest=20, loose=True),
        Parameter("risk", longest=24, loose=True),
        Parameter("measure", longest=30, loose=True),
    ),
    _answer(
        "answer_names",
        texts.ANSWER_NAMES,
        _VILLAGE,
        Parameter("title", longest=20, loose=True),
        _COUNT,
        _AMOUNT,
        Parameter("list", loose=True),
    ),
    _answer(
        "answer_contact",
        texts.ANSWER_CONTACT,
        _VILLAGE,
        Parameter("office", longest=14, loose=True),
        Parameter("phone", VariableKind.PHONE_NUMBER, longest=15),
        Parameter("hours", longest=20, loose=True),
    ),
    _answer(
        "answer_matter",
        texts.ANSWER_MATTER,
        Parameter("item", longest=16, loose=True),
        Parameter("number", VariableKind.OTHER_NUMBER, longest=8),
        Parameter("state", longest=20, loose=True),
        Parameter("due", longest=6),
    ),
    _answer(
        "phone_code", texts.PHONE_CODE, Parameter("code", VariableKind.NUMBER_CAPTCHA, longest=6)
    ),
    _answer("ask_who", texts.ASK_WHO),
    _answer(
        "answer_own",
        texts.ANSWER_OWN,
        _COUNT,
        _PERIOD,
        Parameter("item", longest=16, loose=True),
        _AMOUNT,
        Parameter("state", longest=8, loose=True),
    ),
    _answer(
        "answer_entry",
        texts.ANSWER_ENTRY,
        _VILLAGE,
        Parameter("date", longest=11),
        Parameter("summary", longest=20, loose=True),
        _DIRECTION,
        _AMOUNT,
        Parameter("payee", longest=12, loose=True),
        Parameter("handler", longest=6),
        Parameter("voucher", longest=16),
    ),
    _answer("answer_none", texts.ANSWER_NONE, _VILLAGE, _PERIOD),
    _answer(
        "answer_compare",
        texts.ANSWER_COMPARE,
        _VILLAGE,
        _DIRECTION,
        Parameter("first"),
        Parameter("second"),
        Parameter("difference", longest=20),
    ),
    _answer("answer_bound", texts.ANSWER_BOUND, _VILLAGE),
    _answer("answer_which_village", texts.ANSWER_WHICH, Parameter("choices", loose=True)),
    _answer("answer_text", texts.ANSWER_TEXT, _TEXT),
    _answer(
        "answer_text2",
        texts.ANSWER_TEXT2,
        Parameter("first", loose=True),
        Parameter("second", loose=True),
    ),
)

CATALOGUE: Final[Mapping[str, Shipped]] = MappingProxyType({item.code: item for item in _ALL})


def parameter(code: str, name: str) -> Parameter:
    """What is known of a template's parameter; a usual one where nothing is."""
    shipped = CATALOGUE.get(code)
    found = (p for p in shipped.parameters if p.name == name) if shipped else iter(())
    return next(found, Parameter(name))
