"""One family of errors for everything a caller can do wrong or meet.

A rule or an action raises a `DeskError`; the edge that called it turns it into an HTTP answer or a
friendly sentence, once. `message` is an English template and at the same time the gettext key of the
translated sentence; its `{names}` are filled from `details`, so that nothing has to be translated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar


class DeskError(Exception):
    """Something the caller can understand and act on. `code` is stable and meant for programs."""

    code: ClassVar[str] = "desk_error"
    status: ClassVar[int] = 400
    headers: Mapping[str, str] = MappingProxyType({})
    """What an HTTP answer says besides, such as `Retry-After`."""

    def __init__(self, message: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return self.message.format(**self.details)


class Invalid(DeskError):
    """The input is wrong; `field` says where."""

    code = "invalid"
    status = 400

    @property
    def problems(self) -> Sequence[Invalid]:
        """Everything that is wrong, each with its field."""
        return (self,)


class InvalidForm(Invalid):
    """A form with one or more things wrong in it. It reads as the first; `problems` has them all."""

    def __init__(self, problems: Sequence[Invalid]) -> None:
        first = problems[0]
        super().__init__(first.message, field=first.field, **first.details)
        self._problems = tuple(problems)

    @property
    def problems(self) -> Sequence[Invalid]:
        return self._problems


class Unauthenticated(DeskError):
    code = "unauthenticated"
    status = 401


class Forbidden(DeskError):
    """This caller may never do this, whatever it is asked about. A thing that is someone else's is `NotFound`."""

    code = "forbidden"
    status = 403


class NotFound(DeskError):
    """Missing, or not for this person: the two look alike on purpose."""

    code = "not_found"
    status = 404


class Conflict(DeskError):
    """The state has moved on: what was asked is not possible any more, or the key was used for something else."""

    code = "conflict"
    status = 409


class TooLarge(DeskError):
    code = "too_large"
    status = 413


class Unavailable(DeskError):
    """A service we need does not answer now; trying again later can help."""

    code = "unavailable"
    status = 503


class TooMany(DeskError):
    """More calls than this caller has in a while. It may try again after `seconds`."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message, seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}
