"""Where one's own application stands (domain.md, M15, M32): for its applicant, and nobody else."""

from __future__ import annotations

from handlers import texts, wording
from handlers.turn import Brief, Reply, Turn
from storage import matters
from storage.database import Database
from storage.matters import Matter, MatterState
from storage.sealing import Sealer
from understanding.own_matters import matter_number

_SHOWN = 3


class Matters:
    """Answers 我的事办到哪步了, by the address that asks, or by number."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    async def answer(self, turn: Turn) -> Reply:
        """The matters of whoever writes; a number of somebody else's is as good as none."""
        turn.conversation.ask("")
        turn.conversation.show(None)
        own = await matters.of_address(
            self._db, self._sealer, turn.inbound.channel, turn.inbound.address
        )
        given = matter_number(turn.inbound.text)
        if given:
            own = [matter for matter in own if matter.number == given]
        if not own:
            return Reply(texts.NOT_YOUR_MATTER if given else texts.NO_MATTERS)
        said = [_told(matter) for matter in own[:_SHOWN]]
        if len(own) > _SHOWN:
            said.append(texts.MORE_MATTERS.format(count=len(own) - _SHOWN))
        return Reply("\n".join(said), _brief(own[0]))


def _told(matter: Matter) -> str:
    head = texts.MATTER_HEAD.format(item=matter.item_name, number=matter.number)
    return f"{head}\n{_stands(matter)}"


def _stands(matter: Matter) -> str:
    if matter.state is MatterState.DONE and matter.decided_on:
        amount = ""
        if matter.amount_fen is not None:
            amount = texts.MATTER_AMOUNT.format(amount=wording.yuan(matter.amount_fen))
        return texts.MATTER_RESULT.format(
            day=wording.full_day(matter.decided_on), result=matter.result, amount=amount
        )
    due = wording.full_day(matter.due_on)
    if not matter.next_step:
        return texts.MATTER_DECIDING.format(due=due)
    step = matter.steps[matter.next_step - 1]
    return texts.MATTER_STEP.format(
        no=matter.next_step, count=len(matter.steps), name=step.name, post=step.post, due=due
    )


def _brief(matter: Matter) -> Brief:
    done = matter.state is MatterState.DONE
    step = matter.next_step
    at = texts.MATTER_LAST if not step else matter.steps[step - 1].name
    return Brief(
        "answer_matter",
        {
            "item": matter.item_name,
            "number": matter.number,
            "state": matter.result if done else at,
            "due": wording.day(matter.decided_on if done and matter.decided_on else matter.due_on),
        },
    )
