"""What is counted and set aside: marks that move on, and what campaigns may still need."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Mark(Model):
    """A number that only moves on, such as how far the chain was told of, or calls of a day."""

    name = fields.CharField(max_length=80, primary_key=True)
    value = columns.moment()

    class Meta:
        table = "marks"


class Reservation(Model):
    """What a campaign may need of a quota, as long as it is not finished."""

    id = columns.identity()
    campaign_id = columns.reference()
    quota = columns.word()  # wechat: calls a day, sms: fen a month
    period = columns.day(db_index=True)  # the provider's day or month, in Beijing
    amount = fields.BigIntField()
    # Deliveries of the campaign that were over already when this was set aside.
    beyond = fields.IntField(default=0)

    class Meta:
        table = "reservations"
        unique_together = (("campaign_id", "quota", "period"),)


__models__ = [Mark, Reservation]
