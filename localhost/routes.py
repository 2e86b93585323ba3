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


def _segments(template: str) -> tuple[int, int, bool]:
    """How many segments it has at least and at most, and whether more can follow."""
    found = [_PARAMETER.fullmatch(segment) for segment in template.strip("/").split("/")]
    loose = sum(1 for one in found if one is not None and (one["rest"] or one["optional"]))
    return len(found) - loose, len(found), any(one is not None and one["rest"] for one in found)


def _fits(template: str, length: int) -> bool:
    least, most, endless = _segments(template)
    return least <= length and (length <= most or endless)


class Routes:
    """A path is held against the templates that can have as many segments."""

    def __init__(self, triggers: Iterable[HttpTrigger], prefix: str) -> None:
        ordered = sorted(triggers, key=lambda trigger: _looseness(trigger.route))
        prefix = f"{prefix}/" if prefix else ""
        routes = [(prefix + trigger.route, _pattern(prefix + trigger.route), trigger) for trigger in ordered]
        most = max((_segments(template)[1] for template, _, _ in routes), default=0)
        self._by_length = [
            [(pattern, trigger) for template, pattern, trigger in routes if _fits(template, length)]
            for length in range(most + 2)
        ]
        """The last are those without an end: they fit all that is longer."""

    def find(self, method: str, path: str) -> Match | MethodNotAllowed | None:
        allowed: set[str] = set()
        closest: re.Pattern[str] | None = None
        length = min(path.count("/"), len(self._by_length) - 1)
        for pattern, trigger in self._by_length[length]:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            closest = closest or pattern
            if trigger.methods and method not in trigger.methods:
                if pattern.pattern == closest.pattern:  # what fits less well is another thing
                    allowed |= trigger.methods
                continue
            return Match(trigger, {name: value for name, value in found.groupdict().items() if value})
        return MethodNotAllowed(tuple(sorted(allowed))) if allowed else None
