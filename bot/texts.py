"""What the operator reads about the config, and the pages of the command line's help."""

# --- the config: what is wrong, what was expected -------------------------------------------------

NO_CONFIG = (
    "没有找到配置文件 {file}。\n"
    "把 config.example.toml 复制成它,填好再来;或者用 --config 说明它在哪里。\n"
    "只想看看样子:mingbai demo"
)
UNREADABLE_CONFIG = "配置文件 {file} 打不开。看看它的权限,再试一次。"
NOT_UTF8 = "配置文件 {file} 不是 UTF-8 文字。用编辑器另存为 UTF-8,再试一次。"
NOT_TOML = (
    "配置文件 {file} 第 {line} 行第 {column} 个字符附近读不懂。照 config.example.toml 的写法改。"
)
NOT_TOML_AT_END = "配置文件 {file} 末尾不完整。照 config.example.toml 的写法改。"
PROBLEMS = "配置文件 {file} 有 {count} 处要改:\n{problems}"

NOT_WRITTEN = "没有写"
FOUND = "写的是“{found}”"
HIDDEN = "写的 {length} 个字符不合要求(内容不显示)"
HIDDEN_OTHER = "写得不合要求(内容不显示)"
FROM_ENVIRONMENT = "(环境变量 {variable})"
WRONG = "[{section}] {key}{where}:{found}。要填:{expected}。"
TWICE = "[{section}] {key} 和 {key}_file 都写了。只留一个。"
OWN_FILE = "[{section}] {key}_file{where}:文件 {file} 读不到。要填:一个存在、能读的文件。"
NO_KEY = "[{section}] {key}{where}:没有这个键。{hint}"
NO_SECTION = "[{section}]{where}:没有这一节。{hint}"
NOT_A_SECTION = "[{section}]:要写成一节,里面一行一个键。"
OUTSIDE = "{key}:写在了所有的节外面。要写在它那一节的下面。"
CLOSEST = "是不是 {word}?"

OPEN_TO_OTHERS = "{file} 里有密钥,别的用户也能读。运行:chmod 600 {file}"
PLAIN_MODE = "现在是明文模式,消息不加密,只适合测试号。正式使用请改成 safe。"
CLEARTEXT = "不是 https,密钥会明文经过网络。只能在测试时这样用。"
GUESSABLE = "不到 16 个字符,容易被人猜到。运行 openssl rand -hex 16 换一个长的。"
LINKS_LEAD_HERE = "没有写,链接会指向 {url},别人的手机打不开。"

EXPECTED = {
    "server.host": "监听的地址,比如 127.0.0.1",
    "server.port": "1 到 65535 的整数",
    "server.public_url": "居民打开网页用的地址,http:// 或 https:// 开头,后面不带路径",
    "server.data_dir": "一个目录",
    "server.trusted_proxies": '地址或网段的列表,比如 ["127.0.0.1", "10.0.0.0/8"]',
    "server.metrics_token": "一串没有空格的字符",
    "server.api_token": "一串没有空格的字符",
    "database.url": "sqlite://文件 或 postgres://用户:密码@主机/库名",
    "queue.url": "amqp://... ,或者空着",
    "redis.url": "redis://... ,或者空着",
    "wechat.app_id": "公众平台“开发者ID(AppID)”,wx 开头",
    "wechat.app_secret": "公众平台“开发者密码(AppSecret)”",
    "wechat.token": "公众平台“令牌(Token)”,3 到 32 个字母或数字",
    "wechat.encoding_aes_key": "公众平台“消息加解密密钥”,正好 43 个字母或数字",
    "wechat.mode": "safe、compatible、plain、off 中的一个",
    "wechat.api_base": "http:// 或 https:// 开头的地址",
    "wechat.rate_per_second": "大于 0 的数",
    "wechat.template_per_day": "一个整数,每天最多发多少条模板消息,比如 100000",
    "wechat.previous_token": "换下来的令牌,3 到 32 个字母或数字,或者空着",
    "wechat.previous_encoding_aes_key": "换下来的密钥,正好 43 个字母或数字,或者空着",
    "wechat.verify_files": "文件名和内容的表,文件名像 MP_verify_xxxx.txt",
    "sms.gateway": "aliyun、http、none 中的一个",
    "sms.access_key_id": "阿里云的 AccessKey ID",
    "sms.access_key_secret": "阿里云的 AccessKey Secret",
    "sms.endpoint": "http:// 或 https:// 开头的地址",
    "sms.sign_name": "短信签名,2 到 12 个字,不带【】",
    "sms.callback_secret": "回执和上行地址里的暗号,字母、数字、- 或 _,最好 32 个以上",
    "sms.previous_callback_secret": "换下来的暗号,字母、数字、- 或 _,或者空着",
    "sms.rate_per_second": "大于 0 的数",
    "sms.price_fen": "一条短信的价格,0 到 10000 的整数,单位分",
    "sms.budget_yuan_per_month": "每月最多花多少元,0 或更大的整数,0 是不限",
    "sms.http.url": "http:// 或 https:// 开头的地址",
    "sms.http.method": "GET、POST、PUT 中的一个",
    "sms.http.headers": '名称和内容的表,比如 {"X-Key" = "..."}',
    "sms.http.body": "请求的内容,里面要有 {phone} 和 {text}",
    "sms.http.ok_path": "回答里说成败的位置,比如 code",
    "sms.http.ok_value": "成功时那里的值,比如 0",
    "sms.http.id_path": "回答里短信编号的位置,比如 data.id",
    "delivery.lease_seconds": "大于 0 的数,单位秒",
    "delivery.unknown_rest_seconds": "大于 0 的数,单位秒",
    "delivery.poll_seconds": "大于 0 的数,单位秒",
    "delivery.second_person_over": "人数,0 或更大的整数",
    "security.key_file": "密钥文件的位置",
    "schedule.timezone": "时区,比如 Asia/Shanghai",
    "schedule.quiet_hours": "一段时间,比如 20:00-08:00",
    "schedule.noon_rest": "一段时间,比如 12:00-14:00",
    "retention.inbox": "天数,1 或更大的整数",
    "retention.conversations": "天数,1 或更大的整数",
    "retention.deliveries": "天数,1 或更大的整数",
    "retention.uploads": "天数,1 或更大的整数",
    "retention.names_in_lists": "天数,1 或更大的整数",
    "retention.audit": "天数,1 或更大的整数",
}

# --- the command line: its manners ----------------------------------------------------------------

PROGRAM = "mingbai"
USAGE = "用法: "
ARGUMENTS = "参数"
OPTIONS = "选项"
COMMANDS = "命令"
OPTIONS_METAVAR = "[选项]"
COMMAND_METAVAR = "命令 ..."
HELP_OPTION = "看这一页说明"
REQUIRED = "必填。"

MISUSE = "{what}\n{usage}\n看说明:{command} --help"
NO_SUCH_OPTION = "没有 {option} 这个选项。{possible}"
NO_SUCH_COMMAND = "没有 {command} 这个命令。{possible}"
MISSING = "少了 {name}。"
NO_VALUE = "{option} 后面要跟一个值。"
USELESS_VALUE = "{option} 后面不跟值。"
BAD_VALUE = "{name}:{what}"
EXTRA = "多出来的内容:{extra}"
GIVEN_TWICE = "{name} 给了两次,只留一个。"
NOT_ONE_OF = "写的是“{found}”,要从这些里选一个:{words}。"
NOT_A_TIME = "写的是“{found}”,要写时间,比如 2026-11-24T09:30(不写时区就是北京时间)。"
NOT_A_DATE = "写的是“{found}”,要写日期,比如 2026-11-24。"
NOT_A_PORT = "写的是“{found}”,要写 1 到 65535 的整数。"
NOT_A_COUNT = "写的是“{found}”,要写 1 到 100 的整数。"
NOT_A_VERSION = "写的是“{found}”,要写从 1 开始的整数。"
NOT_A_PAIR = "写的是“{found}”,要写成 名称=内容。"
NOT_A_PICTURE = "写的是“{found}”,文件名要以 .png、.svg 或 .pdf 结尾。"
NOT_ROWS = "写的是“{found}”,要写行号,几个用逗号隔开,比如 28 或 3月收支!28。"
ONE_OF_TWO = "{first} 和 {second} 要给一个,只给一个。"
INTERRUPTED = "中断了。"
NOTE = "注意:{note}"

# --- the command line: its pages ------------------------------------------------------------------

CONFIG_OPTION = "配置文件。不写就用环境变量 MINGBAI_CONFIG 里的,再没有就是 ./config.toml"
NOW_OPTION = "业务时间从这一刻开始走,比如 2026-11-24T09:30;不写就是现在"
JSON_OPTION = "结果按 JSON 打印,别的话都不出现在标准输出里"

MAIN = """\
明白账:村民发微信、发短信问村里的账,照公开的账目回答;有新公开、有提醒,及时送到。

第一次来,先看看样子: mingbai demo
每个命令的说明: mingbai 命令 --help"""

TO_SEE = "先看看"
TO_SET_UP = "装起来"
TO_FEED = "放数据、试着问"
TO_SEND = "发通知"
TO_KEEP = "存好、核对"

DEMO = """\
带示例数据跑起全套,用浏览器里的手机试
示例县、模拟的微信和短信都在里面,不连外网,不发真短信。
演示的时间从 2026-11-24 09:30 开始,页面上可以拨快一小时、一天。"""
DEMO_PORT = "服务的端口,默认 8080;模拟的微信和短信用后一个端口"
DEMO_DATA = "放演示数据的目录,默认 ./.demo;里面的 config.toml 可以给别的命令用"
DEMO_CONFIG = "演示不用它:配置由演示自己写在数据目录里"
DEMO_HAS_ITS_OWN = "演示用自己的配置,不读 {file}。它写在 {data}。"

SERVE_ROLE = (
    "这个进程做哪些事:all 全部(默认);web 网页和收到的消息;worker 往外发;"
    "scheduler 看时间、开始通知、清理。每种都可以开几个,要用 PostgreSQL"
)
SERVE = """\
启动服务
收微信和短信,回答,按时发通知。演示用的数据库、别的版本的数据库,都不会启动。
收到 SIGTERM 或 Ctrl-C,办完手上的事再停。"""

MIGRATE = """\
建好或升级数据库
有数据的先备份。还没有密钥文件、也没有加密过的数据,就顺手建密钥文件;
有加密过的数据而找不到密钥文件,就停下,说出要找的是哪一个。"""

CHECK = """\
检查配置、密钥、数据库、时间和平台,说出该改什么
一行一件:好、注意、要改,后面是办法。没有“要改”就算通过(退出码 0)。"""

KEYS = """\
密钥文件:建立、辨认
电话号码、微信号和没处理完的消息都用它加密。丢了它,谁也读不出来。"""
KEYS_INIT = """\
建立密钥文件
已经有了就不动它。数据库里有加密过的数据时,不会另建一个。"""
KEYS_FINGERPRINT = """\
打印密钥文件的指纹
指纹能认出是哪一个密钥文件,但推不出密钥。和备份放在一起,恢复时对得上号。"""

IMPORT = """\
导入村庄、人员、账目、节假日、权力事项和其他公开内容
KIND 是下面的一种:
  villages  村庄:区划代码、名称、公开日
  people    人员:姓名、手机号、角色、职务、任期
  ledger    账目:收支流水,CSV、XLSX、XLS、ODS 都行
  holidays  节假日和调休
  education 廉洁教育的提醒、案例和考题
  power-items  权力清单:事项、步骤、岗位、风险;不写 --village 就是县里的,各村照着用
  documents  公开事项:党务、政务、村务、财务
  subsidies  补贴救助名单:姓名自动隐去中间的字
  assets     集体资产、资源、债权、债务
  projects   工程项目:立项、中标、进度、付款
  decisions  会议决议:议题、到会人数、表决结果
  rules      规章制度:立、改、废、行
  contacts   办公电话、分工、值班

再导一遍同样的文件,什么也不会变。读不懂的行会说出在哪里、写的是什么、该是什么。"""
IMPORT_KIND = "上面的一种,比如 ledger"
IMPORT_FILES = "文件,可以给几个"
IMPORT_VILLAGE = "是哪个村的:村名或 12 位区划代码;文件里写明了就不用"
IMPORT_BOOK = "账套:村委会、集体 或 N组;文件里有“账套”列的以文件为准,都没有就是村委会"
IMPORT_BALANCES = "月初、月末余额表,用来核对"
IMPORT_PUBLISH = "平了、没有疑问的月份(写全了的事项)直接公开;其余的留作草稿并说明"
IMPORT_ACCEPT = "确认有疑问的行没有错,比如 28,31 或 3月收支!28"
IMPORT_AS = "这一步是谁做的:手机号、openid 或人员编号;不写就记为操作员"
IMPORT_DRY_RUN = "只读、只报告,不写进数据库"

WORKBOOK = """\
做一张空表,照着填,再用 import 导入
表里有两行例子,另有一张“填表说明”。KIND 和 import 的一样。
例子: mingbai workbook subsidies 低保.xlsx"""
WORKBOOK_KIND = "哪一种,比如 ledger、subsidies"
WORKBOOK_FILE = "存到哪里,以 .xlsx 或 .csv 结尾;已经有的不会盖掉"

ASK = """\
像村民那样问一句,看看怎么回答
走的是真的流程,答的是真的账。
例子: mingbai ask 上个月花了多少钱 --village 听竹村"""
ASK_TEXT = "要问的话"
ASK_VILLAGE = "提问的人是哪个村的:村名或 12 位区划代码"
ASK_CHANNEL = "wechat 或 sms,默认 wechat;sms 打印手机上看到的那条短信"
ASK_AS = "以谁的身份问:手机号、openid 或人员编号,几次问话接得上;不写每次都是新来的人"

UNDERSTAND = """\
看一句话被听成了什么意思
打印意图和其中的时间、金额、事项,不查账。不给 --config 时用自带的示例县,不需要数据库。"""
UNDERSTAND_TEXT = "要听的话"
UNDERSTAND_CONFIG = "用这个配置的数据库里的村名;不写就用自带的示例县"
UNDERSTAND_TODAY = "今天是哪天(“上个月”从这天算起),比如 2026-11-24;不写就是真的今天"
UNDERSTAND_VILLAGE = "说话的人是哪个村的"
UNDERSTAND_EXPLAIN = "一步步说出是怎样听出来的"
UNDERSTAND_JSONL = "一行一题的文件,每行有 id、text、today、context;每题打印一行结果"

MATTER = """\
办件:村民申请的事,一步一步办到结果"""
MATTER_OPEN = """\
受理一件事,给出办件号
照这个村的权力清单办:步骤、岗位、期限都从清单里来。
例子: mingbai matter open --village 听竹村 --item D01 --applicant 乔木兰 --contact 16600010071"""
MATTER_STEP = """\
办完一步
要按顺序;--as 写的人要担任这一步的岗位。"""
MATTER_CLOSE = """\
办结,写明结果
各步都办完了才能办结;结果会发给申请人。"""
MATTER_SHOW = """\
看一件事办到哪里了"""
MATTER_VILLAGE = "是哪个村的:村名或 12 位区划代码"
MATTER_ITEM = "权力事项的编号,比如 D01"
MATTER_APPLICANT = "申请人的姓名,加密保存"
MATTER_CONTACT = "申请人的手机号、openid 或人员编号;结果发到这里,也凭它查进度"
MATTER_PUBLIC = "结果可以隐去姓名公开"
MATTER_NUMBER = "办件号,8 位数字"
MATTER_NO = "第几步"
MATTER_NOTE = "要记的话"
MATTER_SAID = "结果,比如 同意"
MATTER_AMOUNT = "涉及的钱,元"

VOUCH = """\
替村民核对身份,让他能看自己的补贴
本人带身份证到村里,当面核对一次就行。姓名和后四位只用来比对,不保存。
例子: mingbai vouch 16600010071 --name 乔木兰 --last-four 123X --note 带身份证当面核对"""
VOUCH_CONTACT = "他发消息用的手机号、openid,或人员编号"
VOUCH_NAME = "身份证上的姓名"
VOUCH_LAST_FOUR = "身份证最后四位"
VOUCH_NOTE = "怎样核对的"

TEMPLATE = """\
消息模板:列出、查看、和平台的模板对应起来"""
TEMPLATE_LIST = """\
列出全部模板"""
TEMPLATE_SHOW = """\
看一个模板的内容和对应关系"""
TEMPLATE_BIND = """\
记下平台上的模板编号,和它的每个字段填我们的哪个参数
只登记,不去问平台;mingbai check 会去问。http 政务短信平台不用登记。
同一个参数给了几个字段,就按顺序接着填,在句子处断开。
例子:
  mingbai template bind notice --gateway aliyun --id SMS_1 \
    --field title=title --field text=text"""
TEMPLATE_EDIT = """\
改一个模板的说法,原来的留着
改好马上生效。数字和账目的说法、举报的说法不能改;变量只能用这个模板自己的。
政务短信平台和微信客服消息的说法可以带条件: {% if count|int > 3 %}请尽快看。{% endif %}
短信走阿里云的,新的说法要再登记一次,再用 template bind 对应起来。
例子: mingbai template edit welcome --channel wechat --text 您好,这里是听竹村的账。"""
TEMPLATE_CHANNEL = "改哪个通道的说法: wechat sms"
TEMPLATE_TEXT = "新的说法"
TEMPLATE_VERSION = "改回第几版的说法,见 template show"
TEMPLATE_CODE = "模板的代号,见 template list"
TEMPLATE_PREVIEW = """\
看看收件人会收到什么,不发
姓名和号码遮住,只看前几个收件人。"""
TEMPLATE_PREVIEW_N = "看几个人的,最多 100"
TEMPLATE_TEST = """\
只给一个人试发一条,马上发
打印这次推送的编号。"""
TEMPLATE_TO = "发给谁:手机号、openid 或人员编号"
TEMPLATE_CHECK = "问平台每个模板审核得怎么样,记下来"
TEMPLATE_APPROVE = "记下平台通过了模板的审核,可以发了"
TEMPLATE_PENDING = "还在审核,先不发"
TEMPLATE_REFUSE = "记下平台没有通过模板的审核,不再发"
TEMPLATE_REASON = "平台说的原因"
TEMPLATE_GATEWAY = "哪个平台: wechat subscribe aliyun http"
TEMPLATE_ID = "平台给的模板编号"
TEMPLATE_FIELD = "平台的字段填我们的哪个参数,可以给几次"

CAMPAIGN = """\
推送:一条通知发给一批人"""
SCHEDULE = "看和改定时任务"
SCHEDULE_LIST = "有哪些定时任务:什么时候执行,上次怎么样,接下来十次是哪天"
SCHEDULE_SET = """\
改一个定时任务的时间,或者漏了以后怎么补

例子: mingbai schedule set weekly_news --cron "0 10 * * mon" --misfire skip"""
SCHEDULE_NAME = "定时任务的名字,见 schedule list"
SCHEDULE_CRON = "五段的时间规则,北京时间:分 时 日 月 星期"
SCHEDULE_MISFIRE = "没赶上的怎么办: latest 补最近一次 all 一次次都补 skip 不补"
SCHEDULE_USUAL = "改回程序原来的规则"
CAMPAIGN_CREATE = """\
安排一次推送,最后一行是它的编号
例子: mingbai campaign create --template notice --audience role=干部,village=听竹村 \\
  --param title=开会 --param text=明天上午九点在村委会开会"""
CAMPAIGN_TEMPLATE = "用哪个模板,见 template list"
CAMPAIGN_AUDIENCE = (
    "发给谁:条件用逗号连接,都要满足;几选一用竖线。\n"
    "能用 role region post village topic person\n"
    "person 写手机号、openid 或人员编号\n"
    "比如 role=干部|监委会,region=990101"
)
CAMPAIGN_PARAM = "模板参数的内容,可以给几次"
CAMPAIGN_AT = "什么时候开始发,比如 2026-11-25T09:00;不写就现在"
CAMPAIGN_LANE = "急不急: urgent normal bulk;urgent 先发,休息时间也发"
CAMPAIGN_KEY = "自己起的记号;用同一个记号再来一次,只打印原来的编号,不会再发"
CAMPAIGN_SPREAD = "微信一天发不完的,分几天发"
CAMPAIGN_DRY_RUN = "只算一算会发给多少人、走什么通道、花多少钱,不发"
CAMPAIGN_SHOW = """\
看一次推送到了哪一步"""
CAMPAIGN_ID = "推送的编号"
CAMPAIGN_RESUME = """\
让停住的推送接着发
恢复备份以后,没发完的都停着等这个命令;它会先说有多少人可能已经收到过。"""
CAMPAIGN_ALL = "全部停住的"
CAMPAIGN_LIST = "列出最近的推送"
CAMPAIGN_REPORT = "按村、通道和结果看一次推送的情况"
CAMPAIGN_CSV = "写成表格文件(CSV),电子表格能打开"
CAMPAIGN_PAUSE = "暂停一次推送;正在发的那几条发完为止,用 resume 接着发"
CAMPAIGN_CANCEL = "取消一次推送,不能再恢复;正在发的那几条发完为止"
CAMPAIGN_RESEND = "只给没收到的人补发一轮"
CAMPAIGN_UNKNOWN = "不知道收没收到的也补发,其中有人可能收到两次"

MENU = """\
微信聊天下面的菜单"""
MENU_PUSH = """\
把菜单换成现在的样子
按钮的名字就是模板 menu 里的名字,次序也一样;放不下的收在“更多”里。"""
MENU_DRY_RUN = "只看看会换成什么样,不换"

QRCODE = """\
给一个村做二维码,印出来贴墙上
村民用微信一扫,就关注公众号,也记住了是哪个村的。长期有效,可以放心印。
例子: mingbai qrcode 听竹村 听竹村.pdf"""
QRCODE_NAME = "村名,或 12 位区划代码"
QRCODE_FILE = "图片存到哪个文件: .png、.svg 或 .pdf"
QRCODE_FORCE = "已经有这个文件,也盖掉它"

SIMULATOR = """\
只跑模拟的微信和短信平台
密钥用配置里的;把配置里的 api_base 和 endpoint 指到它,就能在自己机器上试全套。
只听本机,不连外网。浏览器打开它的地址,是几部能发消息的手机。"""
SIMULATOR_PORT = "端口,默认 8081"
SIMULATOR_PUSH = "服务的地址,比如 http://127.0.0.1:8080;不写就不往服务推消息"

BACKUP = """\
把数据库备份成一个文件
服务不用停。密钥文件不在里面,要另外存好。"""
BACKUP_FILE = "备份写到哪个文件"
PURGE = """\
删掉到期的数据
留多少天在配置的 [retention] 里。服务不用停;夜里也会自己删一次,不用天天运行它。"""
PURGE_DRY_RUN = "只数一数有多少到期,什么也不删"
RESTORE = """\
从备份恢复到空的数据库
已经有数据的、正在用的数据库不会动;密钥文件不是备份时那一个,也不恢复。
恢复以后没发完的通知都停着,等 campaign resume。"""
RESTORE_FILE = "备份文件"
VERIFY = """\
核对公开过的账有没有被改动过"""
VERIFY_HEAD = "再和以前记下的链头比一比"

RULE = "提醒没人回话怎么办:再提醒、发短信、告诉上级"
RULE_LIST = "每种提醒现在的规则"
RULE_SET = """\
改一种提醒的规则,没写的照旧;时间是小时,0表示不要这一步

例子: mingbai rule set disclosure_due --repeat-after 24 --sms-after 24 --superior-after 48"""
RULE_TEMPLATE = "提醒的模板编号,见 rule list"
RULE_REPEAT_AFTER = "没回话,几小时后再提醒"
RULE_REPEATS = "再提醒几次"
RULE_SMS_AFTER = "还没回话,几小时后发短信"
RULE_SUPERIOR_AFTER = "仍没回话,几小时后告诉上级"
RULE_ON = "要不要回话"

PROPOSAL = "提前提醒:头一回出问题先提个醒,由上级定"
PROPOSAL_LIST = "等着上级定的提议"
PROPOSAL_CONFIRM = """\
同意提醒;--form text 给本人发消息,--form call 由上级自己跟本人讲

只有村上面的镇或县里当天在任的管理能定。
例子: mingbai proposal confirm 482913 --form text --as 16600010074"""
PROPOSAL_DISMISS = "不提醒,写明原因;本人不会知道"
PROPOSAL_NUMBER = "提议的编号,见 proposal list"
PROPOSAL_FORM = "怎么提醒:发消息,还是自己跟本人讲"
PROPOSAL_REASON = "为什么不提醒"
PROPOSAL_AS = "谁来定:手机号、openid 或者编号"

EDUCATION = "教育计划:一年里哪天给谁发什么,看了多少、答对多少"
EDUCATION_PLAN = "看、排、加、去掉一年的教育计划"
EDUCATION_SHOW = "看一年的教育计划,正面反面各多少条"
EDUCATION_MAKE = "把整个内容库排到一年各个月里,节日的排在节日那个月"
EDUCATION_ADD = """\
排一条

例子: mingbai education plan add --day 2027-03-10 --item EDU030 --audience role=干部"""
EDUCATION_REMOVE = "去掉还没发的一条"
EDUCATION_REPORT = "每条、每种职务收到、看过、答题、答对多少;不到5人的职务并到其他"
EDUCATION_YEAR = "哪一年,不写就是今年"
EDUCATION_DAY = "哪天发"
EDUCATION_ITEM = "内容的编号,像 EDU001"
EDUCATION_AUDIENCE = "发给谁,写法和 campaign create 一样"
EDUCATION_FORM = "什么形式:微信、短信、卡片、标语、警句;不写就是微信"
EDUCATION_OWNER = "谁负责"
EDUCATION_ID = "编号,见 education plan show"

API_OFF = "这里没有开推送接口。"
API_WRONG = "口令不对。"
API_NO_CAMPAIGN = "没有这个编号的推送。"
API_NOT_PAUSED = "这次推送没有被暂停。"
API_NOT_JSON = "内容要是一个 JSON 对象。"
API_UNKNOWN = "不认识的字段“{name}”。可以写的有: {known}"
API_FIELD = "字段“{name}”要写: {expected}"
API_TEXT = "一段文字"
API_PARAMS = '参数名和文字,比如 {"title": "通知"}'
API_MOMENT = "一个时间,比如 2026-11-25T09:00"

STAFF = "后台的账号"
STAFF_ADD = """\
给在任的人开后台账号,显示一次启用码

能做什么由人员表里的角色和任期定,账号本身不带权限。
"""
STAFF_LIST = "已有的账号"
STAFF_RESET = "忘了密码、丢了手机:重新发启用码"
STAFF_LOGIN = "登录名,如 hongrui"
STAFF_PERSON = "给谁:手机号、openid 或者编号"
