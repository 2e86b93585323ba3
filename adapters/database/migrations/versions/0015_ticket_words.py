"""Whether a ticket has a word is told by an index alone, also when one begins at the ticket."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_ticket_words_ticket", "ticket_words")
    op.create_index("ix_ticket_words_ticket", "ticket_words", ["ticket_id", "word"])


def downgrade() -> None:
    op.drop_index("ix_ticket_words_ticket", "ticket_words")
    op.create_index("ix_ticket_words_ticket", "ticket_words", ["ticket_id"])
