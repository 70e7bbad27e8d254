"""Nothing personal is let through, and no firm is hidden (domain.md 8)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbooks.making import HEAD, entry, rows_of, save_csv
from workbooks.ledger import Verdict
from workbooks.names import SINGLE, join_name, mask_name
from workbooks.parties import duty_bearer, duty_bearers, public_party, public_summary

GIVEN = st.text(
    st.sampled_from("明芳军秀建玉国桂文小志红春华兴素光丽德英兰梅"), min_size=1, max_size=2
)
NAMES = st.builds("".join, st.tuples(st.sampled_from(sorted(SINGLE)), GIVEN))


@given(NAMES)
def test_any_name_of_a_person_is_masked(name: str) -> None:
    masked = public_party(name).text

    assert masked == mask_name(name)
    assert "*" in masked
    assert masked[0] == name[0]


@given(
    NAMES, st.sampled_from(["{}等", "{}等3人", "三组{}", "村民{}", "{}户", "{}(三组)", "{}代领"])
)
def test_name_is_masked_in_what_stands_around_it(name: str, form: str) -> None:
    public = public_party(form.format(name)).text

    assert name not in public
    assert public == form.format(mask_name(name))


@given(st.lists(NAMES, min_size=2, max_size=4), st.sampled_from(["、", ",", " ", "/", "\n"]))
def test_every_name_of_a_list_is_masked(names: list[str], separator: str) -> None:
    public = public_party(separator.join(names)).text

    assert not any(name in public for name in names)


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("王芳", "王*"), ("罗玉芳", "罗*芳"), ("欧阳德贵", "欧**贵"), ("罗玉芳等", "罗*芳等"),
        ("谭桂英等", "谭*英等"), ("罗玉芳、宁兰", "罗*芳、宁*"), ("王 芳", "王*"),
        ("老张", "老*"), ("保洁员罗玉芳", "保洁员罗*芳"), ("罗玉芳保洁工资", "罗*芳保洁工资"),
        ("侯大成和宁兰", "侯*成和宁*"), ("买买提·吐尔逊", "买*****逊"),
        ("张三李四王五", "张****五"), ("青溪电器维修店(张三)", "青溪电器维修店(张*)"),
    ],
)  # fmt: skip
def test_persons_are_masked(written: str, public: str) -> None:
    assert public_party(written).text == public


@pytest.mark.parametrize(
    "name",
    [
        "竹影镇财政所", "青溪电器维修店", "稻香印务部", "双泉劳务队", "石磨五金店",
        "禾信通讯营业厅(虚构)", "明禾县供电营业站(虚构)", "望月农机专业合作社",
        "禾泰财务代理服务站", "云盘运输队", "泉水苗圃", "明禾县惠民打印社", "椒香食品厂",
        "书屋网点(虚构)", "听竹村村委会", "一组成员清册", "一组", "全体村民", "村民代表",
        "12户村民", "农户", "供电所", "移动公司", "残疾人联合会", "张三丰五金店", "顺丰",
        "王*", "罗*芳等", "欧**贵", "张某某", "听竹村三组", "水厂", "农资店", "县医院",
    ],
)  # fmt: skip
def test_firms_bodies_and_masked_names_stay(name: str) -> None:
    assert public_party(name).text == name


def test_full_width_brackets_are_spelt_in_half_width() -> None:
    assert public_party("明禾县农商银行（虚构）").text == "明禾县农商银行(虚构)"


def test_identity_number_in_the_row_makes_whoever_is_named_a_person() -> None:
    assert public_party("张建社", has_id_number=True).text == "张*社"
    assert public_party("稻香印务部", has_id_number=True).text == "稻香印务部"


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("残疾人张三", "张*"),
        ("低保户李四", "李*"),
        ("张三(残疾)", "张*"),
        ("罗玉芳(患病)", "罗*芳"),
    ],
)
def test_plight_beside_a_payee_goes_and_is_asked_about(written: str, public: str) -> None:
    party = public_party(written)

    assert party.text == public
    assert party.flags == ("private_condition",)


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("慰问残疾人张三", "慰问残疾人张*"), ("慰问张三住院", "慰问张*住院"),
        ("王小明残疾补贴", "王*明残疾补贴"), ("慰问大病患者欧阳德贵", "慰问大病患者欧**贵"),
        ("给低保户李四买药", "给低保户李*买药"), ("孤儿张小宝学费", "孤儿张*宝学费"),
        ("低保户高小明危房改造", "低保户高*明危房改造"), ("张三因住院救助", "张*因住院救助"),
    ],
)  # fmt: skip
def test_name_beside_a_plight_is_masked_and_asked_about(written: str, public: str) -> None:
    summary = public_summary(written)

    assert summary.text == public
    assert summary.flags == ("private_condition",)


@pytest.mark.parametrize(
    "summary",
    [
        "慰问困难家庭", "春节慰问困难家庭12户", "慰问困难老党员", "慰问高龄老人", "残疾人补贴发放",
        "贫困户产业补助", "困难群众临时救助", "残疾人康复训练", "残疾人文化活动", "困难户房屋修缮",
        "低保户申请表印制", "五保户丧葬费", "特困人员供养", "留守老人慰问品", "慰问住院职工",
        "便民路硬化工程进度款(议事会决议附后)", "付三组修沟小工",
    ],
)  # fmt: skip
def test_plight_without_a_name_is_no_doubt(summary: str) -> None:
    assert public_summary(summary) == (summary, ())


def test_payee_is_masked_in_the_summary_too() -> None:
    assert public_summary("付罗玉芳保洁工资", "罗玉芳") == ("付罗*芳保洁工资", ())


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("付工钱13812345678", "13812345678"),
        ("付李四13812345678工钱", "13812345678"),
        ("身份证 990101199001010010", "990101199001010010"),
        ("转卡6222 0000 0000 0000 018", "0000 0000"),
        ("电话138-1234-5678", "1234"),
        ("电话１３８１２３４５６７８", "１３８１２３４５６７８"),
        ("电话一三八一二三四五六七八", "一三八一二三四五六七八"),
    ],
)
def test_numbers_of_persons_are_hidden_and_asked_about(
    tmp_path: Path, text: str, secret: str
) -> None:
    (row,) = rows_of(
        save_csv(tmp_path / "账.csv", [HEAD, entry("2026.3.1", "1", text, "", "5", f"张三 {text}")])
    )

    assert row.verdict is Verdict.DOUBTFUL
    assert "personal_number" in row.flags
    assert secret not in repr(row)
    assert "张三" not in repr(row)


def test_number_in_the_wrong_column_is_not_quoted(tmp_path: Path) -> None:
    cells = entry("2026.3.1", "1", "电费", "", "990101199001010010")
    cells[0] = "13812345678"

    (row,) = rows_of(save_csv(tmp_path / "账.csv", [HEAD, cells]))

    assert row.verdict is Verdict.REFUSED
    assert "990101199001010010" not in repr(row)
    assert "13812345678" not in repr(row)


def test_columns_with_private_names_are_never_read(tmp_path: Path) -> None:
    private = ["身份证号", "银行卡号", "联系电话", "家庭住址", "备注", "残疾等级", "不认识的列"]
    secrets = [
        "990101199001010010",
        "6222000000000000018",
        "13812345678",
        "某沟3号",
        "患病",
        "二级",
        "谁",
    ]
    path = save_csv(
        tmp_path / "账.csv",
        [[*private, *HEAD], [*secrets, *entry("2026.3.1", "1", "工钱", "", "5", "罗玉芳")]],
    )

    (row,) = rows_of(path)

    assert row.verdict is Verdict.ACCEPTED
    assert not any(secret in repr(row) for secret in secrets[:-1])


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        ("靳 三", "靳三"), ("柏 青 松", "柏青松"), ("王 小明", "王小明"),
        ("罗玉芳 宁兰", "罗玉芳 宁兰"), ("王 芳 李 明", "王芳 李明"),
        ("欧 阳 德 贵", "欧阳德贵"), (" 靳 三、班 喜 ", "靳三、班喜"),
    ],
)  # fmt: skip
def test_blanks_that_line_up_names_are_taken_out(written: str, joined: str) -> None:
    assert join_name(written) == joined


def test_duty_bearers_stay_in_full() -> None:
    assert duty_bearer("柏 青 松").text == "柏青松"
    assert duty_bearer("会计殷小满").text == "会计殷小满"
    assert duty_bearers("靳 三、班 喜").text == "靳三、班喜"
    assert duty_bearers("靳老栓 宁小禾 班秀英").text == "靳老栓、宁小禾、班秀英"
    assert duty_bearers("已审核").text == ""
    assert duty_bearers("同意 靳三").text == "靳三"
    assert duty_bearers("靳三13812345678").text == "靳三***"
