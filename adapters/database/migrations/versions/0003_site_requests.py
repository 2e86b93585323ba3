"""Guided site requests and the life cycle of sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HELD = "uq_site_requests_alias_held"
YEAR = timedelta(days=365)
OPEN_CHANGE = "state IN ('asked', 'sent_back', 'doing', 'failed')"


def upgrade() -> None:
    _hold_addresses("state NOT IN ('refused', 'withdrawn')")
    for column in (
        sa.Column("hub_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("language", sa.String(length=5), server_default="nl", nullable=False),
        sa.Column("library_ids", sa.JSON(), nullable=True),
        sa.Column("retention_label", sa.String(length=100), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("advised_id", sa.String(length=10), nullable=True),
        sa.Column("scenario_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("site_requests", column)
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=100), nullable=False),
        sa.Column("scenario_id", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["site_requests.id"], name=op.f("fk_sites_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("number", name=op.f("uq_sites_number")),
    )
    op.create_index("ix_sites_team", "sites", ["team_id", "id"])
    op.create_index("ix_sites_scenario", "sites", ["scenario_id", "id"])
    op.create_index("ix_sites_look", "sites", ["state", "look_on", "id"])
    op.create_table(
        "site_people",
        sa.Column("site_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_people_site_id")),
        sa.PrimaryKeyConstraint("site_id", "person_id", name=op.f("pk_site_people")),
    )
    op.create_index("ix_site_people_person", "site_people", ["person_id", "site_id"])
    op.create_index("ix_site_people_part", "site_people", ["part", "person_id", "site_id"])
    op.create_table(
        "site_changes",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("site_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_changes_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_changes")),
    )
    op.create_index("ix_site_changes_site", "site_changes", ["site_id", "id"])
    op.create_index(
        "uq_site_changes_open",
        "site_changes",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text(OPEN_CHANGE),
        postgresql_where=sa.text(OPEN_CHANGE),
    )
    _sites_that_stand(op.get_bind())


def downgrade() -> None:
    op.drop_table("site_changes")
    op.drop_table("site_people")
    op.drop_table("sites")
    for column in (
        "scenario_reason",
        "advised_id",
        "answers",
        "end_date",
        "retention_label",
        "library_ids",
        "language",
        "hub_id",
    ):
        op.drop_column("site_requests", column)
    _hold_addresses("state != 'refused'")


def _sites_that_stand(connection: sa.Connection) -> None:
    """Requests that were built before there was a list of sites: their first review is a year from now."""
    tables = sa.MetaData()
    requests, sites, people = (
        sa.Table(name, tables, autoload_with=connection) for name in ("site_requests", "sites", "site_people")
    )
    today = datetime.now(UTC).date()
    copied = ("id", "number", "name", "alias", "team_id", "scenario_id", "url")
    dates = {"review_on": today + YEAR, "looked_on": today, "look_on": today + YEAR}
    for row in connection.execute(sa.select(requests).where(requests.c.state == "ready")).all():
        connection.execute(
            sites.insert().values(
                **{name: getattr(row, name) for name in copied},
                **dates,
                state="active",
                opened_at=row.finished_at or row.created_at,
            )
        )
        parts = {**dict.fromkeys(row.member_ids, "member"), **dict.fromkeys(row.owner_ids, "owner")}
        for position, (person_id, part) in enumerate(parts.items()):
            connection.execute(
                people.insert().values(site_id=row.id, person_id=person_id, part=part, position=position)
            )


def _hold_addresses(while_state: str) -> None:
    op.drop_index(HELD, table_name="site_requests")
    where = sa.text(while_state)
    op.create_index(HELD, "site_requests", ["alias"], unique=True, sqlite_where=where, postgresql_where=where)
