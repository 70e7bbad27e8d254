"""One row of a table into one ledger entry, or the reasons why not."""

from datetime import date

from workbooks import texts
from workbooks.amounts import Amount, AmountReader
from workbooks.cells import Row, is_blank
from workbooks.characters import squeeze
from workbooks.context import Context
from workbooks.days import DayReader
from workbooks.drafts import Draft, notes_on
from workbooks.evidence import Manner
from workbooks.headers import Role
from workbooks.layout import Columns
from workbooks.ledger import Direction, LedgerRow
from workbooks.money import read_money
from workbooks.parties import public_summary
from workbooks.privacy import hide_numbers
from workbooks.vouchers import VoucherBook
from workbooks.words import Standing, WordReader

_SUPPORT = (
    Role.VOUCHER, Role.PARTY, Role.PAYEE, Role.PAYER, Role.HANDLER, Role.APPROVER,
    Role.SUPERVISORS,
)  # fmt: skip


class EntryReader:
    """Reads the rows of one table (or one half of a T-table), in order.

    `section` is the side of the heading that the rows stand under (收入部分), `heading_subject` the
    subject of theirs (管理费用), where the rows have no column for it.
    """

    def __init__(
        self, columns: Columns, manner: Manner, context: Context, vouchers: VoucherBook
    ) -> None:
        self.columns = columns
        self.context = context
        self.manner = manner
        self.section: Direction | None = None
        self.heading_subject: str | None = None
        self._days = DayReader(columns, context)
        self._words = WordReader(columns)
        self._amounts = AmountReader(columns, manner, context.unit_fen)
        self._vouchers = vouchers
        self._has_support = sum(role in columns.at for role in _SUPPORT) >= 2
        self._balance = columns.at.get(Role.BALANCE)
        self._balance_unit = columns.units.get(Role.BALANCE) or context.unit_fen

    def read(self, row: Row) -> LedgerRow:
        """The entry in a row that is known to be one."""
        draft = Draft(row)
        day = self._days.read(draft)
        voucher = self._voucher(draft)
        words = self._words
        standing = words.standing(row)
        booked = words.subject(row)
        subject = booked.name or self.heading_subject
        named = words.text(row, Role.SUMMARY)
        amount = self._amounts.read(
            draft,
            summary=named,
            subject=subject or "",
            side=self.columns.direction or self.section or self.context.side,
        )
        party = words.party(row, amount.direction)
        summary = self._summary(draft, named, subject, party.named)
        if notes := booked.notes + standing.notes + party.notes:
            draft.note_all(notes)
        if subject is None:
            draft.flag("subject_missing")
        self._check_row(draft, day)
        self._check_voucher(draft, voucher, day, (summary, amount), standing)
        return LedgerRow(
            sheet=self.context.sheet,
            row=row.number,
            date=day,
            voucher_no=voucher,
            summary=summary,
            subject=subject,
            direction=amount.direction,
            amount_fen=amount.fen,
            payee_public=party.public,
            handler=standing.handler,
            approver=standing.approver,
            supervisors=standing.supervisors,
            flags=draft.all_flags(),
            village=standing.village,
            code=standing.code,
            book=standing.book,
            balance_fen=self.balance(row),
            reasons=tuple(draft.reasons),
            verdict=draft.verdict(),
        )

    def balance(self, row: Row) -> int | None:
        """The running balance that a row states, in fen."""
        if self._balance is None:
            return None
        money = read_money(row.at(self._balance), self._balance_unit)
        return money.fen if money else None

    def _voucher(self, draft: Draft) -> str | None:
        number = squeeze(self._words.text(draft.row, Role.VOUCHER))
        if number and Role.VOUCHER_WORD in self.columns.at:
            word = squeeze(self._words.text(draft.row, Role.VOUCHER_WORD))
            number = number if number.startswith(word) else word + number
        public = hide_numbers(number)
        if public.flags:
            draft.note_all(notes_on(public, self.columns.label(Role.VOUCHER)))
        return public.text or None

    def _summary(self, draft: Draft, named: str, subject: str | None, party: str) -> str | None:
        if not named:
            label = self.columns.label(Role.SUMMARY)
            if subject is None:
                draft.refuse("summary_missing", label, texts.BLANK, texts.A_SUMMARY)
                return None
            draft.doubt("summary_missing", label, texts.BLANK, texts.A_SUMMARY)
            return subject
        has_id = self._words.has_id_number(draft.row)
        public = public_summary(named, party, has_id_number=has_id)
        if public.flags:
            draft.note_all(notes_on(public, self.columns.label(Role.SUMMARY)))
        return public.text

    def _check_row(self, draft: Draft, day: date | None) -> None:
        row = draft.row
        if row.is_hidden:
            draft.doubt("hidden_row", "", texts.HIDDEN_ROW, texts.A_SHOWN_ROW)
        if day and self._has_support and "date_ditto" in draft.flags:
            date_value = row.at(self.columns.at[Role.DATE])
            supported = (self.columns.text(row, role) for role in _SUPPORT)
            if is_blank(date_value) and not any(supported):
                label = self.columns.label(Role.DATE)
                draft.doubt("unattributed", label, texts.BLANK, texts.A_DATED_ROW)

    def _check_voucher(
        self,
        draft: Draft,
        voucher: str | None,
        day: date | None,
        line: tuple[str | None, Amount],
        standing: Standing,
    ) -> None:
        if voucher is None:
            return
        place = (standing.village, standing.code, standing.book)
        series = (place, self.section, self.columns.direction)
        earlier = self._vouchers.first_use(voucher, series, day, line, draft.row.number)
        if earlier is not None:
            label = self.columns.label(Role.VOUCHER)
            wanted = texts.ANOTHER_VOUCHER.format(row=earlier)
            draft.doubt("duplicate_voucher", label, voucher, wanted)
