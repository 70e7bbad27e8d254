"""Each rating of queries.md, in words that its table does not use."""

import pytest

from tests.understanding.test_labelled_messages import TODAY, understanding
from understanding import Context, Intent

TABLE = {
    5: "非常满意 很满意哦 十分满意 满意得很 巴适得很 安逸得很 好得很 相当可以 特别好 满意惨了 "
    "太满意了 五星好评 满分 打满分 5分 给五分 五颗星 相当满意 巴适惨了 没得说的 一百分",
    4: "满意 满意的 比较满意 还满意 挺满意的 可以嘛 不错 蛮好 挺好的 4分 打四分 四星 "
    "较满意 还不错 要得 可以的 比较好 我满意",
    3: "一般 一般般 基本满意 马马虎虎 将就 凑合 还行 过得去 差不多 3分 三星 打三分 中等 "
    "一般化 勉强可以 不好不坏 还过得去 基本可以 普普通通 将将就就 就那样",
    2: "不满意 不太满意 不大满意 不咋个满意 不够满意 不是很满意 不怎么样 不咋样 有点差 2分 打两分 "
    "二星 不太好 不得行 差 有点不满意 不咋的 不巴适 不安逸 不怎么满意 不如人意",
    1: "很不满意 非常不满意 极不满意 太差了 差得很 糟糕得很 差劲得很 烂得很 1分 打一分 一星 "
    "孬得很 一点都不满意 根本不满意 完全不满意 差到家了 太撇了 撇得很 极差 失望得很 零分都不想给",
}
ROWS = [(text, rating) for rating, said in TABLE.items() for text in said.split() if text]
ASKED = Context(pending="rate")


@pytest.mark.parametrize(("text", "rating"), ROWS, ids=[row[0] for row in ROWS])
def test_a_rating_is_that_of_its_row(text: str, rating: int) -> None:
    meaning = understanding().read(text, today=TODAY, context=ASKED)

    assert meaning.as_json() == {"intent": "rate", "rating": rating}


@pytest.mark.parametrize(
    ("text", "rating"),
    [("1", 4), ("2", 3), ("3", 2), ("满意", 4), ("基本满意", 3), ("不满意", 2), ("选2", 3)],
)
def test_of_three_keys_the_first_is_the_best(text: str, rating: int) -> None:
    meaning = understanding().read(text, today=TODAY, context=Context(pending="rate3"))

    assert meaning.as_json() == {"intent": "rate", "rating": rating}


@pytest.mark.parametrize("text", ["6", "0", "10分", "打八分"])
def test_a_mark_that_is_none_is_asked_about(text: str) -> None:
    assert understanding().read(text, today=TODAY, context=ASKED).intent is Intent.UNCLEAR


@pytest.mark.parametrize("text", ["上个月花了好多", "低保名单", "下一页", "我要举报"])
def test_a_question_is_answered_though_a_rating_was_asked_for(text: str) -> None:
    asked = understanding().read(text, today=TODAY, context=ASKED)

    assert asked == understanding().read(text, today=TODAY)
