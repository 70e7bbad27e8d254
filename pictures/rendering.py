"""A picture's data set in type by typst: the same data give the same bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Protocol

import typst
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from pictures.typesetting import typeset

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = sans_path().parent
_POINTS_PER_INCH = 72
_COLOURS = 256


class Picture(Protocol):
    """What can be rendered: the name of a template, and the words and figures that fill it."""

    @property
    def template(self) -> str: ...

    def data(self) -> dict[str, Any]: ...


def png(picture: Picture, *, pixels_per_point: float = 1) -> list[bytes]:
    """One PNG a page. At one pixel a point, phone pictures are 1080 pixels wide.

    Blocks for up to a second, hardly ever holding the interpreter's lock: from the loop, call it in
    a thread. Any number of threads may render at once.
    """
    pages = _compile(picture, format="png", ppi=_POINTS_PER_INCH * pixels_per_point)
    return [_smaller(page) for page in ([pages] if isinstance(pages, bytes) else pages)]


def pdf(picture: Picture) -> bytes:
    """All pages in one PDF, its text selectable. Blocks as `png` does."""
    document = _compile(picture, format="pdf", timestamp=0)
    assert isinstance(document, bytes)  # noqa: S101
    return document


def _smaller(page: bytes) -> bytes:
    """The same picture in 256 colours: less than half the bytes, which residents pay for."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(page)) as picture:
        few = picture.convert("RGB").quantize(
            _COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        few.save(written, "PNG")
    return written.getvalue()


def _compile(picture: Picture, **options: Any) -> bytes | list[bytes]:
    # Made anew for each picture: that costs 2 ms, and one compiler refuses two threads at once.
    compiler = typst.Compiler(
        _TEMPLATES / f"{picture.template}.typ",
        root=_TEMPLATES,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
    )
    # Data travel beside the markup, never in it: accountants' words may hold any character.
    inputs = {"data": json.dumps(typeset(picture.data()), ensure_ascii=False)}
    result = compiler.compile(sys_inputs=inputs, **options)
    assert result is not None  # noqa: S101
    return result
