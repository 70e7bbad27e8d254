"""Writes data/sounds.txt from pypinyin: run by hand when the table should follow a new version.

The table is kept because importing pypinyin costs 60 MB of memory and 0.2 s of every start.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parent / "data" / "sounds.txt"
COMMON = range(0x4E00, 0xA000)


def syllables() -> dict[str, str]:
    """Give the first, that is the most usual, reading of every character, without tone."""
    from pypinyin.constants import PINYIN_DICT

    return {
        chr(code): _toneless(PINYIN_DICT[code].split(",")[0])
        for code in COMMON
        if code in PINYIN_DICT
    }


def _toneless(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in letters if c.isascii() and c.isalpha())


def table() -> str:
    """Give the file's text: a line a syllable, then the characters that are read so."""
    read_as: dict[str, list[str]] = defaultdict(list)
    for character, syllable in syllables().items():
        read_as[syllable].append(character)
    return "".join(f"{syllable} {''.join(read_as[syllable])}\n" for syllable in sorted(read_as))


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
