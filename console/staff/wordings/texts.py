"""What the pages about message templates say. Read aloud before changing (look.md, section 1)."""

TITLE = "消息模板"
EDIT_TITLE = "改说法:{name}"
COMPARE_TITLE = "两版的差别:{name}"

CHANNELS = {"wechat": "微信", "sms": "短信"}
GATEWAYS = {
    "wechat": "微信模板消息",
    "subscribe": "微信订阅通知",
    "aliyun": "阿里云短信",
    "http": "政务短信平台",
}
APPROVALS = {
    "unknown": "平台审核情况没有记下",
    "pending": "平台在审核,先不发",
    "approved": "平台审核通过",
    "refused": "平台没有通过,先不发",
}
STATES = {
    "approved": "核准过",
    "waiting": "等核准",
    "refused": "没有用",
    "replaced": "没等核准就又改了",
}
AUTHORS = {"system": "随程序来的", "operator": "命令行"}
CLASSES = {
    "answer": "回答",
    "duty": "职责提醒",
    "legal": "依法告知",
    "reminder": "廉洁提醒",
    "news": "村务消息",
}

GROUP_PUSHED = "发出去的通知"
GROUP_SPOKEN = "问候、帮助、菜单和道歉"
GROUP_ANSWERS = "短信回答(里面是公开的数字,说法不能改)"

NEVER = "还没有发过"
NOT_COUNTED = "回答时用,不计数"
SENT = "{count}条"

TODO = "核准新说法:{name}"

PROPOSED = "交上去了,等另一个人核准。核准以前,发出去的还是原来的说法。"
APPROVED = "核准了。从现在起用新的说法。"
APPROVED_MENU = "核准了。要让微信里的按钮也变,请管服务器的人运行 mingbai menu push。"
REFUSED = "退回了,原来的说法照用。"
TAKEN_BACK = "收回了,原来的说法照用。"
TESTED = "发到您自己的微信或手机上了,一会儿就到。"

BOUND = "对应好了。"
APPROVAL_NOTED = "记下了。在审核和没通过的,先不从那里发。"
GATEWAY_MISSING = "选一个平台。"
ID_MISSING = "写上平台上的编号,最多 {most} 个字。"
FIELDS_UNREADABLE = "字段一行写一个,像 thing1=title。"

NOTHING_CHANGED = "两边都没有改动。"
CHANGED_MEANWHILE = "别人刚才改过这一条。下面左边是他的,右边是您的;您写的都还在,看过以后再交一次。"
REFUSED_VALUE = "“{label}”这样写,短信平台不收(链接、电话、微信号都不行)。"
VALUE_MISSING = "写一个例子,才看得到效果。"
VALUE_TOO_LONG = "最多 {most} 个字,现在 {count} 个。发的时候会在句子处截断。"
VALUE_UNFIT = "短信平台要求:{rule}"
NO_TEST_OF_ANSWERS = "回答类的不能单独发。核准以后,在手机上问一句就看得到。"
OLD_AT_PROVIDER = "阿里云登记的还是旧说法:改好报审,再对应一次。在那以前,手机上看到的还是旧的。"
REGISTERED = "阿里云只发登记过的说法:这里改了,还要拿去报审,通过后重新对应。"
WECHAT_FIELDS = (
    "微信模板消息只显示平台上的格式和下面这些字段;说法全文在对方最近来过消息、或点开详情时才看到。"
)

KINDS = {
    "numberCaptcha": "4 到 6 位数字",
    "characterWithNumber2": "4 到 6 位字母数字",
    "time": "时间,比如 2026-11-24 或 9:30",
    "money": "金额,只写数字,比如 1200.50",
    "name": "2 到 5 个汉字的姓名",
    "unit_name": "只能是汉字",
    "user_nick": "称呼",
    "address": "地址",
    "other_number2": "字母和数字",
    "phone_number2": "电话号码",
    "link_param": "字母和数字",
    "email_address": "电子邮箱",
    "license_plate_number": "车牌号",
    "tracking_number": "单号",
    "pick_up_code": "取件码",
    "others": "文字",
}
KIND = "{kind},最多 {most} 个字"

NAMES = {
    "notice": "一般通知",
    "disclosure_published": "账目公开了",
    "weekly_news": "每周新公开的",
    "news_published": "新公开了",
    "disclosure_due": "公开快到期",
    "disclosure_overdue": "公开过期",
    "duty_call": "紧急求助",
    "matter_due": "办件到期",
    "matter_done": "办件办好了",
    "power_changed": "权力清单改了",
    "reminder_unconfirmed": "提醒没人回话",
    "proposal_made": "要不要先提个醒",
    "early_reminder": "先提个醒",
    "integrity_reminder": "廉洁提醒",
    "request_new": "来信:新到",
    "request_due": "来信:今天该答复",
    "request_late": "来信:过期没答复",
    "request_answered": "来信:有回话了",
    "request_extended": "来信:要延期",
    "rate_service": "问满不满意",
    "alarm": "系统告警",
    "welcome": "问候",
    "help": "帮助",
    "menu": "菜单",
    "menu_more": "微信菜单的“更多”",
    "menu_confirm": "微信菜单的“收到提醒”",
    "apology": "道歉:没办好",
    "late": "正在查",
    "not_understood": "没看懂",
    "not_understood_again": "又没看懂",
    "voice_hint": "听不懂语音",
    "answer_total": "合计",
    "answer_three": "最大的三笔",
    "answer_both": "收入和支出",
    "answer_list": "列表",
    "answer_steps": "办事步骤",
    "answer_step": "其中一步",
    "answer_names": "名单",
    "answer_contact": "联系方式",
    "answer_matter": "办件进度",
    "phone_code": "验证码",
    "ask_who": "问是谁",
    "answer_own": "本人的钱",
    "answer_entry": "一笔账",
    "answer_none": "没有公开记录",
    "answer_compare": "比较",
    "answer_bound": "记住了哪个村",
    "answer_which_village": "问是哪个村",
    "answer_text": "文字,一段",
    "answer_text2": "文字,两段",
}

USED = {
    "notice": "在“推送”里由人拟好发出。",
    "disclosure_published": "一个月的账公开时,发给要马上知道的关注人。",
    "weekly_news": "每周一早上,发给每周听一次的关注人。",
    "news_published": "几样一起公开时,发给要马上知道的关注人。",
    "disclosure_due": "公开日历:到期前几天和当天,催录入的人和会计。",
    "disclosure_overdue": "公开日历:过期后催,并告诉镇上。",
    "duty_call": "有人发来求助时,发给值班的人。",
    "matter_due": "办件到期当天,发给监督员和管理员。",
    "matter_done": "办件办好时,发给本人。",
    "power_changed": "县里改了权力清单时,发给村里录入的人。",
    "reminder_unconfirmed": "要回话的提醒一直没人回时,告诉上一级。",
    "proposal_made": "头一回没按时公开时,请管理员定要不要提醒本人。",
    "early_reminder": "管理员定了要提醒时,发给本人。",
    "integrity_reminder": "节日和敏感时点,按全年计划发给干部。",
    "request_new": "居民来信到了时,发给要答复的人。",
    "request_due": "来信该答复的当天,发给要答复的人。",
    "request_late": "来信过期没答复时,告诉上一级。",
    "request_answered": "来信答复了时,发给本人。",
    "request_extended": "来信要延期时,发给本人。",
    "rate_service": "来信或办件了结以后,问本人满不满意。",
    "alarm": "系统出了要人管的事时,发给管理员。",
    "welcome": "关注、扫码、打招呼时说。",
    "help": "问“帮助”时说。",
    "menu": "跟在问候、帮助和没看懂后面;微信底下的按钮也是它。",
    "menu_more": "微信底下第三个按钮的名字。",
    "menu_confirm": "点开第三个按钮,最后一项的名字:村干部按它确认提醒。",
    "apology": "我们这边出错时说。",
    "late": "查得久时先说一声。",
    "not_understood": "第一次没看懂时说。",
    "not_understood_again": "接着又没看懂时说。",
    "voice_hint": "收到语音时说。",
}
USED_BY_ANSWERS = "用短信回答居民的提问。"

JOBS = {
    "weekly_news": "weekly_news",
    "news_published": "digest",
    "disclosure_due": "disclosure_reminders",
    "disclosure_overdue": "disclosure_reminders",
    "matter_due": "matter_limits",
    "reminder_unconfirmed": "confirmations",
    "proposal_made": "proposals",
    "integrity_reminder": "integrity_reminders",
    "rate_service": "satisfaction",
}
"""Templates that a schedule sends, by its name."""

PARAMETERS = {
    "title": ("题目", "村民会议"),
    "text": ("内容", "明天上午九点在文化广场开会,请准时到"),
    "village": ("村", "听竹村"),
    "period": ("时段", "2026年10月"),
    "due": ("日期", "12月8日"),
    "time": ("时间", "11月24日9:30"),
    "item": ("事项", "宅基地审批"),
    "number": ("编号", "20261124"),
    "step": ("第几步", "3"),
    "result": ("结果", "同意"),
    "count": ("数目", "3"),
    "post": ("职务", "会计"),
    "kind": ("种类", "提问"),
    "how": ("怎么回", "满意回1,基本满意回2,不满意回3"),
    "direction": ("收支", "支出"),
    "amount": ("金额", "38420.50"),
    "list": ("列表", "1村道补坑9800元2保洁劳务6200元"),
    "income": ("收入", "56805.63"),
    "expense": ("支出", "38420.50"),
    "first": ("第一段", "村里提出申请"),
    "second": ("第二段", "镇上审核"),
    "no": ("第几", "3"),
    "risk": ("风险", "高"),
    "measure": ("防控", "两人到场核实"),
    "office": ("部门", "便民服务站"),
    "phone": ("电话", "028-87654321"),
    "hours": ("时间", "工作日上午"),
    "state": ("情况", "办到第3步"),
    "code": ("验证码", "2486"),
    "date": ("日期", "10月12日"),
    "summary": ("摘要", "村道补坑"),
    "payee": ("对方", "某某建材店"),
    "handler": ("经手人", "洪蕊"),
    "voucher": ("凭证", "记-12"),
    "difference": ("相差", "少4105元"),
    "choices": ("选择", "1上泉村2上泉新村"),
}
"""A parameter's name for people, and an example of it."""

RULE = "没人回话时:{steps}。"
RULE_OFF = "没人回话时不再提醒。"
RULE_REPEAT = "{hours}小时后再提醒{times}次"
RULE_SMS = "{hours}小时后改发短信"
RULE_SUPERIOR = "{hours}小时后告诉上一级"
