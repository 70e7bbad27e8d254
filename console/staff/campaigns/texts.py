"""What the pages about pushes say. Read aloud before changing (look.md, section 1)."""

TITLE = "推送"
COMPOSE_TITLE = "拟一次推送"
ORDER_TITLE = "等核准的推送"
REPORT_TITLE = "推送报告:{name}"
RESEND_TITLE = "补发"

COMPOSED = (
    "notice",
    "integrity_reminder",
    "disclosure_due",
    "disclosure_overdue",
    "disclosure_published",
)
"""Templates that people send by themselves."""

AUTHORS = {"system": "程序", "operator": "命令行", "api": "县里的系统"}
CHANNELS = {"wechat": "微信", "sms": "短信"}
STATES = {
    "planned": "还没到时候",
    "running": "正在发",
    "held": "停着",
    "done": "发完了",
    "cancelled": "取消了",
}
ORDER_STATES = {"waiting": "等核准", "approved": "核准过", "refused": "退回了"}

WHOLE = "{name}(全部)"
SEVERAL = "几个地方"
POST = "职务是{post}"
TOPIC = "关注{topic}的人"
SINGLE = "单独发给人"
ANY = "不限"
JOINT, OR = ",", "、"

NO_REGION = "选一个地方。"
NOT_YOURS = "这个地方不归您管。"
NO_VILLAGE = "没有找到“{name}”这个村。写全名,或者 12 位区划代码。"
SEVERAL_VILLAGES = "叫“{name}”的村不止一个。写上镇名,或者 12 位区划代码。"
VALUE_MISSING = "还没有写。"
BAD_TIME = "时间写得不对。"
PAST_TIME = "这个时间已经过了。要马上发就空着。"
BAD_PEOPLE = "要发给 {people} 人。照这个数写,再按一次。"
UNREADABLE_POST = "职务里不要有逗号、竖线和等号。"

PLACED = "开始了。下面看得到发到哪里了。"
PLANNED = "定好了,到时候自动发。"
HANDED_OVER = "人多,要另一个人核准才发。已经交上去了。"
ALREADY = "这一份已经交过了。"
APPROVED = "核准了,开始发。"
REFUSED = "退回了,没有发。"
TAKEN_BACK = "收回了,没有发。"
PAUSED = "停下了。正在路上的几条收不回来。"
WENT_ON = "接着发。"
NOT_PAUSED = "这次推送不是人停的,这里不能接着发。请找管服务器的人。"
CANCELLED = "取消了。没发的不再发,已经发出的收不回来。"
RESENT = "开始补发,一共 {people} 人。"
SURE = "打个勾,表示您知道取消以后不能再发。"

TODO = "核准推送:{name},{people}人"
REPORT_FILE = "推送报告.csv"
NOW = "马上"

LEFT_SECONDS = "大约还要 {n} 秒"
LEFT_MINUTES = "大约还要 {n} 分钟"
LEFT_HOURS = "大约还要 {n} 小时"
NO_VILLAGE_BOUND = "没有绑定村"
