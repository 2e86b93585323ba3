"""Approvals as flows see and decide them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, OnBehalfOf, Page, Shape, Text, about
from connector.shapes.webhooks import ApprovalAsked
from domain.helpdesk.texts import REASON_LIMIT


class ApprovalPage(TypedDict):
    """A page of approvals, the longest waiting first."""

    value: Annotated[list[ApprovalAsked], about("Approvals", "The approvals of this page.")]
    nextLink: NotRequired[
        Annotated[
            str | None,
            about("Next Link", "The address of the next page; not there on the last.", seen="internal"),
        ]
    ]


class WaitingFor(Page):
    """Whose approvals."""

    on_behalf_of: OnBehalfOf = None


class Outcome(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    SEND_BACK = "send_back"


class Decision(Shape):
    """What somebody decides."""

    decision: Annotated[
        Outcome, about("Decision", "Approve it, refuse it, or ask for a change.", seen="important")
    ]
    comment: Annotated[
        Text,
        about(
            "Comment",
            "What the requester reads. Refusing and asking for a change need one.",
            seen="important",
            max_length=REASON_LIMIT,
        ),
    ] = ""
    round: Annotated[
        int | None,
        about("Round", "Which round was looked at. Empty: the one of now.", seen="advanced", ge=1, le=1000),
    ] = None
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None
