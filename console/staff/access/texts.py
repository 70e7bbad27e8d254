"""What is said to whoever logs in, and about accounts."""

LOG_IN_TITLE = "登录"
CODE_TITLE = "输入登录码"
FIRST_TITLE = "第一次登录"
ENROL_TITLE = "设置验证器"
HOME_TITLE = "待办"
ACCOUNT_TITLE = "我的账号"
KEPT_TITLE = "上次没提交完的内容"
STAFF_TITLE = "工作账号"
AUDIT_TITLE = "操作记录"

WRONG = "登录名或密码不对。"
LOCKED = "试错太多次了。请到 {time} 以后再试,或者请管理员帮您重设。"
NO_POST = "您现在没有任职,所以不能登录。如有变动,请找管理员。"
WRONG_CODE = "登录码不对,或者已经用过、过期了。"
CODE_GONE = "登录码试错太多次了,请从头再来。"
BAD_START = "登录名和启用码对不上,或者启用码已经用过、过了三天。"
WEAK = "密码要 10 到 64 个字符,不能只是重复几个字。可以用一句好记的话。"
NOT_THE_SAME = "两次写的不一样。"
WRONG_OLD = "现在的密码不对。"

CHANGED = "密码改好了,其他地方的登录都已退出。"
DROPPED = "已经丢掉了。"

PERSON_UNKNOWN = "没有找到这个人。请先导入人员表,再写他的手机号。"
PERSON_SEVERAL = "这个手机号有几个人共用,请写人员编号。"
NO_OFFICE = "这个人在您管的地方没有任职。"
LOGIN_BAD = "登录名用 3 到 30 个小写字母、数字,中间可以有点和横线。"
LOGIN_TAKEN = "这个登录名有人用了,或者这个人已经有账号。"
ADDED = "{name}的账号开好了。请另一位管理员在本页点“同意”,两个半截启用码合起来才能用。"
HALF_GIVEN = (
    "这是启用码的一半,只显示这一次:{half}。请当面交给本人;另一半由另一位管理员给。三天内有效。"
)
NOT_AGREED = "这件事要另一位管理员来办:发起的人不能自己同意。"
CLOSED = "已停用,正在登录的也退出了。"
OPENED = "已重新启用。"
NOT_YOURSELF = "不能停用自己的账号。"

NO_TODOS = "现在没有等您办的事。要审核的账、到期的公开、村民的来信,都会出现在这里。"
EXPORTED_AUDIT = "操作记录.csv"

ACTIONS = {
    "published": "公开",
    "withdrawn": "撤下",
    "imported": "导入",
    "export": "导出",
    "staff_added": "开账号",
    "staff_closed": "停用账号",
    "staff_opened": "启用账号",
    "staff_start": "发启用码",
    "staff_start_asked": "发起重设",
    "staff_start_agreed": "同意重设",
    "staff_password": "改密码",
    "staff_second": "设置验证器",
    "rhythm_rule": "改公开节奏",
    "rhythm_set": "改村的公开日",
    "scheduled": "改定时",
    "urged": "催办",
}
"""Acts in words; others are shown by their own name."""

CLI_ROLE_NEEDED = "新的人要写明 --name、--phone、--role 和 --region。"
