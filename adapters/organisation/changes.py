"""`changes.yaml`: what is changed, how risky that is, who approves it, and when nothing should change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.organisation.files import Field as Place
from adapters.organisation.files import Shape, read, wrong
from domain.approvals.policy import ApprovalPolicy
from domain.changes.policy import (
    ChangePolicy,
    ChangeType,
    Freeze,
    Question,
    Questionnaire,
    Risk,
    StandardChange,
)

FILE = "changes.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class OptionShape(Shape):
    id: QuestionId
    text: Line
    points: int = Field(ge=0, le=100)


class QuestionShape(Shape):
    id: QuestionId
    text: Line
    options: list[OptionShape] = Field(min_length=2, max_length=10)


class RiskShape(Shape):
    medium_from: int = Field(ge=1)
    high_from: int = Field(ge=2)
    questions: list[QuestionShape] = Field(min_length=1, max_length=8)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.high_from <= self.medium_from:
            raise ValueError("high_from is more than medium_from")
        return self


class ByRisk(Shape):
    low: str
    medium: str
    high: str


class ApprovalsShape(Shape):
    normal: ByRisk
    emergency: ByRisk


class StandardShape(Shape):
    id: Id
    name: Line
    plan: Words
    back_out: Words


class FreezeShape(Shape):
    name: Line
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("The last day comes before the first")
        return self


class ChangesFile(Shape):
    systems: dict[Id, Line] = Field(min_length=1, max_length=30)
    risk: RiskShape
    approvals: ApprovalsShape
    standard: list[StandardShape] = Field(default=[], max_length=15)
    freezes: list[FreezeShape] = Field(default=[])


def load_changes(folder: Path, approvals: Sequence[ApprovalPolicy]) -> ChangePolicy:
    """Raises `OrganisationError` also for a policy that approvals.yaml does not have."""
    path = folder / FILE
    file = read(path, ChangesFile)
    known = {policy.id for policy in approvals}
    _check_unique(path, ("standard",), (one.id for one in file.standard))
    _check_unique(path, ("risk", "questions"), (one.id for one in file.risk.questions))
    for nth, question in enumerate(file.risk.questions):
        _check_unique(path, ("risk", "questions", nth, "options"), (one.id for one in question.options))
    chosen = {ChangeType.NORMAL: file.approvals.normal, ChangeType.EMERGENCY: file.approvals.emergency}
    policies = {
        type_: {risk: str(getattr(by_risk, risk.name.lower())) for risk in Risk}
        for type_, by_risk in chosen.items()
    }
    for type_, by_risk in policies.items():
        for risk, policy in by_risk.items():
            if policy not in known:
                place = ("approvals", type_.value, risk.name.lower())
                raise wrong(path, place, f"approvals.yaml has no policy {policy}")
    return ChangePolicy(
        questionnaire=Questionnaire(
            tuple(
                Question(
                    question.id,
                    question.text,
                    {option.id: option.text for option in question.options},
                    {option.id: option.points for option in question.options},
                )
                for question in file.risk.questions
            ),
            file.risk.medium_from,
            file.risk.high_from,
        ),
        systems=file.systems,
        standard=tuple(StandardChange(one.id, one.name, one.plan, one.back_out) for one in file.standard),
        approvals=policies,
        freezes=tuple(Freeze(one.name, one.first, one.last) for one in file.freezes),
    )


def _check_unique(path: Path, place: Place, ids: Iterable[str]) -> None:
    count: Counter[str] = Counter()
    for nth, one in enumerate(ids):
        count[one] += 1
        if count[one] > 1:
            raise wrong(path, (*place, nth, "id"), f"{one} stands here twice")
