"""What the console says around every page."""

NOTHING_TITLE = "没有这个页面"
NOTHING = ("地址可能写错了,或者这里不归您管。", "请从左边的栏目重新进去。")
FAILED_TITLE = "现在打不开"
FAILED = (
    "我们这边出了点问题,已经记下来了。",
    "请过几分钟再试。您填的内容可以按浏览器的返回键找回。",
)
OUTDATED_TITLE = "这个页面放得太久了"
OUTDATED = ("没有改动任何东西。", "请返回上一页,刷新后再提交一次。")
TOO_LARGE_TITLE = "文件太大"
TOO_LARGE = "一次最多上传 {megabytes} MB。请分成几个文件,或者把照片缩小一些。"
