"""Which part of the work a process does (contract.md, section 2: `serve --role`)."""

from __future__ import annotations

from enum import StrEnum


class ProcessRole(StrEnum):
    """One process does all of it, or each a part; several of each may run side by side."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"
    SCHEDULER = "scheduler"

    @property
    def answers(self) -> bool:
        """Whether it listens: pages, webhooks, answers."""
        return self in (ProcessRole.ALL, ProcessRole.WEB)

    @property
    def sends(self) -> bool:
        """Whether it works the outbox off and settles what became of it."""
        return self in (ProcessRole.ALL, ProcessRole.WORKER)

    @property
    def keeps_time(self) -> bool:
        """Whether it looks at the clock: schedules, planned campaigns, what is to be purged."""
        return self in (ProcessRole.ALL, ProcessRole.SCHEDULER)
