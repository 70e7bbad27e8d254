"""Posts, under whatever name: 村主任 and 村委会主任 are one, 妇女主任 is another."""

from __future__ import annotations

from functools import cache, lru_cache

from understanding.lexicon import word_lists
from understanding.normalise import normalise


@cache
def _known() -> dict[str, str]:
    """Every name of a post, and the one that stands for all of them."""
    return {
        name: post for post, names in word_lists("posts.toml").items() for name in (post, *names)
    }


@lru_cache(4096)
def post_of(name: str) -> str:
    """The one name of a post; a name that is not known stands for itself.

    >>> post_of("村委会主任"), post_of("村长")
    ('村民委员会主任', '村民委员会主任')
    """
    plain = normalise(name).replace(" ", "")
    return _known().get(plain, plain)


def post_named(text: str, others: tuple[str, ...] = ()) -> str | None:
    """The post that a message names, the longest name first; `others` are posts beside the usual.

    None where it names none.
    """
    plain = normalise(text).replace(" ", "")
    names = _names(others)
    found = [name for name in names if name in plain]
    return names[max(found, key=len)] if found else None


@lru_cache(256)
def _names(others: tuple[str, ...]) -> dict[str, str]:
    return {normalise(name): post_of(name) for name in others} | _known()
