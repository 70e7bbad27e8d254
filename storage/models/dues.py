"""What villages owe the public by which day, and what became of it."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Due(Model):
    """One publication that is due, made once for what causes it.

    It is met by versions of `kind`, of `book` (empty: any), of the periods `from_period` to
    `to_period`, from `version` on, published from `since` on. An overdue one stays so until it is
    met, and then says how late that was.
    """

    id = columns.identity()
    source = fields.CharField(max_length=160, unique=True)  # what caused it
    village = columns.code12()  # or a town or county, for what those lay down
    rhythm = columns.word()  # 定期 及时 随时 长期 同步
    kind = columns.word()
    book = fields.CharField(max_length=60, default="")
    title = fields.CharField(max_length=80)  # what is owed, as people read it, naming nobody
    stage = fields.CharField(max_length=20, default="")
    from_period = columns.day()
    to_period = columns.day()
    version = fields.IntField(default=0)
    since = columns.moment(default=0)
    counted_from = columns.day()
    working_days = fields.IntField(
        default=0
    )  # that the day is later; none: that day or the next worked
    due_on = columns.day()
    provisional = fields.BooleanField(default=False)  # counted without the year's table of days off
    state = columns.word()  # waiting published late_published overdue
    disclosure_id = columns.reference(null=True)  # the version that met it
    published_at = columns.moment(null=True)
    overdue_at = columns.moment(null=True)
    reminded = fields.IntField(null=True)  # the last stage, in days from the due day
    made_at = columns.moment()

    class Meta:
        table = "dues"
        indexes = (("state", "due_on"), ("village", "kind", "state"), ("due_on", "village"))


class RhythmRule(Model):
    """What an administrator laid down for one of the five rhythms.

    `number` is a day of the month, working days or hours, by rhythm.
    """

    rhythm = columns.word(primary_key=True)
    number = fields.IntField()
    stages = fields.CharField(max_length=120)  # JSON: days from the due day
    changed_by = fields.CharField(max_length=40)
    changed_at = columns.moment()

    class Meta:
        table = "rhythm_rules"


__models__ = [Due, RhythmRule]
