"""Answers by SMS: every reply is one of a few registered templates, its values made to fit.

Contract.md, section 8: aliyun carries nothing else. A reply that has a template of its own goes as
that; any other, and any of which a value does not fit, goes as one or two free lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import texts
from notifications.catalogue import CATALOGUE
from notifications.cutting import cut
from notifications.policy import POLICIES, NoticeClass
from notifications.rendering import fill, sms_variables
from notifications.segments import SINGLE_CHARS, length
from notifications.sms_rules import MAX_VALUE_CHARS, sayable
from storage import outbox
from storage.database import Database
from storage.sealing import Sealer

_ENDS = "。;；,，、:： \n"
_CLAUSE_ENDS = "。;；,，、"


@dataclass(frozen=True, slots=True)
class SmsAnswer:
    """An answer as a template and its values; `rest` is what it had no room for (回复0继续).

    `words` are the template's, where they may be edited; empty: the shipped ones.
    """

    template: str
    params: Mapping[str, str]
    rest: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """What the phone shows, without the signature."""
        return fill(self.words or CATALOGUE[self.template].sms, self.params)


def plain(text: str) -> SmsAnswer:
    """Any text as one or two values of at most 35 characters; lines are joined by commas.

    A line stays whole where it can: what is said of a thing does not part from its name.
    """
    lines = _lines(text)
    whole = ",".join(lines)
    if len(whole) <= MAX_VALUE_CHARS:
        return SmsAnswer("answer_text", {"text": whole or texts.FILLER})
    first, lines = _head(lines, MAX_VALUE_CHARS)
    first = first.rstrip(_ENDS + "?？!！")  # a comma follows
    others = ",".join(lines)
    if len(others) <= MAX_VALUE_CHARS:
        return SmsAnswer("answer_text2", {"first": first, "second": others})
    second, lines = _head(lines, MAX_VALUE_CHARS - len(texts.CONTINUE) - 1)
    return SmsAnswer(
        "answer_text2",
        {"first": first, "second": f"{second.rstrip(_ENDS)}。{texts.CONTINUE}"},
        "\n".join(lines),
    )


def fitted(template: str, params: Mapping[str, str], whole: str) -> SmsAnswer:
    """The answer as that template where its values fit, else `whole` as free lines.

    The values are in the form that the provider takes: what is to be shown and what is sent are
    the same.
    """
    shipped = CATALOGUE.get(template)
    if shipped is None or not shipped.sms:
        return plain(whole)
    names = [parameter.name for parameter in shipped.parameters]
    if not set(names) <= params.keys():
        return plain(whole)
    filled = sms_variables(template, [(n, n) for n in names], params, tail=texts.CONTINUE)
    return plain(whole) if filled.refused else SmsAnswer(template, dict(filled.values))


def three(
    params: Mapping[str, str], entries: Sequence[str], whole: str, *, sign_name: str = ""
) -> SmsAnswer:
    """A sum and its first entries in one text: as many as leave it at 70 characters, one at least.

    `entries` are such as 村道补坑9800元, without their numbers.
    """
    for count in range(min(3, len(entries)), 0, -1):
        listed = "".join(numbered(n, entry) for n, entry in enumerate(entries[:count], 1))
        if len(listed) > MAX_VALUE_CHARS:
            continue
        answer = fitted("answer_three", {**params, "list": listed}, whole)
        if count == 1 or length(answer.text, sign_name) <= SINGLE_CHARS:
            return answer
    return fitted("answer_total", params, whole)


async def answer_by_sms(
    db: Database,
    sealer: Sealer,
    *,
    person_id: str,
    message_key: str,
    answer: SmsAnswer,
    now: datetime,
) -> bool:
    """Puts an answer into the interactive lane, sealed until it is finished.

    False, and no second text, where that message has been answered. Wake the outbox afterwards.
    """
    content = json.dumps(
        {"template": answer.template, "params": dict(answer.params), "words": answer.words},
        ensure_ascii=False,
    )
    return await outbox.add_answer(
        db,
        message_key=message_key,
        person_id=person_id,
        sealed=sealer.seal_inbox(content.encode()),
        now=now,
        expires_at=now + POLICIES[NoticeClass.ANSWER].expires_after,
    )


def open_answer(sealer: Sealer, sealed: bytes) -> SmsAnswer:
    """The content of an answer's row; raises SealError."""
    content = json.loads(sealer.open_inbox(sealed))
    return SmsAnswer(content["template"], content["params"], words=content["words"])


def numbered(number: int, text: str) -> str:
    """1村道补坑; 1、10月租金, so that nobody reads 110."""
    return f"{number}{'、' if text[:1].isdigit() else ''}{text}"


def _lines(text: str) -> list[str]:
    parts = (sayable(part).rstrip(_ENDS) for part in text.splitlines())
    return [part for part in parts if part]


def _head(lines: Sequence[str], most: int) -> tuple[str, list[str]]:
    """As many lines as fit, and the rest. Where they fill less than half, the next one is begun.

    It ends at a clause then, and only a line that stands alone may end elsewhere.
    """
    taken, rest = "", list(lines)
    while rest and len(taken) + len(rest[0]) + bool(taken) <= most:
        taken = f"{taken},{rest.pop(0)}" if taken else rest.pop(0)
    room = most - len(taken) - bool(taken)
    if rest and room > most // 2:
        piece = cut(rest[0], max_chars=room)
        at = len(piece)
        if not taken or (piece and any(mark in _CLAUSE_ENDS for mark in rest[0][at - 1 : at + 1])):
            rest[0] = rest[0][len(piece) :].lstrip(_ENDS)
            taken = f"{taken},{piece}" if taken else piece
    return taken, [line for line in rest if line]
