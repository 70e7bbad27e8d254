"""我的补贴: own rows of the village's lists, for whoever has shown who they are (domain.md, 8).

By phone (an SMS comes from it; on WeChat a code is sent to it), then by name and the last four of
the identity number. Names and numbers that are given here are compared as keyed hashes and kept
nowhere. A household's phone may show several people's rows, one proof each.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from handlers import texts, wording
from handlers.turn import Brief, Reply, Turn
from notifications.answers import SmsAnswer, answer_by_sms
from storage import identities, people
from storage.canonical import digest
from storage.clock import BEIJING
from storage.database import Database
from storage.identities import Claim, Proof, key_of, line_digest
from storage.published_records import Disclosure, PublishedRecords, Record
from storage.record_bodies import line_of
from storage.sealing import Sealer
from understanding import Intent
from workbooks.records.kinds import SUBSIDIES

TALK = "own_money"
CODE_LIVES = timedelta(minutes=10)
CODES_A_DAY = 3
CODE_TRIES = 3
LOOKS_A_DAY = 20
SHOWN = 5

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_WHO = re.compile(
    r"(?:我叫|我是|姓名|名字|叫)?[是::\s]*([\u4e00-\u9fff·]{2,20})\D{0,6}(\d{3}[\dXx])(?!\d)"
)
_OWN = re.compile(
    r"(?:我|俺)(?:(?:家|屋头|妈|爸|老汉儿?|老母|奶奶|爷爷|婆婆|老伴|娃儿?)的?|的)(?!村|们)"
)
_PHONE, _CODED, _NAME = "phone", "code", "name"  # what was asked for last

Stage = Callable[[Turn], Awaitable[Reply | None]]


class OwnMoney:
    """Answers with somebody's own rows; before that, asks who they are."""

    def __init__(self, db: Database, sealer: Sealer, published: PublishedRecords) -> None:
        self._db = db
        self._sealer = sealer
        self._published = published
        self._stages: dict[str, Stage] = {
            _PHONE: self._phone, _CODED: self._code, _NAME: self._name,
        }  # fmt: skip

    async def answer(self, turn: Turn) -> Reply:
        """The rows, or the first question."""
        if await identities.is_proved(self._db, turn.resident.person_id):
            return await self._rows(turn)
        if turn.by_sms or await people.address_of(
            self._db, self._sealer, turn.resident.person_id, "sms"
        ):
            return _ask(turn, _NAME, texts.WHO_ARE_YOU, "ask_who")
        return _ask(turn, _PHONE, texts.WHICH_PHONE)

    async def go_on(self, turn: Turn) -> Reply | None:
        """What an answer to our question leads to; None where it answers something else."""
        stage = self._stages.get(str(turn.conversation.offer.get("asked")))
        return await stage(turn) if stage else None

    # --- the phone, then the code sent to it ------------------------------------------------------

    async def _phone(self, turn: Turn) -> Reply | None:
        found = _MOBILE.search(_plain(turn))
        if found is None:
            return None
        if await self._used(turn, "code") > CODES_A_DAY:
            return _end(turn, texts.CODES_USED_UP)
        code = f"{secrets.randbelow(10**6):06d}"
        household, _ = await people.ensure_person(self._db, self._sealer, "sms", found[0], turn.now)
        await answer_by_sms(
            self._db,
            self._sealer,
            person_id=household.id,
            message_key=digest(f"code\0{turn.inbound.key}"),
            answer=SmsAnswer("phone_code", {"code": code}),
            now=turn.now,
        )
        until = (turn.now + CODE_LIVES).isoformat()
        return _ask(turn, _CODED, texts.CODE_SENT, code=code, phone=found[0], until=until, tries=0)

    async def _code(self, turn: Turn) -> Reply | None:
        found = _CODE.search(_plain(turn))
        if found is None:
            return None
        offer = turn.conversation.offer
        if turn.now > datetime.fromisoformat(str(offer["until"])):
            return _end(turn, texts.CODE_TOO_OLD)
        if not hmac.compare_digest(found[0], str(offer["code"])):
            offer["tries"] = int(offer["tries"]) + 1
            if offer["tries"] >= CODE_TRIES:
                return _end(turn, texts.CODE_TOO_OFTEN)
            return Reply(texts.CODE_WRONG)
        await people.add_address(
            self._db, self._sealer, turn.resident.person_id, "sms", str(offer["phone"]), turn.now
        )
        return _ask(turn, _NAME, texts.WHO_ARE_YOU, "ask_who")

    # --- name and last four -----------------------------------------------------------------------

    async def _name(self, turn: Turn) -> Reply | None:
        found = _WHO.search(_plain(turn))
        if found is None:
            return None
        person = turn.resident.person_id
        proof = await identities.prove(
            self._db,
            person,
            turn.conversation.village,  # the one that was asked about
            key_of(self._sealer, found[1], found[2]),
            actor=person,
            now=turn.now,
        )
        if proof is Proof.PROVED:
            return await self._rows(turn)
        if proof is Proof.LOCKED:
            return _end(turn, texts.IDENTITY_LOCKED)
        return Reply(texts.NOT_ON_A_LIST)

    # --- the rows ---------------------------------------------------------------------------------

    async def _rows(self, turn: Turn) -> Reply:
        turn.conversation.hand_back()
        turn.conversation.show(None)
        if await self._used(turn, "rows") > LOOKS_A_DAY:
            return Reply(texts.OWN_ROWS_USED_UP)
        claims = await identities.claims_of(self._db, turn.resident.person_id)
        found = [row for claim in claims if (row := await self._row(claim, turn))]
        if not found:
            return Reply(texts.NO_OWN_ROWS)
        lines = [texts.OWN_ROWS.format(count=len(found))]
        lines += [_told(disclosure, record) for disclosure, record in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(texts.OWN_ROWS_REST.format(count=len(found) - SHOWN))
        lines.append(texts.OWN_ROWS_DOUBT)
        turn.conversation.offer = {"entry": "", "named": texts.OWN_ROWS_NAMED}
        return Reply("\n".join(lines), _brief(*found[0], len(found)))

    async def _used(self, turn: Turn, what: str) -> int:
        day = turn.now.astimezone(BEIJING).date()
        return await identities.count_use(self._db, turn.resident.person_id, what, day)

    async def _row(self, claim: Claim, turn: Turn) -> tuple[Disclosure, Record] | None:
        """The published row that a claim is about, as it stands now."""
        records = await self._published.village(claim.village, turn.chain_head)
        for disclosure in records.of(SUBSIDIES):
            if (disclosure.book, disclosure.period) != (claim.book, claim.period):
                continue
            for record in disclosure.records:
                if line_digest(line_of(SUBSIDIES, record.values)) == claim.line:
                    return disclosure, record
        return None


def asks_about_own_money(intent: Intent, text: str) -> bool:
    """Whether a question about payments is about the writer's own."""
    return intent is Intent.QUERY_SUBSIDY and bool(_OWN.search(unicodedata.normalize("NFKC", text)))


def _ask(turn: Turn, asked: str, text: str, brief: str = "", **offer: object) -> Reply:
    turn.conversation.hold(TALK, asked=asked, **offer)
    return Reply(text, Brief(brief, {}) if brief else None)


def _end(turn: Turn, text: str) -> Reply:
    turn.conversation.hand_back()
    return Reply(text)


def _plain(turn: Turn) -> str:
    return unicodedata.normalize("NFKC", turn.inbound.text).strip()


def _told(disclosure: Disclosure, record: Record) -> str:
    amount = record.fen("amount")
    paid = record.day("paid")
    return texts.OWN_ROW.format(
        name=record.text("name"),
        item=disclosure.book,
        period=wording.of_period(disclosure.period),
        amount=wording.yuan(amount) if amount is not None else texts.NOT_WRITTEN,
        state=texts.OWN_ROW_PAID.format(day=wording.full_day(paid))
        if paid
        else record.text("state") or texts.OWN_ROW_UNPAID,
    )


def _brief(disclosure: Disclosure, record: Record, count: int) -> Brief:
    return Brief(
        "answer_own",
        {
            "item": disclosure.book,
            "period": wording.of_period(disclosure.period),
            "amount": wording.plain_yuan(record.fen("amount") or 0),
            "state": record.text("state") or texts.OWN_ROW_UNPAID,
            "count": str(count),
        },
    )
