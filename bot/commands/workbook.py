"""`mingbai workbook`: an empty workbook of a kind, with two example rows."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands import texts
from bot.errors import Refused
from workbooks.blanks import BLANKS, write_blank

_ENDINGS = (".xlsx", ".csv")


def run(kind: str, file: Path) -> None:
    """Writes it to `file`, by its ending as XLSX or CSV; what is there already is left alone."""
    if file.suffix.lower() not in _ENDINGS:
        raise Refused(texts.NOT_A_WORKBOOK.format(file=file.name))
    if file.exists():
        raise Refused(texts.FILE_EXISTS.format(file=file.name))
    try:
        write_blank(BLANKS[kind], file)
    except OSError as error:
        raise Refused(texts.FILE_UNWRITABLE.format(file=file.name)) from error
    click.echo(texts.WORKBOOK_MADE.format(file=file.name, kind=kind))
