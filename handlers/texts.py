"""What the bot says. Read every line aloud before changing it (look.md, section 1).

Greeting, help, menu and apologies may be edited: their words are in `notifications/texts.py`.
"""

HEAD = "{village} {period}"
SUM_LINE = "{direction} {amount}元,共{count}笔"
BOOK_SUM_LINE = "{book}账:{direction} {amount}元,共{count}笔"
LARGEST = "最大的{n}笔:"
LARGEST_ONE = "最大的一笔:"
PAGE_TITLE = "{village}第{first}到{last}笔,共{count}笔"
LISTED = "第{first}到{last}笔,共{count}笔:"
ITEM = "{no}. {summary} {sign}{amount}元({day})"
TAKEN_BACK = "冲减"
NEWEST = "您没说时间,这是最近公开的一个月。"
NEWEST_WITH = "您没说时间。最近公开的{newest}没有,这是最近有的一个月。"
NEVER_SUCH = "{village}公开的账里没有“{about}”,没有公开记录。"
ACCOUNTS = "账目"
AT_LEAST = "{least}元以上"
AT_MOST = "{most}元以下"
BETWEEN = "{least}元到{most}元"
WITHOUT = "除了{topic}"
BALANCE = "{month}底账上结余 {amount}元。"
BOOK_BALANCE = "{month}底{book}账上结余 {amount}元。"
NO_BALANCE = "公开的表里没有写结余,没有公开记录。"
SOURCE_ONE = "来源:{period}{book}财务公开表({day}公开,第{version}版)"
SOURCE_MANY = "来源:{periods}财务公开表,共{count}期"
CORRECTED = "这张表更正过:{reason}"
MISSING = "{periods}的账还没公开,没有算在里面。"
SEE_ENTRY = "回复编号看凭证和经手人。"
SEE_MORE = "回复“下一页”看其余{count}笔。"
NOTHING_SUCH = "{village} {period}:公开的账里没有这样的记录。"
NOTHING_AT_ALL = "{village}还没有公开过账目,没有公开记录。"
NOT_YET = "{village}{periods}的账还没公开,没有公开记录。"
DUE = "村里应在{day}前公开。到时候提醒您吗?要就回复3。"
ASK_ON = "要不要把您的问题转给{reader}?要就回复“是”,不要就不用回。"
COMPARE_LINE = "{name} {direction} {amount}元,共{count}笔"
COMPARE_NONE = "{name} {direction}:公开的账里没有这样的记录"
COMPARE_SIDE = "{name}{amount}"
MORE_BY = "{first}比{second}多{amount}元。"
LESS_BY = "{first}比{second}少{amount}元。"
EQUAL = "两边一样多。"
UNEVEN = "两边公开的月份不一样,不好直接比多少。"
UNEVEN_BRIEF = "两边公开的月份不一样,不好直接比"
SAME_PERIOD, THIS_YEAR = "同期", "今年"  # as people write it
ENTRY = (
    "{village} {day}\n{summary}\n{direction} {amount}元\n{payee_word}:{payee}\n"
    "经手:{handler}\n审批:{approver}\n监委会审核:{supervisors}\n凭证:{voucher}\n科目:{subject}"
)
PAYER, PAYEE = "付款方", "收款方"
NOT_WRITTEN = "没有写"
DOUBT = "对这笔有疑问?回复“有疑问”。"
RENUMBERED = "公开的内容刚才有变动,编号变了,重新列一遍:"
ONLY_ONE = "上面只有这一个。"
NO_SUCH_ITEM = "上面一共{count}笔,没有第{no}笔。请回复1到{count}里的编号。"
NO_LIST = "现在没有能选的编号。请先问一句,比如“上个月花了多少钱”,再回复编号。"
LAST_PAGE = "已经是最后一页了。"
FIRST_PAGE = "已经是第一页了。"
NO_SUCH_DATE = "没有这个日子。请说清楚是哪年哪月,比如“2026年3月”。"
PAGE_LINK = "看全表:{url}"

BOUND = "好,记住了:您是{village}的({town})。"
BOUND_ALREADY = "您已经是{village}的了。"
WELCOME_FOLLOW = "村里公开账目时告诉您吗?要就回复3。"
WHICH_VILLAGE = "您是哪个村的?回复村名就行,比如“我是听竹村的”。"
VILLAGE_CHOICES = "您说的是 {choices}?回复数字就行。"
VILLAGE_CHOICE = "{no} {village}({town})"
ANOTHER_VILLAGE = "好。请把村名写全,再问一次。"
VILLAGE_UNKNOWN_THERE = "没找到“{name}”这个村。请把村名写全,再问一次。"
VILLAGE_GUESS = "您说的是{village}({town})吗?是就回复“是”。"
VILLAGE_UNKNOWN = "没找到“{name}”这个村。请把村名写全,比如“我是听竹村的”。"
SWITCH_HINT = "您现在是{village}的。要换村,请说“换到某某村”。"

HUMAN = "要找人,请打村委会电话,或到村里便民服务站。您也可以把问题发给我,我转给村里。"
URGENT = "有危险请马上打110。看病打120,着火打119。"
URGENT_CALLED = "值班的人也通知了。"
OUT_OF_SCOPE = "这个我不能说,也帮不上忙。村里的账您可以问我,比如“上个月花了多少钱”。"
ABUSIVE = "您有话慢慢说。想看哪一笔账,告诉我就行。"
TIP = (
    "举报干部的问题,现在请打12388,或到镇纪委当面说。"
    "您刚才这条消息没有保存。请不要在这里写名字和事情。"
)
TIP_STATUS = "这里还不能查举报。请打12388问。"
OTHER_KIND = "图片和文件我看不了。请打字告诉我,比如“上个月花了多少钱”。"
CANCELLED = "好,不问了。"
NOTHING_TO_CONFIRM = "现在没有等您答应的事。想看什么,请再问一遍。"
DENIED = "好,不转了。"
GO_ON_ASKING = "好。还想看什么,直接问我。"
THANKED = "不用谢。还想看什么,直接问我。"
NOT_CLEAR = "没看懂。"
REQUEST_KEPT = "好,已经转给{reader},编号{number}。{due}前给您回话。"
REQUEST_KEPT_BEFORE = "已经转给{reader}了。有了回话就告诉您。"
OFFERS = {
    "application": "要不要把您的公开申请交给{reader}?要就回复“是”。",
    "request": "要不要把您的诉求交给{reader}?要就回复“是”。",
}
OFFER_PUBLISH = "有了回话,问题和回话能公开给大家看吗?不写您的名字。能就回复“是”。"
WILL_PUBLISH = "好,有了回话会公开,不写您的名字。"
REQUEST_KINDS = {
    "question": "您的提问",
    "application": "您的公开申请",
    "request": "您的诉求",
    "objection": "您的异议",
}
REQUEST_HEAD = "{kind}(编号{number}):"
REQUEST_WAITS = "还没有回话,最晚{due}答复。"
ABOVE = "上级"
OFFER_ABOVE = "编号{number}的事,要请{above}再看一遍吗?要就回复“是”。"
PASSED_UP = "好,已经请{above}再看。{due}前给您回话。"
PASSED_UP_ALREADY = "已经请上面再看了,有了回话就告诉您。"
NOBODY_ABOVE = "上面现在没有人接。请带着编号到镇上问,或打12345。"
OBJECTION_TO = "您对“{what}”有疑问。"
OBJECTION = "您的疑问,"
OBJECTION_OFFER = "{what}要不要转给{reader}看?要就回复“是”。"
WHICH_DOUBT = "您对哪一笔有疑问?比如回复“第2笔有疑问”。"
DOUBT_WHAT = "您对哪一笔有疑问?请先问那一笔,比如“上个月最大的一笔”,再回复“有疑问”。"
WHICH_ITEM = "您问的是哪一笔?请回复编号,上面写着是谁经手、谁审批、给了谁。"
NOT_DISCLOSED = "{village}:这一项没有公开记录。"
MATTER_HEAD = "{item}(办件号{number})"
MATTER_STEP = "办到第{no}步,一共{count}步:{name},由{post}办。最晚{due}办完。"
MATTER_DECIDING = "各步都办完了,等结果。最晚{due}有结果。"
MATTER_RESULT = "{day}办好了,结果:{result}{amount}。"
MATTER_AMOUNT = ",{amount}元"
MATTER_LAST = "等结果"
MORE_MATTERS = "您还有{count}件,请带上办件号问。"
NO_MATTERS = "您名下没有正在办的事。要是用别的号码办的,请用那个号码来问,或到村里便民服务站问。"
NOT_YOUR_MATTER = "没有查到。办的事只有本人能看,请用办事时留的号码来问。"
POWER_NAME = "{name}({code})"
POST_HELD = "{post}({names})"
POWER_STEPS = "一共{count}步,{limit}内办完:"
POWER_STEP_LINE = "{no}. {name}({post})"
POWER_WHO = "谁来办:{posts}"
POWER_MATERIALS = "要带:{materials}"
POWER_NO_MATERIALS = "要带什么:清单里没有写,没有公开记录。"
POWER_TARGET = "办给谁:{target}\n管什么:{content}"
POWER_SUPERVISED = "谁监督:{bodies}"
POWER_DUTIES = "要做到:{duties}"
POWER_LIABILITY = "做不到:{liability}"
POWER_WHERE = "到哪里:清单里没有写地点,先找{post}。"
APPLICANTS = ("申请人", "居民", "居民本人", "当事人", "户主", "承包户")
POWER_FEE = "收多少钱:清单里没有写,没有公开记录。"
POWER_FEE_SAID = "收不收钱:清单里写的是“{said}”"
POWER_BASIS = "依据:{basis}"
POWER_COMPLAIN = "有意见,找监督的人,或者回复“举报”。"
POWER_SOURCE = "来源:{owner}权力清单{code}({since}起用,{day}公开,第{version}版)"
POWER_OF_COUNTY, POWER_OWN = "县里的", "本村的"
POWER_EXAMPLE = "这一项是示例,还没有核定。"
POWER_PENDING = "县里后来改过这一项,本村还没有采用。"
POWER_ITEM_ENDS = "这一项就这些。要看别的,回复“办事流程”。"
POWER_NOT_FOUND = "清单里没找到您问的这一项。"
POWER_NOT_FOUND_BRIEF = "清单里没找到您问的这一项。回复下一页看有哪些"
POWER_SEE_STEP = "回复编号,看那一步的权限和风险。"
POWER_OTHERS = "也可能是{items},回复{code}看。"
POWER_RISKS = "每一步的风险和防控:"
POWER_RISK_LINE = "{no}. {name},风险:{risk}"
POWER_RISK_POINT = "{level},{point}"
POWER_STEP = "第{no}步(一共{count}步):{name}"
POWER_STEP_WHO = "谁来办:{post},{category}"
POWER_BOUNDARY = "权限:{boundary}"
POWER_RISK = "风险:{risk}"
POWER_STEP_LIMIT = "时限:{limit}"
POWER_MEASURES = "防控:{measures}"
POWER_NO_MEASURE = "没有写"
POWER_INTERNAL = "不公开"
POWER_LIST = "{village}的权力清单,共{count}项:"
POWER_OF_POST = "{village} {post}参加办的,共{count}项:"
POWER_NUMBERED = "{no}. {name}"
POWER_POST_LINE = "{no}. {name}:{steps}"
POWER_POST_STEP = "第{no}步{name}({category})"
POWER_LIST_SOURCE = "来源:权力清单({day}公开)"
POWER_SEE_ITEM = "回复编号,看怎么办。"
POWER_SEE_MORE = "回复“下一页”看其余{count}项。"
POWER_AND_SO_ON = "等{count}步"
POWER_RISKS_OF = "{item}的风险"
POWER_TITLE, POWER_OF = "权力清单", "{post}的权力"
NO_SUCH_POWER_ITEM = "{village}的权力清单里没有编号{code},没有公开记录。"
NO_SUCH_POST = "{village}的权力清单里没有“{post}”,没有公开记录。"
NO_SUCH_STEP = "{item}一共{count}步,没有第{no}步。请回复1到{count}里的编号。"
NO_SUCH_POWER_NUMBER = "一共{count}项,没有第{no}项。请回复1到{count}里的编号。"
NO_POWER_ON = "{village} {day}还没有权力清单,没有公开记录。"
WHICH_PHONE = "看您自己的补贴,先要核对身份。请回复您的手机号,马上发一个验证码过去。"
CODE_SENT = "验证码发出去了,10分钟内有效。收到后回复那6个数字。"
CODES_USED_UP = "今天发的验证码已经够多了,请明天再试,或带身份证到村里核对。"
CODE_TOO_OLD = "验证码过期了。请重新问“我的补贴”。"
CODE_TOO_OFTEN = "验证码错了几次,先停一下。请重新问“我的补贴”。"
CODE_WRONG = "验证码不对,请再看一下,回复那6个数字。"
WHO_ARE_YOU = "请回复您的姓名和身份证后四位,比如“乔木兰 1234”。只用来核对,不保存。"
NOT_ON_A_LIST = "没有对上。请看看姓名和后四位有没有写错,再回复一次。"
IDENTITY_LOCKED = "错了几次,先锁住一天,免得别人乱猜。急着看,请带身份证到村里核对。"
NO_OWN_ROWS = "身份核对好了。您名下现在没有公开的补贴记录。"
OWN_ROWS = "您名下公开的补贴,共{count}笔:"
OWN_ROW = "{period} {item} {amount}元,{name},{state}"
OWN_ROW_PAID = "{day}发放"
OWN_ROW_UNPAID = "还没写发放"
OWN_ROWS_REST = "还有{count}笔更早的,请到村里看名单。"
OWN_ROWS_NAMED = "您名下的补贴"
OWN_ROWS_DOUBT = "有不对的,回复“有疑问”。"
OWN_ROWS_USED_UP = "今天看的次数够多了,请明天再看。"
ACKNOWLEDGED = "收到,谢谢。"
RATED = "谢谢您,记下了。"
RATED_NOTHING = "谢谢您。现在没有要您评价的事。"
NOTHING_LATE = "没有没说完的话。想看什么,直接问我。"
READER_SUPERVISORS, READER_CLERK = "村监委会", "村委会"

# --- what a village discloses besides accounts ----------------------------------------------------

ERASED = "已隐去"
THIS = "这一项"
ROWS = "{village} {name},共{count}{measure}"
PAYMENTS = "笔"
ALTOGETHER = ",共 {amount}元"
ONLY_ANNOUNCED = "这份还在公示,没有定下来,有意见现在就可以提。"
ALSO_ANNOUNCED = "{list}还在公示({count}户),没有算在里面。"
NO_LONGER = "{lists}里没有。以前的名单里有:"
DEBTS = "债权债务"
RULE_REPEALED = "这项制度{day}起已经废止。"
RULE_REPLACED = "现在看《{rule}》。"
RULE_NOT_YET = "这项制度{day}起才施行。"
LISTS = "{village}公开的补贴和救助,共{count}种,下面是每种最近的一份:"
LISTS_TITLE = "补贴救助名单"
LIST_LINE = "{list} {count}户,共{amount}元"
LIST_OF_POLICY = "{item}名单 {period}"
REGISTER = "{category}台账 {period}"
ROW_OF_LIST = "{row}({list})"
SUM_OF_LISTS = "{village} {period}\n{what}:公开的{count}份名单,一共发了 {amount}元"
LISTS_COME_TO = "{period} 一共发了 {amount}元(公开的{count}份名单)"
UNEVEN_LISTS = "两边公开的名单份数不一样,不好直接比多少。"
SO_FAR = "这段时间公开了{count}份名单,一共 {amount}元。"
PAID_ON = "最近一次{day}发的,打到社保卡上。"
NOT_PAID_YET = "还没有公开发放日期。"
STANDARD = "标准:{standards}"
NEWS = "{village}最近公开的:"
NEWS_IN = "{village} {period}公开的:"
NEWS_TITLE = "最近公开"
CATEGORY = "{category} {count}项"
OWED_BY_US = "欠{party} {amount}({name})"
OWED_US = "{party}欠村里 {amount}({name})"
LET_TO = "{party}在用"
A_YEAR = "每年{amount}"
RENT_OWED = "欠缴{amount}"
UNTIL = "{day}到期"
BID_OF = "{contractor}中标{amount}"
PAID = "已付{amount}"
WORK = "工程:{line}"
DOCUMENT_LINE = "{title}({day})"
DECISION_LINE = "{title}:{result}({day}{meeting})"
SINCE = "{day}起施行"
FACT = "{name}:{value}"
VOTES = (
    ("invited", "应到{count}人"),
    ("present", "实到{count}人"),
    ("agree", "同意{count}"),
    ("against", "反对{count}"),
    ("abstain", "弃权{count}"),
)
AND_MORE_OF = "等{count}项"
SOURCE_LIST = "来源:{name}({day}公开,第{version}版)"
SOURCE_LISTS = "来源:{name},共{count}份(最近{day}公开)"
SOURCE_MIXED = "来源:村里公开的{count}份(最近{day}公开)"
CORRECTED_LIST = "更正过:{reason}"
SEE_ROW = "回复编号看详细。"
SEE_LIST = "回复编号看是哪些。"
SEE_MORE_ROWS = "回复“下一页”看其余{count}条。"
NO_SUCH_ROW = "上面一共{count}条,没有第{no}条。请回复1到{count}里的编号。"
DOUBT_ROW = "对这一条有疑问?回复“有疑问”。"
NONE_OF = "{village}没有公开过{what},没有公开记录。"
NONE_IN = "{village} {period}没有公开{what},没有公开记录。最近的一份是{newest}的。"
NONE_SUCH = "{village}公开的{what}里没有“{single}”,没有公开记录。名单上的名字只写姓和末一个字。"
GROUP = "{number}组"
EXISTING = "已经公开的有:{names}。"
SO_MANY = "{name}{count}{measure}"
LISTS_OF = "份"
TO_APPLY = "没公开的,可以向村委会书面申请查询,要给答复。"
NOT_IN_ACCOUNTS = "公开的账里没有这样的记录。公开的别的事项里有:"
PAID_FROM_ACCOUNTS = "没有公开名单。村里的账上有这些:"
OFFICES = "{village}办公电话:"
OFFICE = "{office} {told}"
ON_DUTY = "今天({day})值班:{names}"
OR_ASK_HERE = "您也可以把问题发给我,我转给村里。"

# --- hearing of what is published -----------------------------------------------------------------

FOLLOW_ACCOUNTS = "订阅账目"  # as people write it
FOLLOWED = "好。{village}有新的{topic}公开,{how}告诉您。"
FOLLOWED_ALREADY = "您订过了。{village}有新的{topic}公开,{how}告诉您。"
FOLLOW_HINTS = {
    "at_once": "想少收些,回复“每周发一次”。不想收了,回复“退订”。",
    "weekly": "想早知道,回复“马上发”。不想收了,回复“退订”。",
}
HOW = {"at_once": "马上", "weekly": "每周一合起来"}
BY = {"": "", "wechat": "用微信", "sms": "用短信"}
FOLLOW_CHANGED = "好,改好了。"
FOLLOWING = "您订了这些:"
FOLLOWING_LINE = "{village}的{topic},{how}告诉您。"
FOLLOWING_HINT = "不想收哪样,比如回复“退订账目”。都不要了,回复“退订全部”。"
FOLLOWING_NOTHING = "您还没有订。想知道村里的新账目,回复3。想知道别的,比如回复“订阅低保”。"
FOLLOW_UNKNOWN = "没找到“{name}”这个村。请把村名写全,比如“关注听竹村的账”。"
FOLLOWED_WHAT = "{village}的{topic}"
UNFOLLOWED = "好,{what}不再告诉您了。"
STILL_FOLLOWING = "别的照发。"
FOLLOW_AGAIN = "想再收,回复“订阅”。"
UNFOLLOWED_ALL = "好,不再发了。想再收,回复“订阅”。"
FOLLOWED_AS_PART = "您订的是{what},{topic}在里面,不能单独退。都不要了,回复“退订全部”。"
NOT_FOLLOWED = "这个您没有订过。想看订了哪些,回复“我订了哪些”。"
OPTED_OUT = "好,以后不给您发这类短信了。想再收,回复订阅。"
NO_ADDRESS_THERE = {
    "sms": "还不知道您的手机号。想用短信收,请用手机发短信来订。",
    "wechat": "还不知道您的微信。想用微信收,请关注公众号,在那里订。",
}
YOUR_VILLAGE = "您村"
TOPICS = {
    "*": "村务",
    "AID.DIBAO": "低保",
    "AID.DISABLED": "残疾人补贴",
    "AID.DISASTER": "救灾",
    "AID.HOUSE": "危房改造",
    "AID.POOR": "防返贫帮扶",
    "AID.STUDENT": "助学",
    "AID.TEKUN": "特困供养",
    "AID.TEMP": "临时救助",
    "AID.VETERAN": "优抚",
    "ASSET": "集体资产",
    "ASSET.CONTRACT": "承包费",
    "ASSET.RENT": "集体租金",
    "BID": "招标",
    "CADRE": "干部名单",
    "CERT": "开证明",
    "DECIDE": "会议决定",
    "ELECT": "选举",
    "ENV": "环境卫生",
    "FIN": "账目",
    "FIN.BUDGET": "预算决算",
    "FIN.DEBT": "债务",
    "FIN.GRANT": "上级拨款",
    "FIN.HOSP": "招待费",
    "FIN.OFFICE": "办公费",
    "FIN.PUBSVC": "公服资金",
    "LAND.COMP": "征地补偿",
    "LAND.CONTRACT": "土地承包",
    "LAND.HOUSE": "宅基地",
    "LEVY": "收费",
    "MED": "医保",
    "MEMBER": "成员身份",
    "PARTY": "党务",
    "PAY": "误工补贴",
    "PEN.AGE": "高龄津贴",
    "PEN.OLD": "养老保险",
    "PLAN": "工作计划",
    "POWER.BIRTH": "生育登记",
    "POWER.SEAL": "公章使用",
    "PROJ": "工程",
    "PROJ.LIGHT": "路灯",
    "PROJ.ROAD": "修路",
    "PROJ.WATER": "水利",
    "RIGHT": "政策",
    "SHARE": "分红",
    "SUB.CARD": "惠农补贴",
    "SUB.FOREST": "退耕还林",
    "SUB.GRAIN": "种粮补贴",
    "SUPER": "监督评议",
}
"""What is followed, in one word."""

COUNTED = {
    "AID.DISASTER": "救灾和慰问",
    "ENV": "环境卫生和保洁",
    "FIN.OFFICE": "办公、差旅和水电",
    "PAY": "误工补贴和用工",
    "PROJ.LIGHT": "路灯照明",
    "PROJ.ROAD": "修路修桥",
    "PROJ.WATER": "水利和饮水",
}
"""Of what is spent, where the one word would say less than what is counted."""

# --- reminders that ask for a word back -----------------------------------------------------------

CONFIRMED = "收到,谢谢。记下了:{what}。"
CONFIRMED_NOTHING = "现在没有要您确认的提醒。"
CONFIRMED_MORE = "等{count}件"
CONFIRMED_LATE = "收到,记下了:{what}。只是等您等久了,已经先跟上级说了一声,请抓紧办。"
CONFIRMED_DONE = "{what}已经办好了,不用再回,谢谢。"
QUIZ_QUESTION = "考考您({no}/{count}):{question}"
QUIZ_HOW = "回复数字就行,不想答就回“算了”。"
QUIZ_NUMBERS = "请回1到{count}里的一个数字。不想答就回“算了”。"
QUIZ_RIGHT = "答对了!"
QUIZ_WRONG = "不对,该选{number}:{answer}。"
QUIZ_END = "答完了,{count}题对了{right}题。谢谢您。"

# --- to be forgotten ------------------------------------------------------------------------------

ERASE = (
    "回复1,我们就删掉您的微信、手机号、绑定的村、关注和没说完的对话,以后不再给您发消息。"
    "任过职的,姓名和职务按规定留在旧记录里。删了找不回来。\n"
    "回复2,不删。"
)
ERASE_SMS = "回复1删掉您的号码等信息,删完不再发短信;回复2不删。"
IS_ERASED = "删好了,我们不再存您的号码和绑定。以后再发消息来,就当第一次认识。"
NOT_ERASED = "好的,没有删。"

LOGIN_CODE = "登录码:{code}\n五分钟内用一次。不是您本人要的,不要告诉任何人。"

# --- what is to be public at once -----------------------------------------------------------------

AD_HOC_TAKEN = "收到,编号{number}。审核的人同意以后,马上公开。"
AD_HOC_WHICH = "您在几个村任职,请让录入的人在电脑上办。"
AD_HOC_TOO_LONG = "太长了,最多{most}个字。分成几条发。"
AD_HOC_PERSONAL = "里面有电话、身份证号或者卡号,不能公开。去掉以后再发一次。"
