"""What stands around a message and asks for nothing: greetings, thanks, 请问, 嘛, stray blanks."""

from __future__ import annotations

import re

_HELLO = (
    "(?:你好|您好|哈喽|喂+(?=[,。!~ 你您])|(?:早上|上午|中午|下午|晚上)好"
    "|(?:各位|大家|老师|领导|同志)们?(?:好|(?=[,。!~ ])))[啊呀哦]*"
)
_HESITATION = "(?:嗯+|呃+|额+|啊+|哦+|噢+|诶+|唉+|那个|这个|就是|麻烦[你您]?(?:一下)?)[,。!~ ]"
# 问下 may lead to 下泉村, and 那个 to a name: both stay where nothing parts them from what follows.
_WISH = (
    "(?:麻烦|劳烦)?[你您]?我?"
    "(?:(?:想|要|请)(?:问|咨询|打听|请教|晓得|知道|了解)|(?<=[烦你您])问)"
    "(?:一下|一声|下(?=[,。 ])|(?=[你您]们)|(?<=请问)|(?<=晓得)|(?<=知道)|(?<=了解))"
    "(?:[你您]们?(?=[,。 ]))?"
)
_OPENING = re.compile(f"(?:{_HELLO}[,。!~ ]*|{_HESITATION}[,。!~ ]*|{_WISH}[,。!~ ]*)+")
_THANKS = (
    "(?:谢谢|谢了|多谢|感谢|谢谢了|麻烦[你您]?了|辛苦了|拜托了?)(?:[你您]们?|大家|哈|啦|哦|了)*"
)
_ENDING = re.compile(f"(?:[,。!~ ]*{_THANKS}|[哦嘛噻哟呀啊噢哒撒]|[,。!~?… ])+$")
_SAYS_SOMETHING = re.compile("[0-9A-Za-z\u4e00-\u9fff]")
# A blank after 的, where nothing was asked before it.
_STRAY = re.compile("((?:^|(?<=[,。;!? ]))[^,。;!? 咋哪谁啥几好为么]{1,14}的) (?=[\u4e00-\u9fff])")


def without_courtesy(text: str) -> str:
    """Drop what opens and ends a message and asks for nothing.

    A message that is nothing else stays as it is.
    """
    opening = _OPENING.match(text)
    ending = _ENDING.search(text)
    start = opening.end() if opening else 0
    end = ending.start() if ending else len(text)
    inner = text[start:end]
    return inner if _SAYS_SOMETHING.search(inner) else text


def without_stray_blanks(text: str) -> str:
    """Join what a blank parted: 最大的 一笔开支 asks one thing, 哪个修的 花了好多 asks two."""
    return _STRAY.sub(r"\1", text)
