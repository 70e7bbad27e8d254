"""What a file is, told by its content and never by its name; what is hostile is refused here."""

import struct
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from workbooks import texts
from workbooks.problems import WorkbookError

MAX_FILE_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 512 * 2**20
_MAX_MEMBERS = 4_000
# Sheets pack well, 30 or 50 to 1; zeros pack 1000 to 1.
_MAX_RATIO = 250
_RATIO_MATTERS_FROM = 16 * 2**20
_CHUNK = 2**20
# Everything that zipfile is known to raise on archives made by accident or by malice.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError,
    EOFError, struct.error,
)  # fmt: skip


class FileType(StrEnum):
    """The kinds of file that are read."""

    DELIMITED = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    JSON = "json"


def detect(path: Path, file: str) -> FileType:
    """The type of the file, by its content; `file` is the name that a complaint mentions.

    Raises WorkbookError: missing, empty, too_large, zip_bomb, encrypted, wrong_kind, damaged.
    """
    head = _read_head(path, file)
    if head.startswith(b"PK"):
        return _detect_in_zip(path, file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _detect_in_ole(path, file)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise _wrong_kind(file, kind)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        raise _wrong_kind(file, "html", texts.SAVE_AS_XLSX)
    if text.startswith(b"<?xml"):
        raise _wrong_kind(file, "xml", texts.SAVE_AS_XLSX)
    if text.startswith((b"{", b"[{")):
        return FileType.JSON
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _wrong_kind(file, "binary")
    return FileType.DELIMITED


_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)


def _read_head(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise _error("missing", file, texts.A_FOLDER, texts.A_FILE_NAME)
        size = path.stat().st_size
        with path.open("rb") as opened:
            head = opened.read(4096)
    except FileNotFoundError as exc:
        raise _error("missing", file, texts.NO_SUCH_FILE, texts.A_FILE_NAME) from exc
    except OSError as exc:
        raise _error("missing", file, texts.UNREADABLE_FILE, texts.A_FILE_NAME) from exc
    if not head:
        raise _error("empty", file, texts.EMPTY_FILE, texts.A_WORKBOOK)
    if size > MAX_FILE_BYTES:
        found = texts.TOO_LARGE.format(megabytes=-(-size // 2**20))
        limit = texts.TOO_LARGE.format(megabytes=MAX_FILE_BYTES // 2**20)
        raise _error("too_large", file, found, texts.AT_MOST.format(limit=limit))
    return head


def _detect_in_zip(path: Path, file: str) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive, file)
            names = set(archive.namelist())
            kind = _kind_in_zip(archive, names)
            if kind is FileType.ODS and _ods_is_encrypted(archive, names):
                raise _error("encrypted", file, texts.ENCRYPTED, texts.UNPROTECTED)
            if not isinstance(kind, FileType):
                raise _wrong_kind(file, kind)
            _read_through(archive)
    except BROKEN_ZIP as exc:
        raise damaged(file) from exc
    return kind


def _kind_in_zip(archive: zipfile.ZipFile, names: set[str]) -> FileType | str:
    if "mimetype" in names:
        mime = archive.read("mimetype").strip()
        if mime == b"application/vnd.oasis.opendocument.spreadsheet":
            return FileType.ODS
        return "text_document"
    if "xl/workbook.xml" in names:
        return FileType.XLSX
    for member, kind in (
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "word"),
        ("ppt/presentation.xml", "slides"),
    ):
        if member in names:
            return kind
    return "archive"


def _refuse_bombs(archive: zipfile.ZipFile, file: str) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    suspicious = any(
        member.file_size > _RATIO_MATTERS_FROM
        and member.file_size > _MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if suspicious or unpacked > MAX_UNPACKED_BYTES or len(members) > _MAX_MEMBERS:
        raise _error("zip_bomb", file, texts.ZIP_BOMB, texts.SAVE_AGAIN)


def _read_through(archive: zipfile.ZipFile) -> None:
    """Unpacks once what the readers will unpack: a size that lies shows in the checksum.

    No spreadsheet needs a document type, and entities are how XML attacks; none goes further.
    """
    for member in archive.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(member) as opened:
            head = opened.read(_CHUNK)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise ValueError("document type in a workbook")
            while opened.read(_CHUNK):
                pass


def _ods_is_encrypted(archive: zipfile.ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in archive.read(manifest)


def _detect_in_ole(path: Path, file: str) -> FileType:
    content = path.read_bytes()
    if _utf16("EncryptedPackage") in content:
        raise _error("encrypted", file, texts.ENCRYPTED, texts.UNPROTECTED)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return FileType.XLS
    kind = "word" if _utf16("WordDocument") in content else "old_office"
    raise _wrong_kind(file, kind)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def damaged(file: str) -> WorkbookError:
    """The complaint about a file that says what it is but cannot be opened."""
    return _error("damaged", file, texts.DAMAGED, texts.SAVE_AGAIN)


def wrong_kind(file: str, kind: str) -> WorkbookError:
    """The complaint about a file of a kind that is not read here."""
    return _wrong_kind(file, kind)


def _wrong_kind(file: str, kind: str, expected: str = texts.A_WORKBOOK) -> WorkbookError:
    return _error("wrong_kind", file, texts.OTHER_KINDS[kind], expected)


def _error(code: str, file: str, found: str, expected: str) -> WorkbookError:
    return WorkbookError(code, file=file, found=found, expected=expected)
