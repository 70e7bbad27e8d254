"""One turn of a dialogue: what came in, what is known, what goes back. No channel's manners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from storage.accounts import VillageAccounts
from storage.residents import Resident
from understanding import Context, LastQuery, Meaning, Village


class Kind(StrEnum):
    """What somebody did."""

    TEXT = "text"
    VOICE = "voice"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    REVOKED = "revoked"  # the platform says that somebody takes their consent back
    SCAN = "scan"  # a village's QR code, while following already
    MENU = "menu"
    OTHER = "other"  # a picture, a place, a file


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message or an event, whatever channel brought it."""

    channel: str  # wechat or sms
    key: str  # tells a repeat; guards whatever has a side effect
    kind: Kind
    address: str = field(repr=False)  # openid or phone number
    text: str = field(default="", repr=False)
    scene: str = ""  # of a QR code, such as v_990101102200
    menu_key: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """An answer as a registered SMS template and its values (contract.md, section 8)."""

    template: str
    values: Mapping[str, str]
    entries: tuple[str, ...] = ()
    """The first entries of a sum, where the template has room for some of them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: the whole text, and how it is said in one SMS.

    `link` is a path of the public pages, `picture` one of a picture that shows the same, where the
    person asked for it. Without a brief the SMS is the text itself, cut by rule.
    """

    text: str
    brief: Brief | None = None
    link: str = ""
    picture: str = ""


@dataclass(slots=True)
class Conversation:
    """Where a dialogue stands. `pending` is what was asked last; `offer` what a yes would do."""

    pending: str = ""  # menu, rate, bind, confirm; empty: no question is open
    offer: dict[str, Any] = field(default_factory=dict)
    last_query: LastQuery | None = None
    basis: str = ""  # which published versions the numbers on screen count in
    viewed: int = 0  # the number on screen that was opened last; 0: none
    village: str = ""  # code of the one that is on screen, or that the open question is about
    last_bot: str = ""
    rest: str = ""  # what an SMS had no room for
    talk: str = ""  # the handler that holds the conversation; empty: none
    missed: int = 0  # how often in a row nothing was understood
    late: str = ""  # an answer that came after its time, to be had by 继续

    def ask(self, pending: str, **offer: Any) -> None:
        self.pending, self.offer = pending, offer

    def let_go(self) -> None:
        """Something else was said: what was asked is open no longer, and no later yes means it.

        But for the village, without which nothing can be answered.
        """
        if self.pending in ("confirm", "menu"):
            self.ask("")

    def show(self, query: LastQuery | None, basis: str = "") -> None:
        """What is on screen from now on. Without results there is nothing to choose by number."""
        self.last_query, self.basis, self.viewed = query, basis, 0

    @property
    def on_screen(self) -> LastQuery | None:
        """The query whose numbered results are on screen."""
        return self.last_query if self.last_query and self.last_query.results else None

    def hold(self, talk: str, **offer: Any) -> None:
        """Has what is said next go to this handler, with what it knows by then."""
        self.pending, self.talk, self.offer = "", talk, offer

    def hand_back(self) -> None:
        """Ends that."""
        self.ask("")
        self.talk = ""


@dataclass(slots=True)
class Turn:
    """All that a handler gets. It changes `conversation`, and returns a Reply."""

    inbound: Inbound
    resident: Resident
    meaning: Meaning
    conversation: Conversation
    now: datetime  # business time
    today: date  # in Beijing
    village: Village | None  # the one that the message is about: named in it, or the person's own
    chain_head: int
    is_erased: bool = False  # nothing of whoever wrote is known any more, nor may be kept

    @property
    def by_sms(self) -> bool:
        return self.inbound.channel == "sms"

    def context(self) -> Context:
        return Context(
            bound_village=self.village,
            last_query=self.conversation.last_query,
            pending=self.conversation.pending or None,
            last_bot=self.conversation.last_bot or None,
        )


@dataclass(frozen=True, slots=True)
class Answerable:
    """The published accounts that a question is about."""

    village: Village
    accounts: VillageAccounts
