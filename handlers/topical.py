"""Which topic a ledger entry belongs to: by its summary, else by its account."""

from __future__ import annotations

from collections.abc import Callable

from storage.accounts import Entry
from understanding.topics import Topics, is_under

_KEPT = 200_000
_BY_ACCOUNT = (
    ("办公费", "FIN.OFFICE"),
    ("水电通讯", "FIN.OFFICE"),
    ("差旅", "FIN.OFFICE"),
    ("误工补贴", "PAY"),
    ("环境卫生", "ENV"),
    ("道路水利", "PROJ"),
    ("物业出租", "ASSET.RENT"),
    ("资源发包", "ASSET.CONTRACT"),
    ("运转经费", "FIN.GRANT"),
    ("专项资金", "FIN.GRANT"),
    ("成员分红", "SHARE"),
)

_HOLDS = (
    ("防灾安全", ()),
    ("文体慰问", ("AID",)),
    ("环境卫生", ("ENV", "PAY")),
    ("道路水利", ("PROJ",)),
    ("管理费用", ("FIN", "PAY")),
    ("服务劳务", ("ASSET",)),
)
"""What an account can hold. Words that villagers use for a topic stand in summaries of others, too:
a notice against forest fires is no office supply. Accounts that are not named hold anything.
"""


def by_topic(topics: Topics) -> Callable[[Entry], tuple[str, ...]]:
    """Names the topics of entries; what a summary means is worked out once."""
    known: dict[tuple[str, str], tuple[str, ...]] = {}

    def codes_of(entry: Entry) -> tuple[str, ...]:
        key = (entry.summary, entry.subject)
        codes = known.get(key)
        if codes is None:
            if len(known) >= _KEPT:
                known.clear()
            codes = known[key] = _codes(entry, topics)
        return codes

    return codes_of


def _codes(entry: Entry, topics: Topics) -> tuple[str, ...]:
    said = topics.topic_of(entry.summary)
    held = next((codes for word, codes in _HOLDS if word in entry.subject), None)
    if said and held is not None and not any(is_under(said, code) for code in held):
        said = None
    by_account = next((code for word, code in _BY_ACCOUNT if word in entry.subject), None)
    return tuple(code for code in (said, by_account) if code)
