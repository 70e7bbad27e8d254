"""What the columns of a ledger are called, and which rows are headers."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbooks.cells import Merge, Row, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.money import UNITS


class Role(StrEnum):
    """What a column means. Columns without a role are never read."""

    DATE = "date"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    VOUCHER = "voucher"
    VOUCHER_WORD = "voucher_word"
    SUMMARY = "summary"
    SUBJECT = "subject"
    DIRECTION = "direction"
    AMOUNT = "amount"
    AMOUNT_WORDS = "amount_words"
    INCOME = "income"
    EXPENSE = "expense"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"
    PARTY = "party"
    PAYER = "payer"
    PAYEE = "payee"
    HANDLER = "handler"
    APPROVER = "approver"
    SUPERVISORS = "supervisors"
    VILLAGE = "village"
    CODE = "code"
    BOOK = "book"
    SERIAL = "serial"
    ID_NUMBER = "id_number"
    PRIVATE = "private"
    ATTACHMENTS = "attachments"


# The first name is what a complaint calls the column. Where two columns claim one role, the one
# whose name stands earlier here is taken.
NAMES: dict[Role, tuple[str, ...]] = {
    Role.DATE: (
        "日期", "记账日期", "业务日期", "发生日期", "凭证日期", "收支日期", "入账日期", "登记日期",
        "交易日期", "支付日期", "报账日期", "记帐日期", "年月日", "收付日期", "时间", "发生时间",
        "交易时间", "收支时间", "日期时间", "入账时间", "记账时间", "开支时间",
    ),
    Role.YEAR: ("年", "年份", "年度"),
    Role.MONTH: ("月", "月份"),
    Role.DAY: ("日", "号数"),
    Role.VOUCHER: (
        "凭证号", "凭证字号", "凭证编号", "凭证号码", "记账凭证号", "记账凭证", "凭证", "凭单号",
        "传票号", "凭证号数", "字号", "票号", "票据号", "票据号码", "票据编号", "单据号",
        "单据编号", "单据号码", "发票号", "发票号码", "收据号", "号",
    ),
    Role.VOUCHER_WORD: ("凭证字", "字", "凭证类别", "凭证种类"),
    Role.SUMMARY: (
        "摘要", "业务摘要", "收支摘要", "摘要说明", "经济业务摘要", "内容", "收支内容", "业务内容",
        "经济内容", "经济业务内容", "款项内容", "开支内容", "事由", "收支事由", "开支事由",
        "用途", "款项用途", "资金用途", "事项", "收支事项", "具体事项", "具体内容", "明细",
        "收支明细", "收支项目", "款项名称", "项目内容", "项目名称", "名目", "交易摘要", "事项说明",
    ),
    Role.SUBJECT: (
        "科目", "会计科目", "科目名称", "会计科目名称", "收支科目", "一级科目", "总账科目",
        "明细科目", "二级科目", "科目类别", "费用类别", "款项类别", "资金类别", "分类", "类别",
        "项目类别", "项目", "收支分类",
    ),
    Role.DIRECTION: (
        "方向", "收付", "收支", "借贷", "借贷方向", "收付方向", "收支方向", "收付类型",
        "收支类型", "收支类别", "收支性质", "业务类型", "类型", "性质", "收或付", "收入或支出",
        "进出", "收支标志", "借贷标志",
    ),
    Role.AMOUNT: (
        "金额", "金额小写", "小写金额", "小写", "发生额", "本期发生额", "收支金额", "发生金额",
        "交易金额", "收付金额", "实际金额", "实付金额", "总金额", "款额", "人民币", "报账金额",
        "本期金额", "金额合计", "数额",
    ),
    Role.AMOUNT_WORDS: ("大写金额", "金额大写", "大写", "人民币大写"),
    Role.INCOME: (
        "收入", "收入金额", "收方", "收方金额", "收入额", "本期收入", "本月收入", "收款",
        "收款金额", "进账", "收入数", "收到", "增加", "增加额", "收", "转入", "存入",
    ),
    Role.EXPENSE: (
        "支出", "支出金额", "付方", "付方金额", "支出额", "本期支出", "本月支出", "付款",
        "付款金额", "开支", "支出数", "付出", "减少", "减少额", "付", "支", "转出", "支取",
        "开支金额", "支付金额",
    ),
    Role.DEBIT: ("借方", "借方金额", "借方发生额", "借"),
    Role.CREDIT: ("贷方", "贷方金额", "贷方发生额", "贷"),
    Role.BALANCE: (
        "余额", "结余", "结存", "结存金额", "结余金额", "账面余额", "账户余额", "滚存余额",
        "滚存", "结存余额", "余额金额", "期末余额", "资金余额",
    ),
    Role.PARTY: (
        "对方", "对方单位", "对方单位人", "对方户名", "对方名称", "往来单位", "往来户", "客商",
        "收付款人", "收付款单位", "收付款对象", "收付款方", "收款付款对象", "收付款单位人",
        "收付款单位个人", "收付款单位或个人", "单位或个人", "对方单位或个人", "对方单位个人",
        "往来对象", "对象", "单位个人", "收付对象", "对方账户名称", "收付款户名",
    ),
    Role.PAYEE: (
        "收款人", "收款单位", "收款方", "收款单位人", "收款对象", "受款人", "领款人", "领取人",
        "收款人姓名", "收款单位个人", "收款单位或个人", "收款户名", "付给", "供应商", "收款人名称",
    ),
    Role.PAYER: (
        "付款人", "付款单位", "付款方", "付款单位人", "付款对象", "交款人", "缴款人", "交款单位",
        "缴款单位", "付款单位或个人", "来源", "资金来源",
    ),
    Role.HANDLER: ("经手人", "经办人", "经手", "经办", "经办人员", "报账人", "报销人", "承办人"),
    Role.APPROVER: (
        "审批人", "审批", "批准人", "批准", "签批人", "签批", "审批领导", "审批人签字", "核准人",
        "核准", "负责人", "单位负责人", "村主任", "审批签字",
    ),
    Role.SUPERVISORS: (
        "监委会审核", "监委会", "监督", "监督人", "监督委员会", "村监委会", "监委", "监委会签字",
        "监委会成员", "监委会意见", "村务监督委员会", "务监委", "监督小组", "民主监督小组",
        "理财小组", "民主理财小组", "民主理财", "理财小组审核", "监督审核", "监督员", "审核",
        "审核人",
    ),
    Role.VILLAGE: (
        "村名", "村社区", "村", "村居", "村名称", "行政村", "村社区名称", "村居名称", "所属村",
        "村别", "核算单位", "单位名称", "记账单位",
    ),
    Role.CODE: ("区划代码", "行政区划代码", "村代码", "区划编码", "村编码", "单位代码"),
    Role.BOOK: ("账套", "账套名称", "帐套", "账簿", "账本", "账簿名称", "核算主体", "账套名"),
    Role.SERIAL: ("序号", "编号", "行次", "序", "No", "NO"),
    Role.ID_NUMBER: (
        "身份证号", "身份证", "身份证号码", "证件号", "证件号码", "公民身份号码",
    ),
    Role.PRIVATE: (
        "卡号", "银行卡号", "社保卡号", "账号", "银行账号", "收款账号", "对方账号", "一卡通号",
        "开户行", "电话", "手机", "手机号", "联系电话", "电话号码", "手机号码", "联系方式",
        "住址", "地址", "家庭住址", "备注", "附注", "备考", "说明",
    ),
    Role.ATTACHMENTS: ("附件", "附件数", "附件张数", "张数", "单据张数", "附单据", "附单据数"),
}  # fmt: skip

_EXACT = {name: role for role, names in NAMES.items() for name in reversed(names)}
_RANK = {(role, name): rank for role, names in NAMES.items() for rank, name in enumerate(names)}
# Names that the table above does not foresee, told by a word in them; what is private goes first.
_BY_WORD = (
    (Role.ID_NUMBER, re.compile(r"身份证|证件号")),
    (Role.PRIVATE, re.compile(r"卡号|账号|帐号|开户|电话|手机|住址|地址|备注|残疾|病|困难|低保")),
    (Role.SUPERVISORS, re.compile(r"监委|监督|理财小组|民主理财")),
    (Role.HANDLER, re.compile(r"经手|经办")),
    (Role.APPROVER, re.compile(r"审批|签批|批准")),
    (Role.VOUCHER, re.compile(r"凭证.*号")),
    (Role.PARTY, re.compile(r"收.?付款.*(人|单位|方|对象|户)|对方.*(人|单位|户|名)")),
    (Role.PAYEE, re.compile(r"收款.*(人|单位|方|对象|户名)")),
    (Role.PAYER, re.compile(r"[付交缴]款.*(人|单位|方|对象|户名)")),
    (Role.DATE, re.compile(r".{0,6}(日期|时间)")),
    (Role.SUMMARY, re.compile(r".{0,6}摘要")),
    (Role.SUBJECT, re.compile(r".{0,6}科目")),
)
_ANNOTATION = re.compile(
    r"\((?:单位)?:?(?:人民币)?(?:元|万元|千元|¥|脱敏|虚构|必填|签字|盖章|签名|签章|姓名|全称|年月日|公章)\)"
)
_PUNCTUATION = re.compile(r"[()\[\]【】/\\、·:\-_,.。*'\"]")
_UNIT = re.compile(r"\((?:单位:?)?(?:人民币)?(万元|千元|元)\)|(?<=.)(万元|千元|元)$")
_SIDED = re.compile(r"(收入|支出)(项目|摘要|内容|事由|用途|日期|事项|科目|明细|名称)")
_DIGITS = re.compile(r"\d")
_YEAR_LABEL = re.compile(r"\d{2,4}年度?")
_LONGEST_LABEL = 16


@dataclass(frozen=True, slots=True)
class Label:
    """A column's header: what it says, the role and unit that follow, and its side of a T-table."""

    text: str
    role: Role | None
    rank: int = 0
    unit_fen: int | None = None
    side: str | None = None


def read_label(text: str) -> Label:
    """The meaning of one header cell."""
    raw = squeeze(text)
    unit = _UNIT.search(raw)
    unit_fen = UNITS[unit[1] or unit[2]] if unit else None
    name = _PUNCTUATION.sub("", _ANNOTATION.sub("", raw))
    if unit and name not in _EXACT:
        name = name.removesuffix(unit[1] or unit[2])
    sided = _SIDED.fullmatch(name)
    if name in _EXACT:
        role: Role | None = _EXACT[name]
        return Label(raw, role, _RANK[_EXACT[name], name], unit_fen)
    if sided:
        return Label(raw, _EXACT.get(sided[2], Role.SUMMARY), 0, unit_fen, sided[1])
    if len(name) <= _LONGEST_LABEL:
        for role, pattern in _BY_WORD:
            if pattern.search(name):
                return Label(raw, role, 90, unit_fen)
    return Label(raw, None, 99, unit_fen)


def is_header(row: Row) -> bool:
    """Whether a row names columns: most of its cells, two at least, and holds no figures."""
    labels = _labels(row)
    if labels is None or len(labels) < 2:
        return False
    known = {label.role for label in labels if label.role}
    matched = sum(label.role is not None for label in labels)
    return len(known) >= 2 and matched * 2 >= len(labels)


def is_second_line(row: Row, above: Row) -> bool:
    """Whether a row goes on with the header above it (收入 and 支出 under 金额, 月 and 日).

    Its cells stand where the line above leaves a gap, or begin a group that spans one; a section's
    heading (收入) under a full header does not.
    """
    labels = _labels(row)
    if not labels or sum(label.role is not None for label in labels) * 2 < len(labels):
        return False
    return all(
        is_blank(above.at(column))
        or (is_blank(above.at(column + 1)) and not is_blank(row.at(column + 1)))
        for column, value in enumerate(row.values)
        if not is_blank(value)
    )


def is_column_numbers(row: Row) -> bool:
    """Whether a row under the header only numbers the columns (栏次 1 2 3)."""
    cells = [squeeze(as_text(value)) for value in row.values if not is_blank(value)]
    if cells and cells[0] == "栏次":
        cells = cells[1:]
    return len(cells) >= 3 and cells == [str(number) for number in range(1, len(cells) + 1)]


def _labels(row: Row) -> list[Label] | None:
    """The labels of the row's cells; None when a cell cannot be one."""
    labels = []
    for value in row.values:
        if is_blank(value):
            continue
        if not isinstance(value, str):
            return None
        text = squeeze(value)
        if len(text) > _LONGEST_LABEL or (_DIGITS.search(text) and not _YEAR_LABEL.fullmatch(text)):
            return None
        labels.append(read_label(text))
    return labels


def column_labels(lines: Sequence[Row], merges: Iterable[Merge]) -> list[Label]:
    """One label a column, out of one or more header lines.

    The lowest cell decides where it has a meaning; the ones above give it its side (收入 over
    摘要 and 金额) and its unit.
    """
    width = max(len(line.values) for line in lines)
    grid = [[squeeze(as_text(line.at(column))) for column in range(width)] for line in lines]
    _spread(grid, lines, merges)
    return [_combined([line[column] for line in grid if line[column]]) for column in range(width)]


def _spread(grid: list[list[str]], lines: Sequence[Row], merges: Iterable[Merge]) -> None:
    """Repeats a cell over the columns it spans: by its merge, or where the line below goes on."""
    first_row, last_row = lines[0].number, lines[-1].number
    for merge in merges:
        if first_row <= merge.first_row <= last_row:
            line = grid[merge.first_row - first_row]
            for column in range(merge.first_column, min(merge.last_column + 1, len(line))):
                line[column] = line[merge.first_column]
    for above, below in itertools.pairwise(grid):
        for column in range(1, len(above)):
            if below[column] and not above[column] and below[column - 1] and above[column - 1]:
                above[column] = above[column - 1]


def _combined(texts: list[str]) -> Label:
    """The label of a column whose header cells are `texts`, from top to bottom."""
    if not texts:
        return Label("", None, 99)
    labels = [read_label(text) for text in texts]
    chosen = next((label for label in reversed(labels) if label.role), labels[-1])
    unit = next((label.unit_fen for label in reversed(labels) if label.unit_fen), None)
    side = chosen.side
    if chosen.role is Role.VOUCHER_WORD and not any("凭证" in text for text in texts):
        chosen = Label(chosen.text, None, 99)
    above = [label for label in labels if label is not chosen]
    for label in above:
        if label.role in (Role.INCOME, Role.EXPENSE) and chosen.role not in (
            Role.INCOME,
            Role.EXPENSE,
        ):
            side = "收入" if label.role is Role.INCOME else "支出"
    return Label(chosen.text, chosen.role, chosen.rank, unit, side)
