"""function_app.py in Microsoft's own Functions worker: it is loaded, indexed and invoked over gRPC, as in Azure."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, update

from adapters.database import schema
from adapters.database.engine import DatabaseUnits, open_engine
from bot.bridge.answers import Answer
from domain.jobs.models import Job, JobState
from domain.unit import DoneAction
from function_app import app
from localhost.triggers import HttpTrigger, QueueTrigger, TimerTrigger, triggers_of
from tests.cast import person
from tests.conftest import RungBells
from tests.functions.host import FunctionsHost
from tests.servers.connector import ConnectorServer
from tests.servers.teams import Teams

JSON = {"Content-Type": "application/json"}


class WorkerBridge:
    """The bridge, through the worker."""

    def __init__(self, host: FunctionsHost) -> None:
        self._host = host

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        given = await self._host.http("messages", body, headers=headers)
        return Answer(given.status, given.json if given.body else None)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('functions') / 'wijzer.db'}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host(database: str) -> AsyncIterator[FunctionsHost]:
    await schema.upgrade(database)
    environment = {
        "DATABASE_URL": database,
        "WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK": "1",
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    }
    async with FunctionsHost(environment) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="module")
async def units(database: str) -> AsyncIterator[DatabaseUnits]:
    engine = open_engine(database)
    yield DatabaseUnits(engine, RungBells())
    await engine.dispose()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_worker_finds_every_trigger_as_it_is_declared(host: FunctionsHost) -> None:
    declared = triggers_of(app)
    assert set(host.triggers) == {trigger.name for trigger in declared}
    for trigger in declared:
        found = host.triggers[trigger.name]
        match trigger:
            case HttpTrigger():
                assert found["route"] == trigger.route
                assert set(found["methods"]) == trigger.methods
                assert found["authLevel"].lower() == trigger.level
            case TimerTrigger():
                assert found["schedule"] == trigger.schedule
            case QueueTrigger():
                assert (found["queueName"], found["connection"]) == (trigger.queue, "AzureWebJobsStorage")


async def test_health_is_alive_and_every_part_is_ready(host: FunctionsHost) -> None:
    alive = await host.http("health")
    assert (alive.status, alive.json) == (200, {"status": "alive"})
    ready = await host.http("ready")
    assert ready.status == 200
    assert ready.json["parts"] == dict.fromkeys(("database", "queue", "search", "files"), "ready")


async def test_a_message_is_answered_in_the_chat(host: FunctionsHost) -> None:
    async with ConnectorServer() as connector:
        chat = Teams(WorkerBridge(host), connector.url, person("amina"), None)
        assert (await chat.say("hallo")).status == 200
        assert [call.method for call in connector.calls] == ["POST"]
        assert connector.calls[0].card["type"] == "AdaptiveCard"


async def test_a_malformed_activity_is_refused_with_the_field(host: FunctionsHost) -> None:
    answer = await host.http("messages", b'{"type": 7}', headers=JSON)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json["error"]["code"] == "invalid"
    assert answer.json["error"]["field"]


async def test_more_than_a_megabyte_is_refused(host: FunctionsHost) -> None:
    answer = await host.http("messages", b" " * 1_000_001, headers=JSON)
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")


async def test_the_queue_trigger_runs_the_job_that_was_rung(
    host: FunctionsHost, units: DatabaseUnits
) -> None:
    async with units() as unit:
        await unit.enqueue("test.unknown", {})
    job_id = unit.rung[0][0]
    await host.queue("work", job_id)
    row = await job_of(units, job_id)
    assert (row.state, row.attempts) == (JobState.PENDING, 1)
    assert row.error == "RetryLaterError: no handler for test.unknown"


async def test_the_sweep_timer_rings_for_what_is_due_and_logs_json(
    host: FunctionsHost, units: DatabaseUnits
) -> None:
    async with units() as unit:
        await unit.enqueue("test.unknown", {})
    host.logs.clear()
    await host.timer("sweep")
    lines = [json.loads(line) for line in host.logs if "jobs_swept" in line]
    assert [line["event"] for line in lines] == ["jobs_swept"]
    assert lines[0]["rung"] >= 1


async def test_the_nightly_timer_prunes(host: FunctionsHost, units: DatabaseUnits) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=400)
    async with units() as unit:
        row = {"key": "amina|old", "fingerprint": "", "result": "", "at": long_ago}
        await unit.db.execute(insert(DoneAction).values(row))
    await host.timer("prune")
    async with units.read() as unit:
        left = await unit.db.execute(select(DoneAction.key).where(DoneAction.key == "amina|old"))
        assert left.all() == []


async def test_an_operator_lists_poison_and_retries_it(host: FunctionsHost, units: DatabaseUnits) -> None:
    async with units() as unit:
        await unit.enqueue("test.unknown", {"secret": "never shown"})
        job_id = unit.rung[0][0]
        poisoned = update(Job).where(Job.id == job_id).values(state=JobState.POISON, error="ValueError: no")
        await unit.db.execute(poisoned)
    listed = await host.http("jobs", query={"state": "poison"})
    assert listed.status == 200
    assert [(job["id"], job["error"]) for job in listed.json["jobs"]] == [(job_id, "ValueError: no")]
    assert b"never shown" not in listed.body
    retried = await host.http("retry_job", parameters={"id": job_id})
    assert retried.status == 202
    assert (await job_of(units, job_id)).state == JobState.PENDING
    assert (await host.http("retry_job", parameters={"id": "nonsense"})).status == 400
    assert (await host.http("jobs", query={"state": "nonsense"})).json["error"]["target"] == "state"


async def job_of(units: DatabaseUnits, job_id: str) -> Any:
    async with units.read() as unit:
        return (await unit.db.execute(select(Job).where(Job.id == job_id))).one()
