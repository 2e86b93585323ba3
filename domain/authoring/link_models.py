"""The table of the addresses in tips, as they were found at the last look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Table

_BROKEN = sql("broken")


class TipLinkRow(Table):
    __tablename__ = "tip_links"

    tip_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    url: Mapped[str] = mapped_column(String(500), primary_key=True)
    checked_at: Mapped[datetime]
    trouble: Mapped[str | None] = mapped_column(String(20))
    """What was wrong with it at the last look."""
    since: Mapped[datetime | None]
    """The first of the looks in a row that found trouble."""
    broken: Mapped[bool]
    """Whether its authors have to mend it: a page that is gone, or trouble that stays."""

    __table_args__ = (
        Index("ix_tip_links_url", "url"),
        Index("ix_tip_links_checked_at", "checked_at"),
        Index("ix_tip_links_broken", "tip_id", sqlite_where=_BROKEN, postgresql_where=_BROKEN),
    )
