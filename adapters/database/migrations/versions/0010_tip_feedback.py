"""What people say of tips: clusters of questions, tickets solved with a tip, series."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ID = sa.Uuid(as_uuid=False)
QUESTION_COLUMNS = (
    ("team_id", sa.String(length=100)),
    ("helped", sa.Boolean()),
    ("handed_to", sa.String(length=20)),
    ("cluster_id", ID),
)
LOOSE = "cluster_id IS NULL AND (zone = 'unknown' OR none_fitted OR NOT helped OR handed_to = 'authors')"
HELPED_SO_FAR = """
    UPDATE tip_questions SET helped = (
        SELECT r.helped FROM tip_ratings r
        WHERE r.question_id = tip_questions.id AND r.person_id = tip_questions.person_id
        ORDER BY r.id DESC LIMIT 1
    )
"""


def upgrade() -> None:
    for name, kind in QUESTION_COLUMNS:
        op.add_column("tip_questions", sa.Column(name, kind, nullable=True))
    op.execute(sa.text(HELPED_SO_FAR))
    op.create_index("ix_tip_questions_loose", "tip_questions", ["id"], **_only(LOOSE))
    op.create_index(
        "ix_tip_questions_cluster",
        "tip_questions",
        ["cluster_id", "person_id", "id"],
        **_only("cluster_id IS NOT NULL"),
    )
    op.create_index(
        "ix_tip_questions_at",
        "tip_questions",
        ["at", "team_id", "tip_id", "zone", "none_fitted", "helped", "handed_to"],
    )
    op.add_column("tip_ratings", sa.Column("words", sa.Text(), nullable=True))
    op.create_index("ix_tip_ratings_at", "tip_ratings", ["at", "tip_id", "helped"])
    op.create_table(
        "tip_clusters",
        sa.Column("id", ID, nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("unhelped", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.String(length=80), nullable=True),
        sa.Column("by_id", sa.String(length=100), nullable=True),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_clusters")),
    )
    op.create_index("ix_tip_clusters_ranked", "tip_clusters", ["state", "asked", "id"])
    op.create_table(
        "tip_cluster_words",
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("cluster_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["tip_clusters.id"], name=op.f("fk_tip_cluster_words_cluster_id")
        ),
        sa.PrimaryKeyConstraint("language", "word", "cluster_id", name=op.f("pk_tip_cluster_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tip_cluster_words_cluster", "tip_cluster_words", ["cluster_id"])
    op.create_table(
        "tip_solutions",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("team_id", sa.String(length=100), nullable=True),
        sa.Column("agent_id", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_tip_solutions_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_tip_solutions")),
    )
    op.create_index("ix_tip_solutions_at", "tip_solutions", ["at", "tip_id", "team_id"])
    op.create_table(
        "tip_shares",
        sa.Column("id", ID, nullable=False),
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.String(length=100), nullable=False),
        sa.Column("to_id", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_shares")),
    )
    op.create_index("ix_tip_shares_by", "tip_shares", ["by_id", "at"])
    op.create_index("ix_tip_shares_to", "tip_shares", ["to_id", "tip_id"])
    op.create_table(
        "tip_subscriptions",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("series_id", sa.String(length=40), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("time_of_day", sa.String(length=5), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("last_tip_id", sa.String(length=80), nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "series_id", name=op.f("pk_tip_subscriptions")),
    )
    op.create_index("ix_tip_subscriptions_next_at", "tip_subscriptions", ["next_at"])
    op.create_index("ix_tip_subscriptions_series", "tip_subscriptions", ["series_id"])
    op.create_table(
        "week_tips",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("chosen_by", sa.String(length=100), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_week_tips")),
    )
    op.create_index("ix_week_tips_tip_id", "week_tips", ["tip_id"])


def downgrade() -> None:
    for table in (
        "week_tips",
        "tip_subscriptions",
        "tip_shares",
        "tip_solutions",
        "tip_cluster_words",
        "tip_clusters",
    ):
        op.drop_table(table)
    op.drop_index("ix_tip_ratings_at", table_name="tip_ratings")
    op.drop_column("tip_ratings", "words")
    for name in ("at", "cluster", "loose"):
        op.drop_index(f"ix_tip_questions_{name}", table_name="tip_questions")
    for name, _kind in QUESTION_COLUMNS:
        op.drop_column("tip_questions", name)


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}
