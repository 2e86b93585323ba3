"""`sites.yaml`: the governance table, and what a site may be called."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from adapters.organisation.files import Shape, read, wrong
from domain.sites.policy import Container, Scenario, Sharing, SiteNaming, Wording


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


class SitesFile(Shape):
    scenarios: list[ScenarioShape] = Field(min_length=1)
    naming: NamingShape = NamingShape()


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


def load_naming(folder: Path) -> SiteNaming:
    return SiteNaming(read(folder / "sites.yaml", SitesFile).naming.blocked_words)
