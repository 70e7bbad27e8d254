"""People, their sealed addresses and their posts, what they follow and what they refuse."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Person(Model):
    id = columns.identity()
    name = fields.CharField(max_length=60, default="")  # empty: somebody who only wrote to us
    village = columns.code12(null=True, db_index=True)  # bound by the person, or by the people file
    group_no = fields.IntField(null=True)
    known = fields.BooleanField(default=False)  # brought in by a people file
    texts_answered = fields.BooleanField(default=False)  # an unknown number that answered us once
    created_at = columns.moment()

    class Meta:
        table = "people"
        indexes = (("id", "village"),)  # pages of a fan-out are read from it alone


class Address(Model):
    """A phone number or an openid: a keyed hash to find it by, a ciphertext to send to.

    One number may belong to several people of a household, hence no unique look-up.
    """

    id = columns.identity()
    person_id = columns.reference()
    channel = columns.word()  # wechat or sms
    lookup = columns.digest()
    # 0 for the first who has it, 1 for the next, ...: unique, so that two at once see each other.
    holder = fields.IntField(db_default=0)
    shared = fields.BooleanField(db_default=False)  # somebody else has it too, or had
    sealed = fields.BinaryField()
    state = columns.word(default="active")  # active unfollowed dead
    created_at = columns.moment()
    # Real time until which WeChat lets us write freely, and how often still (wechat.md 2.2).
    window_until = columns.moment(null=True)
    window_left = fields.IntField(null=True)

    class Meta:
        table = "addresses"
        unique_together = (("person_id", "channel", "lookup"), ("lookup", "holder"))
        indexes = (("person_id", "state", "channel", "lookup", "shared"),)  # as of people


class Post(Model):
    """A role that a person holds in a region for a term."""

    id = columns.identity()
    person_id = columns.reference(db_index=True)
    role = columns.word(db_index=True)
    region = columns.code12(db_index=True)
    title = fields.CharField(max_length=40, default="")  # 职务, such as 会计
    starts_on = columns.day(null=True)
    ends_on = columns.day(null=True)  # the last day in office

    class Meta:
        table = "posts"
        unique_together = (("person_id", "role", "region", "title"),)


class Follow(Model):
    """A topic of a village that a person asked to hear about, how soon and over which channel."""

    id = columns.identity()
    person_id = columns.reference()
    topic = columns.word(db_index=True)
    village = columns.code12(default="", db_index=True)  # empty: the person's own
    rhythm = columns.word(default="at_once")  # at_once or weekly
    channel = columns.word(default="")  # wechat or sms, empty: whichever reaches the person
    since = columns.moment()  # in this rhythm: what was published before is not told in it

    class Meta:
        table = "follows"
        unique_together = (("person_id", "topic", "village"),)
        indexes = (("person_id", "topic", "village", "channel"),)  # as of people


class OptOut(Model):
    """A class of notices that a person refused, on one channel or on all (channel empty)."""

    id = columns.identity()
    person_id = columns.reference()
    notice_class = columns.word()
    channel = columns.word(default="")
    created_at = columns.moment()

    class Meta:
        table = "opt_outs"
        unique_together = (("person_id", "notice_class", "channel"),)


class Relative(Model):
    """That somebody in office declared somebody else to be a near relative."""

    id = columns.identity()
    person_id = columns.reference(db_index=True)
    relative_id = columns.reference(db_index=True)
    relation = columns.word()  # what the other is to the first: 配偶 父母 子女 ...
    declared_at = columns.moment()

    class Meta:
        table = "relatives"
        unique_together = (("person_id", "relative_id"),)


__models__ = [Person, Address, Post, Follow, OptOut, Relative]
