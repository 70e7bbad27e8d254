"""Photos as people send them in, made anew: upright, not too large, and nothing beside the picture.

What a camera notes (place, time, owner) goes with the old file; what is no picture is refused.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

CONTENT_TYPE = "image/jpeg"
MAX_BYTES = 15 << 20

_MAX_PIXELS = 60_000_000
_LONGEST_SIDE = 2000
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")


class NotAPhoto(ValueError):
    """The bytes are no picture that can be shown, or one too large to open."""


def cleaned(content: bytes) -> bytes:
    """The picture as JPEG without any metadata. Blocks: from the loop, call it in a thread.

    Raises NotAPhoto.
    """
    if len(content) > MAX_BYTES:
        raise NotAPhoto
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        if opened.width * opened.height > _MAX_PIXELS:
            raise NotAPhoto
        upright = ImageOps.exif_transpose(opened)
        picture = _on_white(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as problem:
        raise NotAPhoto from problem
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """The bare pixels, what is transparent white, in a picture that knows nothing else."""
    full = picture.convert("RGBA")
    plain = Image.new("RGB", full.size, "white")
    plain.paste(full, mask=full.getchannel("A"))
    return plain
