"""The queue trigger: runs the job whose id was rung."""

from __future__ import annotations

import azure.functions as func

from wiring.services import services
from wiring.settings import JOBS_QUEUE

blueprint = func.Blueprint()


@blueprint.queue_trigger(arg_name="message", queue_name=JOBS_QUEUE, connection="AzureWebJobsStorage")
async def work(message: func.QueueMessage) -> None:
    await (await services()).worker.run(message.get_body().decode())
