"""What people write to us: the inbox, the conversations, and what they ask about."""

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


class QuestionCount(Model):
    """How many questions of a village and month were about a topic, and how many of them nothing
    published answered. Nobody is named. What is no question about a village (a tip above all) is
    not counted.
    """

    id = fields.CharField(max_length=60, primary_key=True)  # village/month/topic
    village = columns.code12()
    month = columns.day()  # YYYY-MM, business time
    topic = fields.CharField(max_length=30, default="")  # empty: about none that is known
    asked = fields.IntField()
    unanswered = fields.IntField()

    class Meta:
        table = "question_counts"
        indexes = (("month", "village"),)


__models__ = [InboxMessage, Conversation, Asked, QuestionCount]
