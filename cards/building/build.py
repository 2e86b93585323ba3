"""Cards about building: how far each step is, what an administrator can do, what differs, what people do by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards import Action, CardElement, TextRun

from cards.building.progress import progress
from cards.building.words import (
    ATTENTION_WORDS,
    CAPABILITY_WORDS,
    SETTING_WORDS,
    STEP_WORDS,
    WHAT_WORDS,
    YES_NO,
)
from cards.kit import (
    Card,
    card,
    facts,
    group,
    heading,
    open_url,
    press,
    pressable,
    run,
    runs,
    text,
    text_input,
    unfold,
    user_text,
)
from cards.literal import shorten
from domain.building.actions import REASON_LIMIT, Troubled, given_up, may_go_on, may_park, skippable
from domain.building.build import Build, BuildEvent, Task
from domain.building.policy import PersonTask
from domain.building.tasks import NOTE_LIMIT
from domain.building.verification import Finding, Setting
from domain.sites.policy import Scenario
from domain.sites.request import SiteRequest, SiteState
from locales import Translator

SAID_LIMIT = 200
"""Characters of a reason or a value."""
FINDINGS_SHOWN = 15
EVENTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class BuildFace:
    """A build with the names of everybody it mentions, and the city's words for its open tasks."""

    build: Build
    names: Mapping[str, str]
    tasks: Sequence[tuple[Task, PersonTask | None]] = ()


def operator(t: Translator, face: BuildFace, *, reason: str = "", problem: str = "", asked: str = "") -> Card:
    """For an administrator: everything about a build, and what can be done now. With `problem`, what was wrong with
    the `reason` given for the action `asked`."""
    build = face.build
    request = build.request
    why = t(ATTENTION_WORDS[build.attention]) if build.attention else _state(t, request)
    people = [(t("Name"), request.name), (t("Asked by"), face.names[request.requester_id])]
    if build.checked_at and build.handed_over_at:
        people.append((t("Last check"), t.moment(build.checked_at)))
    return card(
        heading(t("Site {number}: {state}", number=request.number, state=why)),
        facts(t, people),
        progress(t, request, [step.step for step in request.steps], approved=True),
        *findings(t, build.findings),
        *_tasks(t, face),
        *_events(t, face),
        actions=_actions(t, build, reason, problem, asked),
        language=t.language,
    )


def differences(t: Translator, face: BuildFace) -> Card:
    """For who governs sites: what differs on one that stands, and the repair."""
    build, request = face.build, face.build.request
    checked = build.checked_at
    if not build.findings:
        seen = t("On {moment} everything was as agreed.", moment=t.moment(checked)) if checked else ""
        body = [group(text(seen), tone="good")] if seen else []
        return card(
            heading(f"{request.number} · {request.name}"),
            *body,
            actions=_open(t, request),
            language=t.language,
        )
    error = [text(t("The last repair did not work: {reason}", reason=build.repair_error))]
    return card(
        heading(t("{name} differs from what was agreed", name=request.name)),
        text(
            t(
                "Seen on {moment}, on {number}. Repairing sets it as the kind of site says.",
                moment=t.moment(checked) if checked else "",
                number=request.number,
            )
        ),
        *findings(t, build.findings),
        *(error if build.repair_error else []),
        actions=[
            press(t("Repair"), "building.repair", {"id": request.id}, style="positive"),
            press(t("Look again"), "building.check", {"id": request.id}),
            *_open(t, request),
        ],
        language=t.language,
    )


def findings(t: Translator, found: Sequence[Finding]) -> list[CardElement]:
    """Also for the card of a site. Empty when nothing differs."""
    if not found:
        return []
    pieces: list[TextRun] = [run(t("Different from what was agreed"), bold=True)]
    for finding in found[:FINDINGS_SHOWN]:
        label = t(SETTING_WORDS[finding.setting])
        where = f" ({finding.about})" if finding.about else ""
        pieces.append(run(f"\n{label}{where}{t.colon} ", subtle=True))
        now, agreed = _value(t, finding.setting, finding.found), _value(t, finding.setting, finding.wanted)
        pieces.append(run(t("now {found}, agreed {wanted}", found=now, wanted=agreed)))
    if len(found) > FINDINGS_SHOWN:
        more = len(found) - FINDINGS_SHOWN
        pieces.append(run("\n" + t("And {count} more.", count=more), subtle=True))
    return [group(runs(*pieces), tone="warning")]


def task(
    t: Translator, face: BuildFace, one: Task, kind: PersonTask | None, *, note: str = "", problem: str = ""
) -> Card:
    """Something to do by hand; once done, who did it. The city's words when it still has this kind of task."""
    request = face.build.request
    title = kind.title(t.language) if kind else t("A task for {name}", name=request.name)
    what = [facts(t, [(t("Site"), request.name), (t("Number"), request.number)])]
    if one.done_at is not None:
        who = face.names.get(one.done_by_id or "", "")
        done = t("Done by {name} on {moment}.", name=who, moment=t.moment(one.done_at))
        said = [user_text(t, one.note, spacing="Small")] if one.note else []
        return card(
            heading(title),
            group(text(done), *said, tone="good"),
            *what,
            actions=_open(t, request),
            language=t.language,
        )
    how = [text(kind.how(t.language))] if kind else []
    box = text_input(
        "note",
        t("Anything to add? (not needed)"),
        value=note,
        multiline=True,
        max_length=NOTE_LIMIT,
        problem=problem,
    )
    return card(
        heading(title),
        text(t("Only a person can do this; it is asked of you.")),
        *what,
        *how,
        box,
        actions=[press(t("Done"), "building.done", {"id": one.id}, style="positive"), *_open(t, request)],
        language=t.language,
    )


def owner(t: Translator, request: SiteRequest, scenario: Scenario, requester: str) -> Card:
    """To an owner who did not ask for the site: what it is, and what is expected of them."""
    return card(
        heading(t("You are an owner of {name}", name=request.name)),
        text(
            t("{name} asked for this site, and it is ready. You answer for it from now on.", name=requester)
        ),
        facts(
            t,
            [
                (t("Kind of site"), scenario.name(t.language)),
                (t("Who gets in"), scenario.default_access(t.language)),
                (t("Who decides about access"), scenario.access_decided_by(t.language)),
                (t("Documents can be shared with"), scenario.shared_with(t.language)),
                (t("Classification"), str(scenario.classification)),
            ],
        ),
        actions=_open(t, request),
        language=t.language,
    )


def attention_list(t: Translator, builds: Sequence[Troubled], next_cursor: str | None) -> Card:
    """The builds that need somebody, each to press."""
    if not builds:
        nothing = text(t("Every site is as it should be."))
        return card(heading(t("Sites that need attention")), nothing, language=t.language)
    more = [press(t("More"), "building.list", {"cursor": next_cursor})] if next_cursor else []
    return card(
        heading(t("Sites that need attention")),
        *(
            pressable(
                f"{build.request.number} · {build.request.name}",
                "building.open",
                {"id": build.request.id},
                detail=_why(t, build),
            )
            for build in builds
        ),
        actions=more,
        language=t.language,
    )


def _actions(t: Translator, build: Build, reason: str, problem: str, asked: str) -> list[Action]:
    """Only what is possible now; each that changes the plan asks why."""
    request = build.request
    if given_up(build):
        return []
    actions: list[Action] = []
    if may_go_on(build):
        actions.append(press(t("Try again"), "building.retry", {"id": request.id}, style="positive"))
    asks: list[tuple[bool, str, str, str]] = [
        (skippable(build) is not None, "skip", t("Leave this step out"), t("Leave out")),
        (may_park(build), "park", t("Put aside"), t("Put aside")),
        (
            may_go_on(build) and not build.handed_over_at,
            "give_up",
            t("Stop for good"),
            t("Stop and clean up"),
        ),
    ]
    for possible, verb, title, sure in asks:
        if possible:
            box = text_input(
                f"{verb}_reason",
                t("Why?"),
                value=reason if asked == verb else "",
                required=True,
                error=t("Say why."),
                multiline=True,
                max_length=REASON_LIMIT,
                problem=problem if asked == verb else "",
            )
            style: Literal["destructive"] | None = "destructive" if verb == "give_up" else None
            button = press(sure, f"building.{verb}", {"id": request.id}, style=style)
            actions.append(unfold(title, box, actions=[button]))
    if build.findings and build.handed_over_at:
        actions.append(press(t("Repair"), "building.repair", {"id": request.id}, style="positive"))
    return [*actions, *_open(t, request)]


def _why(t: Translator, build: Troubled) -> str:
    why = t(ATTENTION_WORDS[build.attention])
    failed = build.request.failed_step
    return f"{why} · {t(STEP_WORDS[failed.step])}" if failed else why


def _state(t: Translator, request: SiteRequest) -> str:
    match request.state:
        case SiteState.READY:
            return t("ready")
        case SiteState.WITHDRAWN:
            return t("stopped for good")
        case _:
            return t("being made")


def _tasks(t: Translator, face: BuildFace) -> list[CardElement]:
    lines = []
    for one, kind in face.tasks:
        title = kind.title(t.language) if kind else one.task_id
        people = ", ".join(face.names.get(person, person) for person in one.person_ids)
        done = t("done by {name}", name=face.names.get(one.done_by_id or "", ""))
        lines.append((title, done if one.done_at else t("asked of {people}", people=people)))
    return [text(t("By hand"), bold=True), facts(t, lines, spacing="Small")] if lines else []


def _events(t: Translator, face: BuildFace) -> list[CardElement]:
    shown = face.build.events[-EVENTS_SHOWN:]
    if not shown:
        return []
    pieces: list[TextRun] = [run(t("What was done"), bold=True)]
    for event in shown:
        pieces.append(run(f"\n{t.moment(event.at)}: ", subtle=True))
        pieces.append(run(_event(t, face, event)))
    return [runs(*pieces)]


def _event(t: Translator, face: BuildFace, event: BuildEvent) -> str:
    step = t(STEP_WORDS[event.step]) if event.step else ""
    words = t(WHAT_WORDS[event.what], name=face.names.get(event.by_id, event.by_id), step=step)
    return f"{words}. {shorten(event.reason, SAID_LIMIT)}" if event.reason else f"{words}."


def _value(t: Translator, setting: Setting, value: str) -> str:
    words = CAPABILITY_WORDS if setting is Setting.CAPABILITY else YES_NO
    return t(words[value]) if value in words else shorten(value, SAID_LIMIT)


def _open(t: Translator, request: SiteRequest) -> list[Action]:
    ready = request.state is SiteState.READY and request.url
    return [open_url(t("Open the site"), request.url or "")] if ready else []
