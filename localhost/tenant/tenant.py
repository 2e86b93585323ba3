"""The tenant itself: what it keeps, and the rules that hold whichever call changes it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from domain.organisation import Organisation
from localhost.tenant.answers import now_text
from localhost.tenant.store import Store
from localhost.tenant.things import Group, Site, Thing, User
from localhost.tenant.throttle import Throttle
from localhost.tenant.trouble import Trouble, Watch


class Tenant:
    """`base` is where the server answers, such as `http://127.0.0.1:56170`; SharePoint is at its root."""

    def __init__(self, store: Store, base: str, host: str, *, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self.base = base
        self.host = host
        self.trouble = Trouble()
        self.watch = Watch()
        self.clock = clock
        self.throttle = Throttle()

    def after(self, seconds: float) -> float:
        """The moment that is so many of the tenant's seconds away."""
        return self.clock() + seconds * self.trouble.time_scale

    def settle(self, organisation: Organisation) -> None:
        """Give everybody in the city an account, and the service accounts of its site scenarios."""
        for person in organisation.people:
            self.store.put(
                User(id=person.object_id, name=person.name, sign_in_name=person.email, mail=person.email)
            )
        for scenario in organisation.scenarios:
            if account := scenario.service_account:
                guid = str(uuid.uuid5(uuid.NAMESPACE_DNS, account))
                self.store.put(User(id=guid, name="Sitebeheer", sign_in_name=account, mail=account))

    def visible(self, thing: Thing | None) -> bool:
        return thing is not None and self.clock() >= thing.visible_at

    def user(self, key: str) -> User | None:
        """By id or sign-in name."""
        wanted = key.lower()
        found = (user for user in self.store.all(User) if wanted in (user.id, user.sign_in_name.lower()))
        return next(found, None)

    def group_by_key(self, unique_name: str) -> Group | None:
        return next(
            (g for g in self.store.all(Group) if g.unique_name == unique_name and not g.deleted), None
        )

    def site_at(self, alias: str) -> Site | None:
        return next((s for s in self.store.all(Site) if s.alias.lower() == alias.lower()), None)

    def url_of(self, site: Site) -> str:
        return f"{self.base}/sites/{site.alias}"

    def nickname_taken(self, nickname: str) -> bool:
        """A deleted group holds on to its nickname."""
        wanted = nickname.lower()
        return any(group.nickname.lower() == wanted for group in self.store.all(Group))

    def add_group(self, group: Group) -> None:
        """With an owner a site follows after a while; without one it never does."""
        group.created = now_text()
        group.visible_at = self.after(self.trouble.read_lag)
        self.store.put(group)
        if group.owners:
            self.add_site(
                Site(
                    alias=group.nickname,
                    title=group.name,
                    description=group.description,
                    classification=group.classification,
                    group_id=group.id,
                    sharing_capability=min(1, self.trouble.largest_sharing_capability),
                )
            )

    def add_site(self, site: Site) -> None:
        site.created = now_text()
        site.visible_at = self.after(self.trouble.site_time)
        self.store.put(site)
