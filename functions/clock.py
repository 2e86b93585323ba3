"""The timers. NCRONTAB has six fields: seconds first; times are UTC."""

from __future__ import annotations

import logging

import azure.functions as func

from wiring.services import services

log = logging.getLogger(__name__)
blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="0 * * * * *", run_on_startup=True)
async def sweep(timer: func.TimerRequest) -> None:
    """Rings for jobs whose ring was lost. On start too: that is when rings of a former process are missing."""
    rung = await (await services()).worker.sweep()
    if rung:
        log.info("jobs_swept", extra={"rung": rung, "past_due": timer.past_due})


@blueprint.timer_trigger(arg_name="timer", schedule="0 30 2 * * *")
async def prune(timer: func.TimerRequest) -> None:
    gone = await (await services()).prune()
    log.info("pruned", extra={"gone": gone, "past_due": timer.past_due})
