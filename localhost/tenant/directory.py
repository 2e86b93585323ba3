"""The calls of Microsoft Graph: people, guests, groups and their sites."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from localhost.tenant.answers import (
    RefusedBodyError,
    as_json,
    body_of,
    graph_error,
    not_found,
    now_text,
    selected,
)
from localhost.tenant.bodies import GroupBody, InvitationBody, Reference, SettingBody
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Site, User, new_guid

PAGE = 100
_FILTER = re.compile(r"^(mailNickname|mail) eq '((?:[^']|'')*)'$")


class Directory:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def routes(self) -> list[web.RouteDef]:
        at = "/graph/v1.0"
        return [
            web.get(f"{at}/users", self.users),
            web.get(f"{at}/users/{{id}}", self.user),
            web.post(f"{at}/invitations", self.invite),
            web.get(f"{at}/groups", self.groups),
            web.get(f"{at}/directory/deletedItems/microsoft.graph.group", self.deleted_groups),
            web.get(f"{at}/groups(uniqueName='{{key}}')", self.group_by_key),
            web.patch(f"{at}/groups(uniqueName='{{key}}')", self.upsert),
            web.get(f"{at}/groups/{{id}}", self.group),
            web.delete(f"{at}/groups/{{id}}", self.delete),
            web.get(f"{at}/groups/{{id}}/{{relation:owners|members}}", self.related),
            web.post(f"{at}/groups/{{id}}/{{relation:owners|members}}/$ref", self.relate),
            web.get(f"{at}/groups/{{id}}/settings", self.settings),
            web.post(f"{at}/groups/{{id}}/settings", self.add_setting),
            web.get(f"{at}/groups/{{id}}/sites/root", self.root_site),
        ]

    async def users(self, request: web.Request) -> web.Response:
        value = self._filtered(request, "mail")
        users = [u for u in self._store.all(User) if value is None or u.mail.lower() == value.lower()]
        return self._list(request, [_user(user) for user in users if self._tenant.visible(user)])

    async def user(self, request: web.Request) -> web.Response:
        user = self._tenant.user(request.match_info["id"])
        if user is None or not self._tenant.visible(user):
            return not_found(request.match_info["id"])
        return as_json(selected(_user(user), request.query.get("$select")))

    async def invite(self, request: web.Request) -> web.Response:
        body = body_of(await request.read(), InvitationBody)
        guest = next((u for u in self._store.all(User) if u.mail.lower() == body.address.lower()), None)
        if guest is not None and not guest.guest:
            return graph_error(
                400, "BadRequest", "The invited user already exists in the directory as object."
            )
        if guest is None:
            name = f"{body.address.replace('@', '_')}#EXT#@{self._tenant.host.split('.')[0]}.onmicrosoft.com"
            guest = User(name=body.name or body.address, sign_in_name=name, mail=body.address, guest=True)
            guest.visible_at = self._tenant.after(self._tenant.trouble.read_lag)
            self._store.put(guest)
        answer = {
            "id": new_guid(),
            "invitedUserEmailAddress": body.address,
            "inviteRedirectUrl": body.redirect,
            "sendInvitationMessage": body.send_message,
            "status": "PendingAcceptance",
            "invitedUser": {"id": guest.id},
        }
        return as_json(answer, 201)

    async def groups(self, request: web.Request) -> web.Response:
        return self._groups(request, deleted=False)

    async def deleted_groups(self, request: web.Request) -> web.Response:
        advanced = (
            request.headers.get("ConsistencyLevel") == "eventual" and request.query.get("$count") == "true"
        )
        if "$filter" in request.query and not advanced:
            return graph_error(
                400, "Request_UnsupportedQuery", "This filter needs ConsistencyLevel and $count."
            )
        return self._groups(request, deleted=True)

    async def group_by_key(self, request: web.Request) -> web.Response:
        return self._one(request, self._tenant.group_by_key(request.match_info["key"]))

    async def group(self, request: web.Request) -> web.Response:
        return self._one(request, self._store.get(Group, request.match_info["id"]))

    async def upsert(self, request: web.Request) -> web.Response:
        """The key is unique where it is written, also while reads lag behind."""
        key = request.match_info["key"]
        body = body_of(await request.read(), GroupBody)
        if self._tenant.group_by_key(key) is not None:
            return web.Response(status=204)
        if request.headers.get("Prefer") != "create-if-missing":
            return not_found(key)
        if self._tenant.nickname_taken(body.mail_nickname):
            message = "Another object with the same value for property mailNickname already exists."
            return graph_error(400, "Request_BadRequest", message)
        owners, members = ([self._person(a) for a in addresses] for addresses in (body.owners, body.members))
        if None in owners or None in members:
            return graph_error(400, "Request_BadRequest", "One or more of the bound people do not exist.")
        group = Group(
            name=body.display_name,
            nickname=body.mail_nickname,
            unique_name=key,
            description=body.description or "",
            classification=body.classification,
            visibility=body.visibility,
            behaviour=list(body.behaviour),
            owners=[owner for owner in owners if owner],
            members=[member for member in members if member],
        )
        self._tenant.add_group(group)
        return as_json(self._group(group), 201)

    async def delete(self, request: web.Request) -> web.Response:
        group = self._store.get(Group, request.match_info["id"])
        if group is None or group.deleted:
            return not_found(request.match_info["id"])
        group.deleted = True
        self._store.put(group)
        return web.Response(status=204)

    async def related(self, request: web.Request) -> web.Response:
        group = self._visible_group(request)
        if group is None:
            return not_found(request.match_info["id"])
        people = [self._store.get(User, person) for person in getattr(group, request.match_info["relation"])]
        kind = {"@odata.type": "#microsoft.graph.user"}
        return self._list(request, [{**kind, **_user(user)} for user in people if user], always=kind)

    async def relate(self, request: web.Request) -> web.Response:
        body = body_of(await request.read(), Reference)
        group, relation = self._visible_group(request), request.match_info["relation"]
        person = self._person(body.id)
        if group is None or person is None:
            return not_found(request.match_info["id"] if group is None else body.id.rsplit("/", 1)[-1])
        people: list[str] = getattr(group, relation)
        if person in people:
            message = (
                "One or more added object references already exist for the following modified properties"
            )
            return graph_error(400, "Request_BadRequest", f"{message}: '{relation}'.")
        people.append(person)
        self._store.put(group)
        return web.Response(status=204)

    async def settings(self, request: web.Request) -> web.Response:
        group = self._visible_group(request)
        return self._list(request, group.settings) if group else not_found(request.match_info["id"])

    async def add_setting(self, request: web.Request) -> web.Response:
        body = body_of(await request.read(), SettingBody)
        group = self._visible_group(request)
        if group is None:
            return not_found(request.match_info["id"])
        if any(setting["templateId"] == body.template_id for setting in group.settings):
            message = "A conflicting object with one or more of the specified property values is present."
            return graph_error(400, "Request_BadRequest", message)
        values = [{"name": value.name, "value": value.value} for value in body.values]
        setting = {
            "id": new_guid(),
            "displayName": "Group.Unified.Guest",
            "templateId": body.template_id,
            "values": values,
        }
        group.settings.append(setting)
        self._store.put(group)
        return as_json(setting, 201)

    async def root_site(self, request: web.Request) -> web.Response:
        group = self._visible_group(request)
        if group is None:
            return not_found(request.match_info["id"])
        site = next((one for one in self._store.all(Site) if one.group_id == group.id), None)
        if site is None or not self._tenant.visible(site):
            return graph_error(404, "itemNotFound", "Requested site could not be found")
        values = {
            "id": f"{self._tenant.host},{site.id},{site.web_id}",
            "name": site.alias,
            "displayName": site.title,
            "webUrl": self._tenant.url_of(site),
            "createdDateTime": site.created,
        }
        return as_json(selected(values, request.query.get("$select")))

    def _groups(self, request: web.Request, *, deleted: bool) -> web.Response:
        value = self._filtered(request, "mailNickname")
        groups = (
            group
            for group in self._store.all(Group)
            if group.deleted is deleted and self._tenant.visible(group)
        )
        found = [g for g in groups if value is None or g.nickname.lower() == value.lower()]
        return self._list(request, [self._group(group) for group in found])

    def _visible_group(self, request: web.Request) -> Group | None:
        group = self._store.get(Group, request.match_info["id"])
        return group if group and not group.deleted and self._tenant.visible(group) else None

    def _one(self, request: web.Request, group: Group | None) -> web.Response:
        if group is None or group.deleted or not self._tenant.visible(group):
            return not_found(request.match_info.get("key") or request.match_info["id"])
        return as_json(selected(self._group(group), request.query.get("$select")))

    def _person(self, address: str) -> str | None:
        """The id of the person a reference such as `…/users/{id}` means."""
        parts = urlsplit(address).path.rsplit("/", 2)
        user = self._tenant.user(parts[-1]) if parts[-2:-1] in (["users"], ["directoryObjects"]) else None
        return user.id if user else None

    def _filtered(self, request: web.Request, field: str) -> str | None:
        """The value that `$filter` asks `field` to have. Raises what becomes a 400 for a filter we do not know."""
        wanted = request.query.get("$filter")
        if wanted is None:
            return None
        match = _FILTER.match(wanted)
        if match is None or match[1] != field:
            raise RefusedBodyError("Invalid filter clause.")
        return match[2].replace("''", "'")

    def _list(
        self, request: web.Request, values: list[dict[str, Any]], always: dict[str, Any] | None = None
    ) -> web.Response:
        """A page of them, and where the next one is."""
        size = min(int(request.query.get("$top", PAGE)), PAGE)
        start = int(request.query.get("$skiptoken", 0))
        select = request.query.get("$select")
        page = [{**(always or {}), **selected(value, select)} for value in values[start : start + size]]
        answer: dict[str, Any] = {"value": page}
        if start + size < len(values):
            following = request.url.update_query({"$skiptoken": str(start + size)})
            answer["@odata.nextLink"] = f"{self._tenant.base}{following.raw_path_qs}"
        return as_json(answer)

    def _group(self, group: Group) -> dict[str, Any]:
        return {
            "id": group.id,
            "deletedDateTime": now_text() if group.deleted else None,
            "classification": group.classification,
            "createdDateTime": group.created,
            "description": group.description,
            "displayName": group.name,
            "groupTypes": ["Unified"],
            "mail": f"{group.nickname}@{self._tenant.host.split('.')[0]}.onmicrosoft.com",
            "mailEnabled": True,
            "mailNickname": group.nickname,
            "securityEnabled": False,
            "visibility": group.visibility,
            "uniqueName": group.unique_name,
            "resourceBehaviorOptions": group.behaviour,
        }


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "displayName": user.name,
        "userPrincipalName": user.sign_in_name,
        "mail": user.mail,
        "userType": "Guest" if user.guest else "Member",
    }
