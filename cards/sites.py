"""Cards about sites: the form, the requester's receipt, how it ended, and the operator's view of a failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement

from cards.approvals import decision
from cards.building import STEP_WORDS, progress
from cards.kit import (
    Card,
    card,
    choice_input,
    facts,
    group,
    heading,
    open_url,
    press,
    text,
    text_input,
    user_text,
)
from domain.approvals.approval import Approval
from domain.sites.plan import Step
from domain.sites.policy import Scenario
from domain.sites.request import SiteRequest, SiteState
from domain.sites.rules import NAME_LIMIT, PURPOSE_LIMIT
from locales import N_, Translator

STATE_WORDS = {
    SiteState.ASKED: N_("waits for approval"),
    SiteState.SENT_BACK: N_("back with you for a change"),
    SiteState.WITHDRAWN: N_("withdrawn"),
    SiteState.REFUSED: N_("refused"),
    SiteState.BUILDING: N_("being made"),
    SiteState.READY: N_("ready"),
    SiteState.FAILED: N_("stopped, somebody looks at it"),
}
"""Also for lists of requests."""


@dataclass(frozen=True, slots=True)
class SiteForm:
    """What stands in the form. `problems` are sentences by field; `form_id` makes that sending it twice asks once."""

    form_id: str
    scenario_id: str = ""
    name: str = ""
    purpose: str = ""
    owner: str = ""
    members: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteFace:
    """A request with what its cards show beside it: its scenario, its approval, the steps to come or done, and the
    names of everybody mentioned."""

    request: SiteRequest
    scenario: Scenario
    approval: Approval
    planned: Sequence[Step]
    names: Mapping[str, str]


def form(
    t: Translator,
    values: SiteForm,
    scenarios: Sequence[Scenario],
    colleagues: Sequence[tuple[str, str]],
    after_track: frozenset[str] = frozenset(),
) -> Card:
    """`colleagues` are `(id, name)` who can own the site; `after_track` the scenarios this team cannot have yet."""

    def title(scenario: Scenario) -> str:
        words = f"{scenario.name(t.language)}: {scenario.meaning(t.language)}"
        return f"{words} {t('(after the track of your team)')}" if scenario.id in after_track else words

    problem = values.problems.get
    return card(
        heading(t("A new site")),
        text(t("Tell me what you need. After approval I make the site at once.")),
        choice_input(
            "scenario",
            t("What kind of site?"),
            [(scenario.id, title(scenario)) for scenario in scenarios],
            value=values.scenario_id,
            required=True,
            error=t("Choose what kind of site you need."),
            problem=problem("scenario", ""),
            expanded=True,
        ),
        text_input(
            "name",
            t("Name"),
            value=values.name,
            required=True,
            error=t("Give the site a name."),
            problem=problem("name", ""),
            max_length=NAME_LIMIT,
            placeholder=t("What it is about, such as Flax Market"),
        ),
        text_input(
            "purpose",
            t("What do you need it for?"),
            value=values.purpose,
            required=True,
            error=t("Say in a sentence what you need the site for."),
            problem=problem("purpose", ""),
            multiline=True,
            max_length=PURPOSE_LIMIT,
        ),
        choice_input(
            "owner",
            t("Who answers for the site?"),
            colleagues,
            value=values.owner,
            required=True,
            error=t("Choose who answers for the site."),
            problem=problem("owner", ""),
        ),
        text_input(
            "members",
            t("Who else has to get in?"),
            value=values.members,
            problem=problem("members", ""),
            multiline=True,
            placeholder=t("Names or e-mail addresses, with a comma between them"),
        ),
        actions=[press(t("Ask for this site"), "sites.submit", {"form": values.form_id}, style="positive")],
        language=t.language,
    )


def requester(t: Translator, face: SiteFace) -> Card:
    """The receipt: what was asked, who decides, how far it is; at the end, the link."""
    request = face.request
    return card(
        heading(f"{request.number} · {request.name}"),
        _state(t, face),
        *([decision(t, face.approval, face.names)] if face.approval.decision else []),
        *(
            []
            if request.state is SiteState.REFUSED
            else [progress(t, face.request, face.planned, approved=face.approval.decision is not None)]
        ),
        facts(
            [
                (t("Kind of site"), face.scenario.name(t.language)),
                (t("Answers for it"), _people(face, request.owner_ids)),
                *_members(t, face),
            ]
        ),
        user_text(t, request.purpose),
        actions=_open(t, request),
        language=t.language,
    )


def result(t: Translator, face: SiteFace) -> Card:
    """A new message when it is over: ready, refused or stuck."""
    request = face.request
    match request.state:
        case SiteState.READY:
            title = t("Your site {name} is ready", name=request.name)
        case SiteState.REFUSED:
            title = t("Your site {name} was refused", name=request.name)
        case _:
            title = t("Your site {name}", name=request.name)
    return card(
        heading(title),
        _state(t, face),
        *([decision(t, face.approval, face.names)] if request.state is SiteState.REFUSED else []),
        actions=_open(t, request) or [press(t("Show the request"), "sites.open", {"id": request.id})],
        language=t.language,
    )


def approval_details(t: Translator, face: SiteFace) -> list[CardElement]:
    """What an approver has to know before deciding."""
    scenario, language = face.scenario, t.language
    return [
        text(t("Why"), bold=True),
        user_text(t, face.request.purpose, spacing="Small"),
        text(scenario.name(language), bold=True),
        text(scenario.meaning(language), spacing="Small"),
        facts(
            [
                (t("Who gets in"), scenario.default_access(language)),
                (t("Who decides about access"), scenario.access_decided_by(language)),
                (t("Documents can be shared with"), scenario.shared_with(language)),
                (t("Classification"), str(scenario.classification)),
                (t("Answers for it"), _people(face, face.request.owner_ids)),
                *_members(t, face),
            ]
        ),
    ]


def approval_outcome(t: Translator, face: SiteFace) -> list[CardElement]:
    """How things went after the decision."""
    if face.request.state in (SiteState.ASKED, SiteState.REFUSED):
        return []
    return [_state(t, face)]


def _state(t: Translator, face: SiteFace) -> CardElement:
    request = face.request
    match request.state:
        case SiteState.ASKED:
            who = ", ".join(face.names[person] for person in face.approval.approver_ids)
            return text(t("Waits for approval by {people}.", people=who))
        case SiteState.SENT_BACK:
            return text(t("Somebody asked for a change before it can be approved."))
        case SiteState.WITHDRAWN:
            return text(t("You withdrew this request. Nothing is made."))
        case SiteState.REFUSED:
            return text(t("This site is not made. You can ask for another one."))
        case SiteState.BUILDING:
            return text(t("The site is being made. This takes a few minutes."))
        case SiteState.READY:
            return group(text(t("The site is ready: {url}", url=request.url or "")), tone="good")
        case SiteState.FAILED:
            failed = request.failed_step
            step = t(STEP_WORDS[failed.step]) if failed else ""
            return group(
                text(
                    t(
                        "Making the site stopped at “{step}”. Our administrators know; you need not do anything.",
                        step=step,
                    )
                ),
                tone="warning",
            )


def _members(t: Translator, face: SiteFace) -> list[tuple[str, str]]:
    request = face.request
    members = [(t("Members"), _people(face, request.member_ids))] if request.member_ids else []
    guests = [(t("Guests"), ", ".join(request.guests))] if request.guests else []
    return [*members, *guests]


def _people(face: SiteFace, ids: Sequence[str]) -> str:
    return ", ".join(face.names[person] for person in ids)


def _open(t: Translator, request: SiteRequest) -> list[Action]:
    ready = request.state is SiteState.READY and request.url
    return [open_url(t("Open the site"), request.url or "")] if ready else []
