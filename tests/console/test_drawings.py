"""Pictures are drawn once a version, whoever asks meanwhile waits, and not all are kept."""

import asyncio
import threading

import pytest

from console.drawings import Drawings


async def test_what_was_drawn_is_not_drawn_again() -> None:
    drawn: list[str] = []

    def draw() -> bytes:
        drawn.append(threading.current_thread().name)
        return b"picture"

    drawings = Drawings()
    both = await asyncio.gather(*(drawings.get("v1", draw) for _ in range(2)))
    later = await drawings.get("v1", draw)

    assert [*both, later] == [b"picture"] * 3
    assert len(drawn) == 1
    assert drawn[0].startswith("drawing")


async def test_another_version_is_another_drawing() -> None:
    drawings = Drawings()

    assert await drawings.get("v1", lambda: b"one") == b"one"
    assert await drawings.get("v2", lambda: b"two") == b"two"


async def test_a_drawing_that_failed_is_tried_again() -> None:
    def fail() -> bytes:
        raise ValueError

    drawings = Drawings()
    with pytest.raises(ValueError, match=r"^$"):
        await drawings.get("v1", fail)

    assert await drawings.get("v1", lambda: b"now") == b"now"


async def test_the_one_asked_for_longest_ago_makes_room() -> None:
    drawings = Drawings(kept_bytes=10)
    for name in ("a", "b"):
        await drawings.get(name, lambda: b"12345")
    await drawings.get("a", lambda: b"anew?")
    await drawings.get("c", lambda: b"12345")

    assert await drawings.get("a", lambda: b"anew") == b"12345"
    assert await drawings.get("b", lambda: b"anew") == b"anew"
