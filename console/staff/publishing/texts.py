"""What the pages of bringing in and publishing say."""

TITLE = "账目和公开"
UPLOAD_TITLE = "上传文件"
FILE_TITLE = "看一遍:{file}"
REGISTER_TITLE = "谁在任、谁回避"
REGISTER_OF = "谁在任、谁回避:{place}"

KINDS = {
    "ledger": "财务收支账",
    "subsidies": "补贴名单",
    "projects": "工程项目",
    "assets": "资产资源",
    "decisions": "会议决议",
    "documents": "公开事项",
    "rules": "制度规则",
    "contacts": "联系方式",
    "power-items": "权力清单",
}
KIND_OF_VERSION = {**KINDS, "accounts": "财务收支账"}
STATES = {
    "draft": "草稿",
    "submitted": "等人签",
    "signed": "签齐了,等公开",
    "published": "已公开",
    "corrected": "已更正",
    "withdrawn": "已撤下",
}
ATTACHMENTS = {"sheet": "签字盖章的单子", "voucher": "凭证", "photo": "照片"}
ACTS = {
    "submitted": "提交",
    "recalled": "撤回",
    "given_back": "退回",
    "accepted": "确认了有疑问的行",
    "signed": "签字",
    "published": "公开",
    "withdrawn": "撤下",
    "attached": "附了照片",
    "erased": "隐去了个人信息",
}
OPERATOR = "管服务器的人"

TODO_SIGN = "签:{place} {name}"
TODO_PUBLISH = "公开:{place} {name}"
TODO_MEND = "改好再交:{place} {name}"

CHOOSE_KIND = "选一种内容"
CHOOSE_PLACE = "写您管的村名或12位代码"
SEVERAL_PLACES = "有几个村叫这个名字,写12位代码"
CHOOSE_FILE = "选一个文件(Excel、CSV 或 ODS)"
FILE_TOO_LARGE = "文件最多 {megabytes} MB,这个太大。分成几个,或者另存一份再传。"
UPLOADED = "读好了,还没有存。看一遍,没问题再存成草稿。"
MENDED = "改好了,下面是按新的读的。"
STORED = "存成草稿了。下面是这份文件的,逐份看过再提交。"
STORED_NOTHING = "和已有的一样,什么也没有变。"
DROPPED_FILE = "扔掉了,什么也没有存。"
OVERTAKEN_FILE = "别人刚才也改过这份文件。下面是现在的样子,您刚写的还在格子里,看过再存一次。"
NOT_OPEN = "这份文件已经办完了。"

SUBMITTED = "提交了,等两位审核的人签。"
RECALLED = "撤回了,可以接着改。"
GIVEN_BACK = "退回了,提交的人会看到原因。"
SETTLED = "确认了{count}行。"
SIGNED = "签好了,再有一位签就可以公开。"
SIGNED_ALL = "签好了,两位都签了,可以公开。"
PUBLISHED = "公开了,大家现在就看得到。"
WITHDRAWN = "撤下了,原因大家看得到。"
DROPPED = "草稿扔掉了。"
OVERTAKEN = "别人刚才动过这一份。下面是现在的样子,看过再办。"
ATTACHED = "附上了。照片里的地点、时间等信息已经去掉。"
NOT_A_PHOTO = "这个文件不是能看的照片,选一张 JPG 或 PNG。"
NO_PHOTO = "选一张照片。"
TOO_MANY_PHOTOS = "附的照片已经太多了,最多{most}张。"
UNKNOWN_ATTACHMENT = "选是哪一种照片"

DECLARED = "登记了。"
TAKEN_BACK = "去掉了。"
CHOOSE_TWO = "选两个不同的人和他们的关系"

BOTH = "{name}又执行又监督:是{office},又是{reviews}。要由别人来签。"
KIN = "{name}({reviews})和{other}({office})登记为{relation}。村委会成员的近亲属不进监委会。"
TOO_FEW = "能签的只有{count}位,要2位。请镇上增补,或者由镇、县的“审核”来签。"
ENDING = "{name}({office})的任期到{day}为止。"

FIELD_SUMS = ("月初余额", "收入", "支出", "月末余额")
SHEET_NAME = "签字单-{place}-{name}.pdf"
EXPORTED_SHEET = "signing sheet"

ENTRY_COLUMNS = (
    "日期", "凭证号", "摘要", "科目", "收支", "金额", "对方", "经手人", "审批人", "监委会",
)  # fmt: skip
STEP_COLUMNS = ("步", "做什么", "岗位")
QUORUM = (
    "“{title}”:应到{invited}人,至少到{least}人,实到{present}人;"
    "到会的过半是{more}人,同意{agree}人;写的结果是“{result}”。"
)
CARRIED = "上月公开的月末余额是{before},这个月的月初余额是{opening},{verdict}。"
CARRIED_OK, CARRIED_OFF = "接得上", "接不上"

DUTIES = {
    "干部": "村委会等:执行,准备公开",
    "录入": "把账目和名单录进来",
    "审核": "审核签字,不录入、不经手",
    "监委会": "村务监督委员会:公开前审核,不执行",
    "监督员": "纪检、廉情监督:看,不签",
    "管理": "管理本地的系统",
    "值班": "紧急时值班",
}

AD_HOC_TITLE = "要马上公开的"
TODO_AD_HOC = "要马上公开的,有{count}条等您看"
AD_HOC_REFUSED = "没有公开,原因记下了。"
DECIDED = "别人已经办过这一条了。"
