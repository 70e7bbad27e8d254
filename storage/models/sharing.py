"""What processes that work side by side share: the pace of a channel, and who is there."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Rate(Model):
    """When a channel's next permit is due, in microseconds since 1970 by the database's clock."""

    channel = columns.word(primary_key=True)
    next_at = fields.BigIntField()

    class Meta:
        table = "rates"


class Process(Model):
    """A process of the service, and when it was last seen at work. Real time."""

    id = columns.identity()
    role = columns.word()  # all web worker scheduler
    started_at = columns.moment()
    seen_at = columns.moment()

    class Meta:
        table = "processes"


__models__ = [Rate, Process]
