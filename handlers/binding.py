"""Which village somebody belongs to: by QR code, by name, and asked back when unsure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from handlers import texts
from handlers.turn import Brief, Inbound, Reply, Turn
from notifications.wordings import Wordings
from storage.residents import Resident, Residents
from understanding import Intent, Village

SCENE = "v_"  # of a village's QR code, before its 12-digit code (contract.md, section 4)


class Binding:
    def __init__(
        self, residents: Residents, villages: Iterable[Village], wordings: Wordings
    ) -> None:
        self._residents = residents
        self._wordings = wordings
        self._villages: Mapping[str, Village] = {village.code: village for village in villages}
        self._bearers = Counter(village.name for village in self._villages.values())

    def named_apart(self, village: Village) -> Village:
        """The same under a name that no other bears: with its town, where several are called so."""
        if self._bearers[village.name] < 2:
            return village
        return replace(village, name=f"{village.town}{village.name}")

    def village(self, code: str | None) -> Village | None:
        return self._villages.get(code or "")

    async def scanned(self, turn: Turn) -> Reply | None:
        """Binds the village of a QR code; None where the code names none."""
        scene = turn.inbound.scene
        village = self.village(scene.removeprefix(SCENE)) if scene.startswith(SCENE) else None
        return await self.bind(turn, village) if village else None

    async def said(self, turn: Turn) -> Reply:
        """Binds or switches to the village that the message names, or asks which is meant."""
        slots = turn.meaning.slots
        if slots.village and not turn.meaning.village_sure:
            village = slots.village
            said = texts.VILLAGE_GUESS.format(village=village.name, town=village.town)
            code = village.code
            turn.conversation.ask("menu", villages=[code], bind=code, asked=said)
            return Reply(said, _which(f"1 {village.name}"))
        if slots.village:
            return await self.bind(turn, slots.village)
        if slots.village_candidates:
            return ask_which(turn, slots.village_candidates)
        if slots.village_unknown:
            return Reply(texts.VILLAGE_UNKNOWN.format(name=slots.village_unknown))
        return ask_village(turn)

    async def bind(self, turn: Turn, village: Village) -> Reply:
        inbound: Inbound = turn.inbound
        before: Resident = turn.resident
        if before.village == village.code and turn.meaning.intent is Intent.SWITCH_VILLAGE:
            return Reply(texts.BOUND_ALREADY.format(village=village.name))
        turn.resident = await self._residents.bind(
            inbound.channel, inbound.address, before, village.code, turn.meaning.slots.group
        )
        turn.village = village
        turn.conversation.ask("")
        turn.conversation.show(None)
        turn.conversation.village = ""
        bound = texts.BOUND.format(village=village.name, town=village.town)
        return Reply(
            f"{bound}\n{texts.WELCOME_FOLLOW}\n{self._wordings.text('menu')}",
            Brief("answer_bound", {"village": self.named_apart(village).name}),
        )


def ask_village(turn: Turn, **waiting: Any) -> Reply:
    """Asks for the village; a `question` that waits is answered as soon as it is known."""
    turn.conversation.ask("bind", asked=texts.WHICH_VILLAGE, **waiting)
    return Reply(texts.WHICH_VILLAGE)


def ask_which(turn: Turn, candidates: tuple[Village, ...], **wanted: Any) -> Reply:
    """Lets one of the villages be chosen: to be the person's own, unless `wanted` says for what."""
    shown = candidates[:9]
    choices = [
        texts.VILLAGE_CHOICE.format(no=number, village=village.name, town=village.town)
        for number, village in enumerate(shown, 1)
    ]
    said = texts.VILLAGE_CHOICES.format(choices=" ".join(choices))
    codes = [village.code for village in shown]
    turn.conversation.ask("menu", villages=codes, asked=said, **wanted)
    if len({village.name for village in shown}) == len(shown):  # then the towns need no room
        choices = [f"{number} {village.name}" for number, village in enumerate(shown, 1)]
    return Reply(said, _which(" ".join(choices)))


def _which(choices: str) -> Brief:
    return Brief("answer_which_village", {"choices": choices})
