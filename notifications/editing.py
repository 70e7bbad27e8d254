"""Words that one person writes and a second one approves, before anybody gets to read them."""

from __future__ import annotations

from datetime import datetime

from notifications import texts
from notifications.templates import TemplateError, check_words, known_template
from storage import audit, templates
from storage.database import Database
from storage.templates import APPROVED, REFUSED, WAITING, Version


class Overtaken(TemplateError):
    """Somebody else has written newer words meanwhile; `newest` is theirs."""

    def __init__(self, message: str, newest: Version) -> None:
        super().__init__(message)
        self.newest = newest


async def propose(
    db: Database, code: str, channel: str, text: str, *, based_on: int, actor: str, now: datetime
) -> int:
    """Lays newer words before a second person; returns their version. Real time.

    `based_on` is the newest version that the writer has seen. Words of the same channel that still
    wait are replaced. Raises Overtaken, and TemplateError for words that cannot be said, or that
    are in use already.
    """
    template = await known_template(db, code)
    text = text.strip()
    await check_words(db, template, channel, text)
    async with db.transaction():
        # Written down first: from here on nobody else adds a version.
        await audit.record(db, actor, "words_proposed", code, {"channel": channel}, now=now)
        newest = max(await _of_channel(db, code, channel), key=lambda one: one.version)
        if newest.version != based_on:
            raise Overtaken(texts.OVERTAKEN.format(version=newest.version), newest)
        if text == (await templates.wordings_of(db, code))[channel].text:
            raise TemplateError(texts.SAME_WORDS)
        return await templates.add_version(
            db, code, channel, text, author=actor, now=now, state=WAITING
        )


async def approve(
    db: Database, code: str, channel: str, version: int, *, actor: str, now: datetime
) -> None:
    """Puts waiting words into use. Raises TemplateError, for whoever wrote them too. Real time."""
    words = await waiting_words(db, code, channel, version)
    if words.author == actor:
        raise TemplateError(texts.OWN_WORDS)
    await check_words(db, await known_template(db, code), channel, words.text)
    await _decide(db, code, words, APPROVED, actor, "", now)


async def refuse(
    db: Database, code: str, channel: str, version: int, *, actor: str, reason: str, now: datetime
) -> None:
    """Lays waiting words aside; whoever wrote them may take them back so. Raises TemplateError."""
    words = await waiting_words(db, code, channel, version)
    if not reason.strip() and words.author != actor:
        raise TemplateError(texts.REASON_NEEDED)
    await _decide(db, code, words, REFUSED, actor, reason.strip(), now)


async def waiting_words(db: Database, code: str, channel: str, version: int) -> Version:
    """Raises TemplateError where such words do not wait, or wait no longer."""
    for one in await _of_channel(db, code, channel):
        if one.version == version and one.state == WAITING:
            return one
    raise TemplateError(texts.NOT_WAITING.format(version=version))


async def _decide(
    db: Database, code: str, words: Version, state: str, actor: str, reason: str, now: datetime
) -> None:
    details = {"channel": words.channel, "version": words.version}
    async with db.transaction():
        await audit.record(db, actor, f"words_{state}", code, details, now=now)
        if not await templates.decide_version(
            db, code, words.channel, words.version, state=state, by=actor, reason=reason, now=now
        ):
            raise TemplateError(texts.NOT_WAITING.format(version=words.version))


async def _of_channel(db: Database, code: str, channel: str) -> list[Version]:
    return [one for one in await templates.versions(db, code) if one.channel == channel]
