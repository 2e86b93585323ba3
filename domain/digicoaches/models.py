"""The tables of the digicoaches: how they work, what they were asked, how they helped, and what is coming."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


class DigicoachRow(Table):
    """What was said in chat about a digicoach; it goes before what the files of the city say."""

    __tablename__ = "digicoaches"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    service_id: Mapped[str] = mapped_column(String(50), index=True)
    active: Mapped[bool]
    """False for who is no digicoach any more, whatever the directory says."""
    languages: Mapped[list[str]]
    places: Mapped[list[str]]
    days: Mapped[list[str]]
    """Days of the week, `0` is Monday."""
    from_time: Mapped[str] = mapped_column(String(5))
    until_time: Mapped[str] = mapped_column(String(5))
    per_week: Mapped[int] = mapped_column(SmallInteger)
    pause_until: Mapped[date | None] = mapped_column(Date)
    """No questions up to and including this day."""
    wants_news: Mapped[bool]
    """Whether they are told of new systems."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(100))


class CoachQuestionRow(Table):
    """A question for a digicoach. `state` is one of `rules.State`."""

    __tablename__ = "digicoach_questions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    asker_id: Mapped[str] = mapped_column(String(100))
    service_id: Mapped[str] = mapped_column(String(50))
    """Of the asker, when they asked."""
    language: Mapped[str] = mapped_column(String(5))
    place: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    tips: Mapped[list[str]]
    """Ids of the tips that the asker had seen."""
    tip_question_id: Mapped[str | None] = mapped_column(Id)
    """The question to the tips that this one follows on, in `tip_questions`."""
    coach_id: Mapped[str] = mapped_column(String(100))
    """Who has it now, or had it last."""
    asked_at: Mapped[datetime]
    offered_at: Mapped[datetime]
    """When it went to this coach."""
    reminded_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    """Then it goes to the helpdesk, unless it was answered."""
    next_at: Mapped[datetime | None]
    """When time does something next; None when it does not."""
    changed_at: Mapped[datetime]
    ticket_id: Mapped[str | None] = mapped_column(Id)
    draft_id: Mapped[str | None] = mapped_column(Id)
    """The tip that was proposed of it."""

    __table_args__ = (
        Index("ix_digicoach_questions_asker", "asker_id", "id"),
        Index("ix_digicoach_questions_coach", "coach_id", "id"),
        Index("ix_digicoach_questions_load", "coach_id", "offered_at"),
        Index("ix_digicoach_questions_next", "next_at", **_only("next_at IS NOT NULL")),
    )


class CoachStepRow(Table):
    """What happened to a question, and what was said. `what` is one of `rules.Step`."""

    __tablename__ = "digicoach_steps"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    question_id: Mapped[str] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[str] = mapped_column(String(100))
    """Empty for what time did."""
    coach_id: Mapped[str | None] = mapped_column(String(100))
    """Whom it went to, or who gave it away."""
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_digicoach_steps_question", "question_id", "id"),)


class CoachHelpRow(Table):
    """One time that a digicoach helped somebody, through Wijzer or on the floor."""

    __tablename__ = "digicoach_helps"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    coach_id: Mapped[str] = mapped_column(String(100))
    service_id: Mapped[str] = mapped_column(String(50))
    """The service that was helped."""
    question_id: Mapped[str | None] = mapped_column(Id, unique=True)
    """None for a question on the floor."""
    minutes: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_digicoach_helps_service", "service_id", "at", "outcome", "minutes"),
        Index("ix_digicoach_helps_coach", "coach_id", "at"),
        Index("ix_digicoach_helps_at", "at", "coach_id"),
    )


class NewSystemRow(Table):
    """A new system, or a change to one, that digicoaches are told of first."""

    __tablename__ = "digicoach_systems"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(500))
    starts_on: Mapped[date] = mapped_column(Date)
    """From this day on everybody has it."""
    told_by: Mapped[str] = mapped_column(String(100))
    told_at: Mapped[datetime]

    __table_args__ = (Index("ix_digicoach_systems_starts", "starts_on", "id"),)
