"""What the pages of the calendar say; the templates hold the rest."""

from notifications.rhythms.rules import Rhythm
from storage.dues import DueState

TITLE = "公开日历"
RHYTHMS = "公开节奏和提醒"
OF = "{place}公开日历"
STATES = {
    DueState.WAITING: "还没到期",
    DueState.PUBLISHED: "按时公开",
    DueState.LATE_PUBLISHED: "晚了才公开",
    DueState.OVERDUE: "过期没公开",
}
URGE = "催办"
URGED = "催了,马上发给村里管公开的人。"
URGED_TODAY = "今天已经催过了,没有再发。"
NOTHING_TO_URGE = "已经公开了,不用催。"
RULES = {
    Rhythm.REGULAR: "账目按各村自己的日子(每月或每季);补贴名单、资产台账每季头一个月{number}日前",
    Rhythm.PHASED: "工程换阶段、签承包租赁以后{number}个工作日内",
    Rhythm.AD_HOC: "审核后当天,{number}小时没公开就提醒",
    Rhythm.PERMANENT: "一直公开,每年复核一次",
    Rhythm.IN_STEP: "重大事项决议、执行、结果,各在当天,{number}小时没公开就提醒",
}
NUMBERS = {
    Rhythm.REGULAR: ("补贴名单、资产台账每季头一个月几日前公开", 1, 28),
    Rhythm.PHASED: ("几个工作日内公开", 1, 30),
    Rhythm.AD_HOC: ("当天几小时没公开就提醒", 1, 12),
    Rhythm.IN_STEP: ("当天几小时没公开就提醒", 1, 12),
}
"""What the number of a rhythm's rule is, the least and the most."""
NAMES = {
    Rhythm.REGULAR: "定期公开",
    Rhythm.PHASED: "及时公开",
    Rhythm.AD_HOC: "随时公开",
    Rhythm.PERMANENT: "长期公开",
    Rhythm.IN_STEP: "同步公开",
}
EARLY, SAME_DAY, AFTER = "提前{days}天", "当天", "过{days}天"
REMINDED = "{days}提醒,过{town}天告诉镇上"
BAD_NUMBER = "写{least}到{most}里的一个数。"
NO_STAGES = "一天也没有写,这样的提醒永远不会发。至少写当天(0)或者以后的一天。"
BAD_STAGES = "写天数,用逗号隔开,比如 -3,0,1,3,7;最多8个,在-30和60之间。"
ONLY_BEFORE = "只写了到期以前的日子,过期了就没人知道。至少写当天(0)或者以后的一天。"
RULE_SAVED = "定下来了。已经到期的不变,后面的按新的算。"
NO_DAYS = "没有排着的日子:有了事情才算得出来。"
SCHEDULES = {
    "disclosure_reminders": "到期提醒",
    "disclosure_calendar": "看有没有新到期的",
    "matter_limits": "办件到期提醒",
    "weekly_news": "每周新公开",
    "integrity_reminders": "廉洁提醒",
}
BAD_RULE = "这样写排不出日子。要五段:分 时 日 月 星期,比如 0 9 * * * 是每天9点。"
RULE_SET = "改好了。下次:{next}"
NO_SCHEDULE = "没有这个定时。"
MONTHLY, QUARTERLY = "每月", "每季"
BAD_DAY = "写 1 到 28 里的一个数。"
RHYTHM_SET = "改好了:{rhythm}{day}日前公开账目。没到期的重新排过。"


def stage(days: int) -> str:
    """A day of a reminder in words."""
    if not days:
        return SAME_DAY
    return (EARLY if days < 0 else AFTER).format(days=abs(days))
