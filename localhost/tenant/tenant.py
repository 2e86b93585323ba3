"""The tenant itself: what it keeps, and the rules that hold whichever call changes it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

from domain.organisation import Organisation
from localhost.tenant.answers import moment
from localhost.tenant.store import Store
from localhost.tenant.things import Group, Label, Library, Site, Team, Thing, User, View
from localhost.tenant.throttle import Throttle
from localhost.tenant.trouble import Trouble
from localhost.tenant.watch import Watch

BIN_SECONDS = 30 * 24 * 3600.0
"""For how long what was deleted can be restored, and holds its nickname."""
DAYS_IN_YEAR = 365


class Tenant:
    """`base` is where the server answers, such as `http://127.0.0.1:56170`; SharePoint is at its root. `host` is the
    name that stands in the ids of sites."""

    def __init__(self, store: Store, base: str, host: str, *, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self.base = base
        self.host = host
        self.clock = clock
        self.trouble = Trouble()
        self.throttle = Throttle()
        self.watch = Watch()
        self.zone = ZoneInfo("Europe/Brussels")

    def settle(self, organisation: Organisation) -> None:
        """Give everybody in the city an account, and the service accounts of its scenarios; publish its labels. Who has
        an account already keeps it as it is."""
        self.zone = ZoneInfo(organisation.time_zone)
        with self.store.at_once():
            ids = {person.id: person.object_id for person in organisation.people}
            for person in organisation.people:
                user = self.store.get(User, person.object_id) or User(
                    id=person.object_id, name=person.name, sign_in_name=person.email, mail=person.email
                )
                user.manager = ids.get(person.supervisor_id or "")
                self.store.put(user)
            for scenario in organisation.scenarios:
                account = scenario.service_account
                if account and self.user(account) is None:
                    guid = str(uuid.uuid5(uuid.NAMESPACE_DNS, account))
                    self.store.put(User(id=guid, name="Sitebeheer", sign_in_name=account, mail=account))
            for label in organisation.retention.labels:
                guid = str(uuid.uuid5(uuid.NAMESPACE_OID, label.name))
                days = None if label.years is None else label.years * DAYS_IN_YEAR
                self.store.put(Label(id=guid, name=label.name, days=days))

    def after(self, seconds: float) -> float:
        """The moment that is so many of the tenant's seconds away."""
        return self.clock() + seconds * self.trouble.time_scale

    def visible(self, thing: Thing | None) -> bool:
        return thing is not None and self.clock() >= thing.visible_at

    def user(self, key: str) -> User | None:
        """By id or sign-in name."""
        if user := self.store.get(User, key):
            return user
        wanted = key.lower()
        return next((user for user in self.store.all(User) if user.sign_in_name.lower() == wanted), None)

    def licensed(self, user: User) -> bool:
        return user.licensed and user.sign_in_name.lower() not in map(str.lower, self.trouble.unlicensed)

    def group_by_key(self, unique_name: str) -> Group | None:
        return next(
            (g for g in self.store.all(Group) if g.unique_name == unique_name and not g.deleted), None
        )

    def nickname_taken(self, nickname: str) -> bool:
        """A deleted group holds on to its nickname."""
        wanted = nickname.lower()
        return any(
            group.nickname.lower() == wanted
            for group in self.store.all(Group)
            if not group.deleted or self.in_bin(group)
        )

    def in_bin(self, group: Group) -> bool:
        gone_at = (
            None if group.deleted_at is None else group.deleted_at + BIN_SECONDS * self.trouble.time_scale
        )
        return group.deleted and (gone_at is None or self.clock() < gone_at)

    def add_group(self, group: Group) -> None:
        """With an owner who has a licence a site follows after a while; without one it never does."""
        group.created = moment()
        group.visible_at = self.after(self.trouble.read_lag)
        self.store.put(group)
        owners = (self.store.get(User, owner) for owner in group.owners)
        if any(owner and self.licensed(owner) for owner in owners):
            self.add_site(
                Site(
                    alias=self._free_alias(group.nickname),
                    title=group.name,
                    description=group.description,
                    classification=group.classification,
                    group_id=group.id,
                    sharing_capability=min(1, self.trouble.largest_sharing_capability),
                )
            )

    def add_site(self, site: Site) -> None:
        """With the library that every site has from the start."""
        site.created = moment()
        site.visible_at = self.after(self.trouble.site_time)
        self.store.put(site)
        self.store.put(new_library(site, "Gedeelde documenten", "Documenten", built_in=True))

    def remove_site(self, site: Site) -> None:
        for library in self.libraries(site):
            self.store.remove(library)
        self.store.remove(site)

    def _free_alias(self, wanted: str) -> str:
        """SharePoint puts a number behind an address that is used already."""
        alias, number = wanted, 2
        while self.site_at(alias) is not None:
            alias, number = f"{wanted}{number}", number + 1
        return alias

    def site_at(self, alias: str) -> Site | None:
        return next((s for s in self.store.all(Site) if s.alias.lower() == alias.lower()), None)

    def site_of(self, group_id: str) -> Site | None:
        return next((site for site in self.store.all(Site) if site.group_id == group_id), None)

    def site_stands(self, site: Site | None) -> bool:
        """It is made, and not in the bin with its group."""
        if site is None or not self.visible(site):
            return False
        group = self.store.get(Group, site.group_id) if site.group_id else None
        return group is None or not group.deleted

    def url_of(self, site: Site) -> str:
        return f"{self.base}/sites/{site.alias}"

    def libraries(self, site: Site) -> list[Library]:
        return [library for library in self.store.all(Library) if library.site_id == site.id]

    def team(self, group_id: str) -> Team | None:
        """The team of a group that is not in the bin."""
        group = self.store.get(Group, group_id)
        return None if group is None or group.deleted else self.store.get(Team, group_id)


def new_library(site: Site, name: str, title: str, *, built_in: bool = False) -> Library:
    """With the view that every library has from the start."""
    everything = View(
        title="Alle documenten", fields=["DocIcon", "LinkFilename", "Modified", "Editor"], default=True
    )
    return Library(
        site_id=site.id, name=name, title=title, built_in=built_in, created=moment(), views=[everything]
    )
