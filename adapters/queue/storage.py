"""The doorbell as an Azure Storage Queue, whose messages wake the queue trigger."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from adapters.clock import utc_now

LONGEST_DELAY = timedelta(days=7)
"""What Storage Queue allows. A job that is due later is rung by the sweep when its time comes."""

NEVER_EXPIRES = -1


class StorageQueueDoorbell:
    """Puts job ids in a queue, invisible until they are due; makes the queue when it is not there yet."""

    def __init__(self, connection: str, queue: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._connection = connection
        self._queue = queue
        self._clock = clock
        self._opened: QueueClient | None = None

    @property
    def _client(self) -> QueueClient:
        if self._opened is None:  # its session belongs to the loop that runs, so it is not opened at start-up
            self._opened = QueueClient.from_connection_string(
                self._connection,
                self._queue,
                message_encode_policy=TextBase64EncodePolicy(),  # what Functions expects unless host.json differs
            )
        return self._opened

    async def ring(self, job_id: str, due: datetime) -> None:
        delay = due - self._clock()
        if delay > LONGEST_DELAY:
            return
        try:
            await self._send(job_id, delay)
        except ResourceNotFoundError:
            await self._create()
            await self._send(job_id, delay)

    async def _send(self, job_id: str, delay: timedelta) -> None:
        # Whole seconds, rounded up: a message that comes too early finds a job that is not due.
        seconds = max(0, math.ceil(delay.total_seconds()))
        await self._client.send_message(job_id, visibility_timeout=seconds, time_to_live=NEVER_EXPIRES)

    async def _create(self) -> None:
        with suppress(ResourceExistsError):  # another worker was first
            await self._client.create_queue()

    async def ready(self) -> bool:
        """Raises when the storage account does not answer."""
        try:
            await self._client.get_queue_properties()
        except ResourceNotFoundError:
            await self._create()
        return True

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None
