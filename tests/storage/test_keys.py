"""The key file: made once, for its owner alone, and never guessed at."""

import multiprocessing
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import Key, KeyFileError, KeyFileProblem, Keys

posix_only = pytest.mark.skipif(os.name != "posix", reason="only POSIX tells who may read")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def problem(call: Callable[[Path], Keys], path: Path) -> KeyFileProblem:
    with pytest.raises(KeyFileError) as refused:
        call(path)
    assert refused.value.path == path
    return refused.value.problem


def test_new_keys_are_read_back(file: Path) -> None:
    created = Keys.create(file)

    assert Keys.load(file) == created


def test_every_key_is_of_32_bytes_and_unlike_the_others(file: Path) -> None:
    keys = Keys.create(file)

    secrets = {key.secret for key in (keys.lookup, keys.addresses, keys.inbox)}
    ids = {key.id for key in (keys.lookup, keys.addresses, keys.inbox)}
    assert [len(secret) for secret in secrets] == [32, 32, 32]
    assert len(ids) == 3


@posix_only
def test_only_the_owner_can_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Keys.create(tmp_path / "new" / "keys.toml")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new" / "keys.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_key_file_is_never_overwritten(file: Path) -> None:
    Keys.create(file)
    before = file.read_bytes()

    assert problem(Keys.create, file) is KeyFileProblem.EXISTS

    assert file.read_bytes() == before


def test_even_an_empty_file_or_a_dead_link_is_never_overwritten(tmp_path: Path) -> None:
    empty, link = tmp_path / "empty", tmp_path / "link"
    empty.touch()
    link.symlink_to(tmp_path / "nowhere")

    assert problem(Keys.create, empty) is KeyFileProblem.EXISTS
    assert problem(Keys.create, link) is KeyFileProblem.EXISTS
    assert empty.read_bytes() == b""


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    Keys.create(file)
    problem(Keys.create, file)

    assert list(file.parent.iterdir()) == [file]


def _create(path: str) -> bool:
    try:
        Keys.create(Path(path))
    except KeyFileError:
        return False
    return True


def test_of_many_who_make_it_at_once_one_does(file: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        made = pool.map(_create, [str(file)] * 8, chunksize=1)

    assert made.count(True) == 1
    assert Keys.load(file)


def test_a_missing_file_is_told_apart(file: Path) -> None:
    assert problem(Keys.load, file) is KeyFileProblem.MISSING


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    assert problem(Keys.load, tmp_path) is KeyFileProblem.UNREADABLE


def test_a_place_that_cannot_be_written_is_told_apart(file: Path) -> None:
    file.touch()

    assert problem(Keys.create, file / "keys.toml") is KeyFileProblem.UNWRITABLE


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_refused(file: Path, mode: int) -> None:
    Keys.create(file)
    file.chmod(mode)

    assert problem(Keys.load, file) is KeyFileProblem.OPEN_TO_OTHERS


@posix_only
def test_a_file_that_even_its_owner_only_reads_is_accepted(file: Path) -> None:
    keys = Keys.create(file)
    file.chmod(0o400)

    assert Keys.load(file) == keys


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        (r"version = 1", "version = 2"),
        (r"version = 1", ""),
        (r"\[inbox\]", "[outbox]"),
        (r'(?m)^key = ".{4}', 'key = "'),
        (r'(?m)^key = ".', 'key = "?'),
        (r'(?m)^key = ".*"', "key = 5"),
        (r'(?m)^id = "..', 'id = "'),
        (r'(?m)^id = "..', 'id = "zz'),
        (r'(?m)^id = ".*"', 'id = "00000000"'),
        (r"\Z", "["),
        (r"\A", "\x00"),
    ],
)
def test_a_damaged_file_is_refused_and_not_quoted(file: Path, pattern: str, instead: str) -> None:
    Keys.create(file)
    written = file.read_text("utf-8")
    file.write_text(re.sub(pattern, lambda _: instead, written), "utf-8")

    with pytest.raises(KeyFileError) as refused:
        Keys.load(file)

    assert refused.value.problem is KeyFileProblem.DAMAGED
    assert refused.value.__cause__ is None
    assert not any(secret in str(refused.value) for secret in re.findall(r'key = "(.*)"', written))


@given(content=st.binary())
def test_any_other_content_is_damaged(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("keys") / "keys.toml"
    file.write_bytes(content)
    file.chmod(0o600)

    assert problem(Keys.load, file) is KeyFileProblem.DAMAGED


def test_the_fingerprint_names_the_keys_and_not_the_file(file: Path, tmp_path: Path) -> None:
    keys = Keys.create(file)
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_bytes(file.read_bytes())
    elsewhere.chmod(0o600)

    assert re.fullmatch(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", keys.fingerprint)
    assert Keys.load(elsewhere).fingerprint == keys.fingerprint
    assert Keys.create(tmp_path / "other.toml").fingerprint != keys.fingerprint


def test_the_fingerprint_depends_on_each_key() -> None:
    lookup, addresses, inbox, other = (Key.new() for _ in range(4))

    fingerprints = {
        Keys(lookup, addresses, inbox).fingerprint,
        Keys(other, addresses, inbox).fingerprint,
        Keys(lookup, other, inbox).fingerprint,
        Keys(lookup, addresses, other).fingerprint,
        Keys(addresses, lookup, inbox).fingerprint,
    }

    assert len(fingerprints) == 5


def test_the_fingerprint_is_that_of_the_first_release() -> None:
    keys = Keys(*(Key(bytes([n] * 4), bytes([n] * 32)) for n in (1, 2, 3)))

    assert keys.fingerprint == "5ec5-7793-cda9-9241"


def test_no_secret_is_in_the_repr(file: Path) -> None:
    keys = Keys.create(file)

    shown = repr(keys)

    for key in (keys.lookup, keys.addresses, keys.inbox):
        assert repr(key.secret) not in shown
        assert key.secret.hex() not in shown
