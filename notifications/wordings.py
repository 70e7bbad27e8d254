"""The words of greeting, help, menu and apologies: as shipped, or as somebody edited them since."""

from __future__ import annotations

from notifications.answers import SmsAnswer, plain
from notifications.catalogue import CATALOGUE
from storage import templates
from storage.database import Database


class Wordings:
    """Keeps the newest words in mind: as shipped, until `refresh` is called for the first time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts = {
            (item.code, channel): text
            for item in CATALOGUE.values()
            for channel, text in item.texts.items()
        }
        self._unregistered: frozenset[str] = frozenset()
        self._audit_head = -1

    async def refresh(self, audit_head: int) -> None:
        """Reads them again if the audit has moved, by which every edit and binding shows."""
        if audit_head == self._audit_head:
            return
        stored = await templates.wordings(self._db)
        self._unregistered = await templates.edited_since_bound(self._db, "aliyun", "sms")
        self._texts |= {key: wording.text for key, wording in stored.items()}
        self._audit_head = audit_head

    def text(self, code: str) -> str:
        """What WeChat shows; raises KeyError for a template that it does not carry."""
        return self._texts[code, "wechat"]

    def by_sms(self, code: str) -> SmsAnswer:
        """The template of its own; as free lines while the provider still has other words."""
        text = self._texts[code, "sms"]
        if code in self._unregistered:
            return plain(text)
        return SmsAnswer(code, {}, words=text)
