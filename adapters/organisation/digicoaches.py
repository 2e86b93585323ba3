"""`digicoaches.yaml`: services with their contacts and places, and how digicoaches work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time, timedelta
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from adapters.organisation.files import Shape, read, wrong
from domain.digicoaches.policy import DigicoachPolicy, Handover, Hours, Profile, Service
from domain.people.models import Person, Team

FILE = "digicoaches.yaml"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACEHOLDERS = {"tips": {"tips"}, "words": {"coach", "words"}, "late": set[str]()}

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
PerWeek = Annotated[int, Field(ge=1, le=20)]
WorkingHours = Annotated[int, Field(ge=1, le=200)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def _day_of_the_year(value: str) -> str:
    try:
        date.fromisoformat(f"2027-{value}")  # no leap year: 29 February would come once in four years
    except ValueError:
        raise ValueError("Not a day of every year, such as 12-10") from None
    return value


class HoursShape(Shape):
    days: list[Day] = Field(min_length=1, max_length=7)
    start: TimeOfDay = Field(alias="from")
    until: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until <= self.start:
            raise ValueError("until has to be later than from")
        return self

    def as_hours(self) -> Hours:
        days = frozenset(DAYS.index(day) for day in self.days)
        return Hours(days, time.fromisoformat(self.start), time.fromisoformat(self.until))


class HandoverShape(Shape):
    tips: Sentence
    words: Sentence
    late: Sentence


class ServiceShape(Shape):
    team: str
    contacts: list[str] = Field(default=[], max_length=10)
    places: list[Place] = Field(default=[], max_length=20)
    wanted: int | None = Field(default=None, ge=0, le=500)


class ProfileShape(Shape):
    person: str
    languages: list[Literal["nl", "en", "fr"]] = Field(default=[], max_length=3)
    places: list[Place] = Field(default=[], max_length=20)
    days: list[Day] | None = None
    start: TimeOfDay | None = Field(default=None, alias="from")
    until: TimeOfDay | None = None
    per_week: PerWeek | None = None

    @model_validator(mode="after")
    def _all_hours_or_none(self) -> Self:
        given = [value is not None for value in (self.days, self.start, self.until)]
        if any(given) and not all(given):
            raise ValueError("days, from and until go together")
        return self

    def hours(self) -> Hours | None:
        if self.days is None:
            return None
        return HoursShape.model_validate(
            {"days": self.days, "from": self.start, "until": self.until}
        ).as_hours()


class DigicoachesFile(Shape):
    per_week: PerWeek
    people_per_coach: int = Field(ge=1, le=1000)
    remind_after_hours: WorkingHours
    accept_within_hours: WorkingHours
    answer_within_hours: WorkingHours
    told_days_before: int = Field(ge=0, le=365)
    thanks_on: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_day_of_the_year)]
    usual_hours: HoursShape
    handover: HandoverShape
    services: list[ServiceShape] = Field(default=[])
    profiles: list[ProfileShape] = Field(default=[])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.remind_after_hours < self.accept_within_hours < self.answer_within_hours:
            raise ValueError("remind, accept and answer come in that order")
        return self


def load_digicoaches(folder: Path, people: Collection[Person], teams: Collection[Team]) -> DigicoachPolicy:
    """Raises `OrganisationError` for what is wrong in the file, and for a name that nothing else has."""
    path = folder / FILE
    file = read(path, DigicoachesFile)
    _check(path, file, {person.id for person in people}, {team.id for team in teams})
    owners = {team.id: team.owner_ids for team in teams}
    language = {person.id: person.language for person in people}
    month, day = (int(part) for part in file.thanks_on.split("-"))
    return DigicoachPolicy(
        per_week=file.per_week,
        people_per_coach=file.people_per_coach,
        remind_after=timedelta(hours=file.remind_after_hours),
        accept_within=timedelta(hours=file.accept_within_hours),
        answer_within=timedelta(hours=file.answer_within_hours),
        told_days_before=file.told_days_before,
        thanks_on=(month, day),
        usual_hours=file.usual_hours.as_hours(),
        handover=Handover(file.handover.tips, file.handover.words, file.handover.late),
        services={
            one.team: Service(
                one.team, tuple(one.contacts) or owners[one.team], tuple(one.places), one.wanted
            )
            for one in file.services
        },
        profiles={
            one.person: Profile(
                frozenset[str](one.languages) or frozenset({language[one.person]}),
                tuple(one.places),
                one.hours(),
                one.per_week,
            )
            for one in file.profiles
        },
    )


def _check(path: Path, file: DigicoachesFile, people: set[str], teams: set[str]) -> None:
    """That everything named is there, once, and that what is filled in is known."""
    seen: set[str] = set()
    for index, service in enumerate(file.services):
        if service.team not in teams or service.team in seen:
            raise wrong(path, ("services", index, "team"), f"There is no (other) team {service.team}")
        seen.add(service.team)
        for position, contact in enumerate(service.contacts):
            if contact not in people:
                raise wrong(path, ("services", index, "contacts", position), f"There is no person {contact}")
    seen = set()
    for index, profile in enumerate(file.profiles):
        if profile.person not in people or profile.person in seen:
            raise wrong(path, ("profiles", index, "person"), f"There is no (other) person {profile.person}")
        seen.add(profile.person)
        if profile.until is not None and profile.start is not None and profile.until <= profile.start:
            raise wrong(path, ("profiles", index, "until"), "until has to be later than from")
    for name, known in PLACEHOLDERS.items():
        try:
            used = {
                field
                for _, field, _, _ in Formatter().parse(getattr(file.handover, name))
                if field is not None
            }
        except ValueError:
            used = {"{"}
        if unknown := sorted(used - known):
            raise wrong(path, ("handover", name), f"There is no placeholder {{{unknown[0]}}}")
