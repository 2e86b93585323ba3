"""How far building a site is, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from microsoft_teams.cards import CardElement, TextRun

from cards.building.words import BUSY, DONE, MARKS, STEP_WORDS, STOPPED, TODO
from cards.kit import run, runs
from cards.literal import shorten
from domain.building.plan import CLOSED, SiteStep, Step, StepState
from domain.sites.request import SiteRequest, SiteState
from locales import Translator

ERROR_LIMIT = 200


def progress(t: Translator, request: SiteRequest, planned: Sequence[Step], *, approved: bool) -> CardElement:
    """One line per step: done and when, busy and when it goes on, still to come, or where it stopped and why."""
    steps = {step.step: step for step in request.steps}
    lines: list[tuple[str, str, str]] = [
        (DONE, t("Asked"), t.moment(request.created_at)),
        (DONE if approved else BUSY, t("Approval"), ""),
    ]
    day, _ = _day_and_time(t, request.created_at)
    busy = request.state is SiteState.BUILDING
    for kind in planned:
        step = steps.get(kind)
        mark = MARKS[step.state] if step else TODO
        if busy and mark == TODO:
            mark = BUSY
        if mark == BUSY:
            busy = False
        about, day = _about(t, step, day) if step else ("", day)
        lines.append((mark, t(STEP_WORDS[kind]), about))
    pieces: list[TextRun] = []
    for index, (mark, words, detail) in enumerate(lines):
        line = f"{mark} {words}"
        stands_out = mark in (BUSY, STOPPED)
        pieces.append(run(line if index == 0 else "\n" + line, subtle=mark == TODO, bold=stands_out))
        if detail:
            pieces.append(run(f" · {detail}", subtle=True))
    return runs(*pieces)


def _about(t: Translator, step: SiteStep, day: str) -> tuple[str, str]:
    """When it was done, when it is tried again and what the platform said. The day only when it is another than `day`,
    that of the line before; it is given back for the next one."""
    parts = []
    if step.state in CLOSED and step.finished_at:
        done_on, time = _day_and_time(t, step.finished_at)
        parts.append(time if done_on == day else f"{done_on}, {time}")
        day = done_on
    if step.state is StepState.SKIPPED:
        parts.append(t("left out"))
    if step.state is StepState.WAITING and step.next_at:
        parts.append(t("again on {moment}", moment=t.moment(step.next_at)))
    if step.state is StepState.FAILED:
        parts.append(t("{count} tries", count=step.attempts) if step.attempts != 1 else t("1 try"))
    if step.error and step.state in (StepState.WAITING, StepState.FAILED):
        parts.append(shorten(step.error, ERROR_LIMIT))
    return " · ".join(parts), day


def _day_and_time(t: Translator, moment: datetime) -> tuple[str, str]:
    day, _, time = t.moment(moment).rpartition(", ")
    return day, time
