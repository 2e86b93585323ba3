from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.building import build as building
from cards.building.build import BuildFace
from cards.kit import Card
from domain.building.actions import Troubled
from domain.building.build import Attention, Build, BuildEvent, Task, What
from domain.building.plan import SiteStep, Step, StepState, steps_for
from domain.building.verification import Finding, Setting
from domain.sites.ports import Built
from domain.sites.request import SiteRequest, SiteState
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cards.samples.sites import AT, REQUEST
from tests.cast import demo_city

NAMES = {
    "amina": "Amina El Idrissi",
    "carla": "Carla Maes",
    "els": "Els Wouters",
    "gust": "Gust Verhelst",
}
CITY = demo_city()
SCENARIO = CITY.scenarios[2]
KINDS = {kind.id: kind for kind in CITY.building.tasks}
LABEL = KINDS["sensitivity-label"]
URL = "https://vlaskerke.sharepoint.example/sites/team-vlasmarkt"
PLANNED = steps_for(SCENARIO, libraries=CITY.libraries[:2], joins_hub=True, team=True)
REFUSED = "POST /graph/v1.0/teams was refused with 403: The service account has no licence for Teams."
TASK = Task(
    "01a00000-0000-7000-8000-000000000009", REQUEST.id, LABEL.id, ("amina", "carla"), AT, None, None, ""
)
FINDINGS = (
    Finding(Setting.CAPABILITY, "0", "2"),
    Finding(Setting.MEMBERS_INVITE, "false", "true"),
    Finding(Setting.CLASSIFICATION, "2", "1"),
    Finding(Setting.LABEL, "610 Publicaties", "–", "Publicaties"),
)


def request(state: SiteState, done: int, last: SiteStep | None = None) -> SiteRequest:
    """With its first `done` steps done, a minute each, and `last` after them."""
    steps = [
        SiteStep(step, StepState.DONE, 1, AT, AT + timedelta(minutes=number), None)
        for number, step in enumerate(PLANNED[:done])
    ]
    rest = PLANNED[done + 1 :] if last else PLANNED[done:]
    later = [SiteStep(step, StepState.TODO, 0, None, None, None) for step in rest]
    url = URL if state is SiteState.READY else None
    steps = [*steps, *([last] if last else []), *later]
    return replace(REQUEST, scenario_id=SCENARIO.id, state=state, steps=tuple(steps), url=url)


def build(subject: SiteRequest, attention: Attention | None = None) -> Build:
    return Build(subject, 0, Built(), attention, None, None, None, (), (), ())


def face(one: Build) -> BuildFace:
    return BuildFace(one, NAMES, [(task, KINDS.get(task.task_id)) for task in one.tasks])


def samples(t: Translator) -> dict[str, Card]:
    failed_step = SiteStep(PLANNED[7], StepState.FAILED, 4, AT, AT, REFUSED)
    waiting = SiteStep(
        PLANNED[7],
        StepState.WAITING,
        2,
        AT,
        None,
        "Microsoft is making the team.",
        AT + timedelta(minutes=12),
    )
    failed = build(request(SiteState.FAILED, 7, failed_step), Attention.FAILED)
    ready = replace(
        build(request(SiteState.READY, len(PLANNED)), Attention.FINDINGS),
        handed_over_at=AT,
        checked_at=AT + timedelta(days=30),
        findings=FINDINGS,
        tasks=(TASK, replace(TASK, id=REQUEST.id, task_id="welcome-message", done_at=AT, done_by_id="carla")),
    )
    parked = replace(
        build(request(SiteState.BUILDING, 7), Attention.PARKED),
        events=(
            BuildEvent(What.RETRIED, Step.TEAM, "gust", "", AT),
            BuildEvent(What.SKIPPED, Step.LABELS, "gust", "Het label komt pas in januari.", AT),
            BuildEvent(What.PARKED, None, "gust", DIFFICULT, AT + timedelta(hours=1)),
        ),
    )
    done = replace(TASK, done_at=AT, done_by_id="carla", note=DIFFICULT)
    troubled = [
        Troubled(failed.request, Attention.FAILED),
        Troubled(replace(parked.request, name=DIFFICULT[:60], number="S-2026-000014"), Attention.PARKED),
        Troubled(replace(ready.request, name="Zwembad", number="S-2026-000009"), Attention.FINDINGS),
    ]
    return {
        "failed": building.operator(t, face(failed)),
        "failed_without_reason": building.operator(
            t, face(failed), problem=t("Say why."), asked="skip", reason=""
        ),
        "waiting": building.operator(t, face(build(request(SiteState.BUILDING, 7, waiting)))),
        "parked": building.operator(t, face(parked)),
        "ready_with_findings": building.operator(t, face(ready)),
        "differences": building.differences(t, face(ready)),
        "repair_failed": building.differences(t, face(replace(ready, repair_error=REFUSED))),
        "as_agreed": building.differences(t, face(replace(ready, findings=(), attention=None))),
        "task": building.task(t, face(ready), TASK, LABEL),
        "task_done": building.task(t, face(ready), done, LABEL),
        "task_of_before": building.task(t, face(ready), TASK, None),
        "owner": building.owner(t, ready.request, SCENARIO, NAMES["amina"]),
        "list": building.attention_list(t, troubled, "01a00000-0000-7000-8000-000000000001"),
        "list_empty": building.attention_list(t, [], None),
    }
