"""Approvals that were asked before there were stages are still there, and still wait for the same people."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from adapters.database import schema
from adapters.database.engine import DatabaseUnits, open_engine
from domain.approvals.approval import ApprovalState, Event
from domain.approvals.reading import load
from tests.conftest import RungBells

WAITS, DONE = "01939c6e-0000-7000-8000-000000000001", "01939c6e-0000-7000-8000-000000000002"
BEFORE = [
    (
        "INSERT INTO approvals (id, kind, subject_id, number, title, requester_id, role, state, asked_at, decided_at)"
        " VALUES ({waits}, 'site', {waits}, 'S-2026-000001', 'Een', 'amina', 'team_owner', 'pending',"
        " '2026-01-05 09:00:00+00:00', NULL), ({done}, 'site', {done}, 'S-2026-000002', 'Twee', 'amina', 'team_owner',"
        " 'approved', '2026-01-05 09:00:00+00:00', '2026-01-06 09:00:00+00:00')"
    ),
    (
        "INSERT INTO approvers (approval_id, person_id, waiting) VALUES ({waits}, 'bram', true),"
        " ({waits}, 'carla', true), ({done}, 'bram', false)"
    ),
    (
        "INSERT INTO approval_decisions (id, approval_id, person_id, outcome, comment, at)"
        " VALUES ({done}, {done}, 'bram', 'approved', 'Prima', '2026-01-06 09:00:00+00:00')"
    ),
]


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


async def test_old_approvals_go_along_up_and_down(database_url: str) -> None:
    await schema.upgrade(database_url, "0001")
    engine = open_engine(database_url)
    sqlite = engine.dialect.name == "sqlite"
    ids = {
        name: f"'{value.replace('-', '') if sqlite else value}'"
        for name, value in (("waits", WAITS), ("done", DONE))
    }
    async with engine.begin() as connection:
        for statement in BEFORE:
            written = statement.format(**ids)
            await connection.execute(text(written.replace("+00:00'", "'") if sqlite else written))
    await schema.upgrade(database_url)
    async with DatabaseUnits(engine, RungBells()).read() as unit:
        waits, done = await load(unit, WAITS), await load(unit, DONE)
    assert (waits.state, waits.approver_ids, waits.round, waits.stage) == (
        ApprovalState.PENDING,
        ("bram", "carla"),
        1,
        0,
    )
    assert done.decision is not None
    assert (done.decision.person_id, done.decision.comment) == ("bram", "Prima")
    assert [line.event for line in done.log] == [Event.APPROVED]
    await engine.dispose()
    await schema.downgrade(database_url, "0001")
    async with engine.connect() as connection:
        rows = (
            await connection.execute(text("SELECT person_id, waiting FROM approvers ORDER BY 1, 2"))
        ).all()
        assert [(row.person_id, bool(row.waiting)) for row in rows] == [
            ("bram", False),
            ("bram", True),
            ("carla", True),
        ]
        assert (await connection.execute(text("SELECT outcome FROM approval_decisions"))).scalars().all() == [
            "approved"
        ]
    await engine.dispose()
