"""What only people can do for a site: asked of them with a card, and reported back by them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from domain.actor import Actor, Role
from domain.building.build import Task, tasks_of
from domain.building.models import SiteTaskRow
from domain.building.policy import Doer, PersonTask
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.sites.order import gets_team, scenario_of
from domain.sites.request import SiteRequest
from domain.tables import is_id, new_id
from domain.unit import Unit

TASK_VIEW = "site.task"
"""Its subject is the id of the task."""
FINDINGS_VIEW = "site.findings"
"""Its subject is the id of the request."""
NOTE_LIMIT = 500


async def ask_people(unit: Unit, desk: Desk, request: SiteRequest) -> None:
    """A task, and a card, for everything the city wants done by hand. Doing so twice asks once."""
    team = gets_team(desk, scenario_of(desk, request))
    for kind in desk.organisation.building.tasks:
        if request.scenario_id not in kind.scenario_ids or (kind.team_only and not team):
            continue
        people = await _doers(desk, request, kind.who)
        row = {
            "id": new_id(),
            "request_id": request.id,
            "task_id": kind.id,
            "person_ids": [person.id for person in people],
            "created_at": unit.now,
            "note": "",
        }
        if await unit.insert_new(SiteTaskRow, row):
            for person in people:
                await show(unit, TASK_VIEW, str(row["id"]), person.id)


async def access_task(unit: Unit, actor: Actor, task_id: str) -> Task:
    """For those who were asked, information managers and administrators; `NotFound` for anybody else."""
    if is_id(task_id):
        found = select(SiteTaskRow.request_id).where(SiteTaskRow.id == task_id)
        request_id = (await unit.db.execute(found)).scalar_one_or_none()
        if request_id is not None:
            task = next(task for task in await tasks_of(unit, request_id) if task.id == task_id)
            governs = actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)
            if governs or actor.id in task.person_ids:
                return task
    raise NotFound("This task is not there.")


async def finish_task(unit: Unit, actor: Actor, task_id: str, note: str) -> Task:
    """It was done by hand. Raises `Conflict` when somebody said so before, and `Invalid` for too long a note."""
    task = await access_task(unit, actor, task_id)
    note = note.strip()
    if len(note) > NOTE_LIMIT:
        raise Invalid("At most {limit} characters.", field="note", limit=NOTE_LIMIT)
    still_open = (SiteTaskRow.id == task.id, SiteTaskRow.done_at.is_(None))
    values = {"done_at": unit.now, "done_by_id": actor.id, "note": note}
    if (await unit.db.execute(update(SiteTaskRow).where(*still_open).values(**values))).rowcount != 1:
        raise Conflict("Somebody did this already.")
    for person_id in task.person_ids:
        await show(unit, TASK_VIEW, task.id, person_id, only_if_posted=True)
    return await access_task(unit, actor, task.id)


def kind_of(desk: Desk, task: Task) -> PersonTask | None:
    """None when the city has dropped this kind of task since."""
    return next((kind for kind in desk.organisation.building.tasks if kind.id == task.task_id), None)


async def tell_governors(unit: Unit, desk: Desk, request: SiteRequest) -> None:
    """Show the information manager what differs on a site that stands."""
    for person in await _doers(desk, request, Doer.INFORMATION_MANAGER):
        await show(unit, FINDINGS_VIEW, request.id, person.id)


async def _doers(desk: Desk, request: SiteRequest, who: Doer) -> Sequence[Person]:
    match who:
        case Doer.OWNER:
            found = [await desk.directory.person(person_id) for person_id in request.owner_ids]
            return [person for person in found if person is not None]
        case Doer.ADMIN:
            return await desk.directory.with_role(Role.ADMIN)
        case Doer.INFORMATION_MANAGER:
            team = await desk.directory.team(request.team_id)
            manager_id = team.information_manager_id if team else None
            one = await desk.directory.person(manager_id) if manager_id else None
            return [one] if one else await desk.directory.with_role(Role.INFORMATION_MANAGER)
