"""Building, for who looks after it: the list of sites that need somebody, each build, what differs, tasks by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.building import build as cards
from domain.actor import Role
from domain.building import actions as building
from domain.building import checks
from domain.building.build import Build, Task, load_build
from domain.building.steps import OPERATOR_VIEW, OWNER_VIEW
from domain.building.tasks import FINDINGS_VIEW, TASK_VIEW, access_task, finish_task, kind_of
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.people.names import names_of
from domain.sites.actions import find_request
from domain.sites.order import scenario_of
from domain.sites.rules import plain
from domain.unit import Unit
from locales import translator

COMMANDS = frozenset(
    {"sites met problemen", "sites die aandacht vragen", "sites that need attention", "sites avec problemes"}
)
"""What an information manager or administrator types to see the list, without capitals or accents."""

Action = Callable[[Unit], Awaitable[Build]]


async def claim(turn: Turn) -> Reply:
    """Any typed message: only these words, and only of who may see the list."""
    governs = turn.actor.has(Role.INFORMATION_MANAGER) or turn.actor.has(Role.ADMIN)
    if not governs or len(turn.text) > 40 or plain(turn.text.strip(" .?!")) not in COMMANDS:
        return NOTHING
    return await attention(turn)


@own_chat_only
async def attention(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        page = await building.list_attention(unit, turn.actor, cursor=turn.field("cursor") or None)
    return Reply(cards.attention_list(turn.t, page.builds, page.next_cursor))


async def open_build(turn: Turn) -> Reply:
    """An administrator's card, or what differs for who can only repair."""
    if not turn.actor.has(Role.ADMIN):
        return await show_differences(turn)
    return await _after(turn, lambda unit: building.access_build(unit, turn.actor, turn.field("id")))


async def retry(turn: Turn) -> Reply:
    return await _after(turn, lambda unit: building.retry_step(unit, turn.actor, turn.field("id")))


async def skip(turn: Turn) -> Reply:
    reason = turn.field("skip_reason")
    return await _after(
        turn, lambda unit: building.skip_step(unit, turn.actor, turn.field("id"), reason), "skip", reason
    )


async def park(turn: Turn) -> Reply:
    reason = turn.field("park_reason")
    return await _after(
        turn, lambda unit: building.park_build(unit, turn.actor, turn.field("id"), reason), "park", reason
    )


async def give_up(turn: Turn) -> Reply:
    reason = turn.field("give_up_reason")
    return await _after(
        turn, lambda unit: building.give_up(unit, turn.actor, turn.field("id"), reason), "give_up", reason
    )


async def repair(turn: Turn) -> Reply:
    return await _differences_after(turn, lambda unit: checks.repair_site(unit, turn.actor, turn.field("id")))


async def check(turn: Turn) -> Reply:
    return await _differences_after(turn, lambda unit: checks.check_now(unit, turn.actor, turn.field("id")))


async def show_differences(turn: Turn) -> Reply:
    return await _differences_after(
        turn, lambda unit: checks.access_findings(unit, turn.actor, turn.field("id"))
    )


async def done(turn: Turn) -> Reply:
    """A task was done by hand. Too late, the card shows who was first."""
    problem, note = "", turn.field("note")
    async with turn.desk.units() as unit:
        task = await access_task(unit, turn.actor, turn.field("id"))
        try:
            task = await finish_task(unit, turn.actor, task.id, note)
        except Conflict:
            task = await access_task(unit, turn.actor, task.id)
        except Invalid as error:
            problem = turn.t.error(error)
        card = await _task_card(unit, turn.desk, turn.person, task, note=note, problem=problem)
    return Reply(card, view=TASK_VIEW, subject=task.id)


async def show_operator(unit: Unit, desk: Desk, person: Person, request_id: str) -> Card | None:
    if not person.as_actor().has(Role.ADMIN):
        return None
    with suppress(NotFound):
        build = await building.access_build(unit, person.as_actor(), request_id)
        return cards.operator(translator(person.language), await face_of(desk, build))
    return None


async def show_findings(unit: Unit, desk: Desk, person: Person, request_id: str) -> Card | None:
    with suppress(NotFound):
        build = await checks.access_findings(unit, person.as_actor(), request_id)
        return cards.differences(translator(person.language), await face_of(desk, build))
    return None


async def show_task(unit: Unit, desk: Desk, person: Person, task_id: str) -> Card | None:
    with suppress(NotFound):
        task = await access_task(unit, person.as_actor(), task_id)
        return await _task_card(unit, desk, person, task)
    return None


async def show_owner(unit: Unit, desk: Desk, person: Person, request_id: str) -> Card | None:
    request = await find_request(unit, request_id)
    if request is None or person.id not in request.owner_ids:
        return None
    names = await names_of(desk.directory, [request.requester_id])
    scenario = scenario_of(desk, request)
    return cards.owner(translator(person.language), request, scenario, names[request.requester_id])


async def face_of(desk: Desk, build: Build) -> cards.BuildFace:
    """A build with all its cards need, for a caller that has access to it already."""
    people: Iterable[str] = (
        build.request.requester_id,
        *(event.by_id for event in build.events),
        *(person for task in build.tasks for person in (*task.person_ids, task.done_by_id or "")),
    )
    names = await names_of(desk.directory, [person for person in people if person])
    return cards.BuildFace(build, names, [(task, kind_of(desk, task)) for task in build.tasks])


async def _after(turn: Turn, act: Action, asked: str = "", reason: str = "") -> Reply:
    """The administrator's card after an action. Too late, it shows how things stand; without a reason, it asks."""
    problem = ""
    async with turn.desk.units() as unit:
        try:
            build = await act(unit)
        except (Conflict, Invalid) as error:
            build = await building.access_build(unit, turn.actor, turn.field("id"))
            problem = turn.t.error(error) if isinstance(error, Invalid) else ""
        face = await face_of(turn.desk, build)
    card = cards.operator(turn.t, face, reason=reason, problem=problem, asked=asked)
    return Reply(card, view=OPERATOR_VIEW, subject=build.request.id)


async def _differences_after(turn: Turn, act: Action) -> Reply:
    async with turn.desk.units() as unit:
        try:
            build = await act(unit)
        except Conflict:
            build = await checks.access_findings(unit, turn.actor, turn.field("id"))
        face = await face_of(turn.desk, build)
    return Reply(cards.differences(turn.t, face), view=FINDINGS_VIEW, subject=build.request.id)


async def _task_card(
    unit: Unit, desk: Desk, person: Person, task: Task, *, note: str = "", problem: str = ""
) -> Card:
    request = await find_request(unit, task.request_id)
    build = await load_build(unit, request) if request else None
    if build is None:
        raise NotFound("This task is not there.")
    face = await face_of(desk, build)
    t = translator(person.language)
    return cards.task(t, face, task, kind_of(desk, task), note=note, problem=problem)


FEATURE = Feature(
    name="building",
    verbs={
        "building.list": attention,
        "building.open": open_build,
        "building.retry": retry,
        "building.skip": skip,
        "building.park": park,
        "building.give_up": give_up,
        "building.findings": show_differences,
        "building.repair": repair,
        "building.check": check,
        "building.done": done,
        "sites.retry": retry,  # on cards from before
    },
    views={
        OPERATOR_VIEW: show_operator,
        FINDINGS_VIEW: show_findings,
        TASK_VIEW: show_task,
        OWNER_VIEW: show_owner,
    },
    claims=claim,
)
