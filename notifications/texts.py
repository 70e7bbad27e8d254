"""What goes out: the shipped wordings, and what operators read about pushes.

Read every line aloud before changing it (look.md, section 1). Texts by SMS are those to register
with the provider: no 【】, no contact, each variable once (sms.md 1.7).
"""

from notifications.sms_rules import TemplateProblem

# --- notices --------------------------------------------------------------------------------------

NOTICE = "${title}\n${text}"
NOTICE_SMS = "${title}:${text}。"
PUBLISHED = "${village}的${period}账目公开了。\n${title}\n回复1看账。"
PUBLISHED_SMS = "${village}的${period}账目公开了,${title}。回复1看账"
WEEKLY = "上周新公开的:${text}"
WEEKLY_SMS = "上周新公开的:${text}。想看哪样,直接问我"
NEWS = "新公开了:${text}"
NEWS_SMS = "新公开了:${text}。想看哪样,直接问我"
DUE = "${village}的${period},要在${due}前公开,还没有公开。收到请回9。"
OVERDUE = "${village}的${period},应在${due}公开,已经过期,还没有公开。请尽快公开,收到请回9。"
DUTY_CALL = "紧急:${village}有人在${time}发来求助。请马上联系村里,派人去看。"
POWER_CHANGED = (
    "县里改了权力清单,${item}等${count}项。${village}还照原来的用,请看过差别再定。收到请回9。"
)
INTEGRITY = "廉洁提醒:${text}\n收到请回9。"
INTEGRITY_SMS = "廉洁提醒:${text}。收到请回9"

# Said where the education library has nothing of a festival or event; at most 33 characters.
INTEGRITY_TEXTS = {
    "元旦": ("新年开头要清白:不收礼,不吃请,公车不办私事", "元旦前请把公款和备用金点清,账款要对上"),
    "春节": (
        "春节走动讲情分,不收红包礼金,慰问款物发到人",
        "过年放假不放纪律:公车入库,公款不吃请,值班要在岗",
    ),
    "元宵": ("元宵团圆不用公款,老板的饭局请推掉", "闹元宵用集体的钱要先过会,花了要公开"),
    "清明": ("清明祭扫要文明,不用公车,不摆排场", "清明护林防火要到岗,补助领了就要在"),
    "五一": ("五一放假守纪律,公车封存,公款不旅游", "五一前请把该付的工钱付清,签收要本人"),
    "端午": ("端午粽子不走公账,服务对象的礼请退回", "端午前后集体鱼塘果园的收入,一分都要入账"),
    "七一": ("党员身份亮出来,办事流程和时限也要亮出来", "七一走访慰问,钱物名单要签收,要公开"),
    "中秋": ("中秋不收月饼礼券,电子红包也是红包", "团圆时请家人把好门,不替人带话,不替人收礼"),
    "国庆": ("国庆长假不违规吃请,不公款旅游,不大操大办", "国庆前支出多,票据日期事由金额请当场核清"),
    "重阳": ("敬老的钱物按时足额送到老人手里,名单要公开", "重阳慰问请本人签收,不代领,不冒领"),
    "防汛": ("汛期值守要到岗,物资进出要登记,剩多少要公布", "救灾钱物专款专用,优亲厚友要追责"),
    "升学宴": ("升学宴不办给服务对象,操办前先报告", "孩子升学是喜事,干部不借机收礼金"),
    "年终结账": ("年底结账不突击花钱,白条不入账,往来要清", "年终账目要逐笔公开,欠款和补助都要写明"),
    "换届": ("换届期间不拉票,不许愿,公章账簿按规矩交接", "离任先审计,账目资产印章一样样交清楚"),
}

UNCONFIRMED = "${village}的${post}一直没有回话:${item}。已经提醒过几次,请您过问一下。"
PROPOSAL = "${village}:${item}。要不要先给本人提个醒,由您定,编号${number}。您不定,就不发。"
FIRST_OVERDUE = "头一回没按时公开:{title}"
FIRST_DOUBT = "{book}{kind}头一回有存疑:{period}"
DOUBTED = {
    "accounts": "账目",
    "subsidies": "补贴救助名单",
    "assets": "集体资产台账",
    "projects": "项目",
    "decisions": "决议",
    "contacts": "联系方式",
}
DOUBTED_OTHER = "公开材料"
EARLY = "提个醒:${text}\n只是先跟您说一声,有难处可以跟镇上讲。"
EARLY_SMS = "提个醒:${text}。只是先跟您说一声,有难处可以跟镇上讲"
ITEM_INTEGRITY = "廉洁提醒"
ITEM_POWER = "权力清单改了:{item}"
ITEM_OTHER = "一条提醒"
POSTS_JOINT = "、"

MATTER_DUE = (
    "${village}:${item}(办件号${number})今天到期,还没有办完。现在在第${step}步。收到请回9。"
)
MATTER_DONE = "您的${item}办好了(办件号${number}):${result}。"

# --- people's inbox -------------------------------------------------------------------------------

REQUEST_NEW = "${village}有人提了一件${kind},编号${number},要在${due}前答复。请到后台看。"
REQUEST_DUE = "${village}的${kind},编号${number},今天该答复,还没有答复。请到后台看。"
REQUEST_LATE = "${village}的${kind},编号${number},应在${due}答复,已经过期。请您过问一下。"
REQUEST_ANSWERED = "您提的事有回话了(编号${number}):\n${text}"
REQUEST_ANSWERED_SMS = "您提的事有回话了,编号${number}:${text}。"
REQUEST_EXTENDED = "您提的事(编号${number})还要多办些时候,最晚${due}给您回话。"
RATE_SERVICE = "编号${number}的事,办得您满意吗?${how}。不想说就不用回。"
RATE_HOW = "满意回1,基本满意回2,不满意回3"
KINDS_OF_REQUESTS = {
    "question": "提问",
    "application": "公开申请",
    "request": "诉求",
    "objection": "对公开的异议",
}
WORKING_DAYS, CALENDAR_DAYS = "个工作日", "天"
SOURCE_TARGET = "本地要求"
SOURCE_OPENNESS = "《政府信息公开条例》第33条"
SOURCE_PETITIONS = "《信访工作条例》第34条"
SOURCE_REVIEW = "《信访工作条例》的复查期限"
SOURCE_SICHUAN = "《四川省村务公开条例》"
FIRST_LOW_RATING = "头一回有人对回话不满意"

TITLES = {
    "accounts": "账目",
    "subsidies": "{name}名单",
    "projects": "{name}",
    "assets": "集体{name}台账",
    "decisions": "{name}决议",
    "documents": "{name}",
    "rules": "{name}",
    "contacts": "联系方式",
}
NEWS_AND, NEWS_JOINT = "、", ";"

# --- greeting and help, on both channels ----------------------------------------------------------

# Where the menu follows by WeChat it is put below, so that it is edited in one place.
MENU = "1 看账 2 办事流程 3 订阅 4 监督举报 5 帮助 6 找人工"
MENU_MORE = "更多"
MENU_CONFIRM = "收到提醒"
MENU_SMS = "回复数字:1看账 2办事流程 3订阅 4监督举报 5帮助 6找人工"
WELCOME = "您好,我是明白账。村里的账,您可以随时问我。"
WELCOME_SMS = "您好,我是明白账。村里的账可以随时问我,比如上个月花了多少钱"
HELP = "您可以这样问:\n“上个月花了多少钱”\n“今年哪笔最大”\n“低保怎么办”\n也可以回复数字:"
HELP_SMS = "您可以这样问:上个月花了多少钱,低保怎么办。也可以回复数字:1看账 2办事流程 6找人工"
APOLOGY = "对不起,刚才没办好。请您过一会儿再发一次。"
APOLOGY_SMS = "对不起,刚才没办好。请您过一会儿再发一次"
LATE = "正在查,要一会儿。请过几秒回复“继续”。"
NOT_UNDERSTOOD = "没看懂,对不起。您可以这样问:“上个月花了多少钱”。或者回复数字:"
NOT_UNDERSTOOD_SMS = "没看懂。您可以这样问:上个月花了多少钱。或者回复数字:1看账 2办事流程 5帮助"
NOT_UNDERSTOOD_AGAIN = "还是没看懂,对不起。请回复一个数字,要和人说就回复6:"
NOT_UNDERSTOOD_AGAIN_SMS = "还是没看懂。请回复一个数字:1看账 2办事流程 5帮助,要和人说就回复6"
VOICE_HINT = "还听不懂语音。请按住键盘上的话筒说话,变成字再发给我。"
VOICE_HINT_SMS = "还听不懂语音。请打字告诉我"

# --- answers by SMS -------------------------------------------------------------------------------

ANSWER_TOTAL = "${village},${period},${direction}合计${amount}元,共${count}笔。回复1细看"
ANSWER_THREE = "${village},${period},${direction}共${amount}元,${count}笔:${list}。回复编号细看"
ANSWER_BOTH = "${village},${period},收入${income}元,支出${expense}元,共${count}笔。回复编号细看"
ANSWER_LIST = "${title}:${list}。回复编号细看"
ANSWER_STEPS = "${title}:${first},${second}。回复编号细看"
ANSWER_STEP = "第${no}步${step},${post}来办。风险${risk}。防控:${measure}。"
ANSWER_NAMES = "${village},${title}共${count}户${amount}元:${list}。回复编号细看"
ANSWER_CONTACT = "${village},${office}电话${phone},${hours}"
ANSWER_ENTRY = (
    "${village},${date},${summary},${direction}:${amount}元,"
    "对方${payee},经手${handler},凭证${voucher}。有疑问请回复有疑问"
)
ANSWER_MATTER = "您的${item},办件号${number}:${state},${due}"
PHONE_CODE = "核对身份的验证码:${code},10分钟内有效。不是您本人在问,请不要告诉别人"
ASK_WHO = "请回复您的姓名和身份证后四位,比如乔木兰1234。只用来核对,不保存"
ANSWER_OWN = "您名下共${count}笔,最近:${period},${item},${amount}元,${state}。有不对的回复有疑问"
ANSWER_NONE = "${village},${period},没有公开记录。要转给村里问,请回复是"
ANSWER_COMPARE = "${village},${direction}:${first}元,${second}元,${difference}。"
ANSWER_BOUND = "好,记住了:您是${village}的。村里公开账目时告诉您,要就回复3"
ANSWER_WHICH = "您说的是哪个:${choices}?回复数字就行"
ANSWER_TEXT = "答:${text}"
ANSWER_TEXT2 = "答:${first},${second}"

# --- put in where a text is too long, or a field has nothing left to say -------------------------

CONTINUE = "回复0继续"
SEE_WHOLE = "回复0看全文"
FILLER = "请您留意"

# --- what a push is about -------------------------------------------------------------------------

PERIOD_JOINT = "、"
MONTH = "{year}年{month}月"
MONTHS = "{year}年{first}月至{last}月"
PERIODS = "{first}等{count}段"
DAY = "{month}月{day}日"
STATEMENT = "财务公开表"

# What is owed, where the templates of reminders say ${period}.
OWED = {
    "accounts": "{period}账目",
    "subsidies": "{period}补贴救助名单",
    "assets": "{period}集体资产台账",
}
OWED_STAGE = "{name}{stage}情况"
OWED_LEASE = "{day}起的承包租赁"
OWED_DOCUMENT = "{kind}公开事项"
OWED_DECISION = "{day}{meeting}决议"
OWED_STEP = "{day}{meeting}决议的{stage}"
STEPS = {"执行": "执行情况", "结果": "办理结果"}
OWED_REVIEW = "{name}{year}年复核结果"
PERMANENT_DOCUMENT = "长期公开事项"
REVIEW = "复核"
SOMEWHERE = "还没说是哪个村的"

# --- rules of schedules ---------------------------------------------------------------------------

EVERY_MINUTES = "每{count}分钟"
EVERY_HOUR = "每小时第{minute}分"
EVERY_DAY = "每天{at}"
EVERY_WEEK = "每周{day}{at}"
EVERY_MONTH = "每月{day}日{at}"
WEEKDAYS = {
    "mon": "一", "tue": "二", "wed": "三", "thu": "四", "fri": "五", "sat": "六", "sun": "日",
}  # fmt: skip

# --- what operators read --------------------------------------------------------------------------

NO_KEY = "受众“{piece}”写得不对:要写成 条件=内容,比如 role=干部。"
UNKNOWN_KEY = "受众“{piece}”里没有“{key}”这个条件。能用:{keys}。"
KEY_TWICE = "受众里“{key}”写了两次。几选一用竖线,比如 role=干部|监委会。"
NO_VALUE = "受众“{piece}”里有空的内容。"
UNKNOWN_ROLE = "受众“{piece}”里没有“{value}”这个角色。角色有:{roles}。"
BAD_REGION = (
    "受众“{piece}”里的“{value}”不是区划代码。要写 6 位(县)、9 位(乡镇)或 12 位(村、乡镇、县)数字。"
)
BAD_TOPIC = "受众“{piece}”里的“{value}”不是主题代码,比如 FIN 或 PROJ.ROAD。"
NO_AUDIENCE = "受众是空的。写明发给谁,比如 role=干部,village=听竹村。"
NO_VILLAGE = "受众“{piece}”里没有叫“{value}”的村。写全名,或 12 位区划代码。"
SEVERAL_VILLAGES = "受众“{piece}”里叫“{value}”的不止一个:{towns}。用 12 位区划代码说是哪一个。"
UNKNOWN_PERSON = (
    "受众 person= 里的第{number}个人,我们不认识。要写手机号、openid 或人员编号。没有建推送。"
)
NOBODY_MEETS = "受众“{piece}”没有人符合,没有建推送。"
NOBODY_MEETS_ALL = "受众的每个条件都有人,合起来没有人符合,或者符合的人都不要这类通知。没有建推送。"
WITHOUT_CHANNEL = "受众里有{people}人,微信和短信都找不到他们。没有建推送。"

NO_TEMPLATE = "没有“{code}”这个模板。看有哪些:mingbai template list"
ANSWERS_ONLY = "模板“{code}”是回答用的,不能拿来推送。"
MISSING_PARAMETER = "模板“{code}”还缺参数:{names}。"
EXTRA_PARAMETER = "模板“{code}”没有这些参数:{names}。它的参数是:{parameters}。"
EMPTY_PARAMETER = "参数“{name}”是空的。"
NOT_BOUND_THERE = (
    "模板“{code}”还没有和 {gateway} 对应起来。"
    "先运行 mingbai template bind {code} --gateway {gateway}"
)
BARRED = {
    "pending": "模板“{code}”在 {gateway} 还在审核,审核通过以后再发。"
    "通过了就运行 mingbai template approve {code} --gateway {gateway}",
    "refused": "模板“{code}”在 {gateway} 没有通过审核:{reason}。改好说法,重新报审,再对应一次。",
}
NO_REASON = "没有写原因"
UNBOUND = "模板“{code}”还没有和平台对应起来。先运行 mingbai template bind {code}"
NO_GATEWAY = "微信和短信都没有开,发不出去。看配置 [wechat] mode 和 [sms] gateway。"
UNSENDABLE = "参数“{name}”的内容短信平台不收(链接、电话、微信号都不行),换个说法。"
OVER_BUDGET = (
    "这次要 {price} 元,本月短信的钱只剩 {left} 元。改 [sms] budget_yuan_per_month,或少发一些。"
)
OVER_QUOTA = (
    "这次要发 {needed} 条微信模板消息,今天只剩 {left} 条可用(每天 {limit} 条,其中 {kept} 条留给"
    "急事,别的推送已经占去一些)。可以分几天发:加 --spread;或者改天发:--at。"
)
TOO_MANY_DAYS = "这次要发 {needed} 条微信模板消息,分 {days} 天也发不完。受众请小一些。"
QUOTA_KEPT = "今天剩下的模板消息留给急事,其余推送明天接着发"
NOT_AT_PROVIDER = "平台的模板列表里没有它"
PROVIDER_SAID = "{detail}({code})。"
NO_CAMPAIGN = "没有编号是“{id}”的推送。"
BAD_GATEWAY = "模板“{code}”不走{gateway}。它走:{channels}。"
NOT_EDITABLE = "模板“{code}”里是公开的数字,说法不能改。"
BAD_WORDS = "模板“{code}”的新说法不能用:{problem}。"
TEMPLATE_PROBLEMS = {
    TemplateProblem.EMPTY: "是空的",
    TemplateProblem.TOO_LONG: "太长,短信最多 500 个字",
    TemplateProblem.ADJACENT: "两个变量挨在一起,中间要有字",
    TemplateProblem.REPEATED: "同一个变量在短信里只能用一次",
    TemplateProblem.WHOLE_TEXT: "只有变量,没有字",
    TemplateProblem.UNDECLARED: "用了这个模板没有的变量。它的变量是:{variables}",
    TemplateProblem.UNUSED: "短信里每个变量都要用上:{variables}",
    TemplateProblem.MALFORMED: "有变量写得不对。它的变量是:{variables}",
    TemplateProblem.MARKS: "有短信平台不收的符号,比如【】",
    TemplateProblem.TRADITIONAL: "短信要用简体字",
    TemplateProblem.CONTACT: "短信里不能写电话、微信号、网址",
    TemplateProblem.OPT_OUT: "短信里不能写退订的话,平台自己会加",
}
PERSONAL_NUMBER = "里面有手机号、身份证号或卡号,发出去时会被遮住"
BAD_PARAMETERS = "模板“{code}”没有“{names}”这个参数。它的参数是:{parameters}。"
BAD_CONDITIONS = (
    '模板“{code}”的新说法里,条件写得不对。要像 {{% if 参数 == "内容" %}}……{{% endif %}}'
    "或者 {{% if 参数|int > 3 %}} 这样写,参数只能用这个模板自己的,条件外面也要有字。"
)
NO_CONDITIONS = "模板“{code}”的短信要在阿里云登记,登记的说法不能带条件。条件只能用在政务短信平台。"
NOT_REGISTERED_SO = "模板“{code}”的短信这样登记不了:{problem}。先用 template edit 改好。"
MISFIT = (
    "字段“{field}”放不下参数“{name}”:{kind} {rule},而“{name}”一般有 {chars} 个字。"
    "文字请用 thing,长的可以接着填几个 thing。"
)
# What a typed field of WeChat's takes (wechat.md 2.3).
FIELD_RULES = {
    "character_string": "最多 32 个数字、字母或符号,不能有汉字",
    "time": "只填时间",
    "date": "只填日期",
    "amount": "只填金额",
    "phone_number": "只填电话,最多 17 位",
    "car_number": "只填车牌号,最多 8 位",
    "const": "最多 20 个字",
    "number": "最多 32 个数字",
    "letter": "最多 32 个字母",
    "symbol": "最多 5 个符号",
    "name": "最多 10 个汉字",
    "phrase": "最多 5 个汉字",
    "enum": "只填平台定好的几个词",
    "short_thing": "最多 5 个字",
}
NO_VERSION = "模板“{code}”没有第 {version} 版。它有第 1 版到第 {newest} 版。"
VERSION_IN_USE = "模板“{code}”现在用的就是第 {version} 版。"
MENU_NOT_WHOLE = "菜单要有 1 到 {count} 每个数字各一项,顺序不变,比如 1 看账 2 办事流程。"
OVERTAKEN = "别人刚才改过,现在最新的是第 {version} 版。请看过差别再交。"
SAME_WORDS = "和现在用的一样,没有改动。"
OWN_WORDS = "自己写的要请另一个人核准。"
REASON_NEEDED = "写一句为什么不同意。"
OWN_CAMPAIGN = "自己拟的推送要请另一个人核准。"
ORDER_DECIDED = "这次推送现在不等核准:可能已经有人核准或退回了。"
WORDS_CHANGED = "模板的说法刚才改过,和您看到的不一样了。请重新看过再发。"
NOT_WAITING = "第 {version} 版现在不等核准:可能已经有人核准、退回,或者改过了。"
NO_FIELDS = "说明微信模板的字段填哪个参数,比如 --field thing1=参数名。模板“{code}”有参数要填。"
BAD_FIELD = "微信模板没有“{field}”这样的字段。字段名像 thing1、time2、amount3。"
NOT_BOUND_DETAIL = "模板还没有和平台对应起来,运行 mingbai template bind"
BUDGET_DETAIL = "本月短信的钱用完了,下个月接着发"
BREAKER_DETAIL = "平台连着不回话,或者回的看不懂({code}),先停一停,过一会儿发一条试试"

STATES_OF_CAMPAIGN = {
    "planned": "还没到时候",
    "running": "正在发",
    "held": "停着",
    "done": "发完了",
    "cancelled": "取消了",
}
STATES_OF_DELIVERY = {
    "new": "等着发",
    "held": "停着",
    "sending": "正在发",
    "unknown": "不知道收没收到",
    "sent": "平台收下了",
    "delivered": "送到了",
    "refused": "没收",
    "dead": "没发成",
    "cancelled": "取消了",
}
NAMES_OF_CHANNELS = {"wechat": "微信", "sms": "短信"}
NO_SUCH_CAMPAIGN = "没有编号是“{id}”的推送。"
CANNOT_PAUSE = "这次推送{state},不能暂停。还没到时候的、正在发的才能暂停。"
CANNOT_CANCEL = "这次推送已经{state},不能取消。"
CANNOT_RESEND = "这次推送{state},现在不能补发。等收件人排完、没有停着,再来一次。"
NOTHING_FAILED = "没有要补发的:没有人发送失败,或者失败的已经在补发。"
WITHOUT_VILLAGE = "(没有绑定村)"
REPORT_COLUMNS = ("第几轮", "区划代码", "村", "通道", "结果", "人数", "代码", "说明")
CODE_EXPIRED = "过了有效期,没有再发"
CODE_OPTED_OUT = "本人说过不要收"
CODE_CANCELLED = "推送被取消"
CODE_PAUSED = "推送被暂停"
CODE_LEASE = "发送时程序中断,不知道发没发出"
CODE_TIMEOUT = "平台没有按时回答"
CODE_ABSENT = "平台说没有收到过"
CODE_NO_ADDRESS = "没有能用的号码"
