"""The clock's memory: what is due when, and every firing."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Schedule(Model):
    name = fields.CharField(max_length=80, primary_key=True)
    cron = fields.CharField(max_length=80)  # five fields, Beijing time
    misfire = columns.word(default="run_latest")  # run_latest run_all skip
    next_run = columns.moment()

    class Meta:
        table = "schedules"


class Occurrence(Model):
    """One firing of a schedule, unique, so that several replicas may all try."""

    id = columns.identity()
    schedule = fields.CharField(max_length=80)
    due_at = columns.moment()
    state = columns.word()  # running done skipped held
    at = columns.moment()

    class Meta:
        table = "occurrences"
        unique_together = (("schedule", "due_at"),)


__models__ = [Schedule, Occurrence]
