"""What resident pages say; the templates hold the rest."""

TITLE = "明白账"
UNKNOWN = "没有写"
NO_PAGE_TITLE = "没有这一页"
NO_PAGE = "这里没有公开记录,也可能是地址写错了。"
LATER_TITLE = "这一页现在打不开"
LATER = "请过一会儿再来看。账都在,没有丢。"
TO_VILLAGES = ("/v/", "看各村公开的账")
EXPENSE = "支出"
ENTRY = "一笔账"
UNPUBLISHED_TITLE = "{month}的账还没有公开"
UNPUBLISHED = "没有公开记录。公开以后,就在这一页看得到。"
TO_VILLAGE = "看{village}已公开的账"
