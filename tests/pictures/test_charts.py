from dataclasses import replace

import pytest

from pictures import FlowChart, Level, RiskChart, Step, png
from pictures.typesetting import typeset
from tests.pictures.samples import (
    LONG_NAME,
    LONG_TEXT,
    image_of,
    images_of,
    make_item,
    make_steps,
    pages_of,
    text_of,
)

PHONE_WIDTH = 1080
MARGIN = 40
TINTS = {
    Level.HIGH: (0xFD, 0xE7, 0xE3),
    Level.MEDIUM: (0xFF, 0xF0, 0xCF),
    Level.LOW: (226, 238, 249),
}


def make_long_step(level: Level = Level.MEDIUM) -> Step:
    return Step(
        name=LONG_TEXT[:200],
        post=LONG_NAME,
        category="审核决定权",
        boundary=LONG_TEXT[:200] + "https://mingbai.example/" + "a" * 150,
        level=level,
        risk_point=LONG_TEXT[:200],
        measures=(LONG_TEXT[:200], "0" * 90),
        limit="收到申请后十五个工作日内",
    )


@pytest.mark.parametrize("chart", [FlowChart, RiskChart])
def test_every_step_stands_in_its_order(chart: type[FlowChart | RiskChart]) -> None:
    item = make_item()

    text = text_of(chart(item))

    places = [text.index(f"{number}{step.name}") for number, step in enumerate(item.steps, 1)]
    assert places == sorted(places)
    assert all(step.post in text for step in item.steps)


def test_the_flow_says_for_whom_how_long_and_by_what_law() -> None:
    text = text_of(FlowChart(make_item()))

    for words in (
        "听竹村办事流程",
        "办给谁生活困难的村民家庭",
        "多久办完30个工作日",
        "共几步6步",
        "由乡镇民政办负责10个工作日",
        "材料申请书、家庭成员身份证和户口簿、核对授权书",
        "依据《社会救助暂行办法》第十一条",
        "2026年10月1日起用,第1版",
    ):
        assert typeset(words) in text


def test_the_flow_is_the_same_for_everybody() -> None:
    assert png(FlowChart(make_item())) == png(FlowChart(make_item().public()))


def test_the_internal_chart_marks_what_is_internal() -> None:
    text = text_of(RiskChart(make_item()))

    assert text.count("内部") == len(make_steps())
    assert "风险内部关系户少填收入" in text


@pytest.mark.parametrize(
    ("internal", "rows"),
    [
        (frozenset(), []),
        (frozenset({"risk_point"}), ["风险内部口头劝退"]),
        (frozenset({"boundary", "risk_point"}), ["边界内部不得以任何理由拒收", "风险内部口头劝退"]),
        (frozenset({"measures"}), ["防控内部微信申请即时生成编号,拒收须选理由"]),
    ],
)
def test_the_public_chart_lacks_exactly_what_is_marked(
    internal: frozenset[str], rows: list[str]
) -> None:
    item = make_item((replace(make_steps()[0], internal=internal),))
    everything = text_of(RiskChart(item))

    public = text_of(RiskChart(item.public()))

    for row in rows:
        assert everything.count(typeset(row)) == 1
        everything = everything.replace(typeset(row), "")
    assert public == everything


def test_what_is_internal_never_reaches_the_public_picture() -> None:
    data = str(RiskChart(make_item().public()).data())

    assert not any(step.risk_point in data for step in make_steps())
    assert all(measure in data for step in make_steps() for measure in step.measures)


@pytest.mark.parametrize(
    ("level", "words"), [(Level.HIGH, "▲高风险"), (Level.MEDIUM, "■中风险"), (Level.LOW, "●低风险")]
)
def test_a_risk_is_told_by_word_shape_and_colour(level: Level, words: str) -> None:
    chart = RiskChart(make_item((replace(make_steps()[0], level=level),)))

    (image,) = images_of(chart)

    assert words in text_of(chart)
    colours = {colour for _, colour in image.getcolors(1 << 16) or []}
    assert TINTS[level] in colours
    assert not colours & (set(TINTS.values()) - {TINTS[level]})


@pytest.mark.parametrize(("steps", "shares"), [(0, [0]), (8, [8]), (9, [4, 5]), (12, [6, 6])])
def test_no_picture_holds_more_than_eight_boxes(steps: int, shares: list[int]) -> None:
    chart = FlowChart(make_item((make_steps() * 2)[:steps]))

    pages = pages_of(chart)

    assert [page.count("负责") for page in pages] == shares
    assert len(png(chart)) == len(shares)


def test_each_of_several_pictures_says_which_it_is() -> None:
    first, second = pages_of(RiskChart(make_item(make_steps() * 2)))

    assert "第1张,共2张第1到6步" in first.replace("\uff0c", ",")
    assert "接第2张" in first
    assert "第2张,共2张第7到12步" in second.replace("\uff0c", ",")
    assert "接第" not in second


@pytest.mark.parametrize("chart", [FlowChart, RiskChart])
def test_long_words_are_neither_cut_nor_run_over(chart: type[FlowChart | RiskChart]) -> None:
    steps = tuple(make_long_step(level) for level in Level)
    item = replace(make_item(steps), unit=LONG_NAME, name=LONG_NAME + "使用分配", target=LONG_NAME)
    drawn = chart(item)

    text = text_of(drawn)

    assert text.count(typeset(LONG_TEXT[:200])) == (3 if chart is FlowChart else 12)
    assert text.count(LONG_NAME) >= 5
    for page in png(drawn):
        assert len(page) < 1_000_000
        image = image_of(page)
        assert image.width == PHONE_WIDTH
        edge = image.crop((PHONE_WIDTH - MARGIN, 0, PHONE_WIDTH, image.height))
        assert len(edge.getcolors() or []) == 2  # the green head and the paper, no stray letter


def test_an_item_of_ordinary_length_is_a_light_picture() -> None:
    (page,) = png(RiskChart(make_item()))

    assert len(page) < 300_000
