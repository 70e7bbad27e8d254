"""What an import says, plain enough to read aloud (look.md, sections 1 and 6)."""

# --- what is not possible -------------------------------------------------------------------------

NOT_FOR_KIND = "{kind} 不用 {option},去掉再来。"
NOT_A_BOOK = "账套写的是“{found}”,要写:村委会、集体,或者几组,比如 3组。"
ONE_FILE_TO_ACCEPT = "--accept 说的是行号,一次只能给一个文件。"
NO_SUCH_ROW = "《{file}》里没有{place}这一行账,不能确认。"
REFUSED_ROW = "《{file}》{place}读不懂,确认不了。在文件里改好,再导一遍。"
WHICH_SHEET = "《{file}》有几张表都有第{row}行,写成 表名!行号,比如 {sheet}!{row}。"
UNKNOWN_PERSON = "--as 写的人没有登记过。先导入人员,或者写他的人员编号。"
SEVERAL_PEOPLE = "--as 写的号码是几个人合用的,写人员编号:\n{people}"
ONE_OF_PEOPLE = "  {id} {name}"
FILES_UNREADABLE = "{count} 个文件没有一行能用,上面写了原因。"
BALANCES_REFUSED = "余额表有 {count} 行读不懂,改好再来:\n{sentences}"

# --- columns and what should stand in them --------------------------------------------------------

VILLAGE = "村名"
CODE = "区划代码"
BOOK = "账套"
REGION = "区划代码"
OPENID = "openid"
A_KNOWN_VILLAGE = "填已经导入过的村(先导入村庄)"
A_KNOWN_REGION = "填已经导入过的地方(先导入村庄)"
WHICH_VILLAGE = "说清是哪一个,写12位区划代码:\n{villages}"
VILLAGE_IN_TOWN = "{name}({town})"
NAMED = "是{name}的账(--village 写的是它)"
NOT_SAID = "没有写"
SAY_VILLAGE = "写明是哪个村的账:加一列“村名”,或者用 --village"
A_BOOK = "填“村委会”“集体”或几组(比如“3组”)"
TAKEN = "已经是另一个人的"
ANOTHER_OPENID = "核对姓名、手机号和openid"

OTHER_TOTAL = "{place}合计和各行对不上:收入{income},支出{expense}"
OTHER_BALANCE = "{place}余额接不上:写的是{found},按上一行算应是{expected}"
COMPARED = "写的{stated}、加起来{parsed}"
FITS = "对得上"
NOT_STATED = "没有写"

# --- the report -----------------------------------------------------------------------------------

READING = "读《{file}》"
STORING = "存入"
LEDGER_COUNTS = (
    "《{file}》 读好 {accepted} 笔,要确认 {doubtful} 笔,读不懂 {refused} 行,跳过 {ignored} 行。"
)
LIST_COUNTS = "《{file}》 读好 {accepted} 行,读不懂 {refused} 行。"
LIST_CHANGES = "新增 {added},改动 {changed},其余没有变。"
NOTHING_NEW = "和上次一样,什么也没有变。"
DRY_RUN = "这是试算,什么也没有存。"
DOUBTFUL_ROWS = "要确认的:"
REFUSED_ROWS = "读不懂的(没有入账,其余的照常):"
IGNORED_SHEETS = "整张没有读的表:{sheets}"
AND_MORE = "……还有 {count} 行,用 --json 看全部。"
SETTLED = "已确认:{rows}"
UNSETTLED = (
    "没有确认:{rows}。这个村有“审核”的人,要由其中一位、又不是导入的人来确认,用 --as 说明是谁。"
)
TO_SETTLE = "看过没有错,就加上 --accept {rows}"
TO_PUBLISH = "要公开,加上 --publish"

SERIES = "{village} {book}"
MONTHS_PUBLISHED = "  公开了 {months}"
MONTHS_UNCHANGED = "  没有变 {months}"
MONTHS_READY = "  可以公开 {months}"
MONTH_HELD_BACK = "  {month} 存成草稿,还不能公开"
MONTH_WHY = "    {reason}"
MONTH_REVERTED = "  {month} 改回了已公开的样子,草稿去掉了"
DIFFERENCE = "  {month} 和上次比:"
ADDED = "    新增 {line}"
REMOVED = "    删除 {line}"
CHANGED = "    原来 {old}\n    现在 {new}"
LINE = "{day}{voucher} {direction}{yuan} {summary}({payee})"
OPENING = "    月初余额 {before} → {after}"
UNSTATED = "没有写"
NEXT_MONTH_OFF = "  {month}已公开的月初余额,和{before}的月末对不上了,也要更正。"
SPAN = "{first}到{last}"
COUNTED = "{months},共{count}个月"
