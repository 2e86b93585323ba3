"""The form of a tip, in two halves: what it says, and for whom, until when and from where. On a card in the chat, or in
a dialog of Teams, which knows no other buttons than those that submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from microsoft_teams.cards import Action, CardElement, SubmitAction

from cards.authoring.parts import AUDIENCE_WORDS, LANGUAGE_WORDS
from cards.authoring.versions import difference, older_to_newer
from cards.inputs import date_input
from cards.kit import Card, card, choice_input, group, heading, press, text, text_input
from domain.authoring.differences import Difference
from domain.authoring.rules import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE
from locales import Translator

LINES_LIMIT = 4000
"""Characters of a box with a line for each thing."""


@dataclass(frozen=True, slots=True)
class TipForm:
    """What stands in the form, as text. Without a `draft` it makes a new one: sending one `form_id` twice makes one.

    `problems` are sentences by field; `problem` is what is wrong with it as a whole. `theirs` is what differs from what
    somebody else saved meanwhile, `over` says that the draft is no longer one to write on.
    """

    form_id: str
    draft: str = ""
    revision: str = ""
    title: str = ""
    alternates: str = ""
    intro: str = ""
    steps: str = ""
    phone: str = ""
    note: str = ""
    theme: str = ""
    source: str = ""
    source_url: str = ""
    audience: str = ""
    team: str = ""
    language: str = ""
    valid_from: str = ""
    valid_until: str = ""
    links: str = ""
    related: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    theirs: Sequence[Difference] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: ids and names."""

    themes: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    related: Sequence[tuple[str, str]]


def words(t: Translator, values: TipForm, *, dialog: bool = False) -> Card:
    """The first half: the question and its answer."""
    problem = values.problems.get
    return card(
        heading(t("Write a tip") if not values.draft else t("Write on")),
        text(t("One question, one answer. Short sentences, everyday words."), subtle=True),
        *_problem(t, values),
        text_input(
            "title",
            t("The question, as people ask it"),
            value=values.title,
            required=True,
            error=t("Give the tip a title: the question as people ask it."),
            max_length=LONGEST_TITLE,
            placeholder=t("How do I share my calendar?"),
            problem=problem("title", ""),
        ),
        text_input(
            "alternates",
            t("Other ways of asking, each on a line of its own (five or more)"),
            value=values.alternates,
            multiline=True,
            max_length=LINES_LIMIT,
            problem=problem("alternates", ""),
        ),
        text_input(
            "intro",
            t("The answer, in a sentence or two"),
            value=values.intro,
            multiline=True,
            max_length=LONGEST_TEXT,
            problem=problem("intro", ""),
        ),
        text_input(
            "steps",
            t("The steps, each on a line of its own"),
            value=values.steps,
            multiline=True,
            max_length=LINES_LIMIT,
            problem=problem("steps", ""),
        ),
        text_input(
            "phone",
            t("On a phone (may stay empty)"),
            value=values.phone,
            multiline=True,
            max_length=LONGEST_TEXT,
            problem=problem("phone", ""),
        ),
        text_input(
            "note",
            t("What to mind (may stay empty)"),
            value=values.note,
            multiline=True,
            max_length=LONGEST_TEXT,
            problem=problem("note", ""),
        ),
        actions=_actions(t, values, "words", t("Next: for whom and from where"), "details", dialog=dialog),
        language=t.language,
    )


def details(t: Translator, values: TipForm, choices: Choices, *, dialog: bool = False) -> Card:
    """The second half: everything around the answer."""
    problem = values.problems.get
    return card(
        heading(t("For whom, and from where")),
        text(values.title, subtle=True),
        *_problem(t, values),
        choice_input(
            "theme",
            t("Theme"),
            choices.themes,
            value=values.theme,
            placeholder=t("Choose a theme"),
            problem=problem("theme", ""),
        ),
        text_input(
            "source",
            t("Where can this be checked? A page, or a rule of the city"),
            value=values.source,
            max_length=LONGEST_NAME,
            problem=problem("source", ""),
        ),
        text_input(
            "source_url",
            t("Its web address (may stay empty)"),
            value=values.source_url,
            max_length=LONGEST_ADDRESS,
            placeholder="https://",
            problem=problem("source_url", ""),
        ),
        text_input(
            "links",
            t("Links and files that go with it, each on a line: name, space, address"),
            value=values.links,
            multiline=True,
            max_length=LINES_LIMIT,
            placeholder=t("Form for a leaver https://…"),
            problem=problem("links", ""),
        ),
        choice_input(
            "audience",
            t("For whom?"),
            [(audience.value, t(said)) for audience, said in AUDIENCE_WORDS.items()],
            value=values.audience,
        ),
        choice_input(
            "team",
            t("Which team? (only for one team)"),
            choices.teams,
            value=values.team,
            placeholder=t("Choose a team"),
            problem=problem("team", ""),
        ),
        choice_input(
            "language",
            t("Language"),
            [(code, t(name)) for code, name in LANGUAGE_WORDS.items()],
            value=values.language,
            problem=problem("language", ""),
        ),
        date_input(
            "valid_from",
            t("Seen from (may stay empty)"),
            value=values.valid_from,
            problem=problem("valid_from", ""),
        ),
        date_input(
            "valid_until",
            t("Seen up to and including (may stay empty)"),
            value=values.valid_until,
            problem=problem("valid_until", ""),
        ),
        *(
            [
                choice_input(
                    "related",
                    t("Tips that follow on from this one"),
                    choices.related,
                    value=values.related,
                    expanded=True,
                    multiple=True,
                )
            ]
            if choices.related
            else []
        ),
        actions=_actions(t, values, "details", t("Back to the answer"), "words", dialog=dialog),
        language=t.language,
    )


def _problem(t: Translator, values: TipForm) -> list[CardElement]:
    if not values.problem:
        return []
    said = group(text(values.problem), tone="attention")
    if not values.theirs:
        return [said]
    which = older_to_newer(t("what it says now"), t("what you typed"))
    return [
        said,
        group(which, *(part for one in values.theirs for part in difference(t, one)), tone="emphasis"),
    ]


def _actions(
    t: Translator, values: TipForm, page: str, onward: str, then: str, *, dialog: bool
) -> list[Action]:
    """Both save; the one goes on to the other half, the other shows how it looks."""
    if values.over and not dialog:
        return [press(t("See what it says now"), "authoring.draft", {"id": values.draft}, inputs=False)]
    data = {"form": values.form_id, "id": values.draft, "revision": values.revision, "page": page}
    look = t("Save") if dialog else t("Save and look")
    forward, save = (onward, {**data, "then": then}), (look, {**data, "then": "look"})
    first, second = (forward, save) if page == "words" else (save, forward)
    return [
        _button(*first, style="positive", dialog=dialog),
        _button(*second, style="default", dialog=dialog),
    ]


def _button(
    title: str, data: Mapping[str, str], *, style: Literal["default", "positive"], dialog: bool
) -> Action:
    if dialog:
        return SubmitAction(title=title, data={**data, "verb": "authoring.save"}, style=style)
    return press(title, "authoring.save", data, style=style)
