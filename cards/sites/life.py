"""Cards about a site that stands: what it is and what can be asked, what is due for it, and how that went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from microsoft_teams.cards import Action, CardElement

from cards.building.build import findings
from cards.kit import (
    Card,
    buttons,
    card,
    facts,
    group,
    heading,
    open_url,
    press,
    row,
    text,
    unfold,
    user_text,
)
from domain.building.verification import Finding
from domain.sites.lifecycle import Reminder
from domain.sites.policy import Scenario
from domain.sites.site import ChangeKind, ChangeState, Site, SiteChange, StandingState
from locales import N_, Translator

KIND_WORDS = {
    ChangeKind.EXTEND: N_("Keep it longer"),
    ChangeKind.RENAME: N_("Another name"),
    ChangeKind.OWNER: N_("Other owners"),
    ChangeKind.ARCHIVE: N_("Archive it"),
    ChangeKind.RESTORE: N_("Bring it back"),
}
"""On buttons, and as the name of what was asked."""
CHANGE_STATE_WORDS = {
    ChangeState.ASKED: N_("waits for approval"),
    ChangeState.SENT_BACK: N_("back for a change"),
    ChangeState.WITHDRAWN: N_("withdrawn"),
    ChangeState.REFUSED: N_("refused"),
    ChangeState.DOING: N_("approved, and being done"),
    ChangeState.FAILED: N_("stopped, an administrator looks at it"),
    ChangeState.DONE: N_("done"),
}
DONE_WORDS = {
    ChangeKind.EXTEND: N_("The site stays until {day}."),
    ChangeKind.RENAME: N_("The site is called {name} now. Its web address stays the same."),
    ChangeKind.OWNER: N_("These people own the site now: {owners}."),
    ChangeKind.ARCHIVE: N_("The site is in the archive: everybody can still read it, nobody can change it."),
    ChangeKind.RESTORE: N_("The site is back: you can work in it again."),
}


About = tuple[Sequence[CardElement], Sequence[CardElement]]
"""What a card says about something before and after the decision on it."""


@dataclass(frozen=True, slots=True)
class SiteFace:
    """A site as one person sees it: `possible` is what they can ask now, and `mine` that the open change is theirs.
    `names` has everybody it mentions. `findings` are what differs from what was agreed."""

    site: Site
    scenario: Scenario
    team: str
    names: Mapping[str, str]
    possible: Sequence[ChangeKind] = ()
    mine: bool = False
    findings: Sequence[Finding] = ()


def site(t: Translator, face: SiteFace) -> Card:
    """What it is, who answers for it, and what can be asked about it now."""
    one = face.site
    return card(
        heading(one.name),
        text(f"{one.number} · {t(STATE_WORDS[one.state])}", subtle=True, spacing="None"),
        *_change(t, face),
        *findings(t, face.findings),
        facts(t, _about(t, face)),
        actions=[*_open(t, one), *_ask(t, face), *_withdraw(t, face)],
        language=t.language,
    )


def notice(t: Translator, face: SiteFace, reminder: Reminder, today: date) -> Card:
    """What is due, as long as it is; once it was answered, that."""
    one = face.site
    if reminder.about_end:
        body, actions = _end(t, face, today)
    else:
        body, actions = _review(t, face, reminder, today)
    return card(
        *body,
        *_change(t, face),
        facts(t, _about(t, face, asks_again=one.review_on > today)),
        actions=[*actions, *_open(t, one)],
        language=t.language,
    )


def orphan(t: Translator, face: SiteFace) -> Card:
    """An owner left: who answers for the site now, and the question to name a second one."""
    one = face.site
    owners = _names(face, one.owner_ids)
    said = (
        t(
            "Somebody who owned this site left. {owners} answers for it now. Name a second owner.",
            owners=owners,
        )
        if len(one.owner_ids) == 1
        else t("Somebody who owned this site left, and nobody steps in. Name two owners.")
    )
    settled = len(one.owner_ids) > 1
    ask = ChangeKind.OWNER in face.possible and not settled
    return card(
        heading(t("Who owns the site {name}?", name=one.name)),
        text(t("This site has two owners again: {owners}.", owners=owners)) if settled else text(said),
        *_change(t, face),
        facts(t, _about(t, face)),
        actions=[
            *([_press(t, one, ChangeKind.OWNER, t("Name the owners"), "positive")] if ask else []),
            *_open(t, one),
        ],
        language=t.language,
    )


def changed(t: Translator, face: SiteFace, change: SiteChange) -> Card:
    """For who asked it: how it ended."""
    one = face.site
    what = t(KIND_WORDS[change.kind])
    if change.state is not ChangeState.DONE:
        state = t(CHANGE_STATE_WORDS[change.state])
        said = group(text(t("{what}: {state}.", what=what, state=state)), tone="attention")
    else:
        said = group(text(_done(t, face, change)), tone="good")
    return card(
        heading(one.name),
        text(one.number, subtle=True, spacing="None"),
        said,
        actions=[press(t("Show the site"), "sites.site", {"id": one.id}), *_open(t, one)],
        language=t.language,
    )


def failed(t: Translator, face: SiteFace, change: SiteChange) -> Card:
    """For administrators: what the platform refused, and another try while it stands like that."""
    state = t(CHANGE_STATE_WORDS[change.state])
    retry = press(t("Try again"), "sites.change_retry", {"id": change.id})
    return card(
        heading(t("Site {number}: {state}", number=face.site.number, state=state)),
        facts(
            t,
            [
                (t("Name"), face.site.name),
                (t("What was asked"), t(KIND_WORDS[change.kind])),
                *wanted(t, change, face.names),
                *([(t("The platform says"), change.error)] if change.error else []),
            ],
        ),
        actions=[*([retry] if change.state is ChangeState.FAILED else []), *_open(t, face.site)],
        language=t.language,
    )


def listing(
    t: Translator, title: str, sites: Sequence[Site], more: Action | None, *, empty: str = ""
) -> Card:
    """A page of sites, the newest first."""
    if not sites:
        asked = press(t("Ask for a site"), "sites.form")
        return card(heading(title), text(empty), actions=[asked], language=t.language)
    return card(
        heading(title),
        *(
            row(
                [
                    text(one.name, bold=True),
                    text(f"{one.number} · {t(STATE_WORDS[one.state])}", subtle=True, spacing="None"),
                ],
                [buttons(press(t("Open"), "sites.site", {"id": one.id}, inputs=False))],
                separator=True,
            )
            for one in sites
        ),
        actions=[more] if more else [],
        language=t.language,
    )


def approval_details(t: Translator, face: SiteFace, change: SiteChange) -> list[CardElement]:
    """What an approver has to know before deciding about a change."""
    said = [user_text(t, change.reason, spacing="Small")] if change.reason else []
    ended = change.wanted.get("ended")
    if ended:
        day = t.day(date.fromisoformat(str(ended)))
        said = [
            text(t("Its last day was {day}, and nobody asked to keep it longer.", day=day), spacing="Small")
        ]
    return [
        text(t(KIND_WORDS[change.kind]), bold=True),
        facts(t, wanted(t, change, face.names), spacing="Small"),
        text(t("Why"), bold=True),
        *said,
        facts(t, _about(t, face)),
    ]


def approval_outcome(t: Translator, change: SiteChange) -> list[CardElement]:
    """How it went after the decision."""
    if change.state not in (ChangeState.DOING, ChangeState.FAILED, ChangeState.DONE):
        return []
    return [text(t("How it stands: {state}.", state=t(CHANGE_STATE_WORDS[change.state])))]


def wanted(t: Translator, change: SiteChange, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What it becomes, as label and value."""
    asked = change.wanted
    match change.kind:
        case ChangeKind.RENAME:
            return [(t("New name"), str(asked["name"]))]
        case ChangeKind.OWNER:
            return [(t("New owners"), ", ".join(names.get(one, one) for one in asked["owners"]))]
        case ChangeKind.EXTEND:
            return [(t("Until"), t.day(date.fromisoformat(asked["end_date"])))]
        case ChangeKind.ARCHIVE:
            return [(t("After this"), t("Everybody can still read it, nobody can change it."))]
        case ChangeKind.RESTORE:
            return [(t("After this"), t("Its members can work in it again."))]


STATE_WORDS = {
    StandingState.ACTIVE: N_("in use"),
    StandingState.ARCHIVED: N_("in the archive"),
}


def _review(
    t: Translator, face: SiteFace, reminder: Reminder, today: date
) -> tuple[list[CardElement], list[Action]]:
    one = face.site
    title = heading(t("Is the site {name} still needed?", name=one.name))
    if one.review_on > today or one.state is StandingState.ARCHIVED:
        answer = t("This was answered. The next question comes on {day}.", day=t.day(one.review_on))
        if one.state is StandingState.ARCHIVED:
            answer = t("The site is in the archive.")
        return [title, group(text(answer), tone="good")], []
    if reminder is Reminder.REVIEW_TAKEN_OVER:
        said = t("Its owners did not answer. Do you know whether it is still needed, and who answers for it?")
    else:
        said = t("Once a year I ask the owners. Are these people still the right owners?")
    yes = press(t("Yes, and the owners are right"), "sites.still_needed", {"id": one.id}, style="positive")
    asks = [_press(t, one, kind) for kind in (ChangeKind.OWNER, ChangeKind.ARCHIVE) if kind in face.possible]
    return [title, text(said)], [yes, *asks]


def _end(t: Translator, face: SiteFace, today: date) -> tuple[list[CardElement], list[Action]]:
    one = face.site
    asks = [_press(t, one, kind) for kind in (ChangeKind.EXTEND, ChangeKind.ARCHIVE) if kind in face.possible]
    if one.state is StandingState.ARCHIVED:
        return [heading(t("The site {name} is in the archive", name=one.name))], []
    if one.end_date is None:
        return [heading(t("The site {name} stays", name=one.name))], []
    day = t.day(one.end_date)
    if one.end_date >= today:
        said = t("Its last day is {day}. After that I ask to put it in the archive.", day=day)
        return [heading(t("The site {name} ends soon", name=one.name)), text(said)], asks
    said = t("Its last day was {day}. I asked to put it in the archive.", day=day)
    return [heading(t("The site {name} has ended", name=one.name)), text(said)], asks


def _about(t: Translator, face: SiteFace, *, asks_again: bool = True) -> list[tuple[str, str]]:
    """`asks_again` says that the yearly question is still to come."""
    one = face.site
    asks_again = asks_again and one.state is StandingState.ACTIVE
    given = [
        (t("Kind of site"), face.scenario.name(t.language)),
        (t("Team"), face.team),
        (t("Owners"), _names(face, one.owner_ids) or t("nobody")),
        (t("Members"), _names(face, one.member_ids)),
        (t("Until"), t.day(one.end_date) if one.end_date else ""),
        (t("Next yearly question"), t.day(one.review_on) if asks_again else ""),
        (t("In the archive since"), t.day(one.archived_at) if one.archived_at else ""),
    ]
    return [(label, value) for label, value in given if value]


def _change(t: Translator, face: SiteFace) -> list[CardElement]:
    """What is open about it."""
    change = face.site.change
    if change is None:
        return []
    state = t(CHANGE_STATE_WORDS[change.state])
    said = text(t("{what}: {state}.", what=t(KIND_WORDS[change.kind]), state=state), bold=True)
    return [group(said, facts(t, wanted(t, change, face.names), spacing="Small"), tone="emphasis")]


def _done(t: Translator, face: SiteFace, change: SiteChange) -> str:
    day = t.day(face.site.end_date) if face.site.end_date else ""
    owners = _names(face, face.site.owner_ids)
    return t(DONE_WORDS[change.kind], day=day, name=face.site.name, owners=owners)


def _ask(t: Translator, face: SiteFace) -> list[Action]:
    return [_press(t, face.site, kind) for kind in face.possible]


def _press(t: Translator, one: Site, kind: ChangeKind, title: str = "", style: str = "default") -> Action:
    data = {"id": one.id, "kind": kind.value}
    words = title or t(KIND_WORDS[kind])
    if style == "positive":
        return press(words, "sites.change", data, style="positive", inputs=False)
    return press(words, "sites.change", data, inputs=False)


def _withdraw(t: Translator, face: SiteFace) -> list[Action]:
    """For who asked what is open, while it is not decided."""
    change = face.site.change
    if change is None or not face.mine or change.state not in (ChangeState.ASKED, ChangeState.SENT_BACK):
        return []
    data = {"id": change.id}
    sure = text(t("Then the site stays as it is."))
    withdraw = press(t("Yes, withdraw"), "sites.change_withdraw", data, style="destructive")
    actions = [unfold(t("Withdraw what I asked"), sure, actions=[withdraw])]
    if change.state is ChangeState.SENT_BACK:
        again = press(t("Change it and send it again"), "sites.change_edit", data, style="positive")
        actions.insert(0, again)
    return actions


def _open(t: Translator, one: Site) -> list[Action]:
    return [open_url(t("Open the site"), one.url)] if one.url else []


def _names(face: SiteFace, ids: Sequence[str]) -> str:
    return ", ".join(face.names.get(person, person) for person in ids)
