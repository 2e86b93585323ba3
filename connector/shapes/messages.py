"""What flows say to people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, Shape, Text, about, chosen_from
from domain.flow_messages.actions import LINK_LIMIT, TEXT_LIMIT
from domain.helpdesk.texts import TITLE_LIMIT


class Message(Shape):
    """Something to say."""

    title: Annotated[
        Text,
        about(
            "Title", "What it is about, in a line.", seen="important", min_length=1, max_length=TITLE_LIMIT
        ),
    ]
    text: Annotated[
        Text,
        about("Text", "What to say, in plain words.", seen="important", min_length=1, max_length=TEXT_LIMIT),
    ]
    link: Annotated[
        str | None,
        about("Link", "An address that starts with https and opens from the message.", max_length=LINK_LIMIT),
    ] = None
    external_id: ExternalId = None


class PersonMessage(Message):
    """Something to say to a person."""

    person: Annotated[
        str,
        about(
            "Person", "The e-mail address of whom it is for.", seen="important", min_length=1, max_length=200
        ),
    ]


class ChannelMessage(Message):
    """Something to say in a channel."""

    channel: Annotated[
        str,
        about(
            "Channel",
            "The channel of the helpdesk to say it in.",
            seen="important",
            choices=chosen_from("ListChannels"),
            min_length=1,
            max_length=40,
        ),
    ]


class SentMessage(TypedDict):
    """A message that is on its way."""

    id: Annotated[str, about("Message ID", "The key of the message.")]
    title: Annotated[str, about("Title", "What it is about.")]
    text: Annotated[str, about("Text", "What it says.")]
    link: NotRequired[Annotated[str | None, about("Link", "What opens from it.")]]
    sentAt: Annotated[
        datetime, about("Sent At", "When it was sent, in UTC. It is shown when the person wants.")
    ]
