"""Which function answers a path: the route templates of Azure Functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from localhost.triggers import HttpTrigger

_PARAMETER = re.compile(r"\{(?P<rest>\*?)(?P<name>\w+)(?::\w+)?(?P<optional>\??)\}")


@dataclass(frozen=True, slots=True)
class Match:
    trigger: HttpTrigger
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MethodNotAllowed:
    """The path is there, the method is not; these are."""

    allowed: tuple[str, ...]


def _pattern(template: str) -> re.Pattern[str]:
    """`tickets/{id}`, `info/{name?}` and `files/{*rest}` as a regular expression over `/tickets/7`."""
    pattern = ""
    for segment in template.strip("/").split("/"):
        parameter = _PARAMETER.fullmatch(segment)
        if parameter is None:
            pattern += "/" + re.escape(segment)
        elif parameter["rest"]:
            pattern += f"(?:/(?P<{parameter['name']}>.*))?"
        elif parameter["optional"]:
            pattern += f"(?:/(?P<{parameter['name']}>[^/]+))?"
        else:
            pattern += f"/(?P<{parameter['name']}>[^/]+)"
    return re.compile(pattern, re.IGNORECASE)


def _looseness(template: str) -> list[int]:
    """A literal segment goes before a parameter, and a parameter before the rest of a path."""
    kinds = (_PARAMETER.fullmatch(segment) for segment in template.strip("/").split("/"))
    return [0 if kind is None else 2 if kind["rest"] else 1 for kind in kinds]


class Routes:
    def __init__(self, triggers: Iterable[HttpTrigger], prefix: str) -> None:
        ordered = sorted(triggers, key=lambda trigger: _looseness(trigger.route))
        prefix = f"{prefix}/" if prefix else ""
        self._routes = [(_pattern(prefix + trigger.route), trigger) for trigger in ordered]

    def find(self, method: str, path: str) -> Match | MethodNotAllowed | None:
        allowed: set[str] = set()
        for pattern, trigger in self._routes:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if trigger.methods and method not in trigger.methods:
                allowed |= trigger.methods
                continue
            return Match(trigger, {name: value for name, value in found.groupdict().items() if value})
        return MethodNotAllowed(tuple(sorted(allowed))) if allowed else None
