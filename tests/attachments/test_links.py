"""Links that open one thing, for one person, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound
from domain.links import LINK_LASTS, Expired, Links, Opened

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
LINKS = Links("https://wijzer.example/api/files", b"s" * 32)


def token(person_id: str = "amina") -> str:
    return LINKS.link("file", "id-1", person_id, NOW).rpartition("/")[2]


def test_a_link_opens_what_it_was_made_for() -> None:
    assert LINKS.link("file", "id-1", "amina", NOW).startswith("https://wijzer.example/api/files/")
    assert LINKS.open(token(), NOW + LINK_LASTS) == Opened("file", "id-1", "amina")


def test_after_an_hour_it_has_expired() -> None:
    with pytest.raises(Expired) as expired:
        LINKS.open(token(), NOW + LINK_LASTS + timedelta(seconds=1))
    assert expired.value.status == 410


def test_nobody_else_can_make_one() -> None:
    signed = token()
    said, _, signature = signed.partition(".")
    other = token("dirk").partition(".")[0]
    elsewhere = Links("https://wijzer.example/api/files", b"t" * 32).link("file", "id-1", "amina", NOW)
    for forged in (
        f"{other}.{signature}",
        f"{said}.",
        said,
        "",
        ".",
        "é.é",
        f"{said}.{signature[:-2]}AA",
        elsewhere.rpartition("/")[2],
    ):
        with pytest.raises(NotFound):
            LINKS.open(forged, NOW)


def test_a_secret_has_to_be_one() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Links("https://wijzer.example", b"short")
