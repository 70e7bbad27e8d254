"""What resident pages say; the templates hold the rest."""

TITLE = "明白账"
UNKNOWN = "没有写"
NO_OPENING = "没有公开记录"
