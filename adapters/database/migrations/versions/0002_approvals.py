"""Approvals in stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("approvals") as approvals:
        approvals.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        approvals.add_column(sa.Column("policy", sa.String(30), nullable=True))
        approvals.add_column(sa.Column("team_id", sa.String(100), nullable=True))
        approvals.add_column(sa.Column("plan", sa.JSON(none_as_null=True), nullable=True))
        approvals.add_column(sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
        approvals.add_column(sa.Column("attributes", sa.JSON(none_as_null=True), nullable=True))
        approvals.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        approvals.add_column(sa.Column("stage", sa.Integer(), nullable=False, server_default="0"))
        approvals.add_column(sa.Column("stage_at", sa.DateTime(timezone=True), nullable=True))
        approvals.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        approvals.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        approvals.create_index("ix_approvals_next_at", ["next_at"])
        approvals.create_index("ix_approvals_number", ["number"])
    op.create_table(
        "approval_seats",
        sa.Column("approval_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("seat_of", sa.String(100), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_approval_seats_approval_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", "round", "stage", "person_id", name=op.f("pk_approval_seats")),
    )
    op.create_index("ix_approval_seats_waiting", "approval_seats", ["person_id", "waiting", "approval_id"])
    op.execute(
        "INSERT INTO approval_seats (approval_id, round, stage, person_id, seat_of, why, waiting)"
        " SELECT approval_id, 1, 0, person_id, person_id, 'asked', waiting FROM approvers"
    )
    op.drop_table("approvers")
    with op.batch_alter_table("approval_decisions") as decisions:
        decisions.drop_constraint(op.f("uq_approval_decisions_approval_id_person_id"), type_="unique")
        decisions.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        decisions.add_column(sa.Column("stage", sa.Integer(), nullable=False, server_default="0"))
        decisions.add_column(sa.Column("for_id", sa.String(100), nullable=True))
        decisions.add_column(sa.Column("to_ids", sa.JSON(none_as_null=True), nullable=True))
        decisions.create_index("ix_approval_decisions_approval_id", ["approval_id", "id"])
        decisions.create_index("ix_approval_decisions_at", ["at", "id"])
    op.create_table(
        "absences",
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("deputy_id", sa.String(100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_active", "absences", ["active", "first_day"])


def downgrade() -> None:
    """What the old tables have no place for goes: of each person's decisions on an approval, the last one stays."""
    op.drop_table("absences")
    op.execute("DELETE FROM approval_decisions WHERE outcome NOT IN ('approved', 'refused')")
    op.execute(
        "DELETE FROM approval_decisions WHERE EXISTS (SELECT 1 FROM approval_decisions AS later"
        " WHERE later.approval_id = approval_decisions.approval_id"
        " AND later.person_id = approval_decisions.person_id AND later.id > approval_decisions.id)"
    )
    with op.batch_alter_table("approval_decisions") as decisions:
        decisions.drop_index("ix_approval_decisions_at")
        decisions.drop_index("ix_approval_decisions_approval_id")
        decisions.drop_column("to_ids")
        decisions.drop_column("for_id")
        decisions.drop_column("stage")
        decisions.drop_column("round")
        decisions.create_unique_constraint(
            op.f("uq_approval_decisions_approval_id_person_id"), ["approval_id", "person_id"]
        )
    op.create_table(
        "approvers",
        sa.Column("approval_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_approvers_approval_id")),
        sa.PrimaryKeyConstraint("approval_id", "person_id", name=op.f("pk_approvers")),
    )
    op.create_index("ix_approvers_waiting", "approvers", ["person_id", "waiting", "approval_id"])
    op.execute(
        "INSERT INTO approvers (approval_id, person_id, waiting)"
        " SELECT approval_id, person_id, max(CASE WHEN waiting THEN 1 ELSE 0 END) = 1"
        " FROM approval_seats GROUP BY approval_id, person_id"
    )
    op.drop_table("approval_seats")
    op.execute("UPDATE approvals SET state = 'refused' WHERE state IN ('withdrawn', 'sent_back')")
    with op.batch_alter_table("approvals", recreate="never") as approvals:  # others refer to it
        approvals.drop_index("ix_approvals_number")
        approvals.drop_index("ix_approvals_next_at")
        for column in ("next_at", "due_at", "stage_at", "stage", "round", "attributes", "facts"):
            approvals.drop_column(column)
        for column in ("plan", "team_id", "policy", "version"):
            approvals.drop_column(column)
