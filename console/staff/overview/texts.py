"""What the overview says; the templates hold the rest. Names and how each figure is counted."""

TITLE = "总览"
OF = "{place}总览"
MEASURES = {
    "decided": ("民主自治", "今年公开过会议决议的村"),
    "with_power_list": ("权责明确", "权力清单已经公开的村"),
    "signed_by_two": ("相互制衡", "公开前不止一个人签过字的"),
    "on_time": ("公开透明", "到期的事项,按时公开的"),
    "right_at_once": ("操作规范", "头一次公开就对、后来没有更正的"),
    "answered_in_time": ("简便高效", "群众来件,按时答复的"),
    "made_good": ("监督有力", "过期没公开的,后来补上的"),
    "covered": ("公开覆盖", "今年公开过账目的村"),
    "confirmed": ("提醒回话", "要回话的提醒,有人回了的"),
    "content": ("群众满意", "回了话的人里,满意和基本满意的"),
    "asked_and_answered": ("有问能答", "群众问的,公开的内容答得上的"),
}
FEW = "少于5,不写"
NONE = "没有记录"
PERCENT = "{percent}%"
FIGURE = "{percent}%({part}/{whole})"
UP, DOWN, SAME = "高了{points}个百分点", "低了{points}个百分点", "一样"
NO_TOPIC = "其他"
TREND = "按时公开,近12个月"
REPORT = "{place}{month}公开月报.pdf"
SHORT_HEADS = ("on_time", "covered", "answered_in_time", "content")
