"""Photos made anew: nothing of the camera, upright, and no file that is none."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pictures.photos import MAX_BYTES, NotAPhoto, cleaned


def taken(size: tuple[int, int] = (60, 40), *, turned: bool = False, form: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-OF-SOMEBODY"
    exif[0x0112] = 6 if turned else 1
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, form, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_noted_is_gone(form: str) -> None:
    content = taken(form=form)
    assert b"CAMERA-OF-SOMEBODY" in content

    made = cleaned(content)

    assert b"CAMERA-OF-SOMEBODY" not in made
    assert dict(Image.open(io.BytesIO(made)).getexif()) == {}


def test_a_photo_taken_sideways_stands_upright() -> None:
    made = Image.open(io.BytesIO(cleaned(taken((60, 40), turned=True))))

    assert made.size == (40, 60)


def test_a_large_photo_is_made_smaller() -> None:
    made = Image.open(io.BytesIO(cleaned(taken((4000, 1000)))))

    assert made.size == (2000, 500)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"x" * (MAX_BYTES + 1), b"%PDF-1.7"])
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPhoto):
        cleaned(content)


def test_half_a_photo_is_refused() -> None:
    with pytest.raises(NotAPhoto):
        cleaned(taken((600, 400))[:200])
