"""People's inbox: what somebody is to answer, what was answered, and how content they were."""

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from storage.models import columns


class Request(Model):
    """A question, an application for disclosure, a request or an objection, with its clock.

    Days are local. `due_on` is the day that counts, `limit_on` the one that the rule itself gives,
    where that one is not worked.
    """

    id = columns.identity()
    number = fields.CharField(max_length=10, unique=True)  # told to whoever asked, random digits
    kind = columns.word()  # question application request objection
    person_id = columns.reference(null=True, db_index=True)  # None: nobody we can write to
    channel = columns.word(default="")  # by which they wrote, and are answered
    village = columns.code12()
    office = columns.code12()  # whose it is to answer: the village, or a region above
    role = columns.word()  # and which role's there
    level = fields.IntField(default=0)  # how often it was passed up
    sealed = fields.BinaryField()  # what was said
    asker_sealed = fields.BinaryField(null=True)  # the name that was given at the counter
    subject = fields.CharField(max_length=80, default="")  # the public id of what it is about
    state = columns.word(default="open")  # open answered
    counted_from = columns.day()
    limit_on = columns.day()
    due_on = columns.day()
    provisional = fields.BooleanField(default=False)  # counted without a year's table of days off
    extended = fields.BooleanField(default=False)
    told_late = fields.BooleanField(default=False)  # the superior knows that it is late
    may_publish = fields.BooleanField(default=False)  # whoever asked has agreed
    public_question = fields.TextField(default="")
    public_reply = fields.TextField(default="")
    published_at = columns.moment(null=True)
    taken_by = fields.CharField(max_length=40, default="")  # who wrote it down at the counter
    message_key = columns.digest(unique=True)
    created_at = columns.moment()
    answered_at = columns.moment(null=True)  # the newest answer

    class Meta:
        table = "requests"
        indexes = (
            ("village", "state", "due_on"),
            PartialIndex(
                fields=("due_on", "id"), name="requests_open", condition={"state": "open"}
            ),
        )


class RequestAnswer(Model):
    """What an office answered, once at each level."""

    id = columns.identity()
    request_id = columns.reference()
    level = fields.IntField()
    office = columns.code12()
    author = fields.CharField(max_length=40)  # a person's id
    sealed = fields.BinaryField()
    due_on = columns.day()  # the day that counted then
    at = columns.moment()
    campaign_id = columns.reference(null=True)  # that carries it; None: told at the counter

    class Meta:
        table = "request_answers"
        unique_together = (("request_id", "level"),)


class Rating(Model):
    """That somebody was asked, once, how content they are, and what they said to it."""

    id = columns.identity()
    subject_kind = columns.word()  # request matter
    subject_id = columns.reference()
    village = columns.code12()
    person_id = columns.reference()
    handler = fields.CharField(max_length=40, default="")  # whose work it was: a person's id
    state = columns.word(default="asked")  # asked rated void
    score = fields.IntField(null=True)  # 1 content, 2 mostly, 3 not
    said = fields.CharField(max_length=20, default="")  # the reply as it came
    asked_at = columns.moment()
    rated_at = columns.moment(null=True)
    message_key = columns.digest(null=True, unique=True)

    class Meta:
        table = "ratings"
        unique_together = (("subject_kind", "subject_id"),)
        indexes = (("person_id", "state"), ("village", "asked_at"))


__models__ = [Request, RequestAnswer, Rating]
