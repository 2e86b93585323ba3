"""Microsoft 365 groups, and the bin they go to, as Graph shows them."""

from __future__ import annotations

from typing import Any, Literal

from localhost.tenant.answers import (
    DONE,
    Answer,
    Ask,
    Refusal,
    bad_request,
    filter_of,
    listed,
    missing,
    moment,
)
from localhost.tenant.people import as_graph as person_as_graph
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Team, User, new_guid

Relation = Literal["owners", "members"]
_THERE = "One or more added object references already exist for the following modified properties"


class Groups:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def all(self, ask: Ask) -> Answer:
        groups = [g for g in self._store.all(Group) if not g.deleted and self._tenant.visible(g)]
        return listed(_filtered(ask, [as_graph(self._tenant, group) for group in groups]))

    def by_key(self, ask: Ask) -> Answer:
        group = self._tenant.group_by_key(ask.parts["key"])
        if group is None or not self._tenant.visible(group):
            raise missing(ask.parts["key"])
        return Answer(body=as_graph(self._tenant, group))

    def one(self, ask: Ask) -> Answer:
        return Answer(body=as_graph(self._tenant, self._find(ask)))

    def upsert(self, ask: Ask) -> Answer:
        """The key is unique where it is written, also while reads lag behind."""
        key, body = ask.parts["key"], ask.body
        if self._tenant.group_by_key(key) is not None:
            return DONE
        if "Prefer" not in ask.headers:
            raise missing(key)
        if self._tenant.nickname_taken(body["mailNickname"]):
            raise bad_request("Another object with the same value for property mailNickname already exists.")
        group = Group(
            name=body["displayName"],
            nickname=body["mailNickname"],
            unique_name=key,
            description=body.get("description", ""),
            classification=body.get("classification"),
            visibility=body.get("visibility", "Public"),
            behaviour=body.get("resourceBehaviorOptions", []),
            owners=[self._person(address).id for address in body.get("owners@odata.bind", ())],
            members=[self._person(address).id for address in body.get("members@odata.bind", ())],
        )
        self._tenant.add_group(group)
        return Answer(201, as_graph(self._tenant, group))

    def change(self, ask: Ask) -> Answer:
        group, body = self._find(ask), ask.body
        for person in [self._person(address) for address in body.get("members@odata.bind", ())]:
            self._bind(group, person, "members")
        group.name = body.get("displayName", group.name)
        group.description = body.get("description", group.description)
        group.classification = body.get("classification", group.classification)
        group.visibility = body.get("visibility", group.visibility)
        self._store.put(group)
        if site := self._tenant.site_of(group.id):  # the site follows its group
            site.title, site.description = group.name, group.description
            site.classification = group.classification
            self._store.put(site)
        return DONE

    def delete(self, ask: Ask) -> Answer:
        group = self._find(ask)
        group.deleted, group.deleted_at = True, self._tenant.clock()
        self._store.put(group)
        return DONE

    def owners(self, ask: Ask) -> Answer:
        return self._people(ask, "owners")

    def members(self, ask: Ask) -> Answer:
        return self._people(ask, "members")

    def add_owner(self, ask: Ask) -> Answer:
        return self._add(ask, "owners")

    def add_member(self, ask: Ask) -> Answer:
        return self._add(ask, "members")

    def remove_owner(self, ask: Ask) -> Answer:
        if self._find(ask).owners == [ask.parts["user"]]:
            raise bad_request("The group must have at least one owner, hence this owner cannot be removed.")
        return self._remove(ask, "owners")

    def remove_member(self, ask: Ask) -> Answer:
        return self._remove(ask, "members")

    def settings(self, ask: Ask) -> Answer:
        return listed(self._find(ask).settings)

    def add_setting(self, ask: Ask) -> Answer:
        group, template = self._find(ask), ask.body["templateId"]
        if any(setting["templateId"] == template for setting in group.settings):
            raise bad_request(
                "A conflicting object with one or more of the specified property values is present."
            )
        setting = {"id": new_guid(), "displayName": "Group.Unified.Guest", **ask.body}
        group.settings.append(setting)
        self._store.put(group)
        return Answer(201, setting)

    def change_setting(self, ask: Ask) -> Answer:
        group = self._find(ask)
        for setting in group.settings:
            if setting["id"] == ask.parts["setting"]:
                setting["values"] = ask.body["values"]
                self._store.put(group)
                return DONE
        raise missing(ask.parts["setting"])

    def _find(self, ask: Ask) -> Group:
        group = self._store.get(Group, ask.parts["group"])
        if group is None or group.deleted or not self._tenant.visible(group):
            raise missing(ask.parts["group"])
        return group

    def _person(self, address: str) -> User:
        """Whom a reference such as `…/users/{id}` means."""
        key = address.rsplit("/", 1)[-1]
        user = self._tenant.user(key)
        if user is None:
            raise missing(key)
        return user

    def _people(self, ask: Ask, relation: Relation) -> Answer:
        people = (self._store.get(User, person) for person in getattr(self._find(ask), relation))
        kind = {"@odata.type": "#microsoft.graph.user"}
        return listed([{**kind, **person_as_graph(self._tenant, user)} for user in people if user])

    def _add(self, ask: Ask, relation: Relation) -> Answer:
        group = self._find(ask)
        self._bind(group, self._person(ask.body["@odata.id"]), relation)
        self._store.put(group)
        return DONE

    def _bind(self, group: Group, person: User, relation: Relation) -> None:
        people: list[str] = getattr(group, relation)
        if person.id in people:
            raise bad_request(f"{_THERE}: '{relation}'.")
        if person.guest and _closed_to_guests(group):
            raise Refusal(403, "Authorization_RequestDenied", "Guest users are not allowed to be added.")
        people.append(person.id)

    def _remove(self, ask: Ask, relation: Relation) -> Answer:
        group = self._find(ask)
        people: list[str] = getattr(group, relation)
        if ask.parts["user"] not in people:
            raise missing(ask.parts["user"])
        people.remove(ask.parts["user"])
        self._store.put(group)
        return DONE


class Bin:
    """Deleted groups: they can come back for thirty days, with their site and team."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def groups(self, ask: Ask) -> Answer:
        advanced = "ConsistencyLevel" in ask.headers and "$count" in ask.query
        if "$filter" in ask.query and not advanced:
            raise Refusal(400, "Request_UnsupportedQuery", "This filter needs ConsistencyLevel and $count.")
        groups = [group for group in self._store.all(Group) if self._tenant.in_bin(group)]
        return listed(_filtered(ask, [as_graph(self._tenant, group) for group in groups]))

    def one(self, ask: Ask) -> Answer:
        return Answer(body=as_graph(self._tenant, self._find(ask)))

    def restore(self, ask: Ask) -> Answer:
        group = self._find(ask)
        group.deleted, group.deleted_at = False, None
        self._store.put(group)
        return Answer(body={"@odata.type": "#microsoft.graph.group", **as_graph(self._tenant, group)})

    def delete(self, ask: Ask) -> Answer:
        """With what hung on it."""
        group = self._find(ask)
        self._store.remove(group)
        if team := self._store.get(Team, group.id):
            self._store.remove(team)
        if site := self._tenant.site_of(group.id):
            self._tenant.remove_site(site)
        return DONE

    def _find(self, ask: Ask) -> Group:
        group = self._store.get(Group, ask.parts["group"])
        if group is None or not self._tenant.in_bin(group):
            raise missing(ask.parts["group"])
        return group


def as_graph(tenant: Tenant, group: Group) -> dict[str, Any]:
    deleted_at = group.deleted_at if group.deleted_at is not None else tenant.clock()
    return {
        "id": group.id,
        "deletedDateTime": moment(deleted_at) if group.deleted else None,
        "classification": group.classification,
        "createdDateTime": group.created or moment(),
        "description": group.description,
        "displayName": group.name,
        "groupTypes": ["Unified"],
        "mail": f"{group.nickname}@{tenant.host.split('.')[0]}.onmicrosoft.com",
        "mailEnabled": True,
        "mailNickname": group.nickname,
        "securityEnabled": False,
        "visibility": group.visibility,
        "uniqueName": group.unique_name,
        "resourceBehaviorOptions": group.behaviour,
        "resourceProvisioningOptions": ["Team"] if tenant.store.get(Team, group.id) else [],
    }


def _filtered(ask: Ask, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = filter_of(ask)
    return [group for group in groups if wanted is None or wanted.fits(group)]


def _closed_to_guests(group: Group) -> bool:
    values = [value for setting in group.settings for value in setting["values"]]
    return {"name": "AllowToAddGuests", "value": "false"} in values
