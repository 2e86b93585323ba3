"""A message as Teams hands it to us, read into a quote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.quotes.teams import author_object_id, has_files, plain, read_quote

MESSAGE = {
    "id": "1700000000000",
    "createdDateTime": "2026-11-23T08:15:00.123Z",
    "from": {"user": {"id": "4f82b8a6-59e7-5cec-a827-db10fb2c7770", "displayName": "Dirk Peeters"}},
    "body": {
        "contentType": "html",
        "content": "<p>De printer&nbsp;doet <b>niets</b>.</p><p>Wie kan ik bellen?</p>",
    },
    "linkToMessage": "https://teams.microsoft.com/l/message/19:abc@thread.v2/1700000000000",
    "attachments": [],
}


def test_text_author_link_and_moment_are_kept() -> None:
    quote = read_quote(MESSAGE, "dirk")
    assert quote.text == "De printer doet niets.\n\nWie kan ik bellen?"
    assert (quote.author, quote.author_id) == ("Dirk Peeters", "dirk")
    assert quote.link == MESSAGE["linkToMessage"]
    assert quote.sent_at == datetime(2026, 11, 23, 8, 15, 0, 123000, tzinfo=UTC)
    assert author_object_id(MESSAGE) == "4f82b8a6-59e7-5cec-a827-db10fb2c7770"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://teams.microsoft.com/l/message/1",
        "https://teams.microsoft.com.evil.example/",
        "https://evil.example/?teams.microsoft.com",
        "https://[",
        "https://teams.microsoft.com/" + "x" * 3000,
        "",
    ],
)
def test_a_link_leads_to_teams_or_nowhere(link: str) -> None:
    assert read_quote({**MESSAGE, "linkToMessage": link}, None).link is None


@pytest.mark.parametrize(
    "changed",
    [
        {"from": None},
        {"from": {"user": None, "application": {"displayName": "Weerbericht"}}},
        {"from": {"user": "x"}},
        {"body": None},
        {"body": {"contentType": None, "content": 3}},
        {"createdDateTime": "gisteren"},
        {"createdDateTime": "99999999999999999999"},
        {"linkToMessage": 7},
    ],
)
def test_what_is_missing_or_odd_is_left_out(changed: dict[str, Any]) -> None:
    quote = read_quote({**MESSAGE, **changed}, None)
    assert quote.author


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<ul><li>een</li><li>twee</li></ul>", "een\n\ntwee"),
        ("<script>alert(1)</script>&lt;b&gt; &amp; meer", "<b> & meer"),
        (
            'hallo <at id="0">Bram</at> <emoji alt="🙂"></emoji><img src="x" alt="scherm">',
            "hallo Bram 🙂scherm",
        ),
        ("<p>open <b>tag", "open tag"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_that_people_read(html: str, text: str) -> None:
    assert plain(html) == text


def test_pictures_and_files_are_noticed() -> None:
    assert not has_files(MESSAGE)
    assert has_files({**MESSAGE, "attachments": [{"id": "1"}]})
    assert has_files({**MESSAGE, "body": {"content": "<p><IMG src='https://graph.microsoft.com/x'></p>"}})
