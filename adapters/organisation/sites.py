"""`sites.yaml`: the governance table, what is advised when, what a site may be called, and how long it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from adapters.organisation.files import Shape, read, wrong
from domain.sites.policy import (
    NO,
    YES,
    AdviceRule,
    Container,
    LifeCycle,
    Question,
    Scenario,
    Sharing,
    SiteNaming,
    Wording,
)


class WordingShape(Shape):
    nl: str = Field(min_length=1, max_length=300)
    en: str | None = Field(None, min_length=1, max_length=300)
    fr: str | None = Field(None, min_length=1, max_length=300)

    def wording(self) -> Wording:
        return Wording(
            self.nl, {language: text for language, text in (("en", self.en), ("fr", self.fr)) if text}
        )


class ScenarioShape(Shape):
    id: str = Field(pattern=r"^[1-9]\d?$")
    name: WordingShape
    meaning: WordingShape
    default_access: WordingShape
    access_decided_by: WordingShape
    shared_with: WordingShape
    examples: list[str] = Field(min_length=1, max_length=5)
    keywords: list[str] = Field(min_length=1, max_length=30)
    sharing: Sharing
    container: Container
    hub: bool = False
    guests: bool = False
    service_account: str | None = Field(None, pattern=r"^[^@\s]+@[^@\s]+$")
    needs_completed_track: bool = False
    classification: int = Field(ge=1, le=4)
    address_prefix: str = Field(pattern=r"^[a-z]{2,8}-$")

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        if self.service_account and self.container is not Container.GROUP:
            raise ValueError("service_account owns a group, and this scenario has no group")
        if self.guests and self.sharing is not Sharing.EXTERNALS:
            raise ValueError("guests can only be where documents may be shared with externals")
        return self


class NamingShape(Shape):
    blocked_words: tuple[str, ...] = ()


class AdviceShape(Shape):
    scenario: str
    outsiders: bool | None = None
    personal_data: bool | None = None
    confidential: bool | None = None
    audience: Literal["project", "team", "city"] | None = None

    def rule(self) -> AdviceRule:
        said = {
            Question.OUTSIDERS: self.outsiders,
            Question.PERSONAL_DATA: self.personal_data,
            Question.CONFIDENTIAL: self.confidential,
        }
        when = {question: YES if answer else NO for question, answer in said.items() if answer is not None}
        return AdviceRule(self.scenario, when | ({Question.AUDIENCE: self.audience} if self.audience else {}))


class LifeCycleShape(Shape):
    review_months: int = Field(default=12, ge=1, le=60)
    remind_after: int = Field(default=14, ge=1, le=100)
    escalate_after: int = Field(default=28, ge=2, le=200)
    warn_before: list[Annotated[int, Field(ge=1, le=200)]] = Field(default=[30, 7], max_length=4)
    longest_years: int = Field(default=3, ge=1, le=20)

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.escalate_after <= self.remind_after:
            raise ValueError("escalate_after comes after remind_after")
        return self


class SitesFile(Shape):
    scenarios: list[ScenarioShape] = Field(min_length=1)
    naming: NamingShape = NamingShape()
    advice: tuple[AdviceShape, ...] = ()
    life_cycle: LifeCycleShape = LifeCycleShape()


def load_scenarios(folder: Path) -> tuple[Scenario, ...]:
    path = folder / "sites.yaml"
    scenarios = read(path, SitesFile).scenarios
    seen: set[str] = set()
    for index, scenario in enumerate(scenarios):
        if scenario.id in seen:
            raise wrong(path, ("scenarios", index, "id"), f"scenario {scenario.id} stands here twice")
        seen.add(scenario.id)
    return tuple(
        Scenario(
            id=scenario.id,
            name=scenario.name.wording(),
            meaning=scenario.meaning.wording(),
            default_access=scenario.default_access.wording(),
            access_decided_by=scenario.access_decided_by.wording(),
            shared_with=scenario.shared_with.wording(),
            examples=tuple(scenario.examples),
            keywords=tuple(scenario.keywords),
            sharing=scenario.sharing,
            container=scenario.container,
            hub=scenario.hub,
            guests=scenario.guests,
            service_account=scenario.service_account,
            needs_completed_track=scenario.needs_completed_track,
            classification=scenario.classification,
            address_prefix=scenario.address_prefix,
        )
        for scenario in scenarios
    )


def load_advice(folder: Path) -> tuple[AdviceRule, ...]:
    """The rules in order: the last one is for everybody."""
    path = folder / "sites.yaml"
    file = read(path, SitesFile)
    known = {scenario.id for scenario in file.scenarios}
    rules = [shape.rule() for shape in file.advice]
    for index, rule in enumerate(rules):
        if rule.scenario_id not in known:
            raise wrong(path, ("advice", index, "scenario"), f"there is no scenario {rule.scenario_id!r}")
        if not rule.when and index < len(rules) - 1:
            raise wrong(path, ("advice", index), "this rule is for everybody, so those after it never count")
    if rules and rules[-1].when:
        raise wrong(
            path, ("advice", len(rules) - 1), "the last rule has to be for everybody: without a condition"
        )
    return tuple(rules)


def load_life_cycle(folder: Path) -> LifeCycle:
    given = read(folder / "sites.yaml", SitesFile).life_cycle
    return LifeCycle(
        given.review_months,
        given.remind_after,
        given.escalate_after,
        tuple(sorted(given.warn_before, reverse=True)),
        given.longest_years,
    )


def load_naming(folder: Path) -> SiteNaming:
    return SiteNaming(read(folder / "sites.yaml", SitesFile).naming.blocked_words)
