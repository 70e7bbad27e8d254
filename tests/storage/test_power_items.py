"""Power items brought in: drafts, versions, what may be published and what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from storage import chain, disclosures, people
from storage.batches import Action
from storage.database import Database
from storage.disclosures import State
from storage.enrolling import Facts, enrol
from storage.power_bodies import parse
from storage.power_items import Brought, bring_in
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.power import (
    ACCEPT,
    COUNTY,
    DECIDE,
    FROM,
    VILLAGE,
    bring,
    changed_step,
    make_item,
    make_order,
    make_places,
)
from tests.storage.making import on_sqlite

LATER = NOW + timedelta(days=40)


async def rows(db: Database) -> list[dict[str, Any]]:
    return await db.rows("SELECT * FROM disclosures ORDER BY village, book, period, version")


async def test_item_is_published_in_the_chain_and_again_it_is_nothing_new(db: Database) -> None:
    first = await bring(db, make_item(), make_item("A25"))
    again = await bring(db, make_item(), make_item("A25"))
    undated = await bring(db, make_item(), effective=None, order=make_order(now=LATER))

    assert [(o.state, o.action, o.was_published) for o in first] == [
        (State.PUBLISHED, Action.NEW, True)
    ] * 2
    assert not any(outcome.is_news for outcome in (*again, *undated))
    assert [o.id for o in again] == [o.id for o in first]
    assert len(await rows(db)) == 2
    assert await chain.verify(db) is None


async def test_change_of_the_same_day_corrects_and_says_what_changed(db: Database) -> None:
    (first,) = await bring(db, make_item())
    (second,) = await bring(db, make_item(limit_days=2))

    old, new = await rows(db)
    assert (old["state"], new["state"], new["version"]) == ("corrected", "published", 2)
    assert new["reason"] == "办理时限改为2个工作日"
    assert second.difference == ("办理时限改为2个工作日",)
    assert first.id != second.id
    assert await chain.verify(db) is None


async def test_change_for_another_day_leaves_the_earlier_one_in_force_until_then(
    db: Database,
) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=2), effective=date(2027, 1, 1))

    assert [(r["period"], r["version"], r["state"]) for r in await rows(db)] == [
        ("2026-01-01", 1, "published"),
        ("2027-01-01", 1, "published"),
    ]
    assert await chain.verify(db) is None


@on_sqlite
async def test_change_without_a_date_applies_from_the_day_of_the_import(db: Database) -> None:
    await bring(db, make_item())
    (outcome,) = await bring(db, make_item(limit_days=2), effective=None)

    assert outcome.effective_from == "2026-11-24"


@on_sqlite
async def test_several_days_in_one_file_build_upon_each_other(db: Database) -> None:
    brought = [
        Brought(make_item(limit_days=3), date(2027, 1, 1)),
        Brought(make_item(limit_days=2), FROM),
    ]

    outcomes = await bring_in(db, COUNTY, brought, make_order())

    assert [(o.effective_from, o.difference) for o in outcomes] == [
        ("2026-01-01", ()),
        ("2027-01-01", ("办理时限改为3个工作日",)),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duties": ()}, "没有写职责"),
        ({"supervised_by": ()}, "没有写监督主体"),
        ({"exercised_by": ()}, "没有写行使主体"),
    ],
)
@on_sqlite
async def test_item_without_duties_or_supervisor_stays_a_draft_and_the_field_is_named(
    db: Database, changes: dict[str, Any], reason: str
) -> None:
    lacking, complete = await bring(db, make_item(**changes), make_item("A25"))

    assert (lacking.state, lacking.hindrances) == (State.DRAFT, (reason,))
    assert complete.state is State.PUBLISHED
    (completed,) = await bring(db, make_item())
    assert (completed.id, completed.state) == (lacking.id, State.PUBLISHED)


@on_sqlite
async def test_high_risk_without_a_public_measure_stays_a_draft(db: Database) -> None:
    item = changed_step(make_item(), 2, internal=frozenset({"measures"}))

    (outcome,) = await bring(db, item)

    assert outcome.hindrances == ("第2步“审批盖章”是高风险,没有写公开的防控措施",)


async def reviewer(db: Database, sealer: Sealer, name: str, phone: str) -> str:
    facts = Facts(
        name=name, roles=("审核",), region=COUNTY, title="", starts_on=None, ends_on=None,
        phone=phone, openid=None,
    )  # fmt: skip
    await enrol(db, sealer, [facts], NOW)
    return (await people.find_person(db, sealer, phone)).id


async def test_where_there_are_reviewers_two_others_of_them_must_publish(
    db: Database, sealer: Sealer
) -> None:
    await make_places(db)
    importer = await reviewer(db, sealer, "许禾", "16600010001")
    signer = await reviewer(db, sealer, "靳三", "16600010002")
    second = await reviewer(db, sealer, "宁兰", "16600010003")

    (operator,) = await bring(db, make_item())
    (own,) = await bring(db, make_item(limit_days=2), order=make_order(importer))
    (signed,) = await bring(db, make_item(limit_days=2), order=make_order(signer))
    (published,) = await bring(db, make_item(limit_days=2), order=make_order(second))

    assert (operator.state, operator.hindrances) == (
        State.DRAFT,
        ("这里有“审核”的人,要由其中一位来办,用 --as 说明是谁",),
    )
    assert own.hindrances == ("谁导入谁不审核:里面有本人导入的,要由别人来签",)
    assert (signed.state, signed.id) == (State.SUBMITTED, operator.id)
    assert (published.state, published.id) == (State.PUBLISHED, operator.id)


@on_sqlite
async def test_draft_goes_when_the_file_says_again_what_is_published(db: Database) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=2), order=make_order(publish=False))

    (back,) = await bring(db, make_item())

    assert (back.action, back.state, back.version) == (Action.REVERTED, State.PUBLISHED, 1)
    assert len(await rows(db)) == 1


@on_sqlite
async def test_undated_draft_goes_when_the_file_says_again_what_applies(db: Database) -> None:
    await bring(db, make_item())
    draft = make_order(publish=False)
    await bring(db, make_item(limit_days=2), effective=None, order=draft)
    await bring(db, make_item(limit_days=3), effective=None, order=draft)
    assert len(await rows(db)) == 2  # one draft, rewritten

    (back,) = await bring(db, make_item(), effective=None, order=draft)

    assert back.action is Action.REVERTED
    assert len(await rows(db)) == 1


@on_sqlite
async def test_step_keeps_its_id_as_long_as_its_name(db: Database) -> None:
    await bring(db, make_item())
    filed = replace(ACCEPT, name="归档")
    await bring(db, make_item(steps=(replace(ACCEPT, limit="1天"), DECIDE, filed)))

    old, new = (parse(row["body"]).item for row in await rows(db))

    assert [step.id for step in new.steps[:2]] == [step.id for step in old.steps]
    assert len({step.id for step in new.steps}) == 3


@on_sqlite
async def test_internal_fields_stay_out_of_what_is_published(db: Database) -> None:
    item = changed_step(make_item(), 2, internal=frozenset({"risk_point"}))
    await bring(db, item)
    (again,) = await bring(db, item)
    hidden = changed_step(item, 2, risk_point="看人情盖章")
    (changed,) = await bring(db, hidden)

    first, second = await rows(db)
    assert not again.is_news
    assert "盖人情章" not in first["body"] + second["body"] + second["reason"]
    assert "盖人情章" in first["dossier"]
    assert changed.difference == ("第2步“审批盖章”风险点改了",)
    assert await chain.verify(db) is None


# --- a village and its county ---------------------------------------------------------------------


async def test_village_that_brings_what_the_county_has_goes_on_with_the_county(
    db: Database,
) -> None:
    (template,) = await bring(db, make_item())

    (outcome,) = await bring(db, make_item(), unit=VILLAGE)

    assert (outcome.inherits, outcome.is_news, outcome.id) == (True, False, template.id)
    assert len(await rows(db)) == 1


async def test_village_makes_a_change_of_the_template_its_own_by_importing_it(
    db: Database,
) -> None:
    await bring(db, make_item())
    (template,) = await bring(db, make_item(limit_days=2))

    (own,) = await bring(db, make_item(limit_days=2), unit=VILLAGE)

    row = (await rows(db))[-1]
    assert (own.was_published, own.difference) == (True, ("办理时限改为2个工作日",))
    assert (row["village"], row["version"]) == (VILLAGE, 1)
    assert parse(row["body"]).template == template.id
    assert await chain.verify(db) is None


@on_sqlite
async def test_withdrawn_version_may_be_followed_by_another(db: Database) -> None:
    (first,) = await bring(db, make_item())
    await disclosures.withdraw(db, first.id, "写错了", "operator", NOW)

    (second,) = await bring(db, make_item())

    assert (second.version, second.state) == (2, State.PUBLISHED)
    assert await chain.verify(db) is None
