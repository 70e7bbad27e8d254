"""The five rhythms in which villages publish (domain.md, M38-M42), as rows of one calendar."""

from notifications.rhythms.days import missing_table
from notifications.rhythms.keeping import keep, recount

__all__ = ["keep", "missing_table", "recount"]
