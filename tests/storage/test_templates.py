"""Templates: made once, versions kept, bindings replaced."""

from datetime import timedelta

from notifications.catalogue import CATALOGUE
from notifications.templates import ensure_templates
from storage import templates
from storage.database import Database
from storage.templates import Binding
from tests.conftest import NOW


async def test_what_is_missing_is_added_as_version_one(db: Database) -> None:
    first = await ensure_templates(db, NOW)
    again = await ensure_templates(db, NOW)

    assert (first, again) == (len(CATALOGUE), 0)
    wordings = await templates.wordings(db)
    assert {wording.version for wording in wordings.values()} == {1}
    assert wordings["help", "sms"].text == CATALOGUE["help"].sms


async def test_what_somebody_edited_stays(db: Database) -> None:
    await ensure_templates(db, NOW)
    await db.run(
        "INSERT INTO template_versions (id, code, channel, version, text, author, at)"
        " VALUES ('v2', 'help', 'sms', 2, '新的', 'operator', 1)"
    )

    await ensure_templates(db, NOW + timedelta(days=1))

    assert (await templates.wordings(db))["help", "sms"].text == "新的"
    assert (await templates.wordings_of(db, "help"))["sms"].version == 2


async def test_a_template_keeps_its_parameters_in_order(db: Database) -> None:
    await ensure_templates(db, NOW)

    found = await templates.template(db, "disclosure_due")

    assert found is not None
    assert found.parameters == ("village", "period", "due")
    assert found.channels == ("wechat", "sms")
    assert await templates.template(db, "nothing") is None


async def test_a_second_binding_takes_the_place_of_the_first(db: Database) -> None:
    first = Binding("notice", "wechat", "t1", (("thing1", "title"), ("thing2", "text")))
    second = Binding("notice", "wechat", "t2", (("thing3", "text"), ("thing4", "text")))

    await templates.bind(db, first, NOW)
    await templates.bind(db, second, NOW)

    assert await templates.bindings(db) == {("notice", "wechat"): second}
