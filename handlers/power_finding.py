"""Which items, and which posts, of a unit's list a message means."""

from __future__ import annotations

from storage.power_lists import Listed, PowerList
from understanding.normalise import normalise
from understanding.posts import post_of
from understanding.topics import Topics, is_under

_ENOUGH = 2  # pairs of characters that a name and a message share, where no topic helps


def meant(
    found: PowerList, topics: Topics, topic: str | None, text: str
) -> tuple[tuple[Listed, ...], bool]:
    """The items that a message is about, the likeliest first, and whether the first is meant.

    None where nothing points to any.
    """
    words = normalise(text)
    scored = [
        (_shared(one.item.name, words), _closeness(one, topics, topic), one) for one in found.items
    ]
    near = [each for each in scored if each[1]]
    chosen = near or [each for each in scored if each[0] >= _ENOUGH]
    chosen.sort(key=lambda each: (-each[0], -each[1]))
    is_plain = len(chosen) == 1 or (len(chosen) > 1 and chosen[0][:2] != chosen[1][:2])
    return tuple(one for *_, one in chosen), is_plain


def same_posts(found: PowerList, post: str) -> frozenset[str]:
    """The posts of a list that a name stands for: itself under any name, or a part of theirs."""
    posts = found.posts()
    same = {name for name in posts if post_of(name) == post_of(post)}
    return frozenset(same or {name for name in posts if post in name})


def _closeness(listed: Listed, topics: Topics, topic: str | None) -> int:
    """3: what the item is about first; 2: also; 1: something near it; 0: something else."""
    own = listed.item.topics or topics.topics_of(listed.item.name)
    if topic is None or not own:
        return 0
    if topic == own[0]:
        return 3
    if topic in own:
        return 2
    return int(any(is_under(topic, code) or is_under(code, topic) for code in own))


def _shared(name: str, text: str) -> int:
    """How many pairs of neighbouring characters of a name the text holds."""
    plain = normalise(name)
    return sum(pair in text for pair in {plain[at : at + 2] for at in range(len(plain) - 1)})
