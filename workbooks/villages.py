"""The villages file: one row a village or community (contract.md 2, `data/villages.csv`)."""

from dataclasses import dataclass
from pathlib import Path

from workbooks import texts
from workbooks.forms import Column, Reading, Record, RefusedRow, read_records

COLUMNS = (
    Column("区划代码", ("村代码", "行政区划代码", "代码"), is_required=True),
    Column("县", ("县名", "区县", "县区", "县(市、区)"), is_required=True),
    Column("乡镇代码", ("镇代码",)),
    Column("乡镇", ("镇", "乡镇名称", "乡镇(街道)", "镇街", "街道"), is_required=True),
    Column("名称", ("村名", "村(社区)", "村社区", "村(社区)名称", "村名称"), is_required=True),
    Column("类型", ("类别",)),
    Column("户数"),
    Column("人口", ("人口数",)),
    Column("小组数", ("村民小组数", "组数")),
    Column("设集体经济组织", ("集体经济组织",)),
    Column("财务公开频次", ("公开频次",)),
    Column("公开日", ("财务公开日", "公开日期")),
    Column("监委会人数"),
    Column("议事会人数"),
    Column("试点状态"),
    Column("试点主题"),
)
MONTHLY, QUARTERLY = "每月", "每季"
_RHYTHMS = {
    "每月": MONTHLY, "按月": MONTHLY, "月": MONTHLY, "每月一次": MONTHLY,
    "每季": QUARTERLY, "每季度": QUARTERLY, "按季": QUARTERLY, "按季度": QUARTERLY,
    "季度": QUARTERLY, "季": QUARTERLY, "每季度一次": QUARTERLY,
}  # fmt: skip
_YES_OR_NO = {"是": True, "有": True, "否": False, "无": False, "没有": False}
_COUNTS = range(10**7)


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village as the file tells it; what a column leaves open is None.

    `code` has 12 digits and does not end in 000, `town_code` has 12 and does. `rhythm` is 每月 or
    每季, `disclosure_day` 1 to 28 (contract.md 2).
    """

    sheet: str
    row: int
    code: str
    name: str
    kind: str
    county: str
    town_code: str
    town: str
    households: int | None
    population: int | None
    groups: int | None
    has_collective: bool | None
    rhythm: str | None
    disclosure_day: int | None
    supervisors: int | None
    councillors: int | None
    pilot: str | None
    pilot_theme: str | None

    @property
    def county_code(self) -> str:
        """The county's code in twelve digits."""
        return self.code[:6] + "000000"

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "county": self.county,
            "town_code": self.town_code,
            "town": self.town,
            "rhythm": self.rhythm,
            "disclosure_day": self.disclosure_day,
        }


def read_villages(path: Path, *, source_name: str | None = None) -> Reading[VillageRow]:
    """The villages of a CSV or spreadsheet. Raises WorkbookError as `read_records` does."""
    file, records, ignored = read_records(path, COLUMNS, source_name)
    seen: dict[str, int] = {}
    accepted: list[VillageRow] = []
    refused: list[RefusedRow] = []
    for record in records:
        village = _read(record)
        if village.code in seen:
            first = seen[village.code]
            record.refuse("区划代码", texts.CODE_ONCE.format(row=first))
        if record.reasons:
            refused.append(record.refused())
        else:
            seen[village.code] = record.row
            accepted.append(village)
    return Reading(file, tuple(accepted), tuple(refused), tuple(ignored))


def _read(record: Record) -> VillageRow:
    code = record.code("区划代码")
    if code.endswith("000"):
        record.refuse("区划代码", texts.CODE_OF_VILLAGE)
    name = record.text("名称", texts.A_NAME).replace(" ", "")
    return VillageRow(
        sheet=record.sheet,
        row=record.row,
        code=code,
        name=name,
        kind=_kind(record, name),
        county=record.text("县", texts.A_NAME).replace(" ", ""),
        town_code=_town_code(record, code),
        town=record.text("乡镇", texts.A_NAME).replace(" ", ""),
        households=record.whole("户数", texts.A_COUNT, _COUNTS),
        population=record.whole("人口", texts.A_COUNT, _COUNTS),
        groups=record.whole("小组数", texts.A_COUNT, _COUNTS),
        has_collective=_yes_or_no(record, "设集体经济组织"),
        rhythm=_rhythm(record),
        disclosure_day=record.whole("公开日", texts.A_DAY_OF_MONTH, range(1, 29)),
        supervisors=record.whole("监委会人数", texts.A_COUNT, _COUNTS),
        councillors=record.whole("议事会人数", texts.A_COUNT, _COUNTS),
        pilot=record.text("试点状态") or None,
        pilot_theme=record.text("试点主题") or None,
    )


def _kind(record: Record, name: str) -> str:
    kind = record.text("类型") or ("社区" if name.endswith("社区") else "村")
    if kind in ("行政村", "建制村"):
        return "村"
    if kind not in ("村", "社区"):
        record.refuse("类型", texts.A_KIND)
    return kind


def _town_code(record: Record, code: str) -> str:
    """The code in the file, or the one that the village's own code implies."""
    implied = code[:9] + "000"
    if not record.text("乡镇代码"):
        return implied
    town = record.code("乡镇代码", texts.CODE_OF_TOWN, lengths=(9, 12))
    town = town + "000" if len(town) == 9 else town
    if town and not town.endswith("000"):
        record.refuse("乡镇代码", texts.CODE_OF_TOWN)
    elif town and code and town != implied:
        record.refuse("区划代码", texts.CODE_UNDER_TOWN.format(town=town[:9]))
    return town


def _rhythm(record: Record) -> str | None:
    text = record.text("财务公开频次")
    if not text:
        return None
    if text not in _RHYTHMS:
        record.refuse("财务公开频次", texts.A_RHYTHM)
    return _RHYTHMS.get(text)


def _yes_or_no(record: Record, column: str) -> bool | None:
    text = record.text(column)
    if not text:
        return None
    if text not in _YES_OR_NO:
        record.refuse(column, texts.YES_OR_NO)
    return _YES_OR_NO.get(text)
