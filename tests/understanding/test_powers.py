"""Questions about the list of powers, and posts under their many names."""

from datetime import date

import pytest

from understanding import Context, Intent, LastQuery, Understanding, Village
from understanding.posts import post_named, post_of

TODAY = date(2026, 11, 24)
VILLAGE = Village("990101101200", "听竹村", "竹影镇")


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding([VILLAGE])


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("村主任有哪些权力", {}),
        ("村主任权力有哪些?", {}),
        ("书记管些啥子", {}),
        ("会计负责哪些事情", {}),
        ("权力清单", {}),
        ("清单", {}),
        ("小微权力清单看一下", {}),
        ("A01", {}),
        ("看下b14", {}),
        ("低保有啥风险", {"topic": "AID.DIBAO"}),
        ("宅基地哪个监督", {"topic": "LAND.HOUSE"}),
        ("低保第3步有什么风险", {"topic": "AID.DIBAO", "item_no": 3}),
        ("A07 2026年1月的", {"period": {"start": "2026-01-01", "end": "2026-01-31"}}),
    ],
)
def test_questions_about_powers_are_about_power_items(
    understanding: Understanding, text: str, slots: dict[str, object]
) -> None:
    meaning = understanding.read(text, today=TODAY, context=Context(bound_village=VILLAGE))

    assert meaning.as_json() == {"intent": "query_power_item", **slots}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("村民有哪些权利", Intent.QUERY_DISCLOSURE),
        ("请问本村资产资源清单", Intent.QUERY_DISCLOSURE),
        ("书记是哪个 主任是哪个", Intent.QUERY_DISCLOSURE),
        ("A1B2-34", Intent.TIP_STATUS),
    ],
)
def test_other_questions_stay_what_they_are(
    understanding: Understanding, text: str, intent: Intent
) -> None:
    context = Context(bound_village=VILLAGE)

    assert understanding.read(text, today=TODAY, context=context).intent is intent


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第4步", {"intent": "detail", "item_no": 4}),
        ("第4步有啥风险", {"intent": "query_power_item", "item_no": 4}),
        ("哪个监督", {"intent": "query_power_item"}),
        ("要带啥子", {"intent": "query_power_item", "ask": "materials"}),
    ],
)
def test_more_is_asked_of_the_item_on_screen(
    understanding: Understanding, text: str, label: dict[str, object]
) -> None:
    context = Context(VILLAGE, LastQuery(Intent.QUERY_POWER_ITEM, results=6))

    assert understanding.read(text, today=TODAY, context=context).as_json() == label


@pytest.mark.parametrize(
    ("name", "post"),
    [
        ("村主任", "村民委员会主任"),
        ("村长", "村民委员会主任"),
        ("支书", "村党组织书记"),
        ("监委会主任", "村监委会主任"),
        ("出纳", "报账员"),
        ("村民委员会主任", "村民委员会主任"),
        ("开锁匠", "开锁匠"),
    ],
)
def test_post_is_the_same_under_all_its_names(name: str, post: str) -> None:
    assert post_of(name) == post


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("村主任有哪些权力", "村民委员会主任"),
        ("监委会主任管啥", "村监委会主任"),
        ("妇女主任有啥权力", "妇女主任"),
        ("第一书记管些啥", "第一书记"),
        ("开锁匠有哪些权力", "开锁匠"),
        ("有哪些权力", None),
    ],
)
def test_longest_name_of_a_post_is_the_one_that_is_meant(text: str, post: str | None) -> None:
    assert post_named(text, ("开锁匠",)) == post
