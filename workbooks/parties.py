"""Who is named in a row, and what of it may be public (domain.md 8).

Firms and public bodies stay in full, private persons are masked, duty-bearers stay in full, and
numbers that identify anybody are hidden.
"""

import re
from functools import lru_cache

from workbooks.characters import to_half_width
from workbooks.conditions import CONDITION, CONDITION_LABEL, names_beside_conditions
from workbooks.names import COMPOUND, HAN, SINGLE, join_name, mask_name, surname_of
from workbooks.privacy import PublicText, hide_numbers

_NUMBER = r"[一二三四五六七八九十\d]+"
_IS_MASKED = re.compile(rf"\*|[{HAN}][xX×]{{1,2}}|某")
# After a group 和 begins a name (三组和丽丽), unless another group follows (三组和四组).
_AND = rf"(?<=[{HAN}])(?:(?<![组社队])[和与及]|[和与及](?=第?{_NUMBER}[组社队]))(?=[{HAN}\d])"
_SEPARATORS = re.compile(rf"([、,;/()\n]|\s+|{_AND})")

# A body of this kind is never one person, wherever the word stands in a longer name.
_BODY = re.compile(
    r"公司|集团|企业|银行|信用社|农商|合作社|联社|供销社|委员会|村委|居委|支部|党委|政府|财政|国库|"
    r"税务|民政|学校|小学|中学|幼儿园|医院|卫生|诊所|药房|中心|协会|学会|基金|工会|超市|商行|商店|"
    r"经营部|服务部|门市|营业|网点|饭店|酒店|餐馆|饭馆|宾馆|农庄|农家乐|五金|建材|电器|家电|建筑|"
    r"工程|劳务|物业|保洁(?!员)|运输|快递|物流|印务|印刷|打印|广告|文印|传媒|加油|石化|石油|移动|电信|"
    r"联通|邮政|烟草|电力|供电|自来水|水务|水厂|燃气|保险|事务所|工作室|机构|经济联合|街道|社区|乡镇|"
    r"镇政|农场|林场|牧场|苗圃|果园|茶园|基地|清册|名单|花名|名册|专户|账户|现金|食堂|食品|农资|"
    r"种子|化肥|汽修|修理|维修|租赁|商贸|贸易|科技|网络|文化|书店|书屋|虚构|服务(?!员)"
)
_BODY_ENDING = re.compile(r"[店厂局站部队所院校办组村处股室馆社会行铺坊场园镇乡县市区]$")
# At the end of three characters that begin with a surname, these are as likely a given name's.
_NAME_ENDING = re.compile(r"[社会行铺坊场园镇乡县市区]$")
_BRANDS = frozenset(
    ("淘宝", "京东", "拼多多", "顺丰", "圆通", "中通", "韵达", "美团", "微信", "支付宝", "中石油")
)
_ROLE = (
    r"村民|居民|农户|社员|成员|党员|老党员|老人|干部|代表|保洁员|护林员|巡河员|护路员|网格员|放映员|"
    r"驾驶员|司机|小工|民工|工人|师傅|学生|职工|群众"
)
_NOBODY = re.compile(
    rf"(?:全体|各|本村|部分|有关|其他|多|散|第?{_NUMBER}[组社队户人名个]|{_ROLE}|村|议事会|监委会|"
    r"专业户|个体户|贫困户|低保户|困难户|脱贫户|五保户|特困户|个人|本人|农民|残疾人|孤儿|人员|家庭|户|"
    r"员|无|略|详?见附件|内部|等)+"
)
_NAMED = re.compile(
    rf"(?P<before>(?:第?{_NUMBER}[组社队]|本村|{_ROLE})*)"
    rf"(?P<name>[{HAN}·]{{2,12}}?)"
    rf"(?P<after>(?:等(?:{_NUMBER}|几|两)?(?:人|户|名)?|户|一?家|夫妇|父子|母子|代[领收付缴]|转交|本人|女士|"
    r"先生|同志|老师|(?:保洁|护林|误工|劳务|工程|运输|维修|租|承包|垫|材料|交通|差旅|慰问|.)?[工]?"
    r"[款费金钱资贴])*)"
)
_MONEY_ENDING = re.compile(r"[款费金钱资贴]$")
_LONGEST_NAME = 4
_SIGNED = re.compile(
    r"\(?(?:已审核?|审核通过|审核同意|审核|同意|已阅|签字|签名|盖章|通过|[√✓✔])+\)?"
)


@lru_cache(maxsize=4096)
def public_party(text: str, *, has_id_number: bool = False) -> PublicText:
    """The other side of an entry: persons masked, firms and public bodies in full.

    `has_id_number`: the row gives an identity number, so whoever is named is a person.
    """
    clean = hide_numbers(to_half_width(text).strip())
    flags = clean.flags
    party = clean.text
    if CONDITION.search(party) and not _is_nobody(party) and not _is_body(party):
        party = CONDITION_LABEL.sub("", party).replace("()", "").strip(" ,、")
        flags = (*flags, "private_condition")
    # Names stand at the even places, what separates them at the odd ones.
    parts = _SEPARATORS.split(join_name(party))
    parts[::2] = [_public_part(part, has_id_number) for part in parts[::2]]
    return PublicText("".join(parts), flags)


@lru_cache(maxsize=4096)
def public_summary(text: str, party: str = "", *, has_id_number: bool = False) -> PublicText:
    """What an entry was for: no numbers of persons, and nobody's plight beside a name.

    A private person named in `party` is masked here too.
    """
    clean = hide_numbers(text)
    summary, flags = clean.text, clean.flags
    for name in _names_in(party, has_id_number):
        if name in summary:
            summary = summary.replace(name, mask_name(name))
            if CONDITION.search(summary):
                flags = (*flags, "private_condition")
    for start, end in names_beside_conditions(summary):
        summary = summary[:start] + mask_name(summary[start:end]) + summary[end:]
        flags = (*flags, "private_condition")
    return PublicText(summary, tuple(dict.fromkeys(flags)))


@lru_cache(maxsize=4096)
def public_beneficiary(text: str) -> PublicText:
    """Who receives something: always masked, unless it is plainly a firm or public body."""
    clean = hide_numbers(to_half_width(text).strip())
    parts = _SEPARATORS.split(join_name(clean.text))
    parts[::2] = [part if _receives_openly(part) else mask_name(part) for part in parts[::2]]
    return PublicText("".join(parts), clean.flags)


def _receives_openly(part: str) -> bool:
    """Whether a part names nobody, is masked already, or is too long for any person's name."""
    if not part or _IS_MASKED.search(part) or _is_nobody(part):
        return True
    return len(part) > _LONGEST_NAME and "·" not in part and _is_body(part)


def duty_bearer(text: str) -> PublicText:
    """Somebody who acts in office: the full name, without the blanks inside it."""
    return hide_numbers(join_name(to_half_width(text)))


def duty_bearers(text: str) -> PublicText:
    """Several of them, joined by 、 (靳 三、班 喜 -> 靳三、班喜). Mere ticks name nobody."""
    clean = hide_numbers(_SIGNED.sub(" ", to_half_width(text)).strip())
    parts = [join_name(part) for part in re.split(r"[、,;/\n]", clean.text)]
    names = [name for part in parts for name in part.split()]
    return PublicText("、".join(names), clean.flags)


@lru_cache(maxsize=4096)
def _names_in(party: str, has_id_number: bool) -> tuple[str, ...]:
    """The private persons whom the other side of an entry names in full."""
    parts = _SEPARATORS.split(join_name(to_half_width(party)))[::2]
    return tuple(name for part in parts if (name := _name_in(part, has_id_number)))


def _public_part(part: str, has_id_number: bool) -> str:
    """One name of a list: 三组罗玉芳等 -> 三组罗*芳等."""
    name = _name_in(part, has_id_number)
    if name is None:
        return part
    at = part.index(name)
    return part[:at] + mask_name(name) + part[at + len(name) :]


@lru_cache(maxsize=4096)
def _name_in(part: str, has_id_number: bool) -> str | None:
    """The one person whom a part of a list names, or None where it names a body or nobody."""
    if not part or _IS_MASKED.search(part) or part in _BRANDS or _is_nobody(part):
        return None
    if _is_body(part, has_id_number=has_id_number):
        return None
    match = _NAMED.fullmatch(part)
    if match is None:
        return None
    name = match["name"]
    is_short = len(name) <= (6 if has_id_number else 4)
    return name if is_short or "·" in name or _is_run_of_names(name) else None


def _is_nobody(text: str) -> bool:
    return _NOBODY.fullmatch(text) is not None


def _is_body(text: str, *, has_id_number: bool = False) -> bool:
    if _MONEY_ENDING.search(text):
        return False
    if _BODY.search(text):
        return True
    if not _BODY_ENDING.search(text) or (has_id_number and len(text) <= 3):
        return False
    surname = surname_of(text)
    if len(text) == 2 and surname:
        return False
    if len(text) == 3 and surname:
        return not _NAME_ENDING.search(text)
    return surname not in COMPOUND or len(text) > 4


def _is_run_of_names(text: str) -> bool:
    """张三李四王五 without anything between them."""
    return re.fullmatch(rf"(?:[{''.join(sorted(SINGLE))}][{HAN}]{{1,2}}){{2,4}}", text) is not None
