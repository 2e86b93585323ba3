"""The life cycle of tips: their drafts, versions and reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OPTIONAL = (
    ("team_id", sa.String(length=100)),
    ("translation_of", sa.String(length=80)),
    ("valid_from", sa.Date()),
    ("valid_until", sa.Date()),
    ("links", sa.JSON(none_as_null=True)),
    ("author_id", sa.String(length=100)),
    ("published_by", sa.String(length=100)),
    ("published_at", TIME),
    ("reminded_at", TIME),
)
FILLED = (
    ("origin", sa.String(length=10), "file"),
    ("ways", sa.SmallInteger(), "0"),
)
TIP_INDEXES = (
    ("ix_tips_due", ["state", "checked", "id"], None),
    ("ix_tips_few_ways", ["state", "ways", "id"], None),
    ("ix_tips_translations", ["translation_of", "language"], "state = 'published'"),
)


def upgrade() -> None:
    for name, kind in OPTIONAL:
        op.add_column("tips", sa.Column(name, kind, nullable=True))
    for name, filled, usual in FILLED:
        op.add_column("tips", sa.Column(name, filled, nullable=False, server_default=usual))
    op.execute("UPDATE tips SET ways = json_array_length(alternates), published_at = changed_at")
    for name, columns, condition in TIP_INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, "tips", columns, sqlite_where=where, postgresql_where=where)
    op.add_column("tip_synonyms", sa.Column("author_id", sa.String(length=100), nullable=True))
    op.create_table(
        "tip_versions",
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=True),
        sa.Column("published_by", sa.String(length=100), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("tip_id", "version", name=op.f("pk_tip_versions")),
    )
    op.create_table(
        "tip_drafts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=True),
        sa.Column("proposer_id", sa.String(length=100), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("reviewer_id", sa.String(length=100), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=120), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_drafts")),
    )
    opened = sa.text("state IN ('draft', 'review')")
    op.create_index(
        "uq_tip_drafts_open",
        "tip_drafts",
        ["tip_id"],
        unique=True,
        sqlite_where=opened,
        postgresql_where=opened,
    )
    op.create_index("ix_tip_drafts_state_id", "tip_drafts", ["state", "id"])
    op.create_index("ix_tip_drafts_author_state_id", "tip_drafts", ["author_id", "state", "id"])
    op.create_index("ix_tip_drafts_tip_id", "tip_drafts", ["tip_id"])
    op.create_table(
        "tip_themes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", "language", name=op.f("pk_tip_themes")),
    )
    op.create_table(
        "tip_links",
        sa.Column("tip_id", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.Column("since", TIME, nullable=True),
        sa.Column("broken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tip_id", "url", name=op.f("pk_tip_links")),
    )
    op.create_index("ix_tip_links_url", "tip_links", ["url"])
    op.create_index("ix_tip_links_checked_at", "tip_links", ["checked_at"])
    broken = sa.text("broken")
    op.create_index(
        "ix_tip_links_broken", "tip_links", ["tip_id"], sqlite_where=broken, postgresql_where=broken
    )
    op.execute(
        "INSERT INTO tip_themes (id, language, name)"
        " SELECT theme, language, min(theme_name) FROM tips GROUP BY theme, language"
    )


def downgrade() -> None:
    for table in ("tip_links", "tip_themes", "tip_drafts", "tip_versions"):
        op.drop_table(table)
    with op.batch_alter_table("tip_synonyms") as synonyms:
        synonyms.drop_column("author_id")
    for name, _columns, _condition in TIP_INDEXES:
        op.drop_index(name, table_name="tips")
    with op.batch_alter_table("tips") as tips:
        for column in (*OPTIONAL, *FILLED):
            tips.drop_column(column[0])
