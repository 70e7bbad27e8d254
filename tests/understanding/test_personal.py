"""Numbers of people are found however they are written; figures and codes are left alone."""

import pytest

from understanding.personal import PersonalKind, find_personal, hide_personal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13800138000", PersonalKind.MOBILE),
        ("电话 138-0013-8000", PersonalKind.MOBILE),
        ("电话１３８００１３８０００", PersonalKind.MOBILE),
        ("一三八零零一三八零零零", PersonalKind.MOBILE),
        ("身份证990101195503120021", PersonalKind.IDENTITY),
        ("身份证99010119480720003X", PersonalKind.IDENTITY),
        ("卡号9900 0000 0000 0000 018", PersonalKind.CARD),
        ("x13800138000x", PersonalKind.MOBILE),
    ],
)
def test_a_number_of_a_person_is_found(text: str, kind: PersonalKind) -> None:
    found = find_personal(text)

    assert [finding.kind for finding in found] == [kind]
    assert not any(c.isdigit() for c in hide_personal(text))


@pytest.mark.parametrize(
    "text",
    [
        "支出 1,234,567.89元,共31笔",
        "凭证:记-202503-001",
        "2026年10月24日 2026-10-24 09:30",
        "编号 K7QX-42",
        "/v/990101102200/accounts/2026-10",
        "请打12388或110",
        "27327 32000 15000 8000",
        "2025-03-01..2025-03-31",
        "记-202503-001 2026-10-24",
        "990101101200 2026年",
    ],
)
def test_figures_and_codes_are_left_alone(text: str) -> None:
    assert find_personal(text) == ()
    assert hide_personal(text) == text


def test_two_numbers_beside_each_other_are_both_hidden() -> None:
    assert not any(c.isdigit() for c in hide_personal("13800138000 13900139000"))


def test_what_follows_a_number_is_no_part_of_it() -> None:
    assert hide_personal("138 0013 8000 3组").endswith("3组")
