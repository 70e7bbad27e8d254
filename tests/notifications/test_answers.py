"""Any reply has a place in one of the registered templates, and its figures are never cut."""

from hypothesis import given
from hypothesis import strategies as st

from notifications.answers import fitted, plain, three
from notifications.catalogue import CATALOGUE
from notifications.segments import length
from notifications.sms_rules import fits

TOTAL = {
    "village": "听竹村",
    "period": "2026年10月",
    "direction": "支出",
    "amount": "38420.50",
    "count": "31",
}
SIGN = "明禾公开"


def test_a_sum_has_a_template_of_its_own() -> None:
    answer = fitted("answer_total", TOTAL, "听竹村 2026年10月\n支出 38,420.50元")

    assert answer.template == "answer_total"
    assert answer.text == "听竹村,2026年10月,支出合计38420.50元,共31笔。回复1细看"
    assert length(answer.text, SIGN) <= 70


def test_a_sum_and_its_first_entries_fit_one_text() -> None:
    entries = ["村道补坑9800元", "保洁劳务6200元", "水泵修理3150元"]

    answer = three(TOTAL, entries, "", sign_name=SIGN)

    assert answer.template == "answer_three"
    assert answer.params["list"].startswith("1村道补坑9800元")
    assert length(answer.text, SIGN) <= 70


def test_entries_that_have_no_room_are_left_out_whole() -> None:
    entries = ["村文化活动广场照明设施更换9800元", "水利渠道清淤工程劳务6200元", "水泵修理3150元"]

    answer = three(TOTAL, entries, "", sign_name=SIGN)

    assert answer.params["list"] == "1村文化活动广场照明设施更换9800元"


def test_a_value_that_no_form_fits_sends_the_answer_as_free_lines() -> None:
    whole = "听竹村 2026年10月\n支出 -300.50元"

    answer = fitted("answer_total", TOTAL | {"amount": "-300.50"}, whole)

    assert answer.template == "answer_text"
    assert answer.params == {"text": "听竹村 2026年10月,支出 -300.50元"}


def test_an_answer_without_a_template_goes_as_free_lines() -> None:
    assert fitted("nothing", {}, "好。").params == {"text": "好"}
    assert fitted("answer_total", {"village": "听竹村"}, "好").template == "answer_text"


def test_two_lines_are_split_at_a_sentence() -> None:
    answer = plain("您说的这一项没有公开记录。要不要把您的问题转给村委会?要就回复是,不要就不用回。")

    assert answer.template == "answer_text2"
    assert answer.text == (
        "答:您说的这一项没有公开记录。要不要把您的问题转给村委会,要就回复是,不要就不用回"
    )
    assert answer.rest == ""


def test_what_is_said_of_a_thing_does_not_part_from_its_name() -> None:
    lines = ["听竹村", "黄*", "补贴项目:最低生活保障", "所属期:2026年10月", "组别:1组", "数量:1人"]

    answer = plain("\n".join(lines))

    assert answer.params["first"] == "听竹村,黄*,补贴项目:最低生活保障,所属期:2026年10月"
    assert answer.params["second"] == "组别:1组,数量:1人"


def test_a_line_is_begun_only_where_it_ends_well() -> None:
    lines = [
        "听竹村 2026年10月",
        "1. 三组道路坑槽修补 支3,798.83元(10月26日)",
        "回复编号看凭证和经手人",
    ]

    answer = plain("\n".join(lines))

    assert answer.params["first"] == "听竹村 2026年10月"
    assert answer.params["second"] == "1. 三组道路坑槽修补 支3,798.83元。回复0继续"
    assert answer.rest.startswith("(10月26日)")


def test_what_no_text_may_tell_is_said_otherwise() -> None:
    answer = plain("微信申请即时生成编号\n有事打028-87654321\n或看 https://a.example/v")

    kinds = {p.name: p.kind for p in CATALOGUE[answer.template].parameters}
    assert all(fits(kinds[name], value) for name, value in answer.params.items())
    assert "公众号申请即时生成编号" in answer.text
    assert "12388" in plain("请打12388").text


def test_a_number_does_not_run_into_what_it_counts() -> None:
    answer = three(TOTAL, ["10月保洁员劳务费1500元", "水泵修理3150元"], "", sign_name=SIGN)

    assert answer.params["list"] == "1、10月保洁员劳务费1500元2水泵修理3150元"


def test_what_has_no_room_waits_for_a_zero() -> None:
    text = "。".join(f"第{n}件事情要这样办才行" for n in range(1, 12))

    answer = plain(text)

    assert answer.params["second"].endswith("。回复0继续")
    assert answer.rest.startswith("第")
    assert plain(answer.rest).text != answer.text


@given(st.text(max_size=300) | st.text("①微信电话0281.comq微村㎡【】\n,。", max_size=300))
def test_any_text_becomes_values_that_the_provider_takes(text: str) -> None:
    answer = plain(text)

    kinds = {p.name: p.kind for p in CATALOGUE[answer.template].parameters}
    assert set(answer.params) == set(kinds)
    assert all(1 <= len(value) <= 35 for value in answer.params.values())
    assert all(fits(kinds[name], value) for name, value in answer.params.items())


@given(
    amount=st.integers(0, 10**10).map(lambda fen: f"{fen // 100}.{fen % 100:02d}"),
    count=st.integers(1, 9999).map(str),
)
def test_figures_arrive_as_they_are(amount: str, count: str) -> None:
    answer = fitted("answer_total", TOTAL | {"amount": amount, "count": count}, "全文")

    assert answer.template == "answer_total"
    assert f"{amount}元,共{count}笔" in answer.text
    kinds = {p.name: p.kind for p in CATALOGUE["answer_total"].parameters}
    assert all(fits(kinds[name], value) for name, value in answer.params.items())
