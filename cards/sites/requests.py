"""Cards about a site request: the receipt that follows it, how it ended, and what approvers have to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement

from cards.approvals.approval import decision
from cards.approvals.trail import waited_for
from cards.building.progress import progress
from cards.building.words import STEP_WORDS
from cards.kit import Card, card, facts, group, heading, open_url, press, text, unfold, user_text
from cards.sites.form import LANGUAGE_WORDS
from cards.sites.guide import answered, meaning
from domain.approvals.approval import Approval, Event
from domain.building.plan import Step
from domain.sites.library import LibraryTemplate
from domain.sites.policy import Scenario
from domain.sites.request import SiteRequest, SiteState
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
UNCHECKED = N_("I could not look up now whether the name is still free. I do so before the site is made.")


@dataclass(frozen=True, slots=True)
class SiteFace:
    """A request with what its cards show beside it: its scenario, its approval, the steps to come or done, the names
    of everybody mentioned, the scenario that was advised, its libraries and the name of its hub."""

    request: SiteRequest
    scenario: Scenario
    approval: Approval
    planned: Sequence[Step]
    names: Mapping[str, str]
    advised: Scenario | None = None
    libraries: Sequence[LibraryTemplate] = ()
    hub: str = ""


def requester(t: Translator, face: SiteFace, *, unchecked: bool = False) -> Card:
    """The receipt: what was asked, who decides, how far it is; at the end, the link. `unchecked` says that the name
    could not be looked up."""
    request = face.request
    over = request.state in (SiteState.REFUSED, SiteState.WITHDRAWN)
    approved = request.state not in (SiteState.ASKED, SiteState.SENT_BACK)
    return card(
        heading(f"{request.number} · {request.name}"),
        _state(t, face),
        *([text(t(UNCHECKED), subtle=True)] if unchecked else []),
        *([decision(t, face.approval, face.names)] if face.approval.decision else []),
        *([] if over else [progress(t, request, face.planned, approved=approved)]),
        facts(t, [(t("Kind of site"), face.scenario.name(t.language)), *wishes(t, face)]),
        user_text(t, request.purpose),
        actions=[*_open(t, request), *_own(t, request)],
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
    request = face.request
    return [
        text(t("Why"), bold=True),
        user_text(t, request.purpose, spacing="Small"),
        *meaning(t, face.scenario),
        facts(t, wishes(t, face)),
        *answered(t, request.answers, face.advised, request.scenario_reason),
    ]


def approval_outcome(t: Translator, face: SiteFace) -> list[CardElement]:
    """How things went after the decision."""
    if face.request.state not in (SiteState.BUILDING, SiteState.READY, SiteState.FAILED):
        return []
    return [_state(t, face)]


def _state(t: Translator, face: SiteFace) -> CardElement:
    request = face.request
    match request.state:
        case SiteState.ASKED:
            who = waited_for(t, face.approval, face.names)
            return text(t("Waits for approval by {people}.", people=who))
        case SiteState.SENT_BACK:
            asked = [line for line in face.approval.log if line.event is Event.SENT_BACK][-1]
            said = t("{name} asks for a change:", name=face.names.get(asked.person_id, asked.person_id))
            return group(text(said, bold=True), user_text(t, asked.comment, spacing="Small"), tone="warning")
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


def wishes(t: Translator, face: SiteFace) -> list[tuple[str, str]]:
    """What was asked for, besides the kind: what was left open is left out."""
    request = face.request
    libraries = ", ".join(library.name(t.language) for library in face.libraries)
    given = [
        (t("Owners"), _people(face, request.owner_ids)),
        (t("Members"), _people(face, request.member_ids)),
        (t("Guests"), ", ".join(request.guests)),
        (t("Libraries"), libraries),
        (t("Other documents are kept"), request.retention_label or ""),
        (t("Hub"), face.hub),
        (t("Language"), t(LANGUAGE_WORDS[request.language]) if request.language in LANGUAGE_WORDS else ""),
        (t("Until"), t.day(request.end_date) if request.end_date else ""),
    ]
    return [(label, value) for label, value in given if value]


def _people(face: SiteFace, ids: Sequence[str]) -> str:
    return ", ".join(face.names[person] for person in ids)


def _open(t: Translator, request: SiteRequest) -> list[Action]:
    ready = request.state is SiteState.READY and request.url
    return [open_url(t("Open the site"), request.url or "")] if ready else []


def _own(t: Translator, request: SiteRequest) -> list[Action]:
    """What the requester can do while it is not decided."""
    if request.state not in (SiteState.ASKED, SiteState.SENT_BACK):
        return []
    data = {"id": request.id}
    withdraw = unfold(
        t("Withdraw"),
        text(t("Then nothing is made, and somebody else can have the name.")),
        actions=[press(t("Yes, withdraw"), "sites.withdraw", data, style="destructive")],
    )
    if request.state is SiteState.ASKED:
        return [withdraw]
    return [press(t("Change it and send it again"), "sites.edit", data, style="positive"), withdraw]
