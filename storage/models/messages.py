"""What people write to us: the inbox, the conversations, the requests that nobody could answer."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class InboxMessage(Model):
    """A message key for a day, the message itself, sealed, only until it has been handled."""

    key = columns.digest(primary_key=True)
    channel = columns.word()
    body = columns.digest()  # of the body: the same key with another body is refused and alarmed
    sealed = fields.BinaryField(null=True)
    state = columns.word()  # received done
    received_at = columns.moment(db_index=True)

    class Meta:
        table = "inbox"


class Conversation(Model):
    """Where a person's dialogue stands: a sealed payload with an expiry, one row a person."""

    person_id = columns.reference(primary_key=True)
    sealed = fields.BinaryField()
    expires_at = columns.moment(db_index=True)

    class Meta:
        table = "conversations"


class Request(Model):
    """A question, an application, or an objection that a person agreed to hand on."""

    id = columns.identity()
    kind = columns.word()  # question application objection
    person_id = columns.reference()
    village = columns.code12(db_index=True)
    sealed = fields.BinaryField()
    reader = columns.word()  # the role that was named to the asker
    subject = fields.CharField(max_length=80, default="")
    state = columns.word(default="open")
    message_key = columns.digest(unique=True)
    created_at = columns.moment()

    class Meta:
        table = "requests"


class Asked(Model):
    """How often what a village discloses was asked for, by its section of pages. Nobody is named,
    and what leads to no page (a tip above all) is not counted.
    """

    id = fields.CharField(max_length=60, primary_key=True)  # village/section
    village = columns.code12(db_index=True)
    section = columns.word()  # accounts, power, subsidies, ...
    count = fields.IntField()

    class Meta:
        table = "asked"


__models__ = [InboxMessage, Conversation, Request, Asked]
