"""The whole life of a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
TIME = sa.DateTime(timezone=True)
OPEN = "resolved_at IS NULL AND closed_at IS NULL"

TICKET_COLUMNS = (
    ("category", sa.String(length=40)),
    ("group_id", sa.String(length=40)),
    ("priority_reason", sa.String(length=500)),
    ("parent_id", ID),
    ("merged_into_id", ID),
    ("major_since", TIME),
    ("closed_at", TIME),
    ("closing_announced_at", TIME),
)
TICKET_INDEXES = (
    ("ix_tickets_queue_mine", ["assignee_id", "priority", "id"], OPEN),
    ("ix_tickets_queue_mine_age", ["assignee_id", "id"], OPEN),
    ("ix_tickets_queue_group", ["group_id", "priority", "id"], OPEN),
    ("ix_tickets_queue_group_age", ["group_id", "id"], OPEN),
    ("ix_tickets_closing", ["resolved_at"], "closed_at IS NULL AND resolved_at IS NOT NULL"),
    ("ix_tickets_parent", ["parent_id", "id"], "parent_id IS NOT NULL"),
    ("ix_tickets_merged", ["merged_into_id", "id"], "merged_into_id IS NOT NULL"),
    ("ix_tickets_major", ["major_since"], "major_since IS NOT NULL AND closed_at IS NULL"),
)


def of_ticket(table: str, name: str = "ticket_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["tickets.id"], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    for name, kind in TICKET_COLUMNS:
        op.add_column("tickets", sa.Column(name, kind, nullable=True))
    # Closed without having been resolved was not possible before: its last change is when it was closed.
    op.execute("UPDATE tickets SET closed_at = updated_at WHERE state = 'closed'")
    for name, columns, condition in TICKET_INDEXES:
        where = sa.text(condition)
        op.create_index(name, "tickets", columns, sqlite_where=where, postgresql_where=where)
    op.add_column("ticket_events", sa.Column("from_state", sa.String(length=20), nullable=True))
    op.create_table(
        "ticket_numbers",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        of_ticket("ticket_numbers"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket_numbers")),
    )
    op.create_index(op.f("ix_ticket_numbers_ticket_id"), "ticket_numbers", ["ticket_id"])
    op.create_table(
        "ticket_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("ticket_notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
    )
    op.create_index("ix_ticket_notes_ticket", "ticket_notes", ["ticket_id", "id"])
    op.create_table(
        "ticket_times",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("agent_id", sa.String(length=100), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("ticket_times"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_times")),
    )
    op.create_index("ix_ticket_times_ticket", "ticket_times", ["ticket_id"])
    op.create_table(
        "ticket_watchers",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("added_by_id", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("ticket_watchers"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_ticket_watchers")),
    )
    op.create_index("ix_ticket_watchers_person", "ticket_watchers", ["person_id", "ticket_id"])
    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("ticket_links"),
        of_ticket("ticket_links", "other_id"),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", name=op.f("pk_ticket_links")),
    )
    op.create_table(
        "ticket_words",
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("ticket_id", ID, nullable=False),
        of_ticket("ticket_words"),
        sa.PrimaryKeyConstraint("word", "ticket_id", name=op.f("pk_ticket_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_words_ticket", "ticket_words", ["ticket_id"])
    op.create_table(
        "major_updates",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("major_updates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_updates")),
    )
    op.create_index("ix_major_updates_ticket", "major_updates", ["ticket_id", "id"])
    op.create_table(
        "major_followers",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("major_followers"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_major_followers")),
    )
    op.create_table(
        "agents",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("last_given_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_agents")),
    )
    op.create_table(
        "desk_channels",
        sa.Column("group_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=500), nullable=False),
        sa.Column("channel_id", sa.String(length=50), nullable=False),
        sa.Column("tenant_id", sa.String(length=100), nullable=True),
        sa.Column("bot_id", sa.String(length=200), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_desk_channels")),
    )
    op.create_index(op.f("ix_desk_channels_conversation_id"), "desk_channels", ["conversation_id"])
    op.create_table(
        "ticket_threads",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("conversation_id", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=500), nullable=False),
        sa.Column("activity_id", sa.String(length=300), nullable=False),
        sa.Column("at", TIME, nullable=False),
        of_ticket("ticket_threads"),
        sa.PrimaryKeyConstraint("ticket_id", "conversation_id", name=op.f("pk_ticket_threads")),
    )
    op.create_index("ix_ticket_threads_activity", "ticket_threads", ["conversation_id", "activity_id"])
    op.create_table(
        "deflections",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("form_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deflections")),
        sa.UniqueConstraint("form_id", name=op.f("uq_deflections_form_id")),
    )
    op.create_index(op.f("ix_deflections_at"), "deflections", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_deflections_at"), table_name="deflections")
    for name in ("deflections", "agents", "major_followers"):
        op.drop_table(name)
    for name, index in (
        ("ticket_threads", "ix_ticket_threads_activity"),
        ("desk_channels", op.f("ix_desk_channels_conversation_id")),
        ("major_updates", "ix_major_updates_ticket"),
        ("ticket_words", "ix_ticket_words_ticket"),
        ("ticket_links", None),
        ("ticket_watchers", "ix_ticket_watchers_person"),
        ("ticket_times", "ix_ticket_times_ticket"),
        ("ticket_notes", "ix_ticket_notes_ticket"),
        ("ticket_numbers", op.f("ix_ticket_numbers_ticket_id")),
    ):
        if index:
            op.drop_index(index, table_name=name)
        op.drop_table(name)
    op.drop_column("ticket_events", "from_state")
    for name, _columns, _condition in reversed(TICKET_INDEXES):
        op.drop_index(name, table_name="tickets")
    for name, _kind in reversed(TICKET_COLUMNS):
        op.drop_column("tickets", name)
    # The states that were not there: nothing is lost but the finer word for it.
    op.execute("UPDATE tickets SET state = 'in_progress' WHERE state LIKE 'waiting%'")
    op.execute("UPDATE tickets SET state = 'closed' WHERE state IN ('withdrawn', 'rejected', 'merged')")
