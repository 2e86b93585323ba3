"""The timers. NCRONTAB has six fields: seconds first; times are UTC."""

from __future__ import annotations

import logging

import azure.functions as func

from wiring.services import services
from wiring.sweeps import minutely, nightly, run_sweeps

log = logging.getLogger(__name__)
blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="0 * * * * *", run_on_startup=True)
async def sweep(timer: func.TimerRequest) -> None:
    """Rings for jobs whose ring was lost, and does what has come due. On start too: that is when rings of a former
    process are missing."""
    built = await services()
    rung = await built.worker.sweep()
    if rung:
        log.info("jobs_swept", extra={"rung": rung, "past_due": timer.past_due})
    await run_sweeps(built.desk, minutely())


@blueprint.timer_trigger(arg_name="timer", schedule="0 30 2 * * *")
async def prune(timer: func.TimerRequest) -> None:
    built = await services()
    gone = await built.prune()
    log.info("pruned", extra={"gone": gone, "past_due": timer.past_due})
    await run_sweeps(built.desk, nightly())
