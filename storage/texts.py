"""What people read in files that the store writes."""

KEY_FILE = """\
# Mingbai 的密钥文件。电话号码、微信号和没处理完的消息都用它加密。
# 丢了它,这些内容谁也读不出来;别人拿到它和数据库,就都能读出来。
# 不要改,不要发给别人,不要和数据库、备份放在一起。另存一份在安全的地方。
"""

ERASED = "已隐去"
"""Stands where a personal value was: erased after its time, or at once for a mistake."""

# --- why a version differs from the one before ----------------------------------------------------

NOTED = "{note}({changes})"
CHANGED = "改动{count}笔:{items}"
ADDED = "新增{count}笔:{items}"
REMOVED = "删除{count}笔:{items}"
AND_MORE = ";等"
LINE = "{day}{voucher} {direction}{yuan}"
CHANGED_LINE = "{line},{what}"
BECAME = "{label}改为{value}"
OTHERS_CHANGED = "{labels}改了"
NOTHING = "空"
OPENING_CHANGED = "月初余额由{before}改为{after}"
UNSTATED = "没有写"
DATE = "日期"
AMOUNT = "金额"
DIRECTION = "收支"
VOUCHER = "凭证号"
SUBJECT = "科目"
SUMMARY = "摘要"
PAYEE = "对方"
HANDLER = "经手人"
APPROVER = "审批人"
SUPERVISORS = "监委会"

# --- why a month does not balance -----------------------------------------------------------------

OPENING = "月初余额"
CLOSING = "月末余额"
INCOME = "收入"
EXPENSE = "支出"
BY_FILE = "账表"
BY_BALANCES = "余额表"
BY_MONTH_BEFORE = "已公开的上个月"
SAID = "{source}是{yuan}"
CONTRADICTION = "{figure}对不上:{said}"
DOES_NOT_ADD_UP = "月初{opening},加收入{income},减支出{expense},应剩{result},写的月末是{closing}"
OTHER_TOTAL = "{name}对不上:余额表是{said},各笔加起来是{found},差{gap}"
OTHER_COUNT = "笔数对不上:余额表是{said}笔,账里是{found}笔"
NOTHING_STATED = "没有合计,也没有余额,没法核对"

# --- why a month is not published -----------------------------------------------------------------

PLACE = "{sheet}第{row}行"
AND_OTHERS = "等"
OPEN_DOUBTS = "有{count}行要先确认:{rows}"
REFUSED_ROWS = "有{count}行读不懂,要改好再导:{rows}"
NEEDS_REVIEWER = "这里有“{role}”的人,要由其中一位来办,用 --as 说明是谁"

# --- why somebody may not sign --------------------------------------------------------------------

NOT_A_REVIEWER = "只有监委会成员,或者本村、镇、县的“审核”,才能签"
OWN_IMPORT = "谁导入谁不审核:里面有本人导入的,要由别人来签"
EXECUTES_HERE = "执行的不监督:签的人是这里的{office},要由没有执行职务的人来签"
ACTED_IN_IT = "经办的不审核:里面有签的人{word}的,要由别人来签"
RELATED = "近亲属回避:签的人和{name}({office})登记为{relation},要由别人来签"
SIGNED_ALREADY = "已经签过了,还要别人签"
CORRECTION_NEEDS_REASON = "这是更正,写明为什么改"
REASON_TOO_LONG = "原因写在{most}个字以内"
TOO_FEW_REVIEWERS = (
    "能签的只有{count}位,要{needed}位:没有导入、没有经手、也不执行的监委会成员或“审核”"
)
SIGNED_NOT_RECALLED = "已经有人签了,不能撤回;要改,请签的人退回"
BACK_NEEDS_REASON = "退回要写明哪里要改"
WITHDRAWAL_NEEDS_REASON = "撤下要写明为什么,大家看得到"
HANDLED, APPROVED, BEARS = "经手", "审批", "负责"

# --- how two versions of a power item differ ------------------------------------------------------

JOINT = "、"
LEVELS = {"high": "高", "medium": "中", "low": "低"}
YES, NO = "是", "否"
STEP_ADDED = "新增第{no}步“{name}”({post})"
STEP_REMOVED = "去掉步骤“{name}”"
STEP_CHANGED = "第{no}步“{name}”{changes}"
STEPS_REORDERED = "步骤顺序改为{order}"

# --- how two versions of a list differ, and why one is not published ------------------------------

YEAR, MONTH, DAY = "年", "月", "日"
ROWS_CHANGED = "改动{count}{measure}"
ROWS_ADDED = "新增{count}{measure}"
ROWS_REMOVED = "删除{count}{measure}"
RULE_STATES = {"立": "新立", "改": "修订过", "废": "已废止", "行": "现行"}

# --- what is made public at once ------------------------------------------------------------------

AD_HOC = "随时"
NUMBER, CLASS, RHYTHM, TITLE = "编号", "类别", "节奏", "标题"
CONTENT, DAY_PUBLIC, BEARER = "内容", "公开日期", "责任人"
VILLAGE_AFFAIRS, AT_ANY_TIME = "村务", "随时"
UNFIT = "这段话不能公开:{expected}"
