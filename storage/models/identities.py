"""Who may see which rows of a list as their own: keyed hashes only, never a name or a number."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Claim(Model):
    """That a row of a list belongs to whoever can name themselves by this key."""

    id = columns.identity()
    village = columns.code12()
    book = fields.CharField(max_length=60)
    period = columns.day()
    line = columns.digest()  # of the row as it is published
    key = columns.digest(db_index=True)  # of name and last four, under the look-up key

    class Meta:
        table = "claims"
        unique_together = (("village", "book", "period", "line", "key"),)


class Identity(Model):
    """That a person proved, or somebody vouched, who they are."""

    id = columns.identity()
    person_id = columns.reference(db_index=True)
    key = columns.digest()
    actor = fields.CharField(max_length=40)  # the person, or who vouched
    note = fields.TextField(default="")
    at = columns.moment()

    class Meta:
        table = "identities"
        unique_together = (("person_id", "key"),)


class IdentityTries(Model):
    """How often in a row a person was not known by what they gave."""

    person_id = columns.reference(primary_key=True)
    tries = fields.IntField(default=0)
    locked_until = columns.moment(null=True)

    class Meta:
        table = "identity_tries"


class IdentityUse(Model):
    """How often a person did something on a day of which there may not be too much."""

    id = columns.identity()
    person_id = columns.reference()
    what = columns.word()  # code, rows
    day = columns.day()
    count = fields.IntField()

    class Meta:
        table = "identity_uses"
        unique_together = (("person_id", "what", "day"),)


__models__ = [Claim, Identity, IdentityTries, IdentityUse]
