"""Every table, in one place: importing this module makes `METADATA` complete, for migrations and tests."""

from __future__ import annotations

from domain.tables import Table

METADATA = Table.metadata
