"""Indicators are counted from events, equal what is counted by hand, and tell nothing of few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from storage import dues, indicators, ratings, requests
from storage.database import Database
from storage.dues import DueState, Owed
from storage.ids import new_id
from storage.indicators import MEASURES, Share, Span, suppressed
from storage.moments import to_ms
from storage.questions import COUNT, Asked, values_of
from storage.ratings import Askable, Subject
from storage.regions import VillageFacts, save_villages
from storage.requests import Deadline, Kind, New
from storage.sealing import Sealer
from tests.conftest import NOW

VILLAGES = ("990101101200", "990101101201", "990101102200")
COUNTY = "990101"
YEAR = Span(date(2026, 1, 1), date(2026, 11, 24))


@pytest.fixture(autouse=True)
async def _county(db: Database) -> None:
    await save_villages(
        db,
        [
            VillageFacts(
                code, f"村{number}", "村", "990101000000", "明禾县", f"{code[:9]}000",
                f"镇{code[6:9]}",
            )
            for number, code in enumerate(VILLAGES)
        ],
    )  # fmt: skip


async def due(db: Database, village: str, day: date, state: DueState) -> None:
    source = new_id()
    one = Owed(
        source=source, village=village, rhythm="定期", kind="accounts", title="账目",
        from_period="2026-10", to_period="2026-10", counted_from=day, due_on=day,
        provisional=False,
    )  # fmt: skip
    await dues.add(db, [one], NOW)
    late = to_ms(NOW) if state in (DueState.OVERDUE, DueState.LATE_PUBLISHED) else None
    await db.run(
        "UPDATE dues SET state = ?, overdue_at = ? WHERE source = ?", state.value, late, source
    )


async def published(
    db: Database, village: str, kind: str, *, state: str = "published", signatures: str = "[]"
) -> None:
    await db.run(
        "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
        " version, state, body, personal, dossier, author, reason, signatures, created_at,"
        " published_at, withdrawn_reason)"
        " VALUES (?, ?, ?, '财务', '定期', ?, '2026-10', 1, ?, '{}', '{}', '{}', 'a', '', ?, ?, ?,"
        " '')",
        new_id(), village, kind, new_id(), state, signatures, to_ms(NOW), to_ms(NOW),
    )  # fmt: skip


async def measured(db: Database, name: str, digits: int = 6) -> dict[str, Share]:
    return dict(await MEASURES[name](db, COUNTY, digits, YEAR))


async def test_shares_of_the_calendar(db: Database) -> None:
    for state in (DueState.PUBLISHED, DueState.PUBLISHED, DueState.LATE_PUBLISHED):
        await due(db, VILLAGES[0], date(2026, 10, 9), state)
    await due(db, VILLAGES[2], date(2026, 10, 9), DueState.OVERDUE)
    await due(db, VILLAGES[2], date(2026, 11, 20), DueState.WAITING)
    await due(db, VILLAGES[2], date(2025, 12, 20), DueState.PUBLISHED)

    assert await measured(db, "on_time") == {COUNTY: Share(2, 4)}
    assert await measured(db, "on_time", 9) == {"990101101": Share(2, 3), "990101102": Share(0, 1)}
    assert await measured(db, "made_good") == {COUNTY: Share(1, 2)}
    rows = await db.rows("SELECT state, due_on FROM dues")
    by_hand = [r for r in rows if r["due_on"] >= "2026-01-01" and r["state"] != "waiting"]
    assert len(by_hand) == 4


async def test_shares_of_what_was_published(db: Database) -> None:
    two = '[{"actor":"a","at":1},{"actor":"b","at":2}]'
    await published(db, VILLAGES[0], "accounts", signatures=two)
    await published(
        db, VILLAGES[1], "accounts", state="corrected", signatures='[{"actor":"a","at":1}]'
    )
    await published(db, VILLAGES[2], "decisions")

    assert await measured(db, "covered") == {COUNTY: Share(2, 3)}
    assert await measured(db, "decided") == {COUNTY: Share(1, 3)}
    assert await measured(db, "right_at_once") == {COUNTY: Share(2, 3)}
    assert await measured(db, "signed_by_two") == {COUNTY: Share(1, 3)}
    assert await measured(db, "with_power_list") == {COUNTY: Share(0, 3)}
    await published(db, "990101000000", "power-items")
    assert await measured(db, "with_power_list") == {COUNTY: Share(3, 3)}


async def test_what_people_asked_counts_by_its_day(db: Database, sealer: Sealer) -> None:
    for number, (due_on, is_answered) in enumerate(
        [(date(2026, 11, 24), True), (date(2026, 11, 20), True), (date(2026, 11, 20), False)]
    ):
        new = New(
            kind=Kind.QUESTION, village=VILLAGES[0], role="干部", text="问",
            deadline=Deadline(date(2026, 11, 17), due_on, due_on), message_key=f"k{number}",
        )  # fmt: skip
        request = await requests.store(db, sealer, new, NOW)
        assert request is not None
        if is_answered:
            await requests.answer(db, sealer, request, "答", author="a", now=NOW)

    assert await measured(db, "answered_in_time") == {COUNTY: Share(1, 3)}


async def test_satisfaction_is_the_sum_of_raw_replies_without_the_void(db: Database) -> None:
    for number, (score, is_void) in enumerate([(1, False), (2, False), (3, False), (1, True)]):
        one = Askable(Subject.REQUEST, f"r{number}", "1", VILLAGES[0], f"p{number}", "cadre", "sms")
        await ratings.note_asked(db, one, NOW)
        asked = await ratings.open_of(db, [f"p{number}"], NOW - timedelta(days=1))
        assert asked is not None
        await ratings.note(
            db, asked, score, said=str(score), message_key=f"m{number}", now=NOW, void=is_void
        )

    rows = await db.rows("SELECT said FROM ratings WHERE state = 'rated'")
    raw = [row["said"] for row in rows]
    assert await measured(db, "content") == {
        COUNTY: Share(sum(said in "12" for said in raw), len(raw))
    }
    assert len(raw) == 3


async def test_questions_are_counted_by_topic(db: Database) -> None:
    for answered in (True, True, False):
        one = Asked(VILLAGES[0], "2026-11", "FIN", answered)
        await db.run(COUNT, *values_of(one))

    assert await measured(db, "asked_and_answered") == {COUNTY: Share(2, 3)}


async def test_a_share_of_nothing_is_none(db: Database) -> None:
    for name in MEASURES:
        for share in (await measured(db, name)).values():
            assert share.percent is None or share.whole > 0
    assert Share(0, 0).percent is None


def test_fewer_than_five_are_not_told_nor_to_be_worked_out() -> None:
    shares = {"a": Share(1, 4), "b": Share(5, 6), "c": Share(9, 20), "d": Share(0, 0)}
    two_small = {"a": Share(1, 4), "b": Share(1, 2), "c": Share(9, 20)}

    assert suppressed(shares) == {"a": None, "b": None, "c": Share(9, 20), "d": Share(0, 0)}
    assert suppressed(two_small) == {"a": None, "b": None, "c": Share(9, 20)}


def test_the_seven_qualities_have_a_number_each() -> None:
    measures: list[Callable[..., object]] = [MEASURES[name] for name in indicators.SEVEN]
    told = [str(measure.__doc__).split(":")[0] for measure in measures]

    assert told == [
        "民主自治",
        "权责明确",
        "相互制衡",
        "公开透明",
        "操作规范",
        "简便高效",
        "监督有力",
    ]
