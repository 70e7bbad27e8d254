"""What the commands print for the operator."""

from storage.keys import KeyFileProblem

NOT_YET = "这个命令还没有做好。"

# --- keys -----------------------------------------------------------------------------------------

KEY_FILE = {
    KeyFileProblem.MISSING: "没有密钥文件 {path}。",
    KeyFileProblem.EXISTS: "密钥文件 {path} 已经有了,没有动它。",
    KeyFileProblem.OPEN_TO_OTHERS: "密钥文件 {path} 别的用户也能读,不用它。",
    KeyFileProblem.UNREADABLE: "密钥文件 {path} 打不开。",
    KeyFileProblem.DAMAGED: "密钥文件 {path} 不完整,或者被改过。",
    KeyFileProblem.UNWRITABLE: "密钥文件 {path} 写不下来。",
}
KEY_FILE_REMEDY = {
    KeyFileProblem.MISSING: "放回原来的密钥文件;刚开始用的话,运行 mingbai keys init。",
    KeyFileProblem.EXISTS: "要看是哪一个,运行 mingbai keys fingerprint。",
    KeyFileProblem.OPEN_TO_OTHERS: "运行 chmod 600 {path}",
    KeyFileProblem.UNREADABLE: "看看它的位置和权限:[security] key_file。",
    KeyFileProblem.DAMAGED: "用另存的那一份换掉它。",
    KeyFileProblem.UNWRITABLE: "看看目录在不在、能不能写:[security] key_file。",
}
KEYS_MADE = (
    "密钥文件建好了:{path}\n"
    "指纹 {fingerprint}\n"
    "另存一份在安全的地方。丢了它,存下的号码和消息谁也读不出来。"
)
OTHER_KEYS_NEEDED = (
    "数据库里有用别的密钥加密过的内容,不能另建一个密钥文件。\n"
    "要找的密钥文件,指纹是 {fingerprint}。找到后放到 {path}。"
)
DATABASE_UNAVAILABLE = (
    "数据库打不开,不知道里面有没有加密过的内容,所以没有建密钥文件。\n"
    "看看 [database] url 和数据库,再试一次。"
)

# --- the database: what is wrong, and below it what to do -----------------------------------------

UNFIT = {  # by storage.installation.Unfit, which is costly to import
    "empty": "数据库还没有建好。\n运行 mingbai migrate",
    "older": "数据库是旧版本的。\n运行 mingbai migrate,它会先备份再升级。",
    "newer": "数据库比这个程序新,旧程序不能用它。\n换成新版本的程序。",
    "demo": "这是演示用的数据库,不能正式使用。\n换一个:[database] url。",
    "other_keys": (
        "密钥文件不是这个数据库用的那一个:数据库要 {needed},现在的是 {fingerprint}。\n"
        "把原来的密钥文件找回来,放到 [security] key_file 的位置。"
    ),
}
DATABASE_CLOSED = "数据库打不开。\n看看 [database] url,数据库开着没有,文件是不是完好。"
DATABASE_BUSY = "数据库正忙,或者断开了,这次没有办成。\n过一会儿再试。"
DATABASE_FINE = "数据库能打开,版本和密钥都对得上"

# --- check ----------------------------------------------------------------------------------------

GOOD = "好"
NOTE = "注意"
CHANGE = "要改"
REMEDY = "办法:{remedy}"
ALL_GOOD = "都好。"
NOTHING_TO_CHANGE = "没有要改的,{notes} 处要注意。"
TO_CHANGE = "{changes} 处要改,{notes} 处要注意。"
PROBE_FAILED = "有一项没查成({error})。"
PROBE_FAILED_REMEDY = "把这一行告诉维护的人。"

CONFIG_FINE = "配置 {file}"
WECHAT_MODES = {
    "safe": "微信:安全模式",
    "compatible": "微信:兼容模式",
    "plain": "微信:明文模式",
    "off": "微信:没有开",
}
SMS_GATEWAYS = {
    "aliyun": "短信:阿里云,签名“{sign_name}”",
    "http": "短信:政务短信平台",
    "none": "短信:没有开",
}
KEY_FILE_FINE = "密钥文件 {path},指纹 {fingerprint}"
KEY_FILE_BESIDE_DATA = "密钥文件和数据放在同一个目录,谁拿走目录就什么都能读。"
KEY_FILE_BESIDE_DATA_REMEDY = "把 {path} 移到别处,在 [security] key_file 写上新的位置。"
DATA_DIR_FINE = "数据目录 {path}"
DATA_DIR_LATER = "数据目录 {path} 还没有,用到时会建"
DATA_DIR_CLOSED = "数据目录 {path} 写不进去。"
DATA_DIR_CLOSED_REMEDY = "看看目录和它的权限:[server] data_dir。"
QUEUE_FINE = "RabbitMQ 连得上"
QUEUE_CLOSED = "RabbitMQ 连不上({error})。什么都不会丢,要发的最多晚几秒。"
QUEUE_CLOSED_REMEDY = "看看 RabbitMQ 在不在运行,[queue] url 里的用户、密码、主机对不对。"
REDIS_FINE = "Redis 连得上"
REDIS_CLOSED = "Redis 连不上({error})。每个进程先用自己记得的。"
REDIS_CLOSED_REMEDY = "看看 Redis 在不在运行,[redis] url 里的密码、主机对不对。"
AT_WORK_NOW = "正在工作的进程:{processes}"
NOBODY_AT_WORK = "现在没有进程在工作:收不到消息,也不往外发。"
NOBODY_AT_WORK_REMEDY = "启动服务:mingbai serve。"
NO_WEB = "没有进程在收消息。"
NO_WORKER = "没有进程往外发。"
NO_SCHEDULER = "没有进程看时间:到点的通知不会开始。"
START_ONE = "再启动一个:mingbai serve --role {role}。"
MANY_ON_SQLITE = "几个进程共用一个 SQLite 文件,不会更快。"
MANY_ON_SQLITE_REMEDY = "只留一个 mingbai serve,或者换 PostgreSQL。"
CLOCK_FINE = "时间 {now}(北京)"
CLOCK_BEHIND = "这台机器的时间是 {now},比配置文件写下的时间还早,一定不对。"
CLOCK_BEHIND_REMEDY = "把时间调对。时间不对,微信的消息会被当成过期的。"
CLOCK_ALONE = "系统说,这台机器的时间没有和网络上的时间对过。"
CLOCK_ALONE_REMEDY = "打开 systemd-timesyncd 或 chrony。差到 5 分钟,微信的消息就收不了。"

# --- understand -----------------------------------------------------------------------------------

NO_SUCH_VILLAGE = "没有叫“{name}”的村。写全名,或 12 位区划代码。"
SEVERAL_VILLAGES = "叫“{name}”的不止一个:\n{villages}\n用 12 位区划代码说是哪一个。"
ONE_OF_THE_VILLAGES = "  {code} {name}({town})"
FILE_UNREADABLE = "文件 {file} 读不了。要一个 UTF-8 的文字文件,一行一题。"
ROW_UNREADABLE = "文件 {file} 第 {row} 行读不懂。要有 id、text;today 是日期,context 是对话的前情。"

# --- migrate --------------------------------------------------------------------------------------

BACKED_UP_FIRST = "升级前先备份好了:{file}"
MIGRATED = "数据库建好了。"
SCHEMA_CURRENT = "数据库已经是最新的,没有动它。"

# --- backup, restore ------------------------------------------------------------------------------

BACKUP = {  # by storage.backup.BackupProblem, which is costly to import
    "exists": "文件 {file} 已经有了,没有动它。换一个名字。",
    "unwritable": "文件 {file} 写不下来。看看目录在不在、空间够不够。",
    "unreadable": "备份 {file} 打不开。看看它在不在、能不能读。",
    "damaged": "备份 {file} 不完整,或者不是备份文件。数据库没有动。",
    "other_schema": (
        "备份 {file} 是另一个版本的程序做的。\n用那个版本恢复,再用这个版本运行 mingbai migrate。"
    ),
    "holds_data": (
        "数据库里已经有数据,没有动它。\n要恢复到空的数据库:在 [database] url 写一个新的。"
    ),
    "in_use": "数据库正在用,没有动它。\n先停下服务,再恢复。",
}
BACKED_UP = "备份好了:{file}\n密钥不在里面。恢复时要用指纹是 {fingerprint} 的密钥文件。"
BACKUP_KEYS_MISSING = "没有密钥文件 {path},没有恢复。\n要指纹是 {fingerprint} 的那一个,先放到那里。"
BACKUP_OTHER_KEYS = (
    "密钥文件不是备份时用的那一个,没有恢复。\n备份要 {needed},现在的是 {fingerprint}。"
)
RESTORED = (
    "恢复好了,是 {made_at}(北京)的备份。\n"
    "没发完的通知都停着。看过以后,用 mingbai campaign resume 让它们接着发。"
)

# --- verify ---------------------------------------------------------------------------------------

VERIFIED = "都对得上:公开和更正 {links} 次,操作记录 {acts} 条,没有被改动过。"
CHAIN_HEAD = "链头 {head}"
AUDIT_HEAD = "操作记录的链头 {head}"
HEAD_KNOWN = "以前记下的链头在里面,从那时起没有被重做过。"
HEAD_TOO_SHORT = "链头写得太短,至少要 16 位(0-9 和 a-f)。"
BROKEN = {  # by storage.chain.Flaw
    "order": "第 {link} 次公开的记录少了,或者重复了。",
    "link": "第 {link} 次公开的记录和前面的接不上。",
    "body": "第 {link} 次公开的内容被改过。",
    "columns": "第 {link} 次公开的村、月份、版本、时间或状态,和公开时不一样。",
    "personal": "第 {link} 次公开里,有姓名或摘要被改过,或者不见了。",
    "unlinked": "有一份账显示为公开,却没有公开的记录。",
    "head": "以前记下的链头不在里面:整条链被重做过。",
    "audit": "操作记录从第 {link} 条起对不上。",
}
BROKEN_WHERE = "编号 {disclosure}"
BROKEN_REMEDY = "先不要再公开。留好数据库,找最近的备份来比。"

NO_SUCH_ITEM = "这个村的权力清单里没有 {item}。mingbai import power-items 先导入,再公开。"
NOT_AN_AMOUNT = "--amount 写的是“{found}”,要写元数,比如 360 或 360.50。"
SEVERAL_APPLICANTS = "这个号码是几个人合用的,没有一个叫这个名字。--contact 写人员编号。"
UNKNOWN_APPLICANT = "--contact 写的人没有登记过。写手机号,或已登记的 openid、人员编号。"
MATTER_OPENED = "{item}:已经受理,最晚 {due} 办完。把下面的办件号告诉申请人:"
MATTER_HEAD = "{number} {item} {applicant} 受理 {opened} 期限 {due}"
MATTER_LINE = "  第{no}步 {name}({post}) {day}"
MATTER_NOT_YET = "还没有办"
MATTER_RESULT = "  结果 {day} {result}{amount}"
MATTER_AMOUNT = " {amount}元"
MATTER_TOLD = "结果会发给申请人。"
MATTER_NOT_TOLD = "申请人没有留号码,请当面告诉他。"
UNKNOWN_MATTER = "没有这个办件号。办件号是 8 位数字。"
MATTER_IS_DONE = "这件事已经办完,不能再改。"
MATTER_NEEDS_RESULT = "没有写结果,不能算办完。用 --result 写明。"
MATTER_STEPS_LEFT = "第{no}步还没有办,不能算办完。"
MATTER_NOT_IN_ORDER = "要一步一步办,现在该办第{no}步。"
MATTER_ALL_STEPS = "各步都办完了,只差结果:mingbai matter close。"
NOT_YOUR_STEP = "第{no}步由{post}办,--as 写的人在这个村不是。"

NOT_A_WORKBOOK = "《{file}》要以 .xlsx 或 .csv 结尾。"
FILE_EXISTS = "《{file}》已经有了,没有动它。换一个名字。"
FILE_UNWRITABLE = "《{file}》写不下来。看看文件夹在不在,能不能写。"
WORKBOOK_MADE = "做好了:{file}\n填好后运行 mingbai import {kind} {file}"

NOT_FOUR = "--last-four 要写身份证的最后四位,比如 123X。"
NO_NOTE = "--note 要写明是怎样核对的,比如“带身份证到村里,当面核对”。"
UNKNOWN_CONTACT = "这个号码还没有给我们发过消息,也没有登记。让本人先发一条,再来登记。"
VOUCHED = "记下了。他问“我的补贴”,就能看到自己的。"

NOTE_FOR_SQLITE = (
    "注意:数据库是 SQLite,同时只能有一个进程在写。几个进程({role} 和别的)也能一起用一个文件,"
    "但不会更快,只会互相等;一个进程(--role all)最合适。要开几个进程,请换 PostgreSQL。"
)
AT_WORK = "开始工作:{role}"
PORT_TAKEN = "{host}:{port} 已经有别的程序在用。换一个 [server] port,或先停掉那个程序。"
UNKNOWN_ASKER = "--as 写的人没有登记过,或不止一个。请写手机号、openid 或人员编号。"
NO_ADDRESS = "这个人没有这个渠道的地址。换 --channel 再试。"
NO_ANSWER = "这条消息不用回复。"

DEMO_NOT_OURS = "{data} 里已有别的文件,没有动它。换一个 --data 目录再试。"
DEMO_IMPORTING = "正在准备示例县的账目,要几秒钟…"
DEMO_IMPORT_FAILED = "示例数据没有导入:{reason}"
DEMO_READY = """
明白账演示已经打开:{url}
业务时间从 2026年11月24日 9点30分走起,页面上可以往前拨。
在周小满的手机上试试:
  我是听竹村的
  上个月花了好多钱
  2
  低保流程图
李婆婆用短信也能问;她发“我的补贴”,再发“李桂芳 1947”,看得到自己的。给村民发一条通知:
  .venv/bin/mingbai campaign create --config {config} --template notice \\
    --audience role=居民 --param title=停水通知 --param text=明天上午停水两小时
停止按 Ctrl-C。
"""

# --- template, campaign ---------------------------------------------------------------------------

TEMPLATE_LINE = "{code}({class})参数:{parameters};走:{channels};对应:{bound}"
NO_PARAMETERS, NOT_BOUND = "没有", "还没有"
TEMPLATE_HEAD = "{code}({notice_class})"
PARAMETER = "参数 {name}:登记短信模板时选 {kind}"
WORDING = "{channel},第 {version} 版({at},{author}):"
EARLIER_WORDING = "{channel},以前的第 {version} 版({at},{author}):"
AUTHORS = {"system": "自带", "operator": "操作员"}
LENGTH = "  短信一般 {usual} 条 {usual_yuan} 元,最长 {worst} 条 {worst_yuan} 元(70 字以内一条)"
BINDING = "对应:{gateway} {id} {fields} ({approval})"
APPROVALS = {
    "unknown": "不知道是否通过审核",
    "pending": "还在审核",
    "approved": "已通过审核",
    "refused": "没有通过审核",
}
TEMPLATE_STANDS = "{code} 在{gateway}{state}{reason}"
TEMPLATE_STANDS_REMEDY = "没有通过的改了再报,过了以后运行 mingbai template check。"
TEMPLATES_FINE = "{count} 个模板在平台通过了审核"
TEMPLATES_UNASKED = "问不到平台模板审核得怎么样:{why}"
NOTHING_BOUND = "还没有模板和平台对应起来。运行 mingbai template bind。"
APPROVAL_NOTED = "记下了:{code} 在 {gateway} {state}。"
NO_BINDING = "还没有和平台对应起来。运行 mingbai template bind {code} --gateway ... --id ..."
TEMPLATE_EDITED = "改好了:{code} 的{channel},第 {version} 版。"
OLD_AT_PROVIDER = (
    "阿里云那边登记的还是旧的说法。登记新的,再运行 "
    "mingbai template bind {code} --gateway aliyun --id ..."
)
TEMPLATE_BOUND = "记下了:{code} 在 {gateway} 是 {id}。"

GATEWAYS = {
    "wechat": "微信模板消息",
    "subscribe": "微信订阅通知",
    "aliyun": "短信",
    "http": "短信(政务平台)",
}
PREVIEW_HEAD = "{name}({post}) {way} {address}"
PREVIEW_PRICE = "  {segments} 条短信,{yuan} 元"
PREVIEW_ONLY = "这只是看看,没有发。"
NO_RECIPIENT = "--to 写的人没有登记过。先导入人员,或者写他的人员编号。"
SEVERAL_RECIPIENTS = "这个号码有几个人在用,--to 请写其中一个人的编号:\n{people}"
PREVIEW_SHORTENED = "  内容太长,截短了"
CHANNELS = {"wechat": "微信", "sms": "短信"}
FORECAST_PEOPLE = "会发给 {people} 人"
FORECAST_CHANNEL = "  {channel} {count} 条"
FORECAST_NONE = "  没有微信也没有手机号的 {count} 人,收不到:"
FORECAST_MORE = "    ……"
FORECAST_SHORTENED = "{count} 人收到的内容会截短,后面能看全文"
FORECAST_LEFT = "{channel}还能发 {left} 条"
FORECAST_PRICE = "约 {yuan} 元"
NOT_SENT_YET = "这次没有发。去掉 --dry-run 就发。"
CAMPAIGN_STATES = {
    "planned": "还没到时候",
    "running": "正在发",
    "held": "停着",
    "done": "发完了",
    "cancelled": "取消了",
}
DELIVERY_STATES = {
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
CAMPAIGN_HEAD = "{id} {template}:{state},{total} 人"
CAMPAIGN_LINE = "  {state} {count}"
CAMPAIGN_REACHED = "收到的 {people} 人({channels})"
CAMPAIGN_REPEATED = "可能收到两次的 {count} 人"
CAMPAIGN_PLANNED = "计划 {at}(北京)开始"
CAMPAIGN_HALT = "{channel}停发:{detail}({code})。{until}(北京)再试。"
BUDGET_HALT = "短信停发:{detail}。"
NO_CAMPAIGN = "没有编号是“{id}”的推送。"
NOT_HELD = "没有停着的。"
RESUMED = "{campaigns} 次推送接着发,还有 {deliveries} 条没发完。"
MAY_HAVE_GONE_OUT = "其中 {count} 条在恢复备份以前就该发了,可能已经发过。"
NOT_BEGUN = "还有 {count} 次推送备份时没开始,可能整次都发过。"
OCCURRENCES = "停着的 {count} 次定时提醒也会补上。"

# --- the service account: menu, QR codes ----------------------------------------------------------

MENU_WITHOUT_WECHAT = "微信没有开,没有菜单可换。\n要用微信,先填好 [wechat],mode 不要写 off。"
MENU_UNREADABLE = (
    "模板 menu 里读不出 1 到 {count} 的名字,没有换菜单。\n"
    "要像“1 看账 2 办事流程”这样写全。看现在的:mingbai template show menu"
)
MENU_LABEL_TOO_LONG = (
    "“{label}”太长,没有换菜单。微信在这个位置最多 {most} 个字。\n"
    "改短:mingbai template edit {template} --channel wechat --text 新的说法"
)
MENU_REFUSED = "菜单没有换成。{why}"
MENU_WOULD_BE = "会换成这样:"
MENU_IS = "菜单换好了:"
MENU_BUTTON = "  {label}"
MENU_OPENS = "  {label}(点开:{under})"
MENU_NOT_PUSHED = "这次没有换。去掉 --dry-run 就换。"
MENU_SOON = "各人的手机上,几分钟到一天里换成新的。"

QRCODE_WITHOUT_WECHAT = "微信没有开,做不了二维码。\n要用微信,先填好 [wechat],mode 不要写 off。"
QRCODE_EXISTS = "文件 {file} 已经有了,没有动它。换一个名字,或者加 --force。"
QRCODE_REFUSED = "二维码没有做成。{why}"
QRCODE_UNWRITABLE = "文件 {file} 写不下来。看看目录在不在、空间够不够。"
QRCODE_MADE = (
    "{village}({town})的二维码:{file}\n打印时边长不要小于 5 厘米。贴出去以前,先用手机扫一扫。"
)

API_NAMES = {
    "token": "登录",
    "template": "模板消息",
    "custom": "客服消息",
    "subscribe": "订阅通知",
    "menu": "菜单",
    "qrcode": "二维码",
    "user": "用户",
}
APIS_FINE = "微信接口能用:{apis}"
API_NOT_GRANTED = "这个公众号没有“{api}”接口的权限(48001),推送不走它。"
API_NOT_GRANTED_REMEDY = "要用它,先认证服务号,再在公众平台申请这个接口。"
API_ADDRESS = "微信不认这台机器的地址,“{api}”被拒(40164)。"
API_ADDRESS_REMEDY = "到公众平台把 {address} 加进 IP 白名单。"
API_KEYS = "微信说 app_id 或 app_secret 不对({code})。"
API_KEYS_REMEDY = "到公众平台重看一遍,改 [wechat] app_id 和 app_secret。"
API_REFUSED = "微信暂时不让用“{api}”接口({code})。"
API_REFUSED_REMEDY = "到公众平台看站内信,可能是额度用完或被限制。"
UNREACHABLE = "现在连不上 {host}。"
UNREACHABLE_REMEDY = "看看网络、代理和防火墙,再试一次。"
SMS_FINE = "短信平台认得我们的密钥"
SMS_REFUSED = "短信平台拒绝了我们({code})。"
SMS_REFUSED_REMEDY = "看看 [sms] access_key_id、access_key_secret 和它的权限、余额。"
NO_HOLIDAYS = "还没有 {year} 年的放假安排,工作日只按周末算。"
NO_HOLIDAYS_REMEDY = "国务院通知出来后,mingbai import holidays 文件。"

# --- purge ----------------------------------------------------------------------------------------

PURGE_KINDS = {
    "inbox": "收到消息的登记:{count} 条",
    "conversations": "没说完的对话:{count} 段",
    "deliveries": "发送记录:{count} 条",
    "receipts": "平台的回执:{count} 条",
    "names_in_lists": "还写着姓名的名单:{count} 份",
    "audit": "操作记录:{count} 条",
}
PURGE_WOULD = "这些到期了。这次只数一数,什么也没有删。"
PURGED = "到期的删好了。每次通知发了多少、到了多少,总数都留着;名单去掉姓名,金额和合计照旧。"
PURGE_FILE_STAYS = (
    "数据库文件不会变小,空出来的地方以后接着用。一定要变小:停下服务,用 sqlite3 打开它运行 VACUUM。"
)

# --- alarms ---------------------------------------------------------------------------------------

ALARM_SINCE = "从 {since} 起:{detail}"
ALARM_UNTOLD = (
    "还没能告诉任何管理。看看县里有没有角色是管理、留了手机号或微信的人,"
    "模板 alarm 绑定了没有(mingbai template bind)。"
)

# --- schedules ------------------------------------------------------------------------------------

SCHEDULES = {
    "disclosure_reminders": "公开到期的提醒",
    "disclosure_calendar": "公开日历",
    "lessons": "教育计划",
    "matter_limits": "办件到期的提醒",
    "weekly_news": "每周新公开",
    "integrity_reminders": "廉洁提醒",
    "digest": "合并的公开消息",
    "confirmations": "没有回话的提醒",
    "proposals": "提前提醒的提议",
    "inbox_clocks": "群众来件的时限",
    "satisfaction": "问满意不满意",
}
SCHEDULE_HEAD = "{title}  {name}"
SCHEDULE_RULE = "{rule},漏了{misfire}"
SCHEDULE_OWN = "(自己改过)"
SCHEDULE_LAST = "上次 {at} {state}"
SCHEDULE_NEVER = "还没有执行过"
SCHEDULE_COMING = "接下来 {days}"
MISFIRES = {"run_latest": "补最近一次", "run_all": "一次次都补", "skip": "就不补了"}
FIRINGS = {"done": "已执行", "skipped": "跳过了", "held": "停住了", "resumed": "等着补"}
DAY_OFF, DAY_WORKED, DAY_PROVISIONAL = "休", "班", "暂定"
NO_SCHEDULE = "没有叫“{name}”的定时任务。看有哪些:mingbai schedule list"
BAD_CRON = (
    '“{cron}”不是五段的时间规则:分 时 日 月 星期。比如每天9点是 "0 9 * * *",'
    '每周一9点是 "0 9 * * mon"。'
)
NOTHING_TO_SET = "说明要改什么:--cron、--misfire,或者 --usual 改回原来的。"
SCHEDULE_SET = "改好了,正在运行的服务从下一次起照新规则。"

# --- erasures -------------------------------------------------------------------------------------

ERASED_AGAIN = (
    "备份以后注销的,照 {list} 又删了一遍:{count} 个号码。"
    "那份名单如果不在这台机器上,先放到那个位置再恢复。"
)
ERASED_LIST_DAMAGED = "注销名单这一行不完整:{place}。没有恢复。请换上完好的那一份,或者删掉这一行。"

PAUSED = "暂停了。接着发: mingbai campaign resume {id}"
CANCELLED = "取消了。"
WENT_ON = "接着发了。"
RESENT = "已经补发,是第 {revision} 轮。"
NO_CAMPAIGNS = "还没有推送。"
LIST_HEAD = ("编号", "建立", "模板", "状态", "人次", "收到")
REPORT_WRITTEN = "写好了: {file}"
REPORT_UNWRITABLE = "写不了“{file}”: {reason}。换一个地方再试。"
REPORT_EMPTY = "这次推送还没有收件人。"
PROGRESS_BAR = "{bar} {percent}%  {done}/{total}"
PROGRESS_RATE = "每秒约 {rate} 条,还要 {left}"
FANNING_OUT = "收件人还在排,总数会变"
REVISION = "第 {revision} 轮"
SECONDS_LEFT = "{n} 秒"
MINUTES_LEFT = "{n} 分钟"
HOURS_LEFT = "{n} 小时"

# --- what follows where nobody confirms a reminder ------------------------------------------------

RULE_UNKNOWN = "模板“{template}”不要人回话。要回话的有:{known}"
RULE_OFF = "{template}:不要回话"
RULE_LINE = "{template}:没回话,{steps}"
RULE_REPEAT = "{hours}小时后再提醒一次"
RULE_SMS = "{hours}小时后发短信"
RULE_SUPERIOR = "{hours}小时后告诉上级"
RULE_JOINT = ",还没回话"

# --- early reminders ------------------------------------------------------------------------------

NO_PROPOSALS = "没有等着定的提议。"
PROPOSAL_LINE = "{number}  {at}  {village}  {title}  由{region}的{role}定"
PROPOSAL_TEXT = "同意了,提醒发给 {people} 人。夜里不打扰,早上再发。"
PROPOSAL_CALL = "记下了:由您当面或者打电话跟本人讲。没有发消息。"
PROPOSAL_DISMISSED = "记下了:不提醒。本人不会知道。"
PROPOSAL_NOT_YOURS = (
    "没有编号是“{number}”、归这个人定的提议。提前提醒只由村上面的镇或县里当天在任的管理来定,"
    "村里自己的人不能定,跟自己有关的也不能定。"
)
PROPOSAL_DECIDED = "编号“{number}”已经有人定过了,这次不算。"
PROPOSAL_NOBODY = "当时管这件事的人都不在任了,不用提醒。请用 proposal dismiss 写明原因。"
PROPOSAL_REASON = "--reason 要写明原因,1 到 {longest} 个字,这里是 {length} 个字。"

# --- the education plan ---------------------------------------------------------------------------

EDUCATION_STATES = {"planned": "待发", "sent": "已发", "missed": "错过了"}
EDUCATION_NO_OWNER = "没有写负责人"
EDUCATION_LINE = "{id}  {day}  {item}  {tag}  {kind}  {form}  {audience}  {owner}  {state}"
EDUCATION_JOINT = "、"
EDUCATION_SUM = "{year}年共 {lines} 条。正面 {good} 条,反面 {bad} 条。各类内容: {kinds}。"
EDUCATION_EMPTY = "这一年还没有教育计划。用 education plan make 可以先排一份。"
EDUCATION_ADDED = "排好了,编号 {id}: {day} 发 {item}。"
EDUCATION_REMOVED = "这一条去掉了,不会再发。"
EDUCATION_OTHERS = "其他"
EDUCATION_FIGURES = (
    "{name}: 收到 {reached} 人次,看过 {read} 人次,答题 {answered} 人次,"
    "答了 {answers} 道,答对 {right} 道"
)
EDUCATION_PAST_YEAR = "{year}年已经过去了,排不了计划。"
EDUCATION_NO_LIBRARY = "教育内容库是空的。请先用 import education 导入。"
EDUCATION_HAS_PLAN = "{year}年已经有计划了。要加就用 plan add,要去掉就用 plan remove。"
EDUCATION_PAST_DAY = "--day 写的是 {day},已经过去了;今天是 {today}。请写今天或者以后的日子。"
EDUCATION_FORM = "--form 写的是“{form}”,{item} 没有这种形式。它有: {forms}。"
EDUCATION_NO_ITEM = "--item 写的是“{item}”,内容库里没有这个编号。编号像 EDU001、CASE01。"
EDUCATION_TWICE = "{day} 已经给这些人排了 {item},不用再排。"
EDUCATION_LONG = "{name} 太长了,最多 {most} 个字。"
EDUCATION_NO_LINE = "没有编号是“{id}”、还没发出去的计划。编号见 education plan show。"

STAFF_LOGIN = "登录名“{login}”不行:用3到30个小写字母、数字,中间可以有点和横线。"
STAFF_NO_POST = "这个人现在没有任职,进不了后台。请先用 import people 导入他的角色和任期。"
STAFF_TAKEN = "登录名“{login}”有人用了,或者这个人已经有账号。用 staff list 看一看。"
STAFF_UNKNOWN = "没有登录名“{login}”。用 staff list 看一看。"
STAFF_ADDED = "账号 {login} 开好了,能做的事按任职定:{held}"
STAFF_START = "请本人打开 {url}/console/first 设密码。启用码(三天内用一次,只显示这一回):{code}"
STAFF_NOBODY = "还没有账号。用 staff add 开第一个。"
STAFF_STATES = {"open": "在用", "starting": "等本人设密码", "closed": "已停用"}

DEMO_STAFF = "后台 {url}/console/   登录码在 {url}{codes}"
DEMO_STAFF_LINE = "  {login}  {password}  {name}({office})"
DEMO_CODES_PAGE = """\
<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>演示用的登录码</title>
<h1>演示用的登录码</h1><p>每半分钟换一次,一个码只能用一回。<a href="/console/">去登录</a></p>
<table border="1" cellpadding="8"><tr><th>姓名<th>职务<th>登录名<th>密码<th>登录码
{rows}
</table></html>
"""
