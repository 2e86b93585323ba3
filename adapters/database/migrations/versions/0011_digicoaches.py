"""Digicoaches, their services, and the questions that went to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digicoaches",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("service_id", sa.String(length=50), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("from_time", sa.String(length=5), nullable=False),
        sa.Column("until_time", sa.String(length=5), nullable=False),
        sa.Column("per_week", sa.SmallInteger(), nullable=False),
        sa.Column("pause_until", sa.Date(), nullable=True),
        sa.Column("wants_news", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digicoaches")),
    )
    op.create_index(op.f("ix_digicoaches_service_id"), "digicoaches", ["service_id"])
    op.create_table(
        "digicoach_questions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.String(length=100), nullable=False),
        sa.Column("service_id", sa.String(length=50), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tips", sa.JSON(), nullable=False),
        sa.Column("tip_question_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("coach_id", sa.String(length=100), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("draft_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digicoach_questions")),
    )
    op.create_index("ix_digicoach_questions_asker", "digicoach_questions", ["asker_id", "id"])
    op.create_index("ix_digicoach_questions_coach", "digicoach_questions", ["coach_id", "id"])
    op.create_index("ix_digicoach_questions_load", "digicoach_questions", ["coach_id", "offered_at"])
    op.create_index(
        "ix_digicoach_questions_next",
        "digicoach_questions",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "digicoach_steps",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("question_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.String(length=100), nullable=False),
        sa.Column("coach_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digicoach_steps")),
    )
    op.create_index("ix_digicoach_steps_question", "digicoach_steps", ["question_id", "id"])
    op.create_table(
        "digicoach_helps",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("coach_id", sa.String(length=100), nullable=False),
        sa.Column("service_id", sa.String(length=50), nullable=False),
        sa.Column("question_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digicoach_helps")),
        sa.UniqueConstraint("question_id", name=op.f("uq_digicoach_helps_question_id")),
    )
    op.create_index(
        "ix_digicoach_helps_service", "digicoach_helps", ["service_id", "at", "outcome", "minutes"]
    )
    op.create_index("ix_digicoach_helps_coach", "digicoach_helps", ["coach_id", "at"])
    op.create_index("ix_digicoach_helps_at", "digicoach_helps", ["at", "coach_id"])
    op.create_table(
        "digicoach_systems",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("told_by", sa.String(length=100), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digicoach_systems")),
    )
    op.create_index("ix_digicoach_systems_starts", "digicoach_systems", ["starts_on", "id"])


def downgrade() -> None:
    for table in (
        "digicoach_systems",
        "digicoach_helps",
        "digicoach_steps",
        "digicoach_questions",
        "digicoaches",
    ):
        op.drop_table(table)
