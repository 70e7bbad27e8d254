"""Reminders that ask for a word back, and what follows where none comes."""

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from storage.models import columns


class ReminderRule(Model):
    """What an admin laid down for one template, instead of what the program has.

    Times are seconds. `superior_after` counts from the last try, `sms_after` 0: no text by SMS.
    """

    template = fields.CharField(max_length=40, primary_key=True)
    is_on = fields.BooleanField(default=True)
    repeat_after = fields.IntField()
    repeats = fields.IntField()
    sms_after = fields.IntField()
    superior_after = fields.IntField()
    changed_by = fields.CharField(max_length=40)
    changed_at = columns.moment()

    class Meta:
        table = "reminder_rules"


class Confirmation(Model):
    """That one person was asked to confirm one reminder, and what became of it.

    Moments are business time. `cause` is the campaign's key, which tells what it is about.
    """

    id = columns.identity()
    campaign_id = columns.reference()
    person_id = columns.reference()
    template = fields.CharField(max_length=40)
    cause = fields.CharField(max_length=120)
    state = columns.word()  # open confirmed escalated expired
    how = columns.word(default="")  # reply menu link; of an expired one why: done replaced left off
    step = fields.IntField(default=0)  # how many follow-ups there were
    asked_at = columns.moment()
    next_step_at = columns.moment(null=True)
    confirmed_at = columns.moment(null=True)
    told_late = fields.BooleanField(default=False)  # a late answer was answered

    class Meta:
        table = "confirmations"
        unique_together = (("campaign_id", "person_id"),)
        indexes = (
            PartialIndex(
                fields=("next_step_at", "id"),
                name="confirmations_due",
                condition={"state": "open"},
            ),
            ("person_id", "state"),
        )


__models__ = [ReminderRule, Confirmation]
