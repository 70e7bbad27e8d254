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
QUEUE_NOT_YET = "现在只会在一个进程里运行,写了也用不上。"
LINKS_LEAD_HERE = "没有写,链接会指向 {url},别人的手机打不开。"

EXPECTED = {
    "server.host": "监听的地址,比如 127.0.0.1",
    "server.port": "1 到 65535 的整数",
    "server.public_url": "居民打开网页用的地址,http:// 或 https:// 开头,后面不带路径",
    "server.data_dir": "一个目录",
    "server.trusted_proxies": '地址或网段的列表,比如 ["127.0.0.1", "10.0.0.0/8"]',
    "server.metrics_token": "一串没有空格的字符",
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
