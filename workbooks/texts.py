"""What accountants and clerks read about their files, plain enough to read aloud."""

from collections.abc import Iterable

# Where a problem lies: 《三月账.xlsx》“3月收支”第28行 金额:...
FILE = "《{file}》"
SHEET = "“{sheet}”"
ROW = "第{row}行"
PROBLEM = "{place}{column}:写的是“{found}”,要{expected}。"
PROBLEM_BLANK = "{place}{column}:空着,要{expected}。"
FILE_PROBLEM = "{place}读不了:{found}。要{expected}。"
COLUMN_PROBLEM = "{place}少了“{column}”列:{found}。要{expected}。"

BLANK = "空白"

# What a file was found to be (`WorkbookError.found`).
NO_SUCH_FILE = "没有这个文件"
A_FOLDER = "一个文件夹"
UNREADABLE_FILE = "没有权限打开"
EMPTY_FILE = "文件是空的"
TOO_LARGE = "{megabytes}MB"
TOO_MANY_CELLS = "表格太大,超过{cells}格"
TOO_MANY_COLUMNS = "第{row}行有{columns}列"
ZIP_BOMB = "展开后大得不正常"
ENCRYPTED = "设了打开密码"
DAMAGED = "文件坏了,打不开"
BROKEN_QUOTES = "第{row}行附近的引号不成对"
UNKNOWN_LETTERS = "文字编码认不出"
OTHER_KINDS = {
    "pdf": "PDF文件",
    "picture": "一张图片",
    "html": "网页文件",
    "xml": "XML文件",
    "rtf": "Word文件",
    "word": "Word文件",
    "slides": "演示文稿",
    "text_document": "文字文件",
    "xlsb": "二进制的xlsb表格",
    "archive": "压缩包",
    "old_office": "旧版Office文件,里面没有表格",
    "json": "JSON文件",
    "binary": "看不懂的文件",
}

# What was expected instead (`WorkbookError.expected`, `Reason.expected`).
A_WORKBOOK = "交xlsx、xls、ods或csv表格"
SAVE_AS_XLSX = "用表格软件打开,另存为xlsx再交"
UNPROTECTED = "去掉密码另存一份"
AT_MOST = "不超过{limit}"
A_FILE_NAME = "核对文件名和文件夹"
SAVE_AGAIN = "用表格软件打开,重新保存一份"
SAVE_AS_UTF8 = "另存为xlsx,或UTF-8编码的csv"
A_LEDGER = "有日期、摘要、金额三种列的收支明细表"
A_HEADER = "有一行表头,里面有:{columns}"
THE_COLUMN = "有“{column}”列"
THE_COLUMN_OR = "有“{column}”列,也可以写成{synonyms}"
THE_COLUMN_SHOWN = "把“{column}”列取消隐藏"
COLUMNS_FOUND = "表头只有:{columns}"
COLUMN_HIDDEN = "这一列被隐藏了"
NO_TABLE = "没有找到表头"
ONE_ROW_AT_LEAST = "表头下面至少有一行"
NO_ROWS = "只有表头,没有内容"

A_DATE = "填日期,像2026年3月5日"
A_DATE_WITH_YEAR = "填带年份的日期,像2026年3月5日"
A_NUMBER = "填数字"
ONE_SIDE = "只填收入、支出里的一边"
BOTH_SIDES = "收入{income}、支出{expense}"
A_DIRECTION = "写明是收入还是支出"
GUESSED_DIRECTION = "看不准,像是{direction}"
A_SUMMARY = "填摘要,说明这笔钱是什么"
THE_RED_FIGURE = "看清楚:是冲账就写成负数{amount},不是就改摘要和字的颜色"
RED_FIGURE = "{amount}(像是红字)"
A_DAY_OF = "填{months}的日期"
ANOTHER_VOUCHER = "填不重复的凭证号,第{row}行用过了"
ANOTHER_ROW = "去掉重复的,{place}一模一样"
COPY = "重复的一行"
THE_SURE_DAY = "写成{month}月{first}日或{month}月{tenth}日"
TWO_DECIMALS = "填到分,读成了{amount}"
SAME_AMOUNT = "和大写一致,大写是{amount}"
NO_PERSONAL_NUMBERS = "去掉身份证号、卡号、电话"
NO_PRIVATE_CONDITION = "去掉姓名,或者去掉病、残、低保这类话"
A_SHOWN_ROW = "取消隐藏,或者删掉这一行"
HIDDEN_ROW = "这一行被隐藏了"
NOT_STRUCK = "作废的删掉,有效的去掉删除线"
STRUCK = "{amount}(划了删除线)"
NOT_ZERO = "填数字;没有这笔钱就删掉这一行"
A_DATED_ROW = "填日期和凭证号;是小计就写明“小计”"

CODE_12 = "填12位区划代码"
CODE_OF_VILLAGE = "填村(社区)的12位区划代码,末三位不是000"
CODE_OF_TOWN = "填乡镇的12位代码,末三位是000"
CODE_UNDER_TOWN = "以乡镇代码{town}开头"
CODE_ONCE = "不重复的代码,第{row}行用过了"
CODE_OF_PLACE = "填6位县代码、9位乡镇代码或12位区划代码"
LOST_DIGITS = "数字末尾丢了"
AS_TEXT = "把这一列设成文本格式,重新填全"
DIGITS = "{count}位数字"
CHARACTERS = "{count}个字符,有的不能用"
NOT_A_PHONE = "不是手机号的内容"
A_PHONE = "填一个11位手机号"
PHONE_OR_OPENID = "填手机号,或者填openid,至少一样"
AN_OPENID = "填openid:字母、数字、-和_,不超过64个"
A_NAME = "填名称"
A_PERSON_NAME = "填姓名"
A_ROLE = "填这些角色,多个用、隔开:{roles}"
ROLE_IN_TOWN = "换成乡镇或县的区划代码,这个角色不设在村里"
A_KIND = "填“村”或“社区”"
A_RHYTHM = "填“每月”或“每季”"
A_DAY_OF_MONTH = "填1到28的整数"
A_COUNT = "填整数"
YES_OR_NO = "填“是”或“否”"
AFTER_START = "不早于任职起{start}"
A_MONTH = "填月份,像2026-03"
A_VILLAGE = "填村名或区划代码"
THE_CLOSING = "期初加收入减支出,是{amount}"
MONTH_ONCE = "一个村一个月只有一行,第{row}行已经有了"
A_HOLIDAY_KIND = "填“放假”或“上班”"
DAY_ONCE = "一天只有一行,第{row}行已经有了"
HOLIDAY_JSON = "有off和work两部分,日期写成2026-01-01"

EDUCATION = "廉洁教育"
AN_EDUCATION_ID = "填编号,不超过20个字,比如EDU001"
EDUCATION_ONCE = "一个编号只有一条正文,第{row}行已经有了"
AN_ITEM_ABOVE = "前面要有这个编号的正文,题目才知道考哪一条"
AN_EDUCATION_KIND = "填“节日”“法规”“风险”或“案例”"
AN_EDUCATION_TEXT = "填要发的话"
AN_EDUCATION_TAG = "填节日、法规或事项的名字,比如春节"
A_RISK_AREA = "填风险领域,比如作风建设"
CHARACTERS = "{count}个字"
AT_MOST_CHARACTERS = "不超过{count}个字,一条短信才装得下"
ONE_OF = "填其中一个:{words}"
ONE_OR_MORE_OF = "填其中一个或几个,用、隔开:{words}"
QUIZ_OPTIONS = "2到6个选项,用|隔开"
QUIZ_ANSWER = "填正确选项是第几个,比如2"
EDUCATION_JSON = "有reminders、cases或quiz,每部分是一个列表"

# Power items: the fields that may stand in the way of publishing, and how they are named.
EXERCISED_BY = "行使主体"
SUPERVISED_BY = "监督主体"
DUTIES = "职责"
LACKS = "没有写{field}"
LACKS_MEASURE = "第{no}步“{name}”是高风险,没有写公开的防控措施"
WORKDAYS = "{days}个工作日"
DAYS = "{days}天"
A_CONTENT = "填职权内容,说明管什么事"
A_TARGET = "填行使对象,说明对谁办"
A_BASIS = "填法律依据,几条用;隔开"
A_LIMIT = "填办理时限,像30个工作日"
STEPS = "填运行流程,一步一行"
A_STEP = "填步骤名称"
A_POST = "填责任岗位"
A_POWER_CATEGORY = "填岗位权力类别,像审核权"
A_BOUNDARY = "填职权边界"
A_LEVEL = "填风险等级:高、中或低"
AN_ITEM_CODE = "填编号:字母、数字和-,不超过20个"
ITEM_ONCE = "不重复的编号和生效日期,第{row}行用过了"
INTERNAL_FIELD = "填这些,多个用、隔开:{fields}"
OF_STEP = "第{no}步{field}"
POWER_JSON = "有items,里面每项有编号code和步骤steps"

# --- empty workbooks ------------------------------------------------------------------------------

NOTES_SHEET = "填表说明"
NOTES_HEAD = ("列", "要不要填", "怎么填")
MUST, MAY = "一定要填", "可以不填"
HOW = {
    "text": "文字",
    "name": "文字,不写个人姓名",
    "person": "姓名,公开时自动隐去中间的字",
    "party": "单位写全称;个人公开时自动隐去中间的字",
    "bearer": "办这件事的干部姓名",
    "group": "几组,像3组",
    "money": "元,数字",
    "number": "数字,可以带单位",
    "count": "整数",
    "day": "日期,像2026年3月5日",
    "period": "月份或年份,像2026年10月",
    "choice": "{choices}",
    "phone": "办公座机或服务热线,不填个人手机",
    "weekdays": "星期几,像周一、周三",
    "identity": "只用来分清同名的人,不保存,不公开",
    "age": "只用来看是不是儿童,不保存,不公开",
}
HOW_OF = {
    "手机号": "11位手机号;手机号和openid至少填一样",
    "角色": "居民、干部、录入、审核、监委会、监督员、纪检、部门、管理、审计、值班,几样用、隔开",
    "区划代码": "12位数字",
    "乡镇代码": "12位数字,末三位是000",
    "财务公开频次": "每月、每季",
    "公开日": "1到28",
    "类型": "村庄填村、社区;日子填放假、上班",
    "任职起": "日期,像2026年3月5日",
    "任职止": "日期,像2026年3月5日;卸任才填",
    "日期": "日期,像2026年3月5日",
    "编号": "字母、数字和-;一项有几步就占几行,编号只写在第一行",
    "法律依据": "几条用;隔开",
    "办理时限": "像30个工作日、7天",
    "监督主体": "几个用、隔开;不写不能公开",
    "职责": "几条用;隔开;不写不能公开",
    "生效日期": "日期,像2026年3月5日;不写就从导入那天起",
    "示例": "还没有核定的填是",
    "风险等级": "高、中、低",
    "防控措施": "几条用;隔开;高风险的一定要填",
    "不公开": "不给村民看的列名:职权边界、风险点、防控措施",
}
A_VILLAGE_NAME = "村(社区)的名称"
A_CODE = "12位数字;几个村同名时一定要填"
A_BOOK = "村委会、集体,或者几组"
ONE_SIDE_ONLY = "元;收入、支出只填一边"
A_BALANCE_AFTER = "元;这一笔之后的余额,用来核对"
VILLAGES = "村庄"
PEOPLE = "人员"
LEDGER = "收支明细表"
HOLIDAYS = "节假日"
POWER_ITEMS = "权力清单"
EXAMPLES_BELOW = "第2、3行是例子,照着填,填好后删掉例子。"


def in_file(sheet: str, row: int | None) -> str:
    """“3月收支”第28行"""
    named = SHEET.format(sheet=sheet) if sheet else ""
    return named if row is None else named + ROW.format(row=row)


def place(file: str, sheet: str = "", row: int | None = None) -> str:
    """《三月账.xlsx》“3月收支”第28行"""
    return FILE.format(file=file) + in_file(sheet, row)


def problem(where: str, column: str, found: str, expected: str) -> str:
    """One sentence: where, which column, what stands there, what should."""
    named = f" {column}" if column else ""
    wording = PROBLEM_BLANK if found == BLANK else PROBLEM
    return wording.format(place=where, column=named, found=found, expected=expected)


def months(spans: Iterable[tuple[int, int]]) -> str:
    """2026年3月, or 2026年1月、2月、3月 for several months of a year."""
    words: list[str] = []
    last_year = None
    for year, month in spans:
        words.append(f"{month}月" if year == last_year else f"{year}年{month}月")
        last_year = year
    return "、".join(words)


def date_in_words(year: int, month: int, day: int) -> str:
    """2026年3月5日"""
    return f"{year}年{month}月{day}日"


def file_problem(file: str, sheet: str, column: str, found: str, expected: str) -> str:
    """《三月账.xlsx》读不了:设了打开密码。要去掉密码另存一份。"""
    wording = COLUMN_PROBLEM if column else FILE_PROBLEM
    return wording.format(place=place(file, sheet), column=column, found=found, expected=expected)


def the_column(column: str, synonyms: Iterable[str]) -> str:
    """有“摘要”列,也可以写成“内容”“事由”"""
    others = "".join(f"“{synonym}”" for synonym in synonyms)
    if not others:
        return THE_COLUMN.format(column=column)
    return THE_COLUMN_OR.format(column=column, synonyms=others)
