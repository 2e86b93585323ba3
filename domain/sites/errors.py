from __future__ import annotations

from domain.errors import InvalidForm


class InvalidRequest(InvalidForm):
    """A site request with one or more things wrong in it, each with its field: `scenario`, `name`, `purpose`, `owner`
    or `members`."""
