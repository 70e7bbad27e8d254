"""Data in, PNG or PDF out: flow charts, risk charts, cards, the notice for the village
board, the monthly report."""

from pictures.cards import AccountCard, EducationCard, LargeEntry, MonthSum
from pictures.notice import BoardNotice, NoticeBook, NoticeEntry
from pictures.power import FlowChart, Level, PowerItem, RiskChart, Step
from pictures.rendering import Picture, pdf, png
from pictures.report import MonthlyReport, ReportLine, ReportPlace

__all__ = [
    "AccountCard",
    "BoardNotice",
    "EducationCard",
    "FlowChart",
    "LargeEntry",
    "Level",
    "MonthSum",
    "MonthlyReport",
    "NoticeBook",
    "NoticeEntry",
    "Picture",
    "PowerItem",
    "ReportLine",
    "ReportPlace",
    "RiskChart",
    "Step",
    "pdf",
    "png",
]
