"""Accounts of those who work in the console, apart from people, and how they are let in."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class StaffAccount(Model):
    """What somebody in office logs in with. Their rights are their posts of the day, not here."""

    id = columns.identity()
    person_id = columns.reference(unique=True)
    login = fields.CharField(max_length=40, unique=True)
    password = fields.CharField(max_length=200, default="")  # argon2id, empty until it is chosen
    totp = fields.BinaryField(null=True)  # the secret, sealed
    second = columns.word(default="")  # what was given beside the password: totp or message
    totp_step = fields.BigIntField(default=0)  # the last half minute whose code was used
    is_closed = fields.BooleanField(default=False)
    made_by = fields.CharField(max_length=40)
    made_at = columns.moment()

    class Meta:
        table = "staff"


class StaffSession(Model):
    """A browser in which somebody is logged in, or on the way there. Times are real ones."""

    id = columns.digest(primary_key=True)  # of the token in its cookie
    staff_id = columns.reference(db_index=True)
    stage = columns.word()  # enrol code in
    tries = fields.IntField(default=0)  # codes that were wrong
    csrf = fields.CharField(max_length=40)
    said = fields.CharField(max_length=300, default="")  # shown once, on the next page
    begun_at = columns.moment()
    seen_at = columns.moment(db_index=True)

    class Meta:
        table = "staff_sessions"


class StaffDraft(Model):
    """What somebody sent after the session had ended: sealed, shown again after the log-in."""

    staff_id = columns.reference(primary_key=True)
    sealed = fields.BinaryField()
    at = columns.moment()

    class Meta:
        table = "staff_drafts"


class StaffStart(Model):
    """A code to choose a password with, once. Two people give half of it each."""

    staff_id = columns.reference(primary_key=True)
    half = columns.digest()
    other_half = columns.digest(default="")  # empty: the second person has not agreed yet
    first_by = fields.CharField(max_length=40)
    second_by = fields.CharField(max_length=40, default="")
    expires_at = columns.moment()

    class Meta:
        table = "staff_starts"


class StaffMessageCode(Model):
    """The code that somebody asked for by message."""

    person_id = columns.reference(primary_key=True)
    code = columns.digest()
    expires_at = columns.moment()

    class Meta:
        table = "staff_message_codes"


class Guesses(Model):
    """Wrong passwords by who guesses: a hash of where from, never an address."""

    guesser = columns.digest(primary_key=True)
    wrong = fields.IntField()
    since = columns.moment(db_index=True)

    class Meta:
        table = "guesses"


__models__ = [StaffAccount, StaffSession, StaffDraft, StaffStart, StaffMessageCode, Guesses]
