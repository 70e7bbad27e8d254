from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pictures import FlowChart, Picture, RiskChart, pdf, png
from tests.pictures.samples import (
    make_account_card,
    make_education_card,
    make_item,
    make_notice,
    text_of,
)

PICTURES: dict[str, Picture] = {
    "flow": FlowChart(make_item()),
    "risk": RiskChart(make_item()),
    "account": make_account_card(),
    "education": make_education_card(),
    "notice": make_notice(),
}
every_picture = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@every_picture
def test_the_same_data_give_the_same_bytes(picture: Picture) -> None:
    assert png(picture) == png(picture)
    assert pdf(picture) == pdf(picture)


def test_threads_render_side_by_side() -> None:
    pictures: list[Picture] = [make_education_card(), make_account_card()] * 3
    alone = [png(picture) for picture in pictures]

    with ThreadPoolExecutor(max_workers=4) as threads:
        together = list(threads.map(png, pictures))

    assert together == alone


def test_markup_in_the_data_is_shown_as_it_was_written() -> None:
    words = '#image("/etc/passwd")$x$*b*_i_<a>@b\\`c`//d[e]{f}~'
    card = replace(make_education_card(), text=words, tag=words)

    assert text_of(card).count(words.replace("~", "")) == 2


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_text, any_text)
def test_any_characters_can_be_set_in_type(one: str, other: str) -> None:
    item = make_item()
    first = replace(item.steps[0], name=one, boundary=other, measures=(one, other))

    assert png(RiskChart(replace(item, name=other, steps=(first,))))
    assert png(replace(make_education_card(), text=one, tag=other))
