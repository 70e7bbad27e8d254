"""What villages disclose, the chain over all that was published, and the notes of every import."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Disclosure(Model):
    """One version of one disclosure, immutable once published (docs/verify.md).

    `body` holds the content with a salted hash in place of each personal field; `personal` maps
    such a field to its salt and value, and is what gets erased. `dossier` is for those who prepare
    it: open doubts, refused rows, checks. It is neither published nor hashed.
    """

    id = columns.identity()
    village = columns.code12()
    kind = columns.word()  # accounts
    disclosure_class = columns.word()  # 党务 政务 村务 财务
    rhythm = columns.word()
    book = fields.CharField(max_length=60)  # 村委会, 集体, N组; of other kinds what sets one apart
    period = columns.day()  # YYYY-MM, or the day from which it applies
    version = fields.IntField()
    state = columns.word()  # draft submitted signed published corrected withdrawn
    body = fields.TextField()
    personal = fields.TextField()
    dossier = fields.TextField(default="{}")
    author = fields.CharField(max_length=40)  # who first brought it in: a person's id, or operator
    reason = fields.TextField(default="")  # why it differs from the version before
    signatures = fields.TextField(default="[]")
    created_at = columns.moment()
    published_at = columns.moment(null=True)
    withdrawn_reason = fields.TextField(default="")

    class Meta:
        table = "disclosures"
        unique_together = (("village", "kind", "book", "period", "version"),)
        indexes = (("state", "village"), ("published_at",))


class ChainLink(Model):
    """A link of the hash chain over publications, withdrawals and erasures."""

    seq = fields.IntField(primary_key=True, generated=False)
    disclosure_id = columns.reference(db_index=True)
    event = columns.word()  # published withdrawn erased
    content = columns.digest()  # SHA-256 of the canonical bytes
    hash = columns.digest()
    at = columns.moment()

    class Meta:
        table = "chain"


class AuditEntry(Model):
    """Who did what, chained like the publications."""

    seq = fields.IntField(primary_key=True, generated=False)
    at = columns.moment()
    actor = fields.CharField(max_length=40)  # a person's id, or operator, or system
    action = columns.word()
    subject = fields.CharField(max_length=80)
    details = fields.TextField(default="{}")
    hash = columns.digest()

    class Meta:
        table = "audit"


class ImportNote(Model):
    """That a file was imported, by whom, and what came of it."""

    id = columns.identity()
    kind = columns.word()
    digest = columns.digest(db_index=True)
    actor = fields.CharField(max_length=40)
    counts = fields.TextField()
    at = columns.moment()

    class Meta:
        table = "imports"


class AcceptedDoubt(Model):
    """A doubtful row that somebody accepted: a later import of it needs no second word."""

    id = columns.identity()
    village = columns.code12()
    book = fields.CharField(max_length=20)
    doubt = columns.digest()  # of the row's content and its doubt
    actor = fields.CharField(max_length=40)
    at = columns.moment()

    class Meta:
        table = "accepted_doubts"
        unique_together = (("village", "book", "doubt"),)


class Upload(Model):
    """A file brought in by the console: kept as it came, with what was mended in it since."""

    id = columns.identity()
    kind = columns.word()  # as `import` names it
    village = columns.code12()
    file = fields.CharField(max_length=120)  # its name
    sealed = fields.BinaryField()
    mends = fields.TextField(default="[]")  # [[sheet, row, column from 0, text], ...]
    revision = fields.IntField(default=0)  # counts the mends: two people may look at it at once
    state = columns.word(default="open")  # open stored dropped
    drafts = fields.TextField(default="[]")  # ids of what it made or changed
    actor = fields.CharField(max_length=40)
    at = columns.moment()

    class Meta:
        table = "uploads"
        indexes = (("village", "at"),)


class Attachment(Model):
    """A picture that belongs to a version: never hashed, and public only where it is a photo."""

    id = columns.identity()
    disclosure_id = columns.reference(db_index=True)
    kind = columns.word()  # sheet (三签一章), voucher, photo
    title = fields.CharField(max_length=60, default="")
    content_type = columns.word()
    sealed = fields.BinaryField()  # made anew from what was sent: no metadata of the camera
    actor = fields.CharField(max_length=40)
    at = columns.moment()

    class Meta:
        table = "attachments"


class AdHoc(Model):
    """What a cadre wants to be public at once, sent by message and not decided on, or decided."""

    id = columns.identity()
    number = fields.CharField(max_length=8, unique=True)  # what a reviewer answers with
    village = columns.code12()
    person_id = columns.reference(db_index=True)
    sealed = fields.BinaryField()  # the text
    state = columns.word()  # waiting published refused
    message_key = fields.CharField(max_length=80, unique=True)
    received_at = columns.moment()
    decided_at = columns.moment(null=True)
    decided_by = fields.CharField(max_length=40, default="")
    reason = fields.TextField(default="")
    disclosure_id = columns.reference(null=True)

    class Meta:
        table = "ad_hoc"
        indexes = (("village", "state"),)


__models__ = [
    Disclosure, ChainLink, AuditEntry, ImportNote, AcceptedDoubt, Upload, Attachment, AdHoc,
]  # fmt: skip
