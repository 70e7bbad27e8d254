"""Sealing: what goes in comes out with the right key, and not otherwise."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import SecretBox

from storage.keys import Key, Keys
from storage.sealing import Sealer, SealError, SealProblem, normal_phone

PHONE = b"13800138000"


def make_keys() -> Keys:
    return Keys(Key.new(), Key.new(), Key.new())


@pytest.fixture(scope="module")
def keys() -> Keys:
    return make_keys()


@pytest.fixture(scope="module")
def sealer(keys: Keys) -> Sealer:
    return Sealer(keys)


@given(content=st.binary(max_size=4096))
def test_what_is_sealed_is_opened_again(sealer: Sealer, content: bytes) -> None:
    assert sealer.open_address(sealer.seal_address(content)) == content
    assert sealer.open_inbox(sealer.seal_inbox(content)) == content


def test_sealing_twice_looks_different(sealer: Sealer) -> None:
    assert sealer.seal_address(PHONE) != sealer.seal_address(PHONE)


def test_what_is_sealed_shows_nothing(sealer: Sealer) -> None:
    assert PHONE not in sealer.seal_address(PHONE)
    assert PHONE not in sealer.seal_inbox(PHONE)


def test_it_is_a_secret_box_of_libsodium_after_the_keys_id(keys: Keys, sealer: Sealer) -> None:
    sealed = sealer.seal_address(PHONE)

    assert sealed[:4] == keys.addresses.id
    assert SecretBox(keys.addresses.secret).decrypt(sealed[4:]) == PHONE


def test_the_keys_of_another_file_open_nothing(sealer: Sealer) -> None:
    other = Sealer(make_keys())

    with pytest.raises(SealError) as refused:
        other.open_address(sealer.seal_address(PHONE))

    assert refused.value.problem is SealProblem.OTHER_KEY


def test_an_address_is_not_opened_with_the_inbox_key(sealer: Sealer) -> None:
    with pytest.raises(SealError) as refused:
        sealer.open_inbox(sealer.seal_address(PHONE))

    assert refused.value.problem is SealProblem.OTHER_KEY


def test_a_key_under_anothers_id_opens_nothing(keys: Keys, sealer: Sealer) -> None:
    forged = Keys(keys.lookup, Key(keys.addresses.id, bytes(32)), keys.inbox)

    with pytest.raises(SealError) as refused:
        Sealer(forged).open_address(sealer.seal_address(PHONE))

    assert refused.value.problem is SealProblem.DAMAGED


@given(place=st.integers(min_value=4, max_value=54), bit=st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_is_found(sealer: Sealer, place: int, bit: int) -> None:
    sealed = bytearray(sealer.seal_address(PHONE))
    sealed[place] ^= 1 << bit

    with pytest.raises(SealError) as refused:
        sealer.open_address(bytes(sealed))

    assert refused.value.problem is SealProblem.DAMAGED


@pytest.mark.parametrize("length", range(55))
def test_what_was_cut_off_is_found(sealer: Sealer, length: int) -> None:
    sealed = sealer.seal_address(PHONE)
    assert len(sealed) == 55

    with pytest.raises(SealError) as refused:
        sealer.open_address(sealed[:length])

    assert refused.value.problem is SealProblem.DAMAGED


def test_an_error_tells_nothing_of_the_content(sealer: Sealer) -> None:
    with pytest.raises(SealError) as refused:
        sealer.open_inbox(b"canary" * 10)

    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_address_is_found_by_a_keyed_hash(keys: Keys, sealer: Sealer) -> None:
    expected = hashlib.blake2b(
        PHONE, key=keys.lookup.secret, digest_size=32, person=b"phone"
    ).hexdigest()

    assert sealer.lookup_hash("phone", "13800138000") == expected


def test_without_the_key_the_hash_is_another() -> None:
    first, second = Sealer(make_keys()), Sealer(make_keys())

    assert first.lookup_hash("openid", "o1") != second.lookup_hash("openid", "o1")


def test_a_phone_and_an_openid_alike_have_different_hashes(sealer: Sealer) -> None:
    assert sealer.lookup_hash("phone", "13800138000") != sealer.lookup_hash("openid", "13800138000")


def test_the_hash_of_an_openid_heeds_case(sealer: Sealer) -> None:
    assert sealer.lookup_hash("openid", "oAbC") != sealer.lookup_hash("openid", "oabc")


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        "+86 138-0013-8000",
        " 138 0013 8000\n",
        "１３８００１３８０００",
        "(+86)138.0013.8000",
    ],
)
def test_a_mobile_number_is_found_however_it_is_written(sealer: Sealer, written: str) -> None:
    assert normal_phone(written) == "13800138000"
    assert sealer.lookup_hash("phone", written) == sealer.lookup_hash("phone", "13800138000")


@pytest.mark.parametrize(
    "number", ["12388", "10086", "8612345", "02886520000", "106900001234", "9008613800138000"]
)
def test_other_numbers_stay_as_they_are(number: str) -> None:
    assert normal_phone(number) == number


@given(st.text(alphabet="0168+-() \u3000１８６＋"))
def test_a_normal_number_is_normal_already(number: str) -> None:
    once = normal_phone(number)

    assert normal_phone(once) == once
