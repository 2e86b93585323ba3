"""`building.yaml`: which sites get a team, and what people do by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from adapters.organisation.files import Shape, read, wrong
from adapters.organisation.sites import WordingShape
from domain.building.policy import BuildingPolicy, Doer, PersonTask
from domain.sites.policy import Container, Scenario

FILE = "building.yaml"


class TaskShape(Shape):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    scenarios: list[str] = Field(min_length=1)
    who: Doer
    title: WordingShape
    how: WordingShape
    team_only: bool = False


class BuildingFile(Shape):
    teams: list[str] = Field(default=[])
    check_days: int = Field(30, ge=1, le=366)
    tasks: list[TaskShape] = Field(default=[])


def load_building(folder: Path, scenarios: Sequence[Scenario]) -> BuildingPolicy:
    """Without the file nothing gets a team, and nobody has to do anything."""
    path = folder / FILE
    if not path.exists():
        return BuildingPolicy()
    file = read(path, BuildingFile)
    containers = {scenario.id: scenario.container for scenario in scenarios}
    for index, scenario_id in enumerate(file.teams):
        if containers.get(scenario_id) is not Container.GROUP:
            raise wrong(path, ("teams", index), f"{scenario_id} is no scenario with a group, as a team needs")
    seen: set[str] = set()
    for index, task in enumerate(file.tasks):
        if task.id in seen:
            raise wrong(path, ("tasks", index, "id"), f"task {task.id} stands here twice")
        seen.add(task.id)
        for nth, scenario_id in enumerate(task.scenarios):
            if scenario_id not in containers:
                raise wrong(path, ("tasks", index, "scenarios", nth), f"There is no scenario {scenario_id}")
    return BuildingPolicy(
        team_scenario_ids=frozenset(file.teams),
        check_days=file.check_days,
        tasks=tuple(
            PersonTask(
                id=task.id,
                scenario_ids=frozenset(task.scenarios),
                who=task.who,
                title=task.title.wording(),
                how=task.how.wording(),
                team_only=task.team_only,
            )
            for task in file.tasks
        ),
    )
