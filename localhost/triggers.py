"""The triggers of a function app, read from the app itself, so that nothing is registered twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import azure.functions as func

Run = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class HttpTrigger:
    """`level` is `anonymous`, `function` or `admin`; no `methods` means all of them."""

    name: str
    argument: str
    run: Run
    route: str
    methods: frozenset[str]
    level: str


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """`schedule` is NCRONTAB: six fields, seconds first."""

    name: str
    argument: str
    run: Run
    schedule: str
    on_startup: bool


@dataclass(frozen=True, slots=True)
class QueueTrigger:
    name: str
    argument: str
    run: Run
    queue: str


Trigger = HttpTrigger | TimerTrigger | QueueTrigger


@cache  # an app gives its functions only once
def triggers_of(app: func.FunctionApp) -> tuple[Trigger, ...]:
    """Every trigger of the app. Raises `LookupError` for a kind this host does not serve."""
    return tuple(_trigger(function) for function in app.get_functions())


def _trigger(function: Any) -> Trigger:
    name, run = function.get_function_name(), function.get_user_function()
    declared: dict[str, Any] = function.get_trigger().get_dict_repr()
    kind, argument = declared["type"], declared["name"]
    if kind == "httpTrigger":
        methods = frozenset(str(method.value) for method in declared.get("methods") or ())
        level = str(declared["authLevel"].value)
        return HttpTrigger(name, argument, run, declared.get("route") or name, methods, level)
    if kind == "timerTrigger":
        return TimerTrigger(name, argument, run, declared["schedule"], bool(declared.get("runOnStartup")))
    if kind == "queueTrigger":
        return QueueTrigger(name, argument, run, declared["queueName"])
    raise LookupError(f"{name}: this host has no {kind}")
