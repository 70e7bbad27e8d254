"""The clock's memory: what is due when, and every firing."""

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from storage.models import columns


class Schedule(Model):
    name = fields.CharField(max_length=80, primary_key=True)
    cron = fields.CharField(max_length=80)  # five fields, Beijing time
    misfire = columns.word(default="run_latest")  # run_latest run_all skip
    next_run = columns.moment()
    own_rule = fields.BooleanField(default=False)  # an operator's: a start leaves it alone

    class Meta:
        table = "schedules"


class Occurrence(Model):
    """One firing of a schedule, unique, so that several replicas may all try."""

    id = columns.identity()
    schedule = fields.CharField(max_length=80)
    due_at = columns.moment()
    state = columns.word()  # done skipped held resumed
    at = columns.moment()

    class Meta:
        table = "occurrences"
        unique_together = (("schedule", "due_at"),)
        indexes = (
            PartialIndex(fields=("id",), name="occurrences_held", condition={"state": "held"}),
            PartialIndex(fields=("id",), name="occurrences_back", condition={"state": "resumed"}),
        )


__models__ = [Schedule, Occurrence]
