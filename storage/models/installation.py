"""What this database is: for real use or a demo's, sealed under which keys, on which clock."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Installation(Model):
    id = fields.IntField(primary_key=True, generated=False)  # always 1
    purpose = columns.word()  # live or demo
    fingerprint = fields.CharField(max_length=40)  # of the key file that sealed the addresses
    clock_offset = columns.moment(default=0)  # a demo's clock: milliseconds ahead of real time
    sample = fields.CharField(max_length=40, default="")  # a demo's data version
    backed_up_at = columns.moment(null=True)  # real time of the newest backup
    restored_at = columns.moment(null=True)  # holds unfinished deliveries until an operator resumes

    class Meta:
        table = "installation"


__models__ = [Installation]
