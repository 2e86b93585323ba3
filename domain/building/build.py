"""A build as those see it who have to look after it: what it made, why it needs attention, what differs, what is asked
of people, and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from domain.building.models import SiteBuildEventRow, SiteBuildRow, SiteFindingRow, SiteTaskRow
from domain.building.plan import Step
from domain.building.verification import Finding, Setting
from domain.sites.ports import Built
from domain.sites.request import SiteRequest
from domain.tables import new_id
from domain.unit import Unit


class Attention(StrEnum):
    """Why somebody has to look."""

    FAILED = "failed"  # building stopped
    PARKED = "parked"  # an administrator put it aside
    FINDINGS = "findings"  # it stands, and differs from what it should be


class What(StrEnum):
    """What a person did to a build."""

    RETRIED = "retried"
    SKIPPED = "skipped"
    PARKED = "parked"
    RESUMED = "resumed"
    GIVEN_UP = "given_up"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class BuildEvent:
    what: What
    step: Step | None
    by_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something that one of `person_ids` has to do by hand; `task_id` is the city's id for that kind of task."""

    id: str
    request_id: str
    task_id: str
    person_ids: tuple[str, ...]
    created_at: datetime
    done_at: datetime | None
    done_by_id: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Build:
    """`run` counts the starts by a person. `findings` are those that are still there, `tasks` the oldest first."""

    request: SiteRequest
    run: int
    built: Built
    attention: Attention | None
    handed_over_at: datetime | None
    checked_at: datetime | None
    repair_error: str | None
    findings: tuple[Finding, ...]
    tasks: tuple[Task, ...]
    events: tuple[BuildEvent, ...]

    @property
    def parked(self) -> bool:
        return self.attention is Attention.PARKED


async def load_build(unit: Unit, request: SiteRequest, *, whole: bool = True) -> Build | None:
    """None before it is approved. Unless `whole`, without findings, tasks and events: building needs none of them."""
    row = (
        await unit.db.execute(select(SiteBuildRow).where(SiteBuildRow.request_id == request.id))
    ).one_or_none()
    if row is None:
        return None
    return Build(
        request=request,
        run=row.run,
        built=Built(request.group_id, request.site_id, row.web_id, request.url, row.team_operation),
        attention=Attention(row.attention) if row.attention else None,
        handed_over_at=row.handed_over_at,
        checked_at=row.checked_at,
        repair_error=row.repair_error,
        findings=await findings_of(unit, request.id) if whole else (),
        tasks=await tasks_of(unit, request.id) if whole else (),
        events=await _events_of(unit, request.id) if whole else (),
    )


async def hold_build(unit: Unit, request_id: str) -> None:
    """One writer at a time: a step that ends and an administrator who puts it aside do not cross."""
    await unit.hold(f"build:{request_id}")


async def change_build(unit: Unit, request_id: str, **values: object) -> None:
    await unit.db.execute(update(SiteBuildRow).where(SiteBuildRow.request_id == request_id).values(**values))


async def findings_of(unit: Unit, request_id: str) -> tuple[Finding, ...]:
    columns = (SiteFindingRow.setting, SiteFindingRow.wanted, SiteFindingRow.found, SiteFindingRow.about)
    rows = await unit.db.execute(
        select(*columns)
        .where(SiteFindingRow.request_id == request_id, SiteFindingRow.gone_at.is_(None))
        .order_by(SiteFindingRow.id)
    )
    return tuple(Finding(Setting(row.setting), row.wanted, row.found, row.about) for row in rows)


async def write_findings(unit: Unit, request_id: str, found: Sequence[Finding]) -> bool:
    """What was found takes the place of what was there. True when there is something new in it."""
    before = await findings_of(unit, request_id)
    now = [replace(finding, about=finding.about[:255]) for finding in found]
    gone = [one for one in before if one not in now]
    new = [one for one in now if one not in before]
    for finding in gone:
        same = (SiteFindingRow.setting == finding.setting.value, SiteFindingRow.about == finding.about)
        still = (SiteFindingRow.request_id == request_id, SiteFindingRow.gone_at.is_(None))
        await unit.db.execute(update(SiteFindingRow).where(*still, *same).values(gone_at=unit.now))
    for finding in new:
        row = {
            "id": new_id(),
            "request_id": request_id,
            "setting": finding.setting.value,
            "about": finding.about,
            "wanted": finding.wanted,
            "found": finding.found,
            "first_seen_at": unit.now,
        }
        await unit.insert_new(SiteFindingRow, row)
    return bool(new)


async def tasks_of(unit: Unit, request_id: str) -> tuple[Task, ...]:
    rows = await unit.db.execute(
        select(SiteTaskRow).where(SiteTaskRow.request_id == request_id).order_by(SiteTaskRow.id)
    )
    return tuple(
        Task(
            row.id,
            row.request_id,
            row.task_id,
            tuple(row.person_ids),
            row.created_at,
            row.done_at,
            row.done_by_id,
            row.note,
        )
        for row in rows
    )


async def write_event(
    unit: Unit, request_id: str, what: What, by_id: str, *, step: Step | None = None, reason: str = ""
) -> None:
    row = {
        "id": new_id(),
        "request_id": request_id,
        "what": what.value,
        "step": step.value if step else None,
        "by_id": by_id,
        "reason": reason,
        "at": unit.now,
    }
    await unit.insert_new(SiteBuildEventRow, row)


async def _events_of(unit: Unit, request_id: str) -> tuple[BuildEvent, ...]:
    rows = await unit.db.execute(
        select(SiteBuildEventRow)
        .where(SiteBuildEventRow.request_id == request_id)
        .order_by(SiteBuildEventRow.id)
    )
    return tuple(
        BuildEvent(What(row.what), Step(row.step) if row.step else None, row.by_id, row.reason, row.at)
        for row in rows
    )
