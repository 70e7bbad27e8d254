"""What the pages of people's inbox say; the templates hold the rest."""

from storage.requests import Kind, State

TITLE = "群众来件"
COUNTER = "窗口代问"
KINDS = {
    Kind.QUESTION: "提问",
    Kind.APPLICATION: "公开申请",
    Kind.REQUEST: "诉求",
    Kind.OBJECTION: "对公开的异议",
}
STATES = {State.OPEN: "等答复", State.ANSWERED: "已答复"}
CHANNELS = {"wechat": "微信", "sms": "短信", "": "窗口"}
ONE = "{kind} {number}"
TODO = "{village}的{kind} {number}"
DUE = "{month}月{day}日前"
LATE = "过期{days}天"
DUE_TODAY = "今天到期"
DAYS_LEFT = "还有{days}天"
ROLES = {"干部": "村委会", "监委会": "村监委会", "管理": "{place}"}
HIDDEN = "对村里不显示"
NAMELESS = "没有留名字"
DELIVERIES = {
    "new": "等着发", "held": "停着", "sending": "正在发", "unknown": "不知道收没收到",
    "sent": "平台收下了", "delivered": "送到了", "refused": "没收", "dead": "没发成",
    "cancelled": "取消了", "": "在窗口当面告知",
}  # fmt: skip
NOT_DELIVERED = ("refused", "dead", "cancelled")

ANSWERED = "答复好了,{how}。"
SENT = "马上用{channel}发给本人"
TOLD = "请打印出来当面告知"
EXTENDED = "延长了,最晚{due}答复,已经告诉本人。"
PASSED_UP = "已转给{place}。"
CONTACT = "联系方式:{contact}。这次查看已经记下来。"
NO_CONTACT = "没有留联系方式。这次查看已经记下来。"

EMPTY = "还没有写答复。"
EMPTY_PUBLIC = "要公开,就把问题按能公开的说法写一遍,不写名字。"
TOO_LONG = "最多 2000 个字,现在有 {count} 个字。"
PERSONAL = "里面有手机号、身份证号或卡号,会被遮住。请去掉。"
ANSWERED_ALREADY = "别人刚才已经答复了,您写的没有发出去。"
NO_MORE_TIME = "这一件不能再延长。"
NOBODY_ABOVE = "上面没有人接,没有转。"
REASON_NEEDED = "写一句为什么要看。"

COUNTER_EMPTY = "写下他要问的话。"
COUNTER_VILLAGE = "没找到这个村,或不归您管。写全名或 12 位区划代码。"
COUNTER_VILLAGES = "叫这个名字的村不止一个,写 12 位区划代码。"
COUNTER_PHONE = "这不像手机号。没有就空着。"
COUNTER_TIP = "这像是举报,不能在这里登记,系统也没有保存。请他打 12388,或到镇纪委当面说。"
COUNTER_UNASKABLE = "这句话系统答不了。可以转给人答复。"
REPLY_BY_MESSAGE = "回复"  # how lines begin that say what can be replied
COUNTER_KEPT = "登记好了,编号 {number}。"
PRINT = "答复单 {number}"
