"""Pictures of the fictional county, for tests, the benchmark and docs/screens."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from pictures import (
    AccountCard,
    BoardNotice,
    EducationCard,
    LargeEntry,
    Level,
    MonthSum,
    NoticeBook,
    NoticeEntry,
    Picture,
    PowerItem,
    Step,
    pdf,
    png,
)

VILLAGE = "听竹村"
PERIOD = "2026-10"
PUBLISHED = date(2026, 11, 8)
ADDRESS = "https://mingbai.example/v/990101101200"
CHAIN_HEAD = "9f2c41d07be8a6530c1f7d92e4b85a6671d3f80924ce5ba8130d67f2a94be51c"
LONG_NAME = "明禾县稻香街道上泉新村第一农村新型社区股份经济合作联合社筹备小组代管的上泉村"
LONG_TEXT = (
    "收到书面申请以后由两名以上工作人员一同上门核实,当场填写核实表并请申请人签字,"
    "申请人不在家的应当约好时间再去,不得以电话询问代替上门,也不得推给下一个环节;"
) * 3

_SAMPLES = Path(__file__).resolve().parents[2] / "bot/sample"
_STEPS = (
    ("接收申请或代为提出", "村民政专干", "受理权", "不得以任何理由拒收", Level.MEDIUM,
     "口头劝退", "微信申请即时生成编号,拒收须选理由", "当天"),
    ("信息核对与入户调查", "乡镇民政办", "调查权", "两人以上入户并签字", Level.HIGH,
     "关系户少填收入", "核对报告和现场照片入档,经办人近亲属申请须备案", "10个工作日"),
    ("必要时民主评议", "村民代表", "评议权", "只评真实情况不票决资格", Level.MEDIUM,
     "评议变投票", "评议人员随机抽选", ""),
    ("审核公示", "乡镇民政办", "公开权", "在申请人所在村公示七日,不公开无关隐私", Level.MEDIUM,
     "公示泄露身份证号", "系统只输出规定要素", "7天"),
    ("审核确认", "县民政局或受委托乡镇", "审批权", "受理之日起三十个工作日内作出,不批准要书面说明",
     Level.HIGH, "人情保", "村干部近亲属享受名单单独备案并抽查", "30个工作日"),
    ("动态管理与长期公布", "村民政专干", "执行权", "家庭变化及时报告", Level.LOW,
     "死亡不停发", "与殡葬、户籍数据比对", "每月"),
)  # fmt: skip


def make_steps() -> tuple[Step, ...]:
    return tuple(
        Step(
            name=name,
            post=post,
            category=category,
            boundary=boundary,
            level=level,
            risk_point=risk_point,
            measures=(measure,),
            limit=limit,
            internal=frozenset({"risk_point"}),
        )
        for name, post, category, boundary, level, risk_point, measure, limit in _STEPS
    )


def make_item(steps: tuple[Step, ...] | None = None) -> PowerItem:
    return PowerItem(
        unit=VILLAGE,
        name="最低生活保障申请协助办理",
        target="生活困难的村民家庭",
        limit="30个工作日",
        steps=make_steps() if steps is None else steps,
        documents=("申请书", "家庭成员身份证和户口簿", "核对授权书"),
        basis=("《社会救助暂行办法》第十一条",),
        source="2026年10月1日起用,第1版",
    )


def make_account_card() -> AccountCard:
    months = list(_rows("ledger_balances.csv"))
    entries = [row for row in _october() if row["方向"] == "支出"]
    entries.sort(key=lambda row: -_fen(row["金额"]))
    return AccountCard(
        village=VILLAGE,
        book="村委会",
        period=PERIOD,
        income_fen=_fen(months[-1]["本月收入"]),
        expense_fen=_fen(months[-1]["本月支出"]),
        balance_fen=_fen(months[-1]["期末余额"]),
        spending=tuple(MonthSum(row["月份"], _fen(row["本月支出"])) for row in months),
        expense_count=len(entries),
        largest=tuple(
            LargeEntry(row["摘要"], _fen(row["金额"]), date.fromisoformat(row["日期"]))
            for row in entries[:3]
        ),
        source="10月财务公开表(11月8日公开,第1版)",
    )


def make_education_card() -> EducationCard:
    return EducationCard(
        tag="元旦",
        text="新年新气象,廉洁要跟上。不收礼、不吃请、不用公车办私事,开好头起好步。",
        sender="明禾县纪委监委",
    )


def make_notice_entry(summary: str = "村道补坑", fen: int = 980000) -> NoticeEntry:
    return NoticeEntry(
        day=date(2026, 10, 12),
        voucher="记-202610-012",
        summary=summary,
        subject="公益支出-道路水利",
        fen=fen,
        payee="双泉劳务队",
        handler="庞树青",
        approver="纪广田",
        supervisors=("靳老栓", "宁小禾"),
    )


def make_book() -> NoticeBook:
    """October of the sample ledger, entry by entry."""
    month = list(_rows("ledger_balances.csv"))[-1]
    entries: dict[str, list[NoticeEntry]] = {"收入": [], "支出": []}
    for row in _october():
        entries[row["方向"]].append(_entry(row))
    return NoticeBook(
        name="村委会",
        version=1,
        published_on=PUBLISHED,
        opening_fen=_fen(month["期初余额"]),
        income_fen=_fen(month["本月收入"]),
        expense_fen=_fen(month["本月支出"]),
        closing_fen=_fen(month["期末余额"]),
        income=tuple(entries["收入"]),
        expense=tuple(entries["支出"]),
    )


def make_notice(*books: NoticeBook) -> BoardNotice:
    return BoardNotice(
        village=VILLAGE,
        period=PERIOD,
        books=books or (make_book(),),
        address=ADDRESS,
        chain_head=CHAIN_HEAD,
        printed_on=PUBLISHED,
    )


def pages_of(picture: Picture) -> list[str]:
    """What stands on each page, without the white space that lines and columns leave."""
    reader = PdfReader(io.BytesIO(pdf(picture)))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def text_of(picture: Picture) -> str:
    return "".join(pages_of(picture))


def images_of(picture: Picture) -> list[Image.Image]:
    return [image_of(page) for page in png(picture)]


def image_of(page: bytes) -> Image.Image:
    return Image.open(io.BytesIO(page)).convert("RGB")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_SAMPLES / name).open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["村名"] == VILLAGE)


def _october() -> Iterator[dict[str, str]]:
    return (row for row in _rows("ledger_sample.csv") if row["日期"].startswith(PERIOD))


def _entry(row: dict[str, str]) -> NoticeEntry:
    return NoticeEntry(
        day=date.fromisoformat(row["日期"]),
        voucher=row["凭证号"],
        summary=row["摘要"],
        subject=row["科目"],
        fen=_fen(row["金额"]),
        payee=row["对方(脱敏)"],
        handler=row["经手人"],
        approver=row["审批人"],
        supervisors=tuple(row["监委会审核"].split("、")),
    )


def _fen(yuan: str) -> int:
    whole, _, rest = yuan.partition(".")
    return int(whole) * 100 + int(rest)
