"""The form for a site: everything that has to be known, on one card that comes back with what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from microsoft_teams.cards import CardElement

from cards.inputs import date_input
from cards.kit import (
    Card,
    card,
    choice_input,
    group,
    heading,
    press,
    text,
    text_input,
    user_text,
)
from cards.sites.guide import caution
from domain.sites.advice import Caution
from domain.sites.library import LibraryTemplate, RetentionLabel
from domain.sites.policy import Scenario
from domain.sites.rules import NAME_LIMIT, PURPOSE_LIMIT
from locales import N_, Translator

LANGUAGE_WORDS = {"nl": N_("Dutch"), "fr": N_("French"), "en": N_("English")}
PERSON_LIMIT = 120
NO_HUB = "none"


@dataclass(frozen=True, slots=True)
class SiteForm:
    """What stands in the form, as typed. `problems` are sentences by field; `form_id` makes that sending it twice
    asks once. With `request_id` it is a request that came back, and `comment` is what an approver asked to change."""

    form_id: str
    name: str = ""
    purpose: str = ""
    owner: str = ""
    second_owner: str = ""
    members: str = ""
    guests: str = ""
    hub: str = ""
    language: str = "nl"
    libraries: str = ""
    retention_label: str = ""
    end_date: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    request_id: str = ""
    comment: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: `(id, name)` of colleagues and of hubs, and the libraries that this kind may have."""

    colleagues: Sequence[tuple[str, str]]
    hubs: Sequence[tuple[str, str]]
    libraries: Sequence[LibraryTemplate]
    labels: Sequence[RetentionLabel]
    earliest_end: date


def form(
    t: Translator, values: SiteForm, scenario: Scenario, choices: Choices, cautions: Sequence[Caution] = ()
) -> Card:
    """For a kind of site that was chosen before."""
    data = {**values.answers, "form": values.form_id, "scenario": scenario.id, "reason": values.reason}
    verb, send = "sites.submit", t("Ask for this site")
    if values.request_id:
        data |= {"request": values.request_id}
        verb, send = "sites.send_again", t("Send it again")
    other = {**values.answers, "name": values.name}
    return card(
        heading(t("A new site")),
        text(scenario.name(t.language), bold=True),
        text(scenario.meaning(t.language), spacing="Small"),
        *(caution(t, one) for one in cautions),
        *asked_to_change(t, values.comment),
        *_problem(values.problems.get("scenario") or values.problems.get("reason", "")),
        *_about(t, values),
        *_people(t, values, scenario, choices),
        *_contents(t, values, scenario, choices),
        date_input(
            "end_date",
            t("Until when do you need it? (leave it open if you do not know)"),
            value=values.end_date,
            earliest=choices.earliest_end,
            problem=values.problems.get("end_date", ""),
        ),
        actions=[
            press(send, verb, data, style="positive"),
            *([] if values.request_id else [press(t("Another kind"), "sites.advise", other, inputs=False)]),
        ],
        language=t.language,
    )


def asked_to_change(t: Translator, comment: str) -> list[CardElement]:
    """Why a form came back; nothing when it did not."""
    if not comment:
        return []
    title = text(t("What has to change:"), bold=True)
    return [group(title, user_text(t, comment, spacing="Small"), tone="warning")]


class Owned(Protocol):
    """A form that asks for the two owners."""

    @property
    def owner(self) -> str: ...
    @property
    def second_owner(self) -> str: ...
    @property
    def problems(self) -> Mapping[str, str]: ...


def owner_inputs(t: Translator, values: Owned, colleagues: Sequence[tuple[str, str]]) -> list[CardElement]:
    """`colleagues` are `(id, name)` who can answer for a site."""
    return [
        choice_input(
            "owner",
            t("Who answers for the site?"),
            colleagues,
            value=values.owner,
            required=True,
            error=t("Choose who answers for the site."),
            problem=values.problems.get("owner", ""),
        ),
        text_input(
            "second_owner",
            t("Who is the second owner?"),
            value=values.second_owner,
            required=True,
            error=t("Name a second owner, somebody else than the first."),
            problem=values.problems.get("second_owner", ""),
            max_length=PERSON_LIMIT,
            placeholder=t("A name or an e-mail address"),
        ),
    ]


def _problem(problem: str) -> list[CardElement]:
    return [group(text(problem), tone="attention", spacing="Small")] if problem else []


def _about(t: Translator, values: SiteForm) -> list[CardElement]:
    return [
        text_input(
            "name",
            t("Name"),
            value=values.name,
            required=True,
            error=t("Give the site a name."),
            problem=values.problems.get("name", ""),
            max_length=NAME_LIMIT,
            placeholder=t("What it is about, such as Flax Market"),
        ),
        text_input(
            "purpose",
            t("What do you need it for?"),
            value=values.purpose,
            required=True,
            error=t("Say in a sentence what you need the site for."),
            problem=values.problems.get("purpose", ""),
            multiline=True,
            max_length=PURPOSE_LIMIT,
        ),
    ]


def _people(t: Translator, values: SiteForm, scenario: Scenario, choices: Choices) -> list[CardElement]:
    """Two owners, and who else: guests only where they may come."""
    problem = values.problems.get
    guests = text_input(
        "guests",
        t("Which people outside the city?"),
        value=values.guests,
        problem=problem("guests", ""),
        multiline=True,
        placeholder=t("E-mail addresses, with a comma between them"),
    )
    return [
        *owner_inputs(t, values, choices.colleagues),
        text_input(
            "members",
            t("Which colleagues have to get in?"),
            value=values.members,
            problem=problem("members", ""),
            multiline=True,
            placeholder=t("Names or e-mail addresses, with a comma between them"),
        ),
        *([guests] if scenario.guests or problem("guests") else []),
    ]


def _contents(t: Translator, values: SiteForm, scenario: Scenario, choices: Choices) -> list[CardElement]:
    problem = values.problems.get
    body: list[CardElement] = []
    if choices.libraries:
        body.append(
            choice_input(
                "libraries",
                t("Which libraries?"),
                [
                    (one.id, f"{one.name(t.language)}{t.colon} {one.description(t.language)}")
                    for one in choices.libraries
                ],
                value=values.libraries,
                problem=problem("libraries", ""),
                expanded=True,
                multiple=True,
            )
        )
    if choices.labels:
        body.append(
            choice_input(
                "retention_label",
                t("How long are other documents kept?"),
                [(label.name, f"{label.name} ({kept(t, label)})") for label in choices.labels],
                value=values.retention_label,
                problem=problem("retention_label", ""),
            )
        )
    if choices.hubs and not scenario.hub:
        body.append(
            choice_input(
                "hub",
                t("Under which hub?"),
                [(NO_HUB, t("none")), *choices.hubs],
                value=values.hub or NO_HUB,
                problem=problem("hub", ""),
            )
        )
    body.append(
        choice_input(
            "language",
            t("Language of the site"),
            [(code, t(words)) for code, words in LANGUAGE_WORDS.items()],
            value=values.language,
            problem=problem("language", ""),
        )
    )
    return body


def kept(t: Translator, label: RetentionLabel) -> str:
    """How long, and what then."""
    if label.years is None:
        return t("for ever")
    years = t.plural("{n} year", "{n} years", label.years)
    return t("{years}, then to the archive", years=years) if label.transfer else years
