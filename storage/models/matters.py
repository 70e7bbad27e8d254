"""Matters: villagers' applications on their way along the steps of a power item."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Matter(Model):
    """One application. Its steps are those of the item's version that was in force at the start."""

    id = columns.identity()
    number = fields.CharField(max_length=10, unique=True)  # eight digits, told to the applicant
    village = columns.code12()
    item_code = fields.CharField(max_length=20)
    item_name = fields.CharField(max_length=60)
    steps = fields.TextField()  # JSON: [[name, post], ...]
    applicant_id = columns.reference(null=True, db_index=True)  # None: nobody we can write to
    applicant_sealed = fields.BinaryField()  # the name in full
    applicant_masked = fields.CharField(max_length=20)
    opened_on = columns.day()
    due_on = columns.day()
    state = columns.word()  # open done
    result = fields.TextField(default="")
    amount_fen = fields.BigIntField(null=True)
    decided_on = columns.day(null=True)
    is_public = fields.BooleanField(default=False)  # the masked result may be shown to everybody

    class Meta:
        table = "matters"
        indexes = (("state", "due_on"), ("village", "state"))


class MatterStep(Model):
    """A step that was done: when, and by whom."""

    id = columns.identity()
    matter_id = columns.reference()
    no = fields.IntField()  # from 1
    done_on = columns.day()
    actor = fields.CharField(max_length=40)
    note = fields.TextField(default="")

    class Meta:
        table = "matter_steps"
        unique_together = (("matter_id", "no"),)


__models__ = [Matter, MatterStep]
