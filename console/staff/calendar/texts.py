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
STAGES = {"-14": "提前14天", "-3": "提前3天", "-1": "提前1天", "0": "当天", "1": "过1天",
          "3": "过3天", "7": "过7天", "8": "告诉镇上", "urge": "催办"}  # fmt: skip
URGED = "催了,马上发给村里管公开的人。"
URGED_TODAY = "今天已经催过了,没有再发。"
NOTHING_TO_URGE = "已经公开了,不用催。"
RULES = {
    Rhythm.REGULAR: "账目按各村自己的日子(每月或每季);补贴名单、资产台账每季头一个月20日前",
    Rhythm.PHASED: "工程换阶段、签承包租赁以后3个工作日内",
    Rhythm.AD_HOC: "审核后当天,两小时没公开就提醒",
    Rhythm.PERMANENT: "一直公开,每年复核一次",
    Rhythm.IN_STEP: "重大事项决议、执行、结果,各在当天",
}
NAMES = {
    Rhythm.REGULAR: "定期公开",
    Rhythm.PHASED: "及时公开",
    Rhythm.AD_HOC: "随时公开",
    Rhythm.PERMANENT: "长期公开",
    Rhythm.IN_STEP: "同步公开",
}
REMINDED = {
    Rhythm.REGULAR: "提前3天、当天、过1、3、7天提醒,过8天告诉镇上",
    Rhythm.PHASED: "提前1天、当天、过1、3、7天提醒,过8天告诉镇上",
    Rhythm.AD_HOC: "当天、过1、3、7天提醒,过8天告诉镇上",
    Rhythm.PERMANENT: "提前14天、当天、过7天提醒,过8天告诉镇上",
    Rhythm.IN_STEP: "当天、过1、3、7天提醒,过8天告诉镇上",
}
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
