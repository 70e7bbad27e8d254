"""What is published is filed under what it is about, and told of by its name."""

import pytest

from notifications.filing import file_under
from storage.publications import Publication
from tests.conftest import NOW
from tests.notifications.world import VILLAGE
from understanding.topics import Topics

TOPICS = Topics()


def publication(kind: str, book: str = "", *heads: str, of_class: str = "村务") -> Publication:
    return Publication(
        village=VILLAGE,
        kind=kind,
        disclosure_class=of_class,
        book=book,
        period="2026-10",
        at=NOW,
        heads=heads,
    )


@pytest.mark.parametrize(
    ("published", "title", "told", "not_told"),
    [
        (publication("accounts", "村委会"), "账目", "FIN FIN.HOSP *", "PROJ AID.DIBAO"),
        (
            publication("subsidies", "最低生活保障"),
            "最低生活保障名单",
            "AID.DIBAO SUB.CARD *",
            "AID.TEMP FIN",
        ),
        (
            publication("projects", "p1", "便民路硬化工程"),
            "便民路硬化工程",
            "PROJ PROJ.ROAD *",
            "PROJ.LIGHT FIN",
        ),
        (publication("assets", "资源"), "集体资源台账", "ASSET ASSET.RENT *", "FIN PROJ"),
        (publication("decisions", "村民代表会议"), "村民代表会议决议", "DECIDE *", "PARTY"),
        (
            publication("documents", "d1", "预备党员公示", of_class="党务"),
            "预备党员公示",
            "PARTY *",
            "PLAN",
        ),
        (publication("documents", "d2", "11月停水通知"), "11月停水通知", "*", "FIN"),
        (publication("contacts"), "联系方式", "CADRE *", "FIN"),
    ],
)
def test_who_is_told_of_it(published: Publication, title: str, told: str, not_told: str) -> None:
    filed = file_under(published, TOPICS)

    assert filed is not None
    assert filed.title == title
    assert {topic for topic in told.split() if not filed.concerns(topic)} == set()
    assert {topic for topic in not_told.split() if filed.concerns(topic)} == set()


def test_of_other_kinds_nobody_is_told() -> None:
    assert file_under(publication("power-items"), TOPICS) is None
