"""Each row of the table of amounts (queries.md, Amounts), in words that it does not use."""

import pytest

from tests.understanding.test_labelled_messages import TODAY, understanding
from understanding import Amount

# said in some ways; lowest and highest yuan
TABLE: list[tuple[str, int | None, int | None]] = [
    ("两万以上的支出 两万块往上的开支 2万元及以上的账 两万朝上的支出 超过两万的支出 大于2万块的账 "
     "不止两万的开支 高出两万的支出 比两万多的支出 两万开外的支出 至少两万的账 不少于2万的支出 "
     "过了两万的支出 两万起的支出 两万出头的支出 多于两万元的账 不低于20000的支出 20000以上的 "
     "贰万以上的支出", 20_000, None),
    ("800块以下的支出 八百元以内的账 不到八百的支出 不超过800元的开支 低于八百的账 "
     "800往下的支出 不足八百块的支出 小于800的支出 比八百少的支出 至多八百块的账 没超过八百的开支 "
     "八百块钱都不到的支出 少于八百元的账 未满八百的支出 不满800块的账 顶多八百的支出 "
     "八百块之内的支出", None, 800),
    ("三千到八千的支出 3000至8000块的账 3000-8000元的开支 三千块到八千块之间的账 三到八千的支出 "
     "3000~8000的支出 大于三千小于八千的支出 三千以上八千以下的账 从三千到八千的开支 "
     "介于三千和八千之间的支出 不低于3000不高于8000的支出 三千跟八千之间的支出 "
     "超过三千不到八千的账", 3_000, 8_000),
    ("一万到三万的账 1至3万的支出 1万-3万的开支 一到三万块的支出 1.0万到3万的账 "
     "一万至三万之间的支出",
     10_000, 30_000),
    ("四万五那笔 4万5的那笔 4.5万那笔 四万五千块那笔 45000元那笔 肆万伍那笔 45,000块那笔 "
     "四万五千元整那笔", 45_000, 45_000),
    ("六千二那笔 6千2那笔 6200块那笔 六千两百元那笔 6.2千那笔", 6_200, 6_200),
    ("一百五那笔 150块那笔 一百五十元那笔", 150, 150),
    ("四千多那笔 四千多块的支出 4000多的那笔 4千多块钱那笔 四千余元的账 四千几那笔",
     4_000, 4_999),
    ("两百多那笔 二百多块的支出 200多的那笔", 200, 299),
    ("一万多那笔 1万多块的支出 万多块钱那笔 一万余元的账", 10_000, 19_999),
    ("二十多万的工程 20多万那笔 二十几万的支出", 200_000, 299_999),
    ("六千左右的支出 六千上下的账 大概六千的支出 差不多六千块的账 6000来块的支出 约6000元的支出 "
     "大约六千的账 六千块样子的支出 将近六千的支出 六千把块的支出 估计六千的支出 接近六千的账",
     5_400, 6_600),
    ("两万上下的账 2万左右的支出 大概两万块的支出 两万来块的账 差不多2万的支出",
     18_000, 22_000),
    ("上万的支出 上万块的账 过万的开支 上万元的花销 破万的支出", 10_000, None),
    ("上千的支出 上千块的账 过千的开支", 1_000, None),
    ("上十万的支出 十万以上的账 过十万的工程 上了十万的支出", 100_000, None),
    ("万把块的支出 万把块钱的账 万把的支出", 9_000, 11_000),
    ("千把块的支出 千把块钱的账", 900, 1_100),
    ("万把块钱以内的支出 万把块以下的账 不到万把块的支出", None, 10_000),
    ("百把万以下的工程 一百万以内的工程 不超过100万的工程", None, 1_000_000),
]  # fmt: skip
NO_AMOUNTS = (
    *("半溪村的账", "一事一议的账", "五保名单", "一卡通的钱", "三资台账", "80岁的补贴", "三组的账"),
    *("低保一个月好多", "门面一年要好多", "第8村民小组的支出", "四议两公开", "三重一大的事"),
    *("两委班子", "十一期间的支出", "三八节的支出", "一亩地好多钱", "千万不要乱花钱",),
    *("万一账不对咋办", "2025年的支出", "202503的账", "A3F9-22", "看第12条", "100度电费好多"),
    *("八十岁老人的补贴", "第一书记是哪个", "五一的账", "3队修路的钱"),
)  # fmt: skip
ROWS = [(text, low, high) for said, low, high in TABLE for text in said.split()]


def fen(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100


@pytest.mark.parametrize(("text", "low", "high"), ROWS, ids=[row[0] for row in ROWS])
def test_an_amount_has_the_bounds_of_its_row(text: str, low: int | None, high: int | None) -> None:
    amount = understanding().read(text, today=TODAY).slots.amount

    assert amount is not None
    assert amount.as_json() == Amount(fen(low), fen(high)).as_json()


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_numbers_of_other_things_are_no_amounts(text: str) -> None:
    assert understanding().read(text, today=TODAY).slots.amount is None
