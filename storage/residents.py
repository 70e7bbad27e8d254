"""Whoever writes to us: found by address, bound to a village."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from storage.database import Database
from storage.people import Channel, ensure_person
from storage.sealing import AddressKind, Sealer

KIND: dict[str, AddressKind] = {"wechat": "openid", "sms": "phone"}
_CHANNELS: dict[str, Channel] = {"wechat": "wechat", "sms": "sms"}
_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Resident:
    """A person as the conversation knows them. `village` is a 12-digit code, or None: not bound."""

    person_id: str
    village: str | None
    group: int | None
    known: bool  # brought in by a people file


class Residents:
    """Finds people by address. Remembers them until the audit tells of a change made elsewhere."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer
        self._remembered: OrderedDict[tuple[str, str], Resident] = OrderedDict()
        self._audit_head = -1

    async def meet(
        self, channel: str, address: str, *, audit_head: int | None, now: datetime
    ) -> Resident:
        """The person behind an address; a stranger becomes a person with nothing but that address.

        A number that a household shares is its first person's.
        """
        if audit_head is not None and audit_head != self._audit_head:
            self._remembered.clear()
            self._audit_head = audit_head
        key = (channel, address)
        if found := self._remembered.get(key):
            self._remembered.move_to_end(key)
            return found
        person, _ = await ensure_person(self._db, self._sealer, _CHANNELS[channel], address, now)
        resident = Resident(person.id, person.village, person.group_no, person.known)
        self._remember(key, resident)
        return resident

    async def bind(
        self, channel: str, address: str, resident: Resident, village: str, group: int | None
    ) -> Resident:
        """Makes this village the person's own."""
        await self._db.run(
            "UPDATE people SET village = ?, group_no = ?, texts_answered = ? WHERE id = ?",
            village,
            group,
            True,  # whoever names a village has answered our first question
            resident.person_id,
        )
        bound = replace(resident, village=village, group=group)
        self._remember((channel, address), bound)
        return bound

    async def set_following_account(self, channel: str, address: str, *, active: bool) -> None:
        """Notes that an address follows the service account again, or has left it."""
        await self._db.run(
            "UPDATE addresses SET state = ? WHERE channel = ? AND lookup = ?",
            "active" if active else "unfollowed",
            channel,
            self._lookup(channel, address),
        )

    def forget(self, channel: str, address: str) -> None:
        """Whoever was at this address was erased."""
        self._remembered.pop((channel, address), None)

    def _remember(self, key: tuple[str, str], resident: Resident) -> None:
        self._remembered[key] = resident
        self._remembered.move_to_end(key)
        if len(self._remembered) > _KEPT:
            self._remembered.popitem(last=False)

    def _lookup(self, channel: str, address: str) -> str:
        return self._sealer.lookup_hash(KIND[channel], address)
