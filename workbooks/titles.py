"""What stands above a ledger's header: whose accounts, which month, in what unit."""

import re
from dataclasses import dataclass
from functools import lru_cache

from workbooks.characters import squeeze
from workbooks.dates import Month, NamedMonth, months_named, year_named
from workbooks.money import UNITS
from workbooks.numerals import read_cardinal

_UNIT = re.compile(
    r"(?<!编制)(?<!填报)(?<!填表)(?<!核算)(?<!记账)单位:?\(?(?:人民币)?(万元|千元|元)"
)
_BRACKET_UNIT = re.compile(r"\((?:单位:?)?(?:人民币)?(万元|千元|元)\)")
_MADE_ON = re.compile(
    r"(?:编制|制表|填报|填表|公开|公示|打印|制单|审核)(?:日期|时间|日):?[^\u4e00-\u9fff]*(?:[\d〇零一二三四五六七八九十]+[年月日])*"
)
_DATES = re.compile(
    r"[\d〇零○一二三四五六七八九十]+年度?(?:[\d一二三四五六七八九十]+月份?)?(?:\d+日)?|第?[一二三四1-4]季度|\d+月份?"
)
_PLACE = re.compile(
    r"(?:(?P<town>[\u4e00-\u9fff]{1,7}?(?:镇|乡|街道))(?:人民政府)?)?"
    r"(?P<village>[\u4e00-\u9fff]{1,9}?(?:村|社区))(?!务|级|账|帐|镇|小组)"
)
_UNIT_WORD = re.compile(r"(?:编制|填报|填表|核算|记账|金额)?单位:?|的")
_BEFORE_TOWN = re.compile(r"^.*(?:省|市|县|自治州|旗)")
_GROUP = re.compile(r"第?([一二三四五六七八九十\d]{1,3})(?:村民小组|居民小组|社员小组|小组|组|社)")
_COLLECTIVE = re.compile(
    r"集体经济组织|经济合作社|股份合作社|经济联合社|股份经济|合作联社|集体资产|村集体"
)
_COMMITTEE = re.compile(r"村民委员会|居民委员会|村委会|居委会")
_UNIT_IN_TITLE = re.compile(r"[(](?:金额)?单位:?[^)]*[)]")
_TITLE_END = re.compile(r"(?:表|账|帐|榜|清单|一览|明细|公开|公示|情况|收支)(?:\(.*\))?$")
_TITLE_WORDS = re.compile(r"收支|财务|公开|公示|账|明细|收入|支出")
_DRAFT = re.compile(r"草稿|作废|废弃|勿用|不用了")
_LONGEST_TITLE = 60

COLLECTIVE, COMMITTEE = "集体", "村委会"
_NUMERALS = "〇一二三四五六七八九"


@dataclass(slots=True)
class Heading:
    """What the lines above a header tell; read from top to bottom, the first word stands."""

    title: str = ""
    village: str | None = None
    town: str | None = None
    book: str | None = None
    side: str | None = None
    unit: str | None = None
    named: tuple[NamedMonth, ...] = ()
    year: int | None = None
    made_in: int | None = None
    is_draft: bool = False

    def read(self, text: str) -> None:
        """Takes in one cell of a line above the header, or the sheet's name."""
        line = squeeze(text)
        self.is_draft = self.is_draft or _DRAFT.search(line) is not None
        if made := _MADE_ON.search(line):
            self.made_in = self.made_in or year_named(made[0])
        line = _MADE_ON.sub("", line)
        self.named = self.named or months_named(line)
        self.year = self.year or year_named(line)
        self.unit = self.unit or unit_named(line)
        self._read_place(line)
        self.book = self.book or book_named(line)
        if not self.side and ("收入" in line) != ("支出" in line):
            self.side = "收入" if "收入" in line else "支出"

    def _read_place(self, line: str) -> None:
        if self.village:
            return
        bare = _BEFORE_TOWN.sub("", _DATES.sub(" ", _UNIT_WORD.sub(" ", line)))
        match = _PLACE.search(bare)
        if match:
            self.village, self.town = match["village"], match["town"]

    def inherit(self, before: "Heading") -> None:
        """Takes over what the table above says and this one's own lines leave open."""
        self.village, self.town = self.village or before.village, self.town or before.town
        self.book = self.book or before.book
        self.unit = self.unit or before.unit
        self.named = self.named or before.named
        self.year = self.year or before.year

    def settle_year(self, elsewhere: int | None) -> None:
        """Fills in the year: `elsewhere` is what file name, header or full dates say."""
        self.year = self.year or elsewhere or self._year_made()

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that the table is for; none before their year is known."""
        dated = ((own or self.year, month) for own, month in self.named)
        return tuple((year, month) for year, month in dated if year)

    def _year_made(self) -> int | None:
        """The year in which a table was drawn up: December's is drawn up in January."""
        if self.made_in and self.named and self.named[-1][1] == 12:
            return self.made_in - 1
        return self.made_in


def unit_named(line: str) -> str | None:
    """元, 千元 or 万元, where a line (half width, no blanks) names the unit of its amounts."""
    match = _UNIT.search(line) or _BRACKET_UNIT.search(line)
    return match[1] if match and match[1] in UNITS else None


def is_unit_line(line: str) -> bool:
    """Whether a line is the one with 编制单位 and 单位:元."""
    return re.search(r"单位[:(]", line) is not None


def is_title(line: str) -> bool:
    """Whether a line (half width, no blanks) reads as the title of a table or its month."""
    line = _UNIT_IN_TITLE.sub("", line)
    if is_unit_line(line) or len(line) > _LONGEST_TITLE or re.search(r"[。;!?]", line):
        return False
    if months_named(line) and len(_DATES.sub("", line)) <= 4:
        return True
    return _TITLE_END.search(line) is not None and (
        _TITLE_WORDS.search(line) is not None or bool(months_named(line))
    )


def book_named(text: str) -> str | None:
    """村委会, 集体 or N组, where a title or a 账套 cell tells whose book it is."""
    if group := _GROUP.search(text):
        number = int(group[1]) if group[1].isdigit() else read_cardinal(group[1])
        return f"{_in_chinese(number)}组" if number else None
    if _COLLECTIVE.search(text) or text == COLLECTIVE:
        return COLLECTIVE
    if _COMMITTEE.search(text):
        return COMMITTEE
    return None


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    high = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return high + (_NUMERALS[ones] if ones else "")


@lru_cache(maxsize=1024)
def book_in_cell(text: str) -> str:
    """The book that a 账套 cell names, in our words where we have one for it."""
    name = squeeze(text)
    return book_named(name) or name


@lru_cache(maxsize=1024)
def village_named(text: str) -> str | None:
    """The village in a cell: 半溪村 out of 竹影镇半溪村经济合作社; a plain name as it is."""
    text = squeeze(text)
    match = _PLACE.search(_BEFORE_TOWN.sub("", text))
    return match["village"] if match else text or None
