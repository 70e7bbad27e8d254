"""A progress bar on stderr, on a terminal only; results go to stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.importing import texts

_BYTES_A_ROW = 150


@contextmanager
def reading(path: Path, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Shows how far a file has been read; the rows to come are estimated from its size."""
    size = path.stat().st_size if path.is_file() else 0
    label = texts.READING.format(file=path.name)
    rows_expected = max(1, size // _BYTES_A_ROW)
    with _bar(label, rows_expected, shown=shown) as update:
        done = 0

        def reach(rows: int) -> None:
            nonlocal done
            update(rows - done)
            done = rows

        yield reach
        update(max(0, rows_expected - done))


@contextmanager
def storing(steps: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Shows how many of the steps are done."""
    with _bar(texts.STORING, steps, shown=shown) as update:
        yield update


@contextmanager
def _bar(label: str, length: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as bar:
        yield bar.update
