"""Tips as flows find and rate them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NotRequired

from pydantic import StrictBool
from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, OnBehalfOf, Page, Shape, Text, about, chosen_from
from domain.tips.tip import Zone

QUESTION_LIMIT = 1000
Language = Annotated[
    Literal["nl", "en", "fr"] | None,
    about("Language", "The language to look in. Empty: that of the person, or Dutch.", seen="advanced"),
]


class Tip(TypedDict):
    """A tip: a question that people have, with its answer."""

    id: Annotated[str, about("Tip ID", "The key of the tip.", seen="important")]
    language: Annotated[str, about("Language", "The language it is in.")]
    title: Annotated[str, about("Title", "The question it answers.", seen="important")]
    intro: Annotated[str, about("Intro", "The answer in a sentence or two.")]
    steps: Annotated[list[str], about("Steps", "What to do, in order.")]
    phone: NotRequired[Annotated[str | None, about("Phone", "How it goes on a phone.")]]
    note: NotRequired[Annotated[str | None, about("Note", "What else there is to know.")]]
    text: Annotated[str, about("Text", "The whole answer as plain text.", seen="important")]
    theme: Annotated[str, about("Theme", "What it is about.")]
    source: Annotated[str, about("Source", "Where the answer can be checked.")]
    sourceAddress: NotRequired[Annotated[str | None, about("Source Address", "The page of the source.")]]
    checkedOn: Annotated[date, about("Checked On", "The day it was last found to be right.")]
    confidence: NotRequired[
        Annotated[float | None, about("Confidence", "How sure it is that this answers, from 0 to 1.")]
    ]


class Tips(TypedDict):
    """Tips that may answer, the likeliest first."""

    value: Annotated[list[Tip], about("Tips", "The tips that were found.")]


class TipPage(Tips):
    """A page of tips."""

    nextLink: NotRequired[
        Annotated[
            str | None,
            about("Next Link", "The address of the next page; not there on the last.", seen="internal"),
        ]
    ]


class TipAnswer(TypedDict):
    """What a question was answered with."""

    questionId: Annotated[str, about("Question ID", "The key of the question, for rating the answer.")]
    answered: Annotated[bool, about("Is Answered", "Whether one tip answers it for sure.", seen="important")]
    zone: Annotated[Zone, about("Zone", "For sure, one of a few, or nothing that comes near.")]
    answer: NotRequired[Annotated[str | None, about("Answer", "The answer as plain text.", seen="important")]]
    tips: Annotated[list[Tip], about("Tips", "The tips that answer it or come near, the likeliest first.")]


class Question(Shape):
    """A question to the tips."""

    question: Annotated[
        Text,
        about(
            "Question",
            "What somebody wants to know.",
            seen="important",
            min_length=1,
            max_length=QUESTION_LIMIT,
        ),
    ]
    language: Language = None
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None


class TipFilter(Page):
    """Which tips."""

    theme: Annotated[
        str | None, about("Theme", "Only tips about this.", choices=chosen_from("ListThemes"), max_length=60)
    ] = None


class TipSearch(Shape):
    """What to look for."""

    text: Annotated[
        str,
        about("Search Text", "Words to look for.", seen="important", min_length=1, max_length=QUESTION_LIMIT),
    ]
    language: Language = None
    top: Annotated[
        int, about("How Many", "How many are found at most.", seen="advanced", alias="$top", ge=1, le=20)
    ] = 5


class Suggestion(Shape):
    """A text that a tip may answer."""

    text: Annotated[
        str,
        about(
            "Text",
            "What somebody typed, such as a ticket.",
            seen="important",
            min_length=1,
            max_length=QUESTION_LIMIT,
        ),
    ]
    language: Language = None


class Rating(Shape):
    """Whether a tip helped."""

    helped: Annotated[StrictBool, about("Helped", "Whether it helped.", seen="important")]
    question_id: Annotated[
        str | None, about("Question ID", "The key of the question it answered.", max_length=36)
    ] = None
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None
