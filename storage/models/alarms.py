"""What keeps operators awake, and what must stay forgotten."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Alarm(Model):
    """Something that an operator has to mend. Told once until it is cleared. Real time."""

    key = fields.CharField(max_length=80, primary_key=True)  # of the kind and what it is about
    kind = columns.word()  # halted address balance quota budget signature receipts backup ...
    channel = columns.word(default="")  # in trouble: it never carries the news of it
    region = columns.code12(default="")  # concerned beside the county
    detail = fields.CharField(max_length=200)  # a sentence for operators, nothing personal
    since = columns.moment()
    seen_at = columns.moment()  # last
    told_at = columns.moment(null=True)  # None: nobody knows of it yet
    cleared_at = columns.moment(null=True)

    class Meta:
        table = "alarms"


class Erasure(Model):
    """An address that was erased on demand, as a hash of its keyed hash. A restore of an older
    backup erases it again.
    """

    mark = columns.digest(primary_key=True)
    at = columns.moment()  # business time: an address known later is another consent
    whole = fields.BooleanField()  # with all that is known of whoever it reached first

    class Meta:
        table = "erasures"


__models__ = [Alarm, Erasure]
