"""`mingbai import`: villages, people, ledgers and holidays from files."""

from pathlib import Path

from bot.arguments import SheetRow
from bot.commands import texts
from bot.config import Config
from bot.errors import Refused


def run(
    config: Config,
    kind: str,
    files: tuple[Path, ...],
    *,
    village: str | None,
    book: str | None,
    balances: Path | None,
    publish: bool,
    accept: tuple[SheetRow, ...],
    person: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Imports each file and prints a report on it; a file in which nothing can be read is refused.

    `kind` is villages, people, ledger or holidays; `person` is who does this step (`--as`). What of
    contract.md, section 2, a kind does not take is refused.
    """
    raise Refused(texts.NOT_YET)
