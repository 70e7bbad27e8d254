"""What resident pages say; the templates hold the rest."""

TITLE = "明白账"
UNKNOWN = "没有写"
NO_PAGE_TITLE = "没有这一页"
NO_PAGE = "这里没有公开记录，也可能是地址写错了。"
LATER_TITLE = "这一页现在打不开"
LATER = "请过一会儿再来看。账都在，没有丢。"
TO_VILLAGES = ("/v/", "看各村公开的账")
INCOME, EXPENSE = "收入", "支出"
ENTRY = "一笔账"
NOTICE = "通知"
CARD_SENDER = "廉洁提醒"
UNPUBLISHED_TITLE = "{month}的账还没有公开"
UNPUBLISHED = "没有公开记录。公开以后，就在这一页看得到。"
TO_VILLAGE = "看{village}已公开的账"
AT_LEAST = "{yuan}以上"
AT_MOST = "{yuan}以下"
HAS_WORDS = "有“{words}”"
QUESTIONS = "群众问答"
QUESTIONS_NOTE = "村民问的，村里答的"
MATTERS = "办事结果"
MATTERS_NOTE = "村民申请的事,办成了什么样"

# --- was anything changed -------------------------------------------------------------------------

CHECK = "查有没有被改动"
CHECK_NOTE = "公开过的每一份，和公开时一不一样"
CHECK_TITLE = "{village}：有没有被改动"
ACCOUNTS_OF = "{month}的账"
ONE_DISCLOSURE = "公开过的一份内容"
FLAWS = {
    "order": "第{link}环缺了或者重了。",
    "link": "第{link}环和前一环接不上。",
    "body": "{what}和公开时的不一样，或者不见了。",
    "columns": "{what}的日期、版本或者村名和公开时的不一样。",
    "personal": "{what}里的姓名或摘要和公开时的不一样。",
    "unlinked": "{what}不在公开的记录里，是后来放进去的。",
    "head": "以前的链头不见了，整条记录重做过。",
    "audit": "经办的记录接不上。",
}
"""What each flaw of the chain means to a reader."""
CARD_SOURCE = "{month}月财务公开表({at}公开,第{version}版)"

# --- power items ----------------------------------------------------------------------------------

POWER = "权力清单"
POWER_NOTE = "{count}项：怎么办、谁来办、谁监督"
POWER_TITLE = "{unit}权力清单"
POWER_OF_POST = "{unit} {post}"
POWER_ITEM_TITLE = "{name}（{code}）"
POWER_COUNTY, POWER_UNIT = "县里的", "本地的"
POWER_SOURCE = "权力清单{code}（{since}起用，{at}公开，第{version}版）"
POWER_EXAMPLE = "，示例，还没有核定"

# --- what is disclosed besides accounts -----------------------------------------------------------

NOT_DISCLOSED_YET = "还没有公开"
LISTS_COUNTED = "{count}份"
COUNTED = "{count}{measure}"
NO_RECORDS_TITLE = "{kind}还没有公开"
NO_RECORDS = "没有公开记录。想看的，可以向村委会书面申请查询，要给答复。"
NOT_YET_IN_FORCE = "还没有施行"
REPEALED = "已经废止"
ANNOUNCED = "公示"
SMALL = {"end": "{value}到期", "effective": "{value}起", "on_duty": "值班{value}"}
ONLY_ANNOUNCED = "这份还在公示，没有定下来，有意见现在就可以提。"
RULE_REPEALED = "{day}起已经废止。"
RULE_NOT_YET = "{day}起才施行。"

# --- a reminder that asks for a word back ---------------------------------------------------------

CONFIRM_TITLE = "一条提醒"
CONFIRM_SAID = {
    "open": "看到了就按一下“收到了”。短信和微信里回个9也行。",
    "confirmed": "记下了,谢谢。",
    "escalated": "等您等久了,已经先跟上级说了一声。请抓紧办。",
    "expired": "不用再回了,谢谢。",
}
