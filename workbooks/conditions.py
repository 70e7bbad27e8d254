"""Somebody's illness, disability or poverty beside his name (domain.md 8, column "Never")."""

import re
from collections.abc import Iterator

from workbooks.surnames import COMPOUND, SINGLE

_HAN = "㐀-鿿"
_WORDS = (
    r"残疾|残障|肢残|智障|聋哑|失明|瘫痪|患病|重病|大病|生病|病故|癌|肿瘤|白血病|尿毒症|艾滋|精神病|"
    r"精神障碍|结核|肝炎|住院|手术|化疗|透析|低保|低收入|特困|五保|贫困|困难|脱贫户|监测户|孤儿|困境|"
    r"留守|事实无人抚养|单亲|家暴|流产|病人|患者"
)
_NOUNS = (
    r"人员|人|户|者|员|对象|家庭|家属|群众|村民|居民|农户|老人|老党员|党员|儿童|学生|学子|妇女|职工|"
    r"军人"
)

CONDITION = re.compile(_WORDS)
CONDITION_LABEL = re.compile(
    rf"(?:{_WORDS})(?:[一二三四]级)?(?:{_NOUNS})*|(?:身?患|因)?(?:{_WORDS})"
)

_AFTER_CONDITION = re.compile(
    rf"(?:{_NOUNS}|补贴|补助|救助|慰问|金|款|费|的|给|发给|付给|付|[:(,、\s])*"
)
_RIGHT_EDGE = re.compile(
    rf"$|[^{_HAN}]|等|和|及|家|户|同志|{_WORDS}|医疗|看病|治病|生活|慰问|补助|补贴|救助|款|费|金|的|一|两|"
    r"因|患|病|春节|中秋|端午|看望|学费|助学"
)
_LEFT_EDGE = re.compile(
    rf"(?:^|[^{_HAN}]|给|慰问|看望|走访|付|付给|发给|补助|资助|救助|帮扶|发放|为|向|对|村民|居民|[组社队]|党员|"
    r"老人|户|人|收到|退|助)$"
)
_UP_TO_CONDITION = re.compile(r"(?:因|的|家|家中|身患|患|突发|系|为|是|同志|老人|户|[(、,:\s])*$")
_NAME = re.compile(
    rf"(?:{'|'.join(sorted(COMPOUND))})[{_HAN}]{{1,2}}|[{''.join(sorted(SINGLE))}][{_HAN}]{{1,2}}"
)
# Everyday words that begin with a surname's character.
_NOT_A_NAME = re.compile(
    r"高[龄中考校温]|万[元户]|方[面便]|石[料材]|金[额秋]|路[费灯口]|江边|安[置装全]|常[年态]|成员|时[间节]|来[访信]|"
    r"全[村家体镇县年]|连续|计[划生]|单[位亲]|种[子植]|平[时安]|保[险障洁]|利息|水[费电利灾井]|元[旦宵]|国[庆家]|"
    r"门诊|火[灾盆]|师傅|展板|官方|明细|应急|木材|干部|强降|米[面油]|关[爱怀]|管[理护]|党[员建]|农[户村]|"
    r"房[屋租]|车[费辆]|危房|任务|项目|解[决困]|商[户店]|家[庭属]|和|从|都|别|包|花|代|位|支|双|满|冷|"
    r"卫生|项|时|温暖|燃[气油]|黄金|古稀|边缘|易地|易返|符合|纪念|阳光|晚|余额|白内障|雷电|柴火|景|乐"
)


def names_beside_conditions(text: str) -> list[tuple[int, int]]:
    """Where names stand right before or after a word for illness, disability or poverty."""
    if not CONDITION.search(text):
        return []
    found: set[tuple[int, int]] = set()
    for word in CONDITION.finditer(text):
        found.update(_name_after(text, word.end()))
        found.update(_name_before(text, word.start()))
    return sorted(found)


def _name_after(text: str, start: int) -> Iterator[tuple[int, int]]:
    between = _AFTER_CONDITION.match(text, start)
    start = between.end() if between else start
    for length in (4, 3, 2):
        if _is_name(text[start : start + length], length) and _RIGHT_EDGE.match(
            text, start + length
        ):
            yield start, start + length
            return


def _name_before(text: str, end: int) -> Iterator[tuple[int, int]]:
    between = _UP_TO_CONDITION.search(text[:end])
    end = between.start() if between else end
    for length in (4, 3, 2):
        start = end - length
        if start >= 0 and _is_name(text[start:end], length) and _LEFT_EDGE.search(text[:start]):
            yield start, end
            return


def _is_name(candidate: str, length: int) -> bool:
    return (
        len(candidate) == length
        and _NAME.fullmatch(candidate) is not None
        and _NOT_A_NAME.match(candidate) is None
        and CONDITION.search(candidate) is None
    )
