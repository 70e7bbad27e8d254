"""Regions: the tree of county, towns and villages, and the days off that all of them share."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Region(Model):
    """A county, a town, or a village (村 or 社区), by its 12-digit code."""

    code = columns.code12(primary_key=True)
    level = columns.word()  # county town village
    name = fields.CharField(max_length=60, db_index=True)
    parent = columns.code12(null=True, db_index=True)
    kind = columns.word(default="")  # 村 or 社区 for a village
    groups = fields.IntField(null=True)  # how many villagers' groups
    rhythm = columns.word(default="")  # 财务公开频次: 每月 or 每季
    disclosure_day = fields.IntField(null=True)  # 公开日, day of the month
    details = fields.TextField(default="{}")  # the other columns of the villages file, JSON

    class Meta:
        table = "regions"


class Holiday(Model):
    """A day off, or a weekend day that is worked instead (domain.md, section 6)."""

    day = columns.day(primary_key=True)
    kind = columns.word()  # off or work
    name = fields.CharField(max_length=40, default="")

    class Meta:
        table = "holidays"


__models__ = [Region, Holiday]
