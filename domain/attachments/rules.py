"""What a file is, by its content and not by what its sender calls it, and whether the desk takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096
"""Bytes at the start of a file that are looked at."""
NAME_LIMIT = 120


class State(StrEnum):
    WAITING = "waiting"
    """Its content still has to be fetched."""
    STORED = "stored"
    REFUSED = "refused"


class Problem(StrEnum):
    """Why a file was not taken. Its sender is told."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    MACROS = "macros"
    GONE = "gone"
    """Nobody can open the link any more, or we may not."""
    BROKEN = "broken"
    """It could not be read to its end, time and again."""
    UNREADABLE = "unreadable"
    """Teams does not let a bot read files that are sent in this way, as in a channel."""
    ELSEWHERE = "elsewhere"
    """It is kept at an address that we do not ask."""
    TOO_MANY = "too_many"


class Sort(StrEnum):
    """Kinds of files, as a city allows or refuses them in `organisation/helpdesk.yaml`."""

    IMAGE = "image"
    PDF = "pdf"
    OFFICE = "office"
    TEXT = "text"
    MAIL = "mail"
    VIDEO = "video"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class AttachmentPolicy:
    """`largest` is in bytes; `most` files of one message are taken."""

    largest: int = 25 * 1024 * 1024
    most: int = 10
    sorts: frozenset[Sort] = frozenset(Sort) - {Sort.ARCHIVE}


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Format:
    """A format we know. `endings` are the file names' it goes by, the usual one first."""

    sort: Sort
    content_type: str
    endings: tuple[str, ...]


_PNG = Format(Sort.IMAGE, "image/png", ("png",))
_JPEG = Format(Sort.IMAGE, "image/jpeg", ("jpg", "jpeg", "jfif"))
_GIF = Format(Sort.IMAGE, "image/gif", ("gif",))
_WEBP = Format(Sort.IMAGE, "image/webp", ("webp",))
_BMP = Format(Sort.IMAGE, "image/bmp", ("bmp",))
_TIFF = Format(Sort.IMAGE, "image/tiff", ("tif", "tiff"))
_HEIC = Format(Sort.IMAGE, "image/heic", ("heic", "heif"))
_PDF = Format(Sort.PDF, "application/pdf", ("pdf",))
_MP4 = Format(Sort.VIDEO, "video/mp4", ("mp4", "m4v"))
_MOV = Format(Sort.VIDEO, "video/quicktime", ("mov",))
_WEBM = Format(Sort.VIDEO, "video/webm", ("webm",))
_RTF = Format(Sort.OFFICE, "application/rtf", ("rtf", "doc"))
_ZIP = Format(Sort.ARCHIVE, "application/zip", ("zip",))
_TEXT = Format(
    Sort.TEXT, "text/plain", ("txt", "log", "csv", "md", "json", "xml", "ini", "yaml", "yml", "vtt")
)
_EML = Format(Sort.MAIL, "message/rfc822", ("eml",))

_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"\xff\xd8\xff", _JPEG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"II*\x00", _TIFF),
    (b"MM\x00*", _TIFF),
    (b"%PDF-", _PDF),
    (b"\x1aE\xdf\xa3", _WEBM),
    (b"{\\rtf", _RTF),
)
_ZIPPED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Microsoft's compound file. An installer (.msi) is one too, so its name has to be that of a document."""

_OPEN_XML = {
    "word/": Format(
        Sort.OFFICE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)
    ),
    "xl/": Format(
        Sort.OFFICE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)
    ),
    "ppt/": Format(
        Sort.OFFICE, "application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",)
    ),
    "visio/": Format(Sort.OFFICE, "application/vnd.ms-visio.drawing", ("vsdx",)),
}
_BY_NAME = {
    "doc": Format(Sort.OFFICE, "application/msword", ("doc",)),
    "xls": Format(Sort.OFFICE, "application/vnd.ms-excel", ("xls",)),
    "ppt": Format(Sort.OFFICE, "application/vnd.ms-powerpoint", ("ppt",)),
    "msg": Format(Sort.MAIL, "application/vnd.ms-outlook", ("msg",)),
}
_OPEN_DOCUMENT = {
    "odt": Format(Sort.OFFICE, "application/vnd.oasis.opendocument.text", ("odt",)),
    "ods": Format(Sort.OFFICE, "application/vnd.oasis.opendocument.spreadsheet", ("ods",)),
    "odp": Format(Sort.OFFICE, "application/vnd.oasis.opendocument.presentation", ("odp",)),
}
SHOWN_IN_BROWSER = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
)
"""Formats that a browser shows without running anything of theirs. All others are saved."""


def check_file(name: str, head: bytes, size: int, members: Sequence[str], policy: AttachmentPolicy) -> Format:
    """The format of a file of `size` bytes that starts with `head`; `members` are the names inside, of a zip.

    Raises `Refused`.
    """
    if size == 0:
        raise Refused(Problem.EMPTY)
    if size > policy.largest:
        raise Refused(Problem.TOO_LARGE)
    if any(member.lower().endswith("vbaproject.bin") for member in members):
        raise Refused(Problem.MACROS)
    found = _identify(ending_of(name), head, members)
    if found is None or found.sort not in policy.sorts:
        raise Refused(Problem.WRONG_TYPE)
    return found


def _identify(ending: str, head: bytes, members: Sequence[str]) -> Format | None:
    for signature, known in _SIGNATURES:
        if head.startswith(signature):
            return known
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head.startswith(b"BM") and ending == "bmp":
        return _BMP
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _HEIC if brand in (b"heic", b"heix", b"mif1", b"heif") else _MOV if brand == b"qt  " else _MP4
    if head.startswith(_COMPOUND):
        return _BY_NAME.get(ending)
    if head.startswith(_ZIPPED):
        return _zipped(ending, members)
    return _text(ending, head)


def _zipped(ending: str, members: Sequence[str]) -> Format | None:
    if "[Content_Types].xml" in members:
        return next(
            (known for folder, known in _OPEN_XML.items() if any(m.startswith(folder) for m in members)), None
        )
    if "mimetype" in members and "content.xml" in members:
        return _OPEN_DOCUMENT.get(ending)
    return _ZIP


def _text(ending: str, head: bytes) -> Format | None:
    """Plain text goes by its name as well: a script or a web page is text too."""
    known = next((known for known in (_TEXT, _EML) if ending in known.endings), None)
    if known is None:
        return None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return known
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return known if control == 0 else None


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Direction marks too: with one, `fdp.exe` reads as `exe.pdf`."""


def file_name(given: str, otherwise: str) -> str:
    """A name that any disk and any card can take, without a folder; `otherwise` when nothing is left of it."""
    name = _UNPRINTABLE.sub("", re.split(r"[/\\]", given)[-1])
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    if len(name) > NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        fits = dot and len(ending) <= 8
        name = f"{stem[: NAME_LIMIT - len(ending) - 2]}….{ending}" if fits else name[: NAME_LIMIT - 1] + "…"
    return name or otherwise


def ending_of(name: str) -> str:
    """`pdf` of `Verslag.PDF`; nothing when there is none."""
    _stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""


def named_as(name: str, known: Format) -> str:
    """The name with an ending that fits the content, so that it opens in what it is."""
    return name if ending_of(name) in known.endings else f"{name}.{known.endings[0]}"
