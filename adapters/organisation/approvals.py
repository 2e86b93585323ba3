"""`approvals.yaml`: who approves what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from adapters.organisation.files import Field as At
from adapters.organisation.files import OrganisationError, Shape, read, wrong
from domain.approvals.policy import ALL, PEOPLE, ApprovalPolicy, Circle, Condition, Plan, Stage

Days = Annotated[int, Field(ge=1, le=250)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,29}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Value = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class BoardShape(Shape):
    id: Id
    name: Text
    members: list[str] = Field(min_length=1, max_length=30)


class CircleShape(Shape):
    """In the file a role is just its name: `team_owner`."""

    role: Literal["team_owner", "supervisor", "information_manager"] | None = None
    board: str | None = None
    people: list[str] | None = Field(None, min_length=1, max_length=30)

    @model_validator(mode="before")
    @classmethod
    def _role_by_its_name(cls, data: Any) -> Any:
        return {"role": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(given is not None for given in (self.role, self.board, self.people)) != 1:
            raise ValueError("a role, a board or people, and one of these only")
        return self


class AtMost(Shape):
    at_most: float


def _rule(value: object) -> object:
    if value == "any":
        return 1
    if value == "all":
        return ALL
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("any, all, or how many of them")
    return value


class StageShape(Shape):
    approvers: list[CircleShape] = Field(min_length=1, max_length=5)
    rule: Annotated[int, BeforeValidator(_rule)] = 1
    deadline: Days | None = None
    reminders: list[Days] = Field([], max_length=10)
    escalate_to: list[CircleShape] = Field([], max_length=5)
    auto_approve: list[dict[Id, AtMost | list[Value]]] = Field([], max_length=20)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [*self.reminders, *([self.deadline] if self.deadline else [])]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("reminders come one after another, and before the deadline")
        if self.escalate_to and self.deadline is None:
            raise ValueError("escalate_to needs a deadline")
        return self


class NameShape(Shape):
    nl: Text
    en: Text | None = None
    fr: Text | None = None


class PolicyShape(Shape):
    id: Id
    name: NameShape
    bulk: bool = False
    after_change: Literal["restart", "resume"] = "restart"
    stages: list[StageShape] = Field(min_length=1, max_length=5)


class ApprovalsFile(Shape):
    boards: list[BoardShape] = Field([])
    policies: list[PolicyShape] = Field(min_length=1)


def load_approvals(folder: Path, people: Collection[str]) -> tuple[ApprovalPolicy, ...]:
    """The policies. `people` are the ids of everybody there is; raises `OrganisationError` for somebody else."""
    path = folder / "approvals.yaml"
    file = read(path, ApprovalsFile)
    for problem in _problems(path, file, people):
        raise problem
    boards = {board.id: board for board in file.boards}
    return tuple(
        ApprovalPolicy(
            id=policy.id,
            name={language: name for language, name in policy.name if name},
            plan=Plan(
                tuple(_stage(stage, boards) for stage in policy.stages),
                restart=policy.after_change == "restart",
                bulk=policy.bulk,
            ),
        )
        for policy in file.policies
    )


def _stage(stage: StageShape, boards: dict[str, BoardShape]) -> Stage:
    return Stage(
        approvers=tuple(_circle(circle, boards) for circle in stage.approvers),
        needed=stage.rule,
        deadline=stage.deadline,
        reminders=tuple(stage.reminders),
        escalate_to=tuple(_circle(circle, boards) for circle in stage.escalate_to),
        auto_approve=tuple(
            Condition(
                {name: tuple(value) for name, value in condition.items() if isinstance(value, list)},
                {name: value.at_most for name, value in condition.items() if isinstance(value, AtMost)},
            )
            for condition in stage.auto_approve
        ),
    )


def _circle(circle: CircleShape, boards: dict[str, BoardShape]) -> Circle:
    if circle.board is not None:
        return Circle(boards[circle.board].name, tuple(boards[circle.board].members))
    return Circle(circle.role or PEOPLE, tuple(circle.people or ()))


def _problems(path: Path, file: ApprovalsFile, people: Collection[str]) -> Iterator[OrganisationError]:
    """What the shapes cannot see: who and what is named but not there."""
    boards = {board.id: board for board in file.boards}
    yield from _twice(path, "boards", [board.id for board in file.boards])
    yield from _twice(path, "policies", [policy.id for policy in file.policies])
    for index, board in enumerate(file.boards):
        yield from _unknown(path, ("boards", index, "members"), board.members, people)
    for index, policy in enumerate(file.policies):
        for nth, stage in enumerate(policy.stages):
            here: At = ("policies", index, "stages", nth)
            for name in ("approvers", "escalate_to"):
                for number, circle in enumerate(getattr(stage, name)):
                    if circle.board is not None and circle.board not in boards:
                        message = f"There is no board {circle.board}"
                        yield wrong(path, (*here, name, number, "board"), message)
                    at = (*here, name, number, "people")
                    yield from _unknown(path, at, circle.people or (), people)
            for number, circle in enumerate(stage.approvers):
                members = boards[circle.board].members if circle.board else circle.people
                if members is not None and stage.rule > len(set(members)):
                    message = (
                        f"{stage.rule} have to approve, and approvers {number + 1} are {len(set(members))}"
                    )
                    yield wrong(path, (*here, "rule"), message)


def _twice(path: Path, key: str, ids: Sequence[str]) -> Iterator[OrganisationError]:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            yield wrong(path, (key, index, "id"), f"{name!r} stands here twice")


def _unknown(
    path: Path, field: At, named: Sequence[str], people: Collection[str]
) -> Iterator[OrganisationError]:
    for index, person in enumerate(named):
        if person not in people:
            yield wrong(path, (*field, index), f"There is no person {person}")
