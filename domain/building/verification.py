"""What was read back of a site and differs from what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Setting(StrEnum):
    """What can differ. The first ones are the city's governance; the others are how the site was delivered, and its
    owners may change them afterwards."""

    SITE = "site"  # the site itself
    CAPABILITY = "capability"  # with whom outside the city files can be shared
    MEMBERS_SHARE = "members_share"  # whether members share files with others in the city
    MEMBERS_INVITE = "members_invite"  # whether members let others into the site
    GUESTS = "guests"  # whether guests can be added to the group
    CLASSIFICATION = "classification"
    VISIBILITY = "visibility"
    HUB = "hub"
    LIBRARY = "library"
    LABEL = "label"

    OWNERS = "owners"
    MEMBERS = "members"
    COLUMNS = "columns"
    CONTENT_TYPES = "content_types"
    VIEWS = "views"
    TEAM = "team"
    TABS = "tabs"


DELIVERY = frozenset(
    {
        Setting.OWNERS,
        Setting.MEMBERS,
        Setting.COLUMNS,
        Setting.CONTENT_TYPES,
        Setting.VIEWS,
        Setting.TEAM,
        Setting.TABS,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` names the library or group it is in, empty for the site itself. `wanted` and `found` are as the platform
    writes them, such as `0`, `true` or a list of names."""

    setting: Setting
    wanted: str
    found: str
    about: str = ""

    @property
    def governance(self) -> bool:
        """It matters for as long as the site is there, and not only when it is handed over."""
        return self.setting not in DELIVERY

    def __str__(self) -> str:
        where = f" of {self.about}" if self.about else ""
        return f"{self.setting}{where} is {self.found}, not {self.wanted}"
