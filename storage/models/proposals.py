"""Early reminders that a signal proposes and a superior decides on (domain.md, M60)."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Proposal(Model):
    """That somebody be reminded early and mildly. Nothing of it reaches them before a yes."""

    id = columns.identity()
    number = fields.CharField(max_length=8, unique=True)  # said in messages, random digits
    signal = columns.word()  # first_overdue first_low_rating first_anomaly
    source = fields.CharField(max_length=160, unique=True)  # the same signal proposes once
    village = columns.code12()
    title = fields.CharField(max_length=80)  # what was seen, naming nobody
    role = columns.word()  # who decides: 管理 or 纪检
    region = columns.code12()  # of the region above, or of one above that
    state = columns.word()  # open confirmed dismissed
    form = columns.word(default="")  # text call
    reason = fields.CharField(max_length=200, default="")
    decided_by = fields.CharField(max_length=40, default="")
    decided_at = columns.moment(null=True)
    campaign_id = columns.reference(null=True)  # the reminder that was sent
    made_at = columns.moment()

    class Meta:
        table = "proposals"
        indexes = (("state", "made_at"),)


__models__ = [Proposal]
