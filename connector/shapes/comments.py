"""What is said on a ticket, and the files that are put on it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import Base64Bytes, StrictBool
from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, OnBehalfOf, Shape, Text, about
from domain.attachments.rules import NAME_LIMIT
from domain.helpdesk.texts import TEXT_LIMIT


class Comment(TypedDict):
    """Something that requester or helpdesk said on a ticket."""

    id: Annotated[str, about("Comment ID", "The key of the comment.")]
    ticketId: Annotated[str, about("Ticket ID", "The key of the ticket it is on.")]
    text: Annotated[str, about("Text", "What was said.", seen="important")]
    fromDesk: Annotated[bool, about("From Desk", "Whether the helpdesk said it.")]
    internal: Annotated[bool, about("Is Internal", "Whether only the helpdesk can read it.")]
    authorName: Annotated[str, about("Author Name", "Who said it.")]
    authorEmail: NotRequired[Annotated[str | None, about("Author Email", "The address of who said it.")]]
    createdAt: Annotated[datetime, about("Created At", "When it was said, in UTC.")]


class CommentPage(TypedDict):
    """A page of what was said, the first thing first."""

    value: Annotated[list[Comment], about("Comments", "The comments of this page.")]
    nextLink: NotRequired[
        Annotated[
            str | None,
            about("Next Link", "The address of the next page; not there on the last.", seen="internal"),
        ]
    ]


class NewComment(Shape):
    """Something to say on a ticket."""

    text: Annotated[
        Text,
        about("Text", "What to say, in plain words.", seen="important", min_length=1, max_length=TEXT_LIMIT),
    ]
    internal: Annotated[StrictBool, about("Is Internal", "Whether only the helpdesk can read it.")] = False
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None


class Attachment(TypedDict):
    """A file on a ticket."""

    id: Annotated[str, about("Attachment ID", "The key of the file.")]
    ticketId: Annotated[str, about("Ticket ID", "The key of the ticket it is on.")]
    name: Annotated[str, about("File Name", "The name of the file.", seen="important")]
    contentType: Annotated[str, about("Content Type", "What kind of file it is, by its content.")]
    size: Annotated[int, about("Size", "How large it is, in bytes.")]


class NewAttachment(Shape):
    """A file to put on a ticket."""

    name: Annotated[
        Text,
        about(
            "File Name",
            "The name of the file, with its ending.",
            seen="important",
            min_length=1,
            max_length=NAME_LIMIT,
        ),
    ]
    content: Annotated[
        Base64Bytes,
        about("File Content", "The content of the file.", seen="important"),
    ]
    external_id: ExternalId = None
