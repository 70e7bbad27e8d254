"""Campaigns, deliveries (the outbox), attempts, receipts (contract.md, section 7)."""

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from storage.models import columns


class Campaign(Model):
    """One notice to one audience."""

    id = columns.identity()
    key = fields.CharField(max_length=120, unique=True)  # a second creation with it changes nothing
    template = fields.CharField(max_length=40)
    notice_class = columns.word()
    lane = fields.IntField()  # 0 interactive, 1 urgent, 2 normal, 3 bulk
    audience = fields.TextField()
    params = fields.TextField()  # JSON: what the template is filled with
    texts = fields.TextField()  # JSON channel -> the wording, frozen at creation
    versions = fields.TextField(db_default="{}")  # JSON channel -> the version of that wording
    whom = fields.TextField(db_default="")  # JSON of who is meant, empty: `audience` says it
    reached_to = columns.reference(db_default="")  # the last person that the fan-out looked at
    fanned_out = fields.BooleanField(db_default=False)  # everybody has a delivery
    link = fields.CharField(max_length=200, default="")
    card = fields.CharField(max_length=40, db_default="")  # heading of its card, empty: it has none
    state = columns.word()  # planned running held done cancelled
    paused = fields.BooleanField(db_default=False)  # held by a person, not by a restore
    stopped = fields.BooleanField(db_default=False)  # nothing of it may be claimed now
    revision = fields.IntField(default=1)
    planned_for = columns.moment(db_index=True)
    expires_at = columns.moment(null=True)
    created_by = fields.CharField(max_length=40)
    created_at = columns.moment()
    region = columns.code12(db_default="")  # the one region that `audience` names, else empty
    of_people = fields.BooleanField(db_default=False)  # begun by a person, not by the program

    class Meta:
        table = "campaigns"
        indexes = (
            Index(fields=("template", "created_at"), name="campaigns_of_template"),
            Index(fields=("region", "created_at"), name="campaigns_of_region"),
            Index(fields=("created_at",), name="campaigns_by_age"),
            PartialIndex(
                fields=("created_at",),
                name="campaigns_of_people",
                condition={"of_people": True},
            ),
            PartialIndex(fields=("id",), name="campaigns_open", condition={"state": "running"}),
            PartialIndex(fields=("id",), name="campaigns_stopped", condition={"stopped": True}),
        )


class CampaignOrder(Model):
    """A campaign that somebody composed and a second person is to approve before it begins."""

    id = columns.identity()
    template = fields.CharField(max_length=40)
    audience = fields.TextField()
    region = columns.code12(db_index=True)  # in which all of the audience lies
    params = fields.TextField()  # JSON: what the template is filled with
    versions = fields.TextField()  # JSON channel -> the version of the words that were shown
    planned_for = columns.moment(null=True)  # empty: as soon as it is approved
    spread = fields.BooleanField(default=False)
    people = fields.IntField()  # as weighed when it was composed
    price_fen = fields.IntField()
    state = columns.word()  # waiting approved refused
    made_by = columns.reference()
    made_at = columns.moment()
    decided_by = columns.reference(default="")
    decided_at = columns.moment(null=True)
    reason = fields.CharField(max_length=200, default="")  # why it was refused, else empty
    campaign_id = columns.reference(default="")  # what came of it

    class Meta:
        table = "campaign_orders"


class Tally(Model):
    """How many deliveries of a campaign are in each state, kept by the statements that move them.

    `wechat` and `sms` are the people reached over each.
    """

    campaign_id = columns.identity()
    total = fields.IntField(default=0)
    new = fields.IntField(default=0)
    held = fields.IntField(default=0)
    sending = fields.IntField(default=0)
    unknown = fields.IntField(default=0)
    sent = fields.IntField(default=0)
    delivered = fields.IntField(default=0)
    refused = fields.IntField(default=0)
    dead = fields.IntField(default=0)
    cancelled = fields.IntField(default=0)
    wechat = fields.IntField(default=0)
    sms = fields.IntField(default=0)
    repeated = fields.IntField(default=0)
    begun_at = columns.moment(null=True)  # real time: when the first was claimed
    moved_at = columns.moment(null=True)  # and when the newest outcome was written

    class Meta:
        table = "tallies"


class Delivery(Model):
    """One notice to one person, or (without a campaign) one answer by SMS: a row of the outbox."""

    id = columns.identity()
    campaign_id = columns.reference(null=True)
    message_key = columns.digest(null=True, unique=True)  # the inbound message that it answers
    person_id = columns.reference()
    revision = fields.IntField(default=1)
    lane = fields.IntField()
    state = columns.word()  # new held sending unknown sent delivered refused dead cancelled
    channel = columns.word()  # wechat or sms: the one it goes by next, or went by last
    way = columns.word(null=True)  # the gateway on that channel after a fallback, else the first
    attempt_id = columns.reference(default="")  # the newest attempt, empty before the first
    tries = fields.IntField(default=0)  # over this channel
    begun = fields.IntField(db_default=0)  # attempts, over all channels
    repeated = fields.BooleanField(db_default=False)  # more than one was taken, or may have been
    # Business time of a new row; of an unknown or sent one real time, when to look at it again.
    not_before = columns.moment()
    expires_at = columns.moment(null=True)
    owner = columns.word(default="")  # the worker that holds the lease
    lease_until = columns.moment(null=True)  # real time
    sealed = fields.BinaryField(null=True)  # an answer's template and values, until it is finished
    reason = columns.provider_code(default="")  # the code that decided the state
    updated_at = columns.moment()

    class Meta:
        table = "deliveries"
        unique_together = (("campaign_id", "person_id", "revision"),)
        indexes = (
            ("person_id", "not_before"),  # what somebody gets in a day
            PartialIndex(
                fields=("channel", "lane", "not_before", "id"),
                name="deliveries_due",
                condition={"state": "new"},
            ),
            PartialIndex(
                fields=("lease_until", "id"),
                name="deliveries_leased",
                condition={"state": "sending"},
            ),
            PartialIndex(
                fields=("not_before", "id"),
                name="deliveries_unknown",
                condition={"state": "unknown"},
            ),
            PartialIndex(
                fields=("not_before", "id"),
                name="deliveries_urgent",
                condition={"state": "sent", "lane": 1},
            ),
            PartialIndex(
                fields=("not_before", "id"),
                name="deliveries_unreported",
                condition={"state": "sent", "channel": "sms"},
            ),
        )


class Attempt(Model):
    """One try of a delivery over one channel. Its id travels as client_msg_id or OutId."""

    id = columns.identity()
    delivery_id = columns.reference(db_index=True)
    channel = columns.word()
    gateway = columns.word()
    state = columns.word()  # sending taken delivered refused failed unknown
    code = columns.provider_code(default="")
    reference = fields.CharField(max_length=80, default="", db_index=True)  # msgid or BizId
    looked_up = fields.IntField(default=0)  # how often the provider was asked and did not know it
    cost_fen = fields.IntField(default=0)
    started_at = columns.moment()  # real time
    finished_at = columns.moment(null=True)

    class Meta:
        table = "attempts"
        indexes = (  # what texts cost since a day, and whether any was ever reported
            PartialIndex(
                fields=("started_at", "gateway", "state", "cost_fen"),
                name="attempts_texts",
                condition={"channel": "sms"},
            ),
        )


class Receipt(Model):
    """What a provider reported later, as it came, folded into its attempt by a loop."""

    id = columns.identity()
    key = columns.digest(
        unique=True
    )  # of gateway, reference, person and status: a repeat is no news
    gateway = columns.word()
    reference = fields.CharField(max_length=80, default="")
    attempt_id = columns.reference(default="")
    lookup = columns.digest(default="")  # of the address, for what a reference cannot find
    delivered = fields.BooleanField()
    code = columns.provider_code(default="")
    at = columns.moment()
    folded = fields.BooleanField(default=False)

    class Meta:
        table = "receipts"
        indexes = (PartialIndex(fields=("at", "id"), condition={"folded": False}),)


class Halt(Model):
    """A channel, or a template on a channel, that the provider will not serve for now."""

    scope = fields.CharField(max_length=80, primary_key=True)  # sms, or sms/notice
    code = columns.provider_code()
    detail = fields.CharField(max_length=200, default="")
    since = columns.moment()  # real time, as is `until`
    until = columns.moment()  # then it is tried again

    class Meta:
        table = "halts"


__models__ = [Campaign, CampaignOrder, Tally, Delivery, Attempt, Receipt, Halt]
