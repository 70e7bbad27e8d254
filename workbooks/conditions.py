"""Somebody's illness, disability or poverty beside his name (domain.md 8, column "Never")."""

import re
from collections.abc import Iterator

from workbooks.names import COMPOUND, HAN, SINGLE

_WORDS = (
    r"残疾|残障|肢残|智障|聋哑|失明|瘫痪|患病|重病|大病|生病|病故|癌|肿瘤|白血病|尿毒症|艾滋|精神病|"
    r"精神障碍|结核|肝炎|住院|手术|化疗|透析|低保|低收入|特困|五保|贫困|困难|脱贫户|监测户|孤儿|困境|"
    r"留守|事实无人抚养|单亲|家暴|流产|病人|患者"
)
_NOUNS = (
    r"人员|人|户|者|员|对象|家庭|家属|群众|村民|居民|农户|老人|老党员|党员|儿童|学生|学子|妇女|职工|"
    r"军人|村?干部|主任|书记|会计|教师|老师|同志"
)

CONDITION = re.compile(_WORDS)
CONDITION_LABEL = re.compile(
    rf"(?:{_WORDS})(?:[一二三四]级)?(?:{_NOUNS})*|(?:身?患|因)?(?:{_WORDS})"
)

_AFTER_CONDITION = re.compile(
    rf"(?:{_NOUNS}|补贴|补助|救助|慰问|金|款|费|的|给|发给|付给|付|[:(,、\s])*"
)
_RIGHT_EDGE = re.compile(
    rf"$|[^{HAN}]|等|和|及|家|户|同志|{_WORDS}|医疗|看病|治病|生活|慰问|补助|补贴|救助|款|费|金|的|一|两|"
    r"因|患|病|春节|中秋|端午|看望|学费|助学|买|购|修|建|治|做|送|交|缴|办|去|到|在|转|用|丧|葬|危房"
)
_LEFT_EDGE = re.compile(
    rf"(?:^|[^{HAN}]|给|慰问|看望|走访|付|付给|发给|补助|资助|救助|帮扶|发放|为|向|对|村民|居民|[组社队]|党员|"
    r"老人|户|人|收到|退|助)$"
)
_PERSON = re.compile(r"(?:户|人|者|对象|孤儿)$")
_UP_TO_CONDITION = re.compile(r"(?:因|的|家|家中|身患|患|突发|系|为|是|同志|老人|户|[(、,:\s])*$")
_NAME = re.compile(
    rf"(?:{'|'.join(sorted(COMPOUND))})[{HAN}]{{1,2}}|[{''.join(sorted(SINGLE))}][{HAN}]{{1,2}}"
)
# Everyday words that begin with a surname's character.
_NOT_A_NAME = re.compile(
    r"高[龄中考校温]|万[元户]|方[面便案]|石[料材]|金[额秋]|路[费灯口]|江边|安[置装全]|常[年态]|成员|"
    r"时[间节]|来[访信]|全[村家体镇县年]|连续|计[划生]|单[位亲]|种[子植苗养]|平[时安]|保[险障洁]|利息|"
    r"水[费电利灾井]|元[旦宵]|国[庆家]|门诊|火[灾盆]|师傅|展板|官方|明细|应急|木材|干部|强降|米[面油]|"
    r"关[爱怀]|管[理护]|党[员建内支]|农[户村]|房[屋租]|车[费辆]|危房|任务|项目|解[决困]|商[户店]|"
    r"和|都|别|代[缴领办]|支[出付部]|双[女方节]|满意|冷[饮暖]|包[村户联]|花[名圈]|景区|乐[器园]|秋[季收]|"
    r"从[业事]|卫生|温暖|燃[气油]|黄金|古稀|边缘|易[地返]|符合|纪念|阳光|余额|雷电|柴火|康复|文[化体艺]|"
    r"牛[奶肉羊]|羊[羔肉圈]|马上|鹿场|申[请报]|施[工救]|毛[毯巾]|敬老|祝[寿福]|童装|钱款|夏[季令]"
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
    names = [end for end in (start + 4, start + 3, start + 2) if _is_name(text, start, end)]
    ends_well = (end for end in names if _RIGHT_EDGE.match(text, end))
    # 低保户 and 残疾人 are followed by a name more often than not, whatever comes behind it.
    likely = names[0] if names and _PERSON.search(text[:start]) else None
    if (end := next(ends_well, likely)) is not None:
        yield start, end


def _name_before(text: str, end: int) -> Iterator[tuple[int, int]]:
    between = _UP_TO_CONDITION.search(text[:end])
    end = between.start() if between else end
    for length in (4, 3, 2):
        start = end - length
        if start >= 0 and _is_name(text, start, end) and _LEFT_EDGE.search(text[:start]):
            yield start, end
            return


def _is_name(text: str, start: int, end: int) -> bool:
    candidate = text[start:end]
    return (
        len(candidate) == end - start
        and _NAME.fullmatch(candidate) is not None
        and _NOT_A_NAME.match(candidate) is None
        and CONDITION.search(candidate) is None
    )
