"""What gateways push is read in both dialects, and never breaks the webhook."""

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sms.callbacks import (
    MAX_BODY_BYTES,
    MAX_CONTENT_CHARS,
    MAX_ITEMS,
    Batch,
    SmsReceipt,
    SmsUplink,
    is_person,
    read_receipts,
    read_uplinks,
)

PHONE = "16600010071"


def make_uplink(**changes: object) -> dict[str, object]:
    """The older dialect: with sign_name and a numeric id."""
    return {
        "phone_number": PHONE,
        "content": "上个月花了多少钱",
        "send_time": "2026-11-24 09:30:05",
        "dest_code": "1069012345",
        "sequence_id": 2000000123,
        "sign_name": "明禾公开",
    } | changes


def make_receipt(**changes: object) -> dict[str, object]:
    return {
        "phone_number": PHONE,
        "send_time": "2026-11-24 09:30:05",
        "report_time": "2026-11-24 09:30:11",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "2",
        "biz_id": "900619746936498440^0",
        "out_id": "d-1",
    } | changes


def push(*items: object) -> bytes:
    return json.dumps(items).encode()


def only_uplink(**changes: object) -> SmsUplink:
    (uplink,) = read_uplinks(push(make_uplink(**changes))).items
    return uplink


def only_receipt(**changes: object) -> SmsReceipt:
    (receipt,) = read_receipts(push(make_receipt(**changes))).items
    return receipt


def test_the_older_dialect() -> None:
    uplink = only_uplink()

    assert (uplink.phone, uplink.content) == (PHONE, "上个月花了多少钱")
    assert uplink.sent_at == datetime(2026, 11, 24, 1, 30, 5, tzinfo=UTC)
    assert (uplink.sequence_id, uplink.dest_code) == ("2000000123", "1069012345")
    assert uplink.sign_name == "明禾公开"


def test_the_newer_dialect_means_the_same() -> None:
    newer = make_uplink(sequence_id="2000000123")
    del newer["sign_name"]

    (uplink,) = read_uplinks(push(newer)).items

    assert uplink.sign_name == ""
    assert uplink.key == only_uplink().key


@pytest.mark.parametrize(
    "written",
    [
        PHONE,
        f"86{PHONE}",
        f"+86{PHONE}",
        f"0086{PHONE}",
        int(PHONE),
        f"+86 {PHONE[:3]}-{PHONE[3:]}",
    ],
)
def test_a_number_is_one_number_however_it_is_written(written: object) -> None:
    assert only_uplink(phone_number=written).phone == PHONE


def test_a_text_is_kept_as_typed() -> None:
    assert only_uplink(content=" １　２\n３ ").content == " １　２\n３ "
    assert only_uplink(content=1).content == "1"


def test_a_reply_without_id_is_known_by_what_it_says() -> None:
    one = only_uplink(sequence_id="")

    assert one.key == only_uplink(sequence_id=None).key
    assert one.key != only_uplink(sequence_id="", content="别的").key
    assert one.key != only_uplink(sequence_id="", send_time="2026-11-24 09:30:06").key


def test_one_id_from_two_phones_is_two_replies() -> None:
    assert only_uplink().key != only_uplink(phone_number="16600010072").key


def test_a_receipt() -> None:
    receipt = only_receipt()

    assert (receipt.phone, receipt.reference) == (PHONE, "900619746936498440^0")
    assert (receipt.out_id, receipt.success, receipt.code) == ("d-1", True, "DELIVERED")
    assert receipt.reported_at == datetime(2026, 11, 24, 1, 30, 11, tzinfo=UTC)
    assert receipt.segments == 2


@pytest.mark.parametrize("written", [False, "false", "False"])
def test_a_failure_is_never_read_as_success(written: object) -> None:
    assert only_receipt(success=written, err_code="UNDELIV").success is False


@pytest.mark.parametrize("written", [None, 1, "yes", "", [], {}])
def test_a_receipt_that_does_not_say_whether_is_odd(written: object) -> None:
    assert read_receipts(push(make_receipt(success=written))) == Batch(odd=1)


def test_a_receipt_twice_has_one_key_and_a_later_word_another() -> None:
    silent = only_receipt(success=False, err_code="REQUEST_SUCCESS")

    assert only_receipt().key == only_receipt(report_time="2026-11-24 09:31:00").key
    assert only_receipt().key != silent.key


def test_a_receipt_with_our_id_alone_is_enough() -> None:
    receipt = only_receipt(biz_id=None)

    assert (receipt.reference, receipt.out_id) == ("", "d-1")
    assert read_receipts(push(make_receipt(biz_id="", out_id=""))) == Batch(odd=1)


@pytest.mark.parametrize("moment", ["", None, "yesterday", "2026-13-01 00:00:00", 20261124])
def test_a_time_that_is_none_leaves_none(moment: object) -> None:
    assert only_uplink(send_time=moment).sent_at is None


@pytest.mark.parametrize("size", ["", None, "two", "-1", "99999"])
def test_a_size_that_is_none_leaves_none(size: object) -> None:
    assert only_receipt(sms_size=size).segments is None


@pytest.mark.parametrize("body", [b"", b"  \n", b"[]"])
def test_an_empty_probe_is_nothing(body: bytes) -> None:
    assert read_uplinks(body) == Batch()


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"test",
        b"{",
        b"[1",
        b"1",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b"[" + b" " * MAX_BODY_BYTES + b"]",
    ],
)
def test_an_odd_body_is_one_odd_thing(body: bytes) -> None:
    assert read_uplinks(body) == Batch(odd=1)
    assert read_receipts(body) == Batch(odd=1)


def test_odd_elements_do_not_lose_their_neighbours() -> None:
    odd: list[object] = [None, 1, [], {}, make_uplink(content=""), make_uplink(phone_number="x")]

    batch = read_uplinks(push(*odd, make_uplink()))

    assert len(batch.items) == 1
    assert batch.odd == len(odd)


def test_one_object_alone_is_read_as_an_array_of_one() -> None:
    assert len(read_uplinks(json.dumps(make_uplink()).encode()).items) == 1


def test_what_is_too_much_is_counted() -> None:
    batch = read_uplinks(push(*[{}] * (MAX_ITEMS + 3)))

    assert (batch.odd, batch.beyond) == (MAX_ITEMS, 3)
    assert len(only_uplink(content="长" * 5000).content) == MAX_CONTENT_CHARS


def test_half_a_character_does_no_harm() -> None:
    assert only_uplink(content="好\ud83d").content == "好"


@pytest.mark.parametrize(
    ("phone", "person"),
    [(PHONE, True), ("10690123456", False), ("95588", False), ("4001234567", False), ("", False)],
)
def test_only_mobile_numbers_are_people(phone: str, person: bool) -> None:
    assert is_person(phone) is person


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*make_uplink(), *make_receipt()]), inner, max_size=8)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read_without_an_error(content: object) -> None:
    body = json.dumps(content).encode()

    assert isinstance(read_uplinks(body), Batch)
    assert isinstance(read_receipts(body), Batch)


def test_spoilt_bytes_are_read_without_an_error() -> None:
    dice = random.Random(1)  # noqa: S311
    whole = push(make_uplink(), make_receipt())

    for _ in range(2000):
        spoilt = bytearray(whole)
        for _ in range(dice.randint(1, 5)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        assert isinstance(read_uplinks(bytes(spoilt)), Batch)
        assert isinstance(read_receipts(bytes(spoilt)), Batch)


def test_numbers_and_texts_stay_out_of_the_representation() -> None:
    shown = repr(only_uplink()) + repr(only_receipt())

    assert PHONE not in shown
    assert "花了" not in shown
