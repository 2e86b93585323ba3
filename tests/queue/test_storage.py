"""The doorbell on a real Storage Queue service: Azurite."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import AzureError
from azure.storage.queue.aio import QueueClient

from adapters.clock import utc_now
from adapters.queue.storage import StorageQueueDoorbell
from domain.tables import new_id
from tests.servers.azurite import Azurite


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    with Azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture
def queue() -> str:
    return f"jobs-{new_id()}"


@pytest.fixture
async def doorbell(azurite: Azurite, queue: str) -> AsyncIterator[StorageQueueDoorbell]:
    doorbell = StorageQueueDoorbell(azurite.connection, queue)
    yield doorbell
    await doorbell.close()


@pytest.fixture
async def reader(azurite: Azurite, queue: str) -> AsyncIterator[QueueClient]:
    async with QueueClient.from_connection_string(azurite.connection, queue) as client:
        yield client


async def texts(reader: QueueClient) -> list[str]:
    """What can be received now, as the bytes on the wire say it."""
    return [message.content async for message in reader.receive_messages()]


async def test_a_ring_is_a_message_in_base64_as_functions_expects(
    doorbell: StorageQueueDoorbell, reader: QueueClient
) -> None:
    job_id = new_id()
    await doorbell.ring(job_id, utc_now())
    (content,) = await texts(reader)
    assert b64decode(content, validate=True).decode() == job_id


async def test_the_queue_is_made_on_the_first_ring_also_by_two_at_once(
    doorbell: StorageQueueDoorbell, reader: QueueClient
) -> None:
    await asyncio.gather(*(doorbell.ring(new_id(), utc_now()) for _ in range(4)))
    assert len(await texts(reader)) == 4


async def test_a_job_for_later_stays_invisible_until_then(
    doorbell: StorageQueueDoorbell, reader: QueueClient
) -> None:
    await doorbell.ring(new_id(), utc_now() + timedelta(seconds=1.2))
    assert await texts(reader) == []
    await asyncio.sleep(2.5)  # whole seconds, rounded up
    assert len(await texts(reader)) == 1


async def test_what_is_overdue_is_rung_at_once(doorbell: StorageQueueDoorbell, reader: QueueClient) -> None:
    await doorbell.ring(new_id(), datetime(2020, 1, 1, tzinfo=UTC))
    assert len(await texts(reader)) == 1


@pytest.mark.parametrize(("days", "rung"), [(6.9, 1), (7.1, 0), (400, 0)])
async def test_beyond_a_week_the_sweep_rings_when_the_time_comes(
    doorbell: StorageQueueDoorbell, reader: QueueClient, days: float, rung: int
) -> None:
    assert await doorbell.ready()
    await doorbell.ring(new_id(), utc_now() + timedelta(days=days))
    properties = await reader.get_queue_properties()
    assert properties.approximate_message_count == rung


async def test_a_service_that_does_not_answer_is_not_ready() -> None:
    nowhere = (
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;QueueEndpoint=http://127.0.0.1:9/a;"
    )
    doorbell = StorageQueueDoorbell(nowhere, "jobs")
    try:
        with pytest.raises((AzureError, TimeoutError)):
            async with asyncio.timeout(1):
                await doorbell.ready()
    finally:
        await doorbell.close()
