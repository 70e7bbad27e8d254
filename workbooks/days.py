"""The date of a row: in one cell, or in columns for month and day, with ditto marks and blanks."""

from dataclasses import dataclass
from datetime import date

from workbooks import texts
from workbooks.cells import Value, as_text, is_blank, is_ditto
from workbooks.context import Context
from workbooks.dates import make_day, read_day, read_part
from workbooks.drafts import Draft
from workbooks.headers import Role
from workbooks.layout import Columns


@dataclass(slots=True)
class _Carried:
    """What a later row may refer back to with a ditto mark or a blank."""

    whole: date | None = None
    month: int | None = None
    day: int | None = None


class DayReader:
    """Reads the dates of one table's rows, in order."""

    def __init__(self, columns: Columns, context: Context) -> None:
        self.columns = columns
        self.context = context
        self._carried = _Carried()
        # The dates that need no remark, by their spelling.
        self._known: dict[Value, date] = {}

    def read(self, draft: Draft) -> date | None:
        """The date; what is wrong with it goes to the draft."""
        day = (
            self._whole_date(draft) if Role.DATE in self.columns.at else self._date_in_parts(draft)
        )
        self._carried.whole = day
        months = self.context.months
        if day and months and (day.year, day.month) not in months:
            label = self.columns.label(Role.DATE) or self.columns.label(Role.DAY)
            wanted = texts.A_DAY_OF.format(months=texts.months(months))
            draft.doubt("outside_month", label, day.isoformat(), wanted)
        return day

    def _whole_date(self, draft: Draft) -> date | None:
        value = draft.row.at(self.columns.at[Role.DATE])
        if known := self._known.get(value):
            return known
        label = self.columns.label(Role.DATE)
        if is_blank(value) or is_ditto(value):
            if self._carried.whole is None:
                draft.refuse("invalid_date", label, draft.quote(value), texts.A_DATE)
            else:
                draft.flag("date_ditto")
            return self._carried.whole
        day = read_day(value, year=self.context.year, month=self.context.month)
        if day is None:
            lacks_year = read_day(value, year=2000, month=1) is not None
            wanted = texts.A_DATE_WITH_YEAR if lacks_year else texts.A_DATE
            draft.refuse("invalid_date", label, draft.quote(value), wanted)
            return None
        if not day.flags:
            self._known[value] = day.date
        draft.flag(*day.flags)
        if "confirm" in day.flags:
            month, first = day.date.month, day.date.day
            wanted = texts.THE_SURE_DAY.format(month=month, first=first, tenth=first * 10)
            draft.doubt("unsure_day", label, draft.quote(value), wanted)
        return day.date

    def _date_in_parts(self, draft: Draft) -> date | None:
        """Month and day in columns of their own, where a blank means: as above."""
        row, carried = draft.row, self._carried
        month_value = self.columns.cell(row, Role.MONTH)
        day_value = self.columns.cell(row, Role.DAY)
        month, day = carried.month, carried.day
        if is_blank(month_value) or is_ditto(month_value):
            if month is None:
                month = self.context.month
            elif Role.MONTH in self.columns.at:
                draft.flag("month_ditto")
        else:
            month, day = _part(draft, month_value), None
        if is_blank(day_value) or is_ditto(day_value):
            if day is not None:
                draft.flag("day_ditto")
        else:
            day = _part(draft, day_value)
        carried.month, carried.day = month, day
        year = self._year(draft)
        made = make_day(year, month, day) if year and month and day else None
        if made is None:
            carried.day = None
            label = "、".join(
                self.columns.label(role)
                for role in (Role.MONTH, Role.DAY)
                if role in self.columns.at
            )
            found = " ".join(
                as_text(value) for value in (month_value, day_value) if not is_blank(value)
            )
            wanted = texts.A_DATE if year else texts.A_DATE_WITH_YEAR
            draft.refuse("invalid_date", label, draft.quote(found), wanted)
        return made

    def _year(self, draft: Draft) -> int | None:
        value = self.columns.cell(draft.row, Role.YEAR)
        if is_blank(value):
            return self.context.year
        part = read_part(value)
        if part is None:
            return None
        return part[0] + 2000 if part[0] < 100 else part[0]


def _part(draft: Draft, value: object) -> int | None:
    part = read_part(value)
    if part is None:
        return None
    draft.flag(*part[1])
    return part[0]
