"""Every topic is known under the many names that people have for it."""

import csv
import tomllib

import pytest

from tests.understanding.test_labelled_messages import DATA, TODAY, understanding
from understanding.topics import is_under

FRAMES = ("{}", "我想看看{}", "{}的情况")
# What the glossary calls otherwise than queries.md does, or what says too little alone.
ELSEWHERE = {
    "雨露计划": "AID.STUDENT",
    "修厕所": "ENV",
    "老表承包": "ASSET.CONTRACT",
}
SAY_TOO_LITTLE = {"哪个修的", "补贴好多", "标准好多", "满意", "不满意", "打分"}


def forms() -> dict[str, list[str]]:
    with (DATA / "topic_forms.toml").open("rb") as file:
        return {code: words.split() for code, words in tomllib.load(file).items()}


def glossary() -> list[tuple[str, str]]:
    with (DATA / "glossary.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["word"], row["topic_code"]) for row in csv.DictReader(file)]


def topic(text: str) -> str | None:
    return understanding().read(text, today=TODAY).slots.topic


@pytest.mark.parametrize(("code", "words"), forms().items(), ids=list(forms()))
@pytest.mark.parametrize("frame", FRAMES)
def test_topic_is_known_under_every_name(code: str, words: list[str], frame: str) -> None:
    missed = {word: found for word in words if (found := topic(frame.format(word))) != code}

    assert not missed


def test_words_of_the_glossary_name_its_topics() -> None:
    missed = {}
    for word, code in glossary():
        if code not in understanding().topics.names or word in SAY_TOO_LITTLE:
            continue
        found, wanted = topic(word), ELSEWHERE.get(word, code)
        accounts = code == "FIN" and found is None
        if not accounts and not (found and is_under(found, wanted)):
            missed[word] = found

    assert not missed


def test_every_topic_has_names() -> None:
    assert forms().keys() | {"FIN"} == understanding().topics.names.keys()
