"""What administrators read when something has to be mended: what is so, and what to do.

The first 35 characters are all that a text by SMS has room for.
"""

CHANNELS = {"wechat": "公众号", "sms": "短信"}

HALTED = "{channel}停发了:{detail}"
TEMPLATE_HALTED = "{channel}模板{template}发不出去:{detail}"
BUDGET_SPENT = "本月短信预算用完,普通通知停着,急事照发。要接着发,请调高预算"
BUDGET_LOW = "本月短信预算用了{percent}%,请看看够不够,不够就调高"
QUOTA_LOW = "今天公众号模板消息用了{percent}%,用完要等零点,大批通知请改天发"
SIGNATURE = "运营商说短信签名没有报备({code}),请到短信平台补报"
CONTENT = "运营商不收这类短信({code}),请到短信平台看模板和签名"
UNSEEN_CODE = "{channel}平台回了没见过的编号{code},请告诉开发者"
NO_RECEIPTS = "{count}条短信发出3小时没有回执,请到平台核对回执推送的地址"
BACKUP_OLD = "数据库{days}天没有备份了,请运行 mingbai backup"
BACKUP_NEVER = "数据库还没有备份过,请运行 mingbai backup"
NO_HOLIDAYS = "{year}年的放假安排还没有导入,请运行 mingbai import holidays"
UNKNOWN_PILE = "一天里有{count}条通知不知道送到没有,请运行 mingbai campaign list 查看"
STANDING = "通知{id}半小时没有进展,请运行 mingbai campaign show {id}"
KEY_FILE = "密钥文件和数据放在一起,备份一丢两样都丢,请挪开它"
HEARTBEAT = "{role}进程没有动静了,请看看它还在不在"
ACCOUNT = "公众号认证出了问题({event}),请到公众平台处理"

OVER = "已恢复:{detail}"
SEVERAL = "系统有{count}处要处理,请运行 mingbai check 看一看"
NOTICE_TITLE = "系统提醒"
"""Stands above an alarm that has to go out as an ordinary notice."""

ALARM = "系统提醒:${text}"
