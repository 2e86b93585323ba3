"""Sites as flows ask for them."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, OnBehalfOf, Page, Shape, Text, about, chosen_from
from connector.shapes.webhooks import SiteAsked
from domain.sites.request import SiteState
from domain.sites.rules import NAME_LIMIT, PURPOSE_LIMIT

SITE_TYPES = chosen_from("ListSiteTypes")
DETAILS = {
    "x-ms-dynamic-schema": {
        "operationId": "GetSiteTypeForm",
        "parameters": {"siteType": {"parameter": "siteType"}},
        "value-path": "schema",
    },
    "x-ms-dynamic-properties": {
        "operationId": "GetSiteTypeForm",
        "parameters": {"siteType": {"parameterReference": "body/siteType"}},
        "itemValuePath": "schema",
    },
}


class NewSiteRequest(Shape):
    """A site to ask for."""

    site_type: Annotated[
        str,
        about(
            "Site Type",
            "What kind of site.",
            seen="important",
            choices=SITE_TYPES,
            min_length=1,
            max_length=40,
        ),
    ]
    name: Annotated[
        Text, about("Name", "What it is to be called.", seen="important", min_length=1, max_length=NAME_LIMIT)
    ]
    purpose: Annotated[
        Text,
        about(
            "Purpose",
            "What it is for, in a sentence.",
            seen="important",
            min_length=1,
            max_length=PURPOSE_LIMIT,
        ),
    ]
    owner: Annotated[
        Text,
        about("Owner", "The e-mail address of who answers for it. Empty: who asks.", max_length=200),
    ] = ""
    second_owner: Annotated[
        Text,
        about("Second Owner", "The e-mail address of who does so when the first cannot.", max_length=200),
    ] = ""
    details: Annotated[
        dict[str, Any],
        about("Details", "What else a site of this type can have.", choices=DETAILS),
    ] = {}  # noqa: RUF012 - pydantic copies it
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None


class SiteRequestPage(TypedDict):
    """A page of requests, the newest first."""

    value: Annotated[list[SiteAsked], about("Site Requests", "The requests of this page.")]
    nextLink: NotRequired[
        Annotated[
            str | None,
            about("Next Link", "The address of the next page; not there on the last.", seen="internal"),
        ]
    ]


class SiteFilter(Page):
    """Which requests."""

    state: Annotated[SiteState | None, about("State", "Only requests in this state.")] = None
    requester: Annotated[
        str | None, about("Requester", "Only requests of the person with this address.", max_length=200)
    ] = None


class Withdrawal(Shape):
    """Taking it back."""

    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None
