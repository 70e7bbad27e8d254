"""Empty workbooks to fill in: a header, two example rows, and a sheet that says how."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from workbooks import education, holidays, people, power_item_forms, texts, villages
from workbooks.forms import Column
from workbooks.records.fields import Field, RecordKind
from workbooks.records.kinds import KINDS

_VILLAGE, _CODE = "听竹村", "990101101200"  # of the sample county: codes with 99 are nobody's
_ROWS_TO_FILL = 500
_NARROWEST, _WIDEST = 10, 44


@dataclass(frozen=True, slots=True)
class BlankColumn:
    """A column of an empty workbook, with what its two example rows say."""

    name: str
    is_required: bool
    how: str
    examples: tuple[str, str]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty workbook of one kind."""

    name: str
    columns: tuple[BlankColumn, ...]


def write_blank(blank: Blank, path: Path) -> None:
    """Writes it as XLSX, or as CSV where the file's name ends so. Raises OSError."""
    head = [column.name for column in blank.columns]
    examples = [[column.examples[number] for column in blank.columns] for number in (0, 1)]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *examples])
        return
    book = Workbook()
    book.remove(book.worksheets[0])
    _fill(book.create_sheet(blank.name), [head, *examples], blank.columns)
    _explain(book.create_sheet(texts.NOTES_SHEET), blank.columns)
    book.save(path)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]], columns: Sequence[BlankColumn]) -> None:
    for row in rows:
        sheet.append(list(row))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        longest = max(len(text) for text in (column.name, *column.examples))
        sheet.column_dimensions[letter].width = min(_WIDEST, max(_NARROWEST, 2 * longest + 2))
        sheet[f"{letter}1"].font = Font(bold=True)
        # As text: programs for tables take the ends off long codes and turn dates about.
        for line in range(2, _ROWS_TO_FILL):
            sheet[f"{letter}{line}"].number_format = "@"
        if column.choices:
            allowed = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"')
            allowed.add(f"{letter}2:{letter}{_ROWS_TO_FILL}")
            sheet.add_data_validation(allowed)


def _explain(sheet: Worksheet, columns: Sequence[BlankColumn]) -> None:
    sheet.append([texts.EXAMPLES_BELOW])
    sheet.append([])
    sheet.append(list(texts.NOTES_HEAD))
    for column in columns:
        sheet.append([column.name, texts.MUST if column.is_required else texts.MAY, column.how])
    for letter, width in (("A", 16), ("B", 14), ("C", 60)):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True)


# --- what each kind has ---------------------------------------------------------------------------


def _records(kind: RecordKind) -> Blank:
    whose = (
        BlankColumn("村名", True, texts.A_VILLAGE_NAME, (_VILLAGE, _VILLAGE)),
        BlankColumn("区划代码", False, texts.A_CODE, (_CODE, _CODE)),
    )
    return Blank(kind.name, (*whose, *map(_column, kind.fields)))


def _column(field: Field) -> BlankColumn:
    choices = tuple(dict.fromkeys(field.choices.values()))
    how = texts.HOW[field.type.value].format(choices="、".join(choices))
    return BlankColumn(
        field.name, field.is_required, how, field.example, () if field.is_open else choices
    )


def _form(name: str, columns: Iterable[Column], examples: Mapping[str, tuple[str, str]]) -> Blank:
    return Blank(
        name,
        tuple(
            BlankColumn(c.name, c.is_required, texts.HOW_OF.get(c.name, ""), examples[c.name])
            for c in columns
        ),
    )


_LEDGER_COLUMNS = (
    BlankColumn("日期", True, texts.HOW["day"], ("2026年3月5日", "2026年3月9日")),
    BlankColumn("凭证号", True, "", ("记-1", "记-2")),
    BlankColumn("摘要", True, texts.HOW["text"], ("打印纸、硒鼓", "三号铺面3月租金")),
    BlankColumn("科目", False, "", ("管理费用", "经营收入")),
    BlankColumn("收入金额", True, texts.ONE_SIDE_ONLY, ("", "3500.00")),
    BlankColumn("支出金额", True, texts.ONE_SIDE_ONLY, ("680.00", "")),
    BlankColumn("余额", False, texts.A_BALANCE_AFTER, ("411820.00", "415320.00")),
    BlankColumn("对方", False, texts.HOW["party"], ("稻香印务部", "祝*梅")),
    BlankColumn("经手人", False, texts.HOW["bearer"], ("洪蕊", "洪蕊")),
    BlankColumn("审批人", False, texts.HOW["bearer"], ("纪广田", "纪广田")),
    BlankColumn("监委会审核", False, texts.HOW["bearer"], ("靳老栓、班秀英", "靳老栓、班秀英")),
    BlankColumn("村名", True, texts.A_VILLAGE_NAME, (_VILLAGE, _VILLAGE)),
    BlankColumn("区划代码", False, texts.A_CODE, (_CODE, _CODE)),
    BlankColumn("账套", False, texts.A_BOOK, ("村委会", "村委会")),
)
_PEOPLE = {
    "姓名": ("洪蕊", "周小满"), "手机号": ("16600010072", "16600010075"),
    "角色": ("干部、录入", "居民"), "区划代码": (_CODE, _CODE), "职务": ("会计", ""),
    "openid": ("", ""), "任职起": ("2024年1月1日", ""), "任职止": ("", ""),
}  # fmt: skip
_VILLAGES = {
    "区划代码": (_CODE, "990101101201"), "县": ("明禾县", "明禾县"),
    "乡镇代码": ("990101101000", "990101101000"), "乡镇": ("竹影镇", "竹影镇"),
    "名称": (_VILLAGE, "半溪村"), "类型": ("村", "村"), "户数": ("444", "686"),
    "人口": ("1198", "1875"), "小组数": ("11", "13"), "设集体经济组织": ("是", "是"),
    "财务公开频次": ("每月", "每季"), "公开日": ("15", "15"), "监委会人数": ("3", "3"),
    "议事会人数": ("15", "25"), "试点状态": ("", ""), "试点主题": ("", ""),
}  # fmt: skip
_HOLIDAYS = {
    "日期": ("2026年10月1日", "2026年10月10日"), "类型": ("放假", "上班"),
    "名称": ("国庆节", "国庆节调休"),
}  # fmt: skip
_EDUCATION = {
    "编号": ("EDU001", "CASE01"), "种类": ("节日", "案例"), "标签": ("元旦", "集体三资"),
    "风险领域": ("作风建设", "集体三资"), "对象": ("基层党员干部", "全体村干部"),
    "教育类型": ("正面示范教育", "反面警示教育"), "标题": ("", "鱼塘悄悄续租案(虚构)"),
    "正文": ("新年新气象,廉洁要跟上。不收礼。", "村主任甲不公告、不开会,鱼塘原价续租给表弟。"),
    "形式": ("短信、微信、卡片", "微信"), "题目": ("", "鱼塘到期,该怎么续租?"),
    "选项": ("", "主任定了就行|公告、开会、比价"), "答案": ("", "2"),
    "解释": ("", "集体的东西要公告、开会、比价。"),
}  # fmt: skip
# One item: what is written of it stands in the row of its first step.
_POWER_ITEMS = {
    "编号": ("B14", ""), "名称": ("居民证明开具", ""), "类别": ("便民服务", ""),
    "子类": ("证明事项", ""), "主题": ("CERT", ""), "内容": ("出具居住、亲属关系等证明", ""),
    "行使对象": ("本村居民", ""), "法律依据": ("《村民委员会组织法》第二条;本县证明事项清单", ""),
    "办理时限": ("1个工作日", ""), "所需材料": ("身份证、户口簿", ""),
    "行使主体": ("村务专干、村民委员会主任", ""), "监督主体": ("村务监督委员会", ""),
    "职责": ("当日办好;不收费", ""), "责任追究": ("乱开证明的,纠正并追究责任", ""),
    "公开方式": ("长期公开", ""), "公开说明": ("", ""), "风险领域": ("服务群众", ""),
    "生效日期": ("2026年1月1日", ""), "示例": ("是", ""), "步骤": ("受理核对", "审批盖章"),
    "岗位": ("村务专干", "村民委员会主任"), "权力类别": ("受理权", "审批权"),
    "职权边界": ("不得拒收", "不盖空白章"), "风险等级": ("低", "高"),
    "风险点": ("要熟人才办", "盖人情章"), "防控措施": ("当场给回执", "先登记后盖章;每月抽查"),
    "步骤时限": ("当天", "当天"), "不公开": ("", ""),
}  # fmt: skip

BLANKS: Final[Mapping[str, Blank]] = MappingProxyType(
    {
        "villages": _form(texts.VILLAGES, villages.COLUMNS, _VILLAGES),
        "people": _form(texts.PEOPLE, people.COLUMNS, _PEOPLE),
        "ledger": Blank(texts.LEDGER, _LEDGER_COLUMNS),
        "holidays": _form(texts.HOLIDAYS, holidays.COLUMNS, _HOLIDAYS),
        "education": _form(texts.EDUCATION, education.COLUMNS, _EDUCATION),
        "power-items": _form(texts.POWER_ITEMS, power_item_forms.COLUMNS, _POWER_ITEMS),
        **{code: _records(kind) for code, kind in KINDS.items()},
    }
)
