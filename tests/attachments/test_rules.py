"""What a file is, by its content."""

from __future__ import annotations

import io
import zipfile

import pytest

from domain.attachments.rules import (
    HEAD,
    NAME_LIMIT,
    AttachmentPolicy,
    Problem,
    Refused,
    Sort,
    check_file,
    file_name,
    named_as,
)
from tests.attachments import contents

POLICY = AttachmentPolicy()


def checked(name: str, content: bytes, policy: AttachmentPolicy = POLICY) -> str:
    members = zipfile.ZipFile(io.BytesIO(content)).namelist() if content.startswith(b"PK") else []
    return check_file(name, content[:HEAD], len(content), members, policy).content_type


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("scherm.png", contents.PNG, "image/png"),
        ("zonder naam", contents.PNG, "image/png"),
        ("foto.jpg", contents.JPEG, "image/jpeg"),
        ("foto.png", contents.JPEG, "image/jpeg"),
        ("verslag.pdf", contents.PDF, "application/pdf"),
        ("film.mp4", contents.MP4, "video/mp4"),
        (
            "nota.docx",
            contents.DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("nota.odt", contents.ODT, "application/vnd.oasis.opendocument.text"),
        ("oud.doc", contents.OLE, "application/msword"),
        ("mail.msg", contents.OLE, "application/vnd.ms-outlook"),
        ("fout.log", b"2026-11-23 08:30 fout\r\n", "text/plain"),
        ("lijst.csv", "één;twee\n".encode(), "text/plain"),
        ("unicode.txt", "\ufeffhallo".encode("utf-16"), "text/plain"),
    ],
)
def test_a_format_is_known_by_its_content(name: str, content: bytes, found: str) -> None:
    assert checked(name, content) == found


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("leeg.png", b"", Problem.EMPTY),
        ("programma.exe", contents.EXE, Problem.WRONG_TYPE),
        ("foto.png", contents.EXE, Problem.WRONG_TYPE),
        ("pagina.html", contents.HTML, Problem.WRONG_TYPE),
        ("tekening.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Problem.WRONG_TYPE),
        ("script.ps1", b"Remove-Item C:\\", Problem.WRONG_TYPE),
        ("installeer.msi", contents.OLE, Problem.WRONG_TYPE),
        ("alles.zip", contents.ZIP, Problem.WRONG_TYPE),
        ("macro.docx", contents.DOCM, Problem.MACROS),
        ("binair.txt", b"abc\x00\x01\x02", Problem.WRONG_TYPE),
    ],
)
def test_what_can_run_or_is_not_known_is_refused(name: str, content: bytes, problem: Problem) -> None:
    with pytest.raises(Refused) as refused:
        checked(name, content)
    assert refused.value.problem is problem


def test_a_byte_too_many_is_too_large() -> None:
    policy = AttachmentPolicy(largest=len(contents.PNG))
    assert checked("a.png", contents.PNG, policy) == "image/png"
    with pytest.raises(Refused) as refused:
        checked("a.png", contents.PNG + b"x", policy)
    assert refused.value.problem is Problem.TOO_LARGE


def test_a_city_says_what_it_takes() -> None:
    only_zip = AttachmentPolicy(sorts=frozenset({Sort.ARCHIVE}))
    assert checked("alles.zip", contents.ZIP, only_zip) == "application/zip"
    with pytest.raises(Refused):
        checked("a.png", contents.PNG, only_zip)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("verslag.pdf", "verslag.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\amina\\foto.png", "foto.png"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("nul\x00.txt", "nul.txt"),
        ('wat? "dit".txt', "wat_ _dit_.txt"),
        ("  ...  ", "bestand 1"),
        ("", "bestand 1"),
    ],
)
def test_a_name_can_stand_anywhere(given: str, name: str) -> None:
    assert file_name(given, "bestand 1") == name


def test_a_long_name_keeps_its_ending() -> None:
    name = file_name("x" * 300 + ".pdf", "")
    assert len(name) <= NAME_LIMIT
    assert name.endswith("….pdf")


def test_a_name_gets_the_ending_of_what_it_is() -> None:
    known = check_file("afbeelding 1", contents.PNG, len(contents.PNG), [], POLICY)
    assert named_as("afbeelding 1", known) == "afbeelding 1.png"
    assert named_as("FOTO.PNG", known) == "FOTO.PNG"
