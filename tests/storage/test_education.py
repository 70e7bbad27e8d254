"""The education library keeps what it is given, and the first answer to a question alone counts."""

from dataclasses import replace

from storage import education
from storage.database import Database
from storage.education import EducationItem, Question
from storage.regions import Changes
from tests.conftest import NOW

ITEM = EducationItem(
    id="EDU001",
    kind="festival",
    tag="元旦",
    risk_area="作风建设",
    audience="基层党员干部",
    education_type="正面示范教育",
    text="新年新气象,廉洁要跟上。",
    forms=("短信", "微信"),
)
QUESTION = Question(
    id="EDU001-1",
    item_id="EDU001",
    question="老板送的年货能收吗",
    options=("能", "不能"),
    answer=2,
    explanation="服务对象的礼一律退回。",
)


async def test_the_same_again_changes_nothing_and_another_text_is_a_change(db: Database) -> None:
    first = await education.save(db, [ITEM], [QUESTION], NOW)
    again = await education.save(db, [ITEM], [QUESTION], NOW)
    other = await education.save(db, [replace(ITEM, text="过年也要守规矩。")], [], NOW)

    assert (first, again, other) == (Changes(2, 0), Changes(0, 0), Changes(0, 1))
    assert await education.texts_for(db, "元旦") == ("过年也要守规矩。",)
    assert await education.texts_for(db, "没有的节") == ()


async def test_the_first_answer_counts(db: Database) -> None:
    await education.save(db, [ITEM], [QUESTION], NOW)

    assert [q.id for q in await education.unanswered(db, "p1", "EDU001", 3)] == ["EDU001-1"]
    assert await education.note_answer(db, "p1", QUESTION, 1, NOW)
    assert not await education.note_answer(db, "p1", QUESTION, 2, NOW)
    assert await education.unanswered(db, "p1", "EDU001", 3) == []
    row = await db.row("SELECT chosen, is_right FROM quiz_answers")
    assert row
    assert (row["chosen"], bool(row["is_right"])) == (1, False)
