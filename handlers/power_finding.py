"""Which items, and which posts, of a unit's list a message means."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.power_lists import Listed, PowerList
from understanding.normalise import normalise
from understanding.posts import post_of
from understanding.topics import Topics, is_under

_ENOUGH = 2  # pairs of characters that a name and a message share, where no topic helps
_SAYS_NOTHING_MORE = re.compile(
    "办事|办理|办证|办得下来|办下来|下来|审批|批下来|流程|步骤|程序|手续|材料|资料|证件|条件|资格"
    "|时间|地方|地点|风险|防控|监督|负责|权力|清单|事项|目录|图|表|怎么|咋个|咋|如何|什么|啥子|啥"
    "|哪些|哪个|哪里|哪儿|哪|谁|多久|好久|几天|多少|好多|几|需要|应该|可以|能不能|能|要不要|要|得|用"
    "|去|来|到|在|找|带|交|拿|准备|提供|办|搞|弄|整|批|盖|管|看|查|收费|费用|钱|费|收|免费|花"
    "|这个|那个|这|那|它|它的|我们|我|你们|你|您|请问|问|一下|哈|还|又|再|都|也|就|先|后|然后|另外"
    "|有没有|有|没有|没|不|是|的|了|吗|呢|嘛|么|呀|啊|吧|喃|呐|里|上|下|第.{1,2}步|步"
)
_A_THING = 2  # that many characters besides name something


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
    posts = found.posts
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


@lru_cache(4096)
def _plain(name: str) -> str:
    return normalise(name)


def _shared(name: str, text: str) -> int:
    """How many pairs of neighbouring characters of a name the text holds."""
    plain = _plain(name)
    return sum(pair in text for pair in {plain[at : at + 2] for at in range(len(plain) - 1)})


def names_a_thing(text: str) -> bool:
    """Whether a question names a thing besides what it asks: 结婚证怎么办, not 要带啥子."""
    rest = _SAYS_NOTHING_MORE.sub("", normalise(text))
    return len(re.sub(r"\W", "", rest)) >= _A_THING
