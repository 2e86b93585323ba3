from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Invalid


class InvalidRequest(Invalid):
    """A site request with one or more things wrong in it. It reads as the first; `problems` has them all, each with
    its field: `scenario`, `name`, `purpose`, `owner` or `members`."""

    def __init__(self, problems: Sequence[Invalid]) -> None:
        first = problems[0]
        super().__init__(first.message, field=first.field, **first.details)
        self.problems = tuple(problems)
