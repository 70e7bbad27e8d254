"""The Chinese that the pretend platforms and the phones show."""

from typing import Any

SERVICE_NAME = "明白账"

# wechat.md 1.3, word for word.
SERVICE_FAILED = "该公众号提供的服务出现故障，请稍后再试"

FOLLOWED = "关注了“明白账”"
UNFOLLOWED = "取消了关注"
SCANNED = "扫了二维码"
PRESSED = "点了“{label}”"
ALLOWED = "同意接收一次通知"
REFUSED = "不接收这类通知"
LINK_REFUSED = "打不开这个链接：redirect_uri 参数错误"

CARD_TITLE = "服务通知"

PHOTO = "[图片]"
VOICE = "[语音]"
PLACE = "[位置]"
OTHER = "[消息]"

MENU: list[dict[str, Any]] = [
    {
        "name": "查询",
        "sub_button": [
            {"type": "click", "name": "看账", "key": "accounts"},
            {"type": "click", "name": "办事", "key": "power"},
        ],
    },
    {
        "name": "监督",
        "sub_button": [
            {"type": "click", "name": "举报", "key": "tip"},
            {"type": "click", "name": "订阅", "key": "follow"},
        ],
    },
    {
        "name": "服务",
        "sub_button": [
            {"type": "click", "name": "帮助", "key": "help"},
            {"type": "click", "name": "找人工", "key": "human"},
            {"type": "click", "name": "收到提醒", "key": "confirm"},
        ],
    },
]

SAMPLE_PHONES: list[dict[str, Any]] = [
    {
        "who": "oSimZhouXiaoman0000000000001",
        "channel": "wechat",
        "name": "周小满",
        "caption": "听竹村村民，微信",
        "tries": (
            "上个月花了多少钱",
            "最大的三笔是什么",
            "修路用了好多钱",
            "和9月比呢",
            "1",
            "下一页",
            "低保流程图",
            "今年低保有哪些人",
            "村主任有哪些权力",
        ),
        "village": "听竹村",
        "scene": "v_990101101200",
    },
    {
        "who": "16600010071",
        "channel": "sms",
        "name": "李婆婆",
        "caption": "71岁，老人机，短信",
        "tries": ("我是听竹村的", "10月份花了好多钱", "1", "0", "我的补贴", "李桂芳 1947"),
        "village": "听竹村",
        "scene": None,
    },
    {
        "who": "oSimCunKuaiji000000000000002",
        "channel": "wechat",
        "name": "村会计",
        "caption": "听竹村会计，微信",
        "tries": ("1", "上个月的账公开没有", "帮助"),
        "village": "听竹村",
        "scene": "v_990101101200",
    },
    {
        "who": "oSimJianduyuan00000000000003",
        "channel": "wechat",
        "name": "监督员",
        "caption": "听竹村监督员，微信",
        "tries": ("这个月有没有超过一万的", "保洁花了多少", "订阅财务公开"),
        "village": "听竹村",
        "scene": "v_990101101200",
    },
]
