"""The sheet on which a version is signed by hand and sealed (三签一章), for the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from pictures.figures import exact, full_day
from pictures.notice import SIGNERS

SEALS = ("村民委员会", "村务监督委员会")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSheet:
    """One page of A4. `seen` is what tells this content from any other; sums are in fen."""

    template: ClassVar[str] = "signing_sheet"
    village: str
    title: str
    version: int
    rows: int
    seen: str
    printed_on: date
    reason: str = ""
    sums: tuple[tuple[str, int | None], ...] = ()
    signed: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        return {
            "village": self.village,
            "title": self.title,
            "version": self.version,
            "rows": self.rows,
            "seen": self.seen,
            "reason": self.reason,
            "sums": [[name, None if fen is None else exact(fen)] for name, fen in self.sums],
            "signed": list(self.signed),
            "signers": SIGNERS,
            "seals": SEALS,
            "printed_on": full_day(self.printed_on),
        }
