"""Data in, PNG or PDF out: flow charts, risk charts, cards, the notice for the village board."""

from pictures.cards import AccountCard, EducationCard, LargeEntry, MonthSum
from pictures.notice import BoardNotice, NoticeBook, NoticeEntry
from pictures.power import FlowChart, Level, PowerItem, RiskChart, Step
from pictures.rendering import Picture, pdf, png

__all__ = [
    "AccountCard",
    "BoardNotice",
    "EducationCard",
    "FlowChart",
    "LargeEntry",
    "Level",
    "MonthSum",
    "NoticeBook",
    "NoticeEntry",
    "Picture",
    "PowerItem",
    "RiskChart",
    "Step",
    "pdf",
    "png",
]
