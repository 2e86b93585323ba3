"""The files of a message, as the channel describes them: each one, whether it can be had or not."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from botbuilder.schema import Activity, Attachment

from domain.attachments.attachment import SentFile, Source
from domain.attachments.rules import Problem, file_name
from locales import Translator

DOWNLOAD_INFO = "application/vnd.microsoft.teams.file.download.info"
"""A file from somebody's OneDrive or computer, in a personal chat."""
NO_FILES = (
    "application/vnd.microsoft.card.",
    "application/vnd.microsoft.teams.card.",
    "messageReference",
    "forwardedMessageReference",
)
"""Cards and quoted messages are attachments too, but nobody attached them."""
_HTML_PLACE = re.compile(r"<attachment\s", re.IGNORECASE)


def sent_files(activity: Activity, t: Translator) -> list[SentFile]:
    """What was sent along, in order. Nothing is left out: what a bot cannot read is in it with the reason."""
    files: list[SentFile] = []
    listed = places = 0
    for attachment in activity.attachments or ():
        kind = attachment.content_type or ""
        if kind == "text/html":  # the message itself once more, with a place for each thing it carries
            places = (
                len(_HTML_PLACE.findall(attachment.content)) if isinstance(attachment.content, str) else 0
            )
            continue
        listed += not kind.startswith("image/")
        if not kind.startswith(NO_FILES):
            files.append(_sent_file(activity, attachment, t, len(files) + 1))
    # In a channel Teams tells a bot that there were files, and nothing more.
    unlisted = range(len(files) + 1, len(files) + 1 + max(0, places - listed))
    return files + [SentFile(t("file {n}", n=n), None, Problem.UNREADABLE) for n in unlisted]


def _sent_file(activity: Activity, attachment: Attachment, t: Translator, place: int) -> SentFile:
    kind, content = attachment.content_type or "", attachment.content
    name = file_name(
        attachment.name or "",
        t("picture {n}", n=place) if kind.startswith("image/") else t("file {n}", n=place),
    )
    if kind == DOWNLOAD_INFO:
        url = _text(content.get("downloadUrl")) if isinstance(content, dict) else ""
        return _from(activity, name, url, with_token=False)
    return _from(activity, name, _text(attachment.content_url), with_token=True)


def _from(activity: Activity, name: str, url: str, *, with_token: bool) -> SentFile:
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return SentFile(name, None, Problem.UNREADABLE)
    return SentFile(name, Source(url, activity.service_url, with_token))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
