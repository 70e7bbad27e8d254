"""How large an audience is, and who is in it, before anything is written for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import texts
from notifications.audience import read_audience
from notifications.campaigns import CampaignError, local_day, selection
from notifications.policy import CHANNEL_ORDER, NoticeClass
from notifications.previewing import Masked, masked
from notifications.templates import known_template
from notifications.terms import Terms, routes
from storage import audience, templates
from storage.audience import Reach
from storage.database import Database
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Sized:
    """What a template would come to, and the first of those who would get it."""

    reach: Reach
    sample: tuple[Masked, ...]


async def size(
    db: Database,
    sealer: Sealer,
    terms: Terms,
    code: str,
    expression: str,
    *,
    now: datetime,
    limit: int,
) -> Sized:
    """Business time. Raises AudienceError, TemplateError, and CampaignError for no open way."""
    template = await known_template(db, code)
    found = routes(code, await templates.bindings(db), terms)
    channels = tuple(c for c in CHANNEL_ORDER if c in found and c in template.channels)
    if not channels:
        raise CampaignError(texts.UNBOUND.format(code=code))
    whom = await read_audience(db, expression, local_day(now))
    chosen = selection(whom, NoticeClass(template.notice_class), channels)
    reached = await audience.first_reached(db, chosen, limit)
    return Sized(
        reach=await audience.reach(db, chosen),
        sample=tuple([await masked(db, sealer, one, now) for one in reached]),
    )
