"""Provisioning that is verified."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site_steps", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "site_builds",
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("run", sa.Integer(), server_default="0", nullable=False),
        sa.Column("web_id", sa.String(length=36), nullable=True),
        sa.Column("team_operation", sa.String(length=400), nullable=True),
        sa.Column("attention", sa.String(length=16), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repair_error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["site_requests.id"], name=op.f("fk_site_builds_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_site_builds")),
    )
    _partial("ix_site_builds_attention", "site_builds", ["request_id"], "attention IS NOT NULL")
    _partial("ix_site_builds_check_on", "site_builds", ["check_on"], "check_on IS NOT NULL")
    op.create_table(
        "site_build_events",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.Column("by_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["site_requests.id"], name=op.f("fk_site_build_events_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_build_events")),
    )
    op.create_index("ix_site_build_events_request", "site_build_events", ["request_id", "id"])
    op.create_table(
        "site_findings",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("setting", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["site_requests.id"], name=op.f("fk_site_findings_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_findings")),
    )
    open_findings = ["request_id", "setting", "about"]
    _partial("uq_site_findings_open", "site_findings", open_findings, "gone_at IS NULL", unique=True)
    op.create_table(
        "site_tasks",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["site_requests.id"], name=op.f("fk_site_tasks_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_tasks")),
    )
    op.create_index("uq_site_tasks_request", "site_tasks", ["request_id", "task_id"], unique=True)
    # What was built or being built before: compared with its scenario at the first check.
    op.execute(
        "INSERT INTO site_builds (request_id, run, attention, handed_over_at, check_on)"
        " SELECT id, 0, CASE WHEN state = 'failed' THEN 'failed' END, finished_at,"
        " CASE WHEN state = 'ready' THEN finished_at END"
        " FROM site_requests WHERE state IN ('building', 'ready', 'failed')"
    )


def downgrade() -> None:
    op.drop_table("site_tasks")
    op.drop_table("site_findings")
    op.drop_table("site_build_events")
    op.drop_table("site_builds")
    op.drop_column("site_steps", "next_at")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
