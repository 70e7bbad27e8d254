"""Who may do what here (docs/roles.md); whether a rule stands against it says storage.signing."""

ENTERS = frozenset({"录入"})
REVIEWS = frozenset({"审核", "监委会"})
MANAGES = frozenset({"管理"})
PUBLISHES = frozenset({"录入", "审核", "管理"})
WITHDRAWS = frozenset({"审核", "管理"})
READS = ENTERS | REVIEWS | MANAGES | frozenset({"审计"})
HANDLES = ENTERS | REVIEWS | MANAGES
