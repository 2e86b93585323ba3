"""Microsoft 365 groups: made by our key, with their people, and closed to guests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import quote

from adapters.graph.client import Graph
from adapters.graph.http import CallRefusedError, MissingError
from domain.sites.ports import Built, NameStatus, NotThereYetError, RefusedError, SiteOrder

GUEST_SETTINGS = "08d542b9-071f-4e16-94b0-74abb372e3d9"
"""Microsoft's template "Group.Unified.Guest"."""
LANGUAGES = {"nl": 1043, "fr": 1036, "en": 1033}
"""The language of a new site, by Microsoft's number."""
AT_ONCE = 20
"""How many people one call can bind to a group."""
PRIVATE = "Private"

Relation = Literal["owners", "members"]


class Groups:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def check_nickname(self, order: SiteOrder) -> None:
        """Refuses when another group has the mail nickname, or a deleted one still holds it."""
        used = [group for group in await self._named(order.alias) if group.get("uniqueName") != order.key]
        if used:
            raise RefusedError(
                f"The group “{used[0].get('displayName')}” has the address {order.alias} already."
            )
        if deleted := await self._deleted(order.alias):
            raise RefusedError(
                f"The deleted group “{deleted[0].get('displayName')}” still holds the address {order.alias}."
            )

    async def name_status(self, nickname: str) -> NameStatus:
        if await self._named(nickname):
            return NameStatus.EXISTS
        return NameStatus.DELETED if await self._deleted(nickname) else NameStatus.FREE

    async def make(self, order: SiteOrder, owner_ids: list[str]) -> str:
        """The group with our key, made when it is not there, and read back by its own id."""
        by_key = f"/groups(uniqueName='{order.key}')"
        try:
            return str((await self._graph.get(f"{by_key}?$select=id"))["id"])
        except MissingError:
            pass
        people = [f"{self._graph.url}/users/{person}" for person in owner_ids[:AT_ONCE]]
        answer = await self._graph.call(
            "PATCH",
            by_key,
            {
                "displayName": order.name,
                "description": f"{order.purpose[:900]} ({order.number})",
                "mailEnabled": True,
                "mailNickname": order.alias,
                "securityEnabled": False,
                "groupTypes": ["Unified"],
                "visibility": PRIVATE,
                "classification": str(order.scenario.classification),
                "resourceBehaviorOptions": ["WelcomeEmailDisabled"],
                "creationOptions": [f"SPSiteLanguage:{LANGUAGES[order.language]}"],
                "owners@odata.bind": people,
                "members@odata.bind": people,  # an owner has to be a member too
            },
            headers={"Prefer": "create-if-missing"},
            repeatable=True,  # our key makes it one group
        )
        # 204: it was there, made by an earlier try of ours, and perhaps cannot be read yet.
        where = f"/groups/{answer.body['id']}" if "id" in answer.body else by_key
        return str((await self._graph.get(f"{where}?$select=id"))["id"])

    async def add(self, group_id: str, relation: Relation, wanted: Iterable[str]) -> None:
        """Add who is not in it yet: members twenty at a time, owners one by one."""
        have = await self.ids(group_id, relation)
        missing = [person for person in dict.fromkeys(wanted) if person not in have]
        if relation == "members" and len(missing) > 1:
            chunks = [missing[start : start + AT_ONCE] for start in range(0, len(missing), AT_ONCE)]
            missing = [person for chunk in chunks for person in await self._not_bound(group_id, chunk)]
        for person in missing:
            try:
                await self._graph.call(
                    "POST",
                    f"/groups/{group_id}/{relation}/$ref",
                    {"@odata.id": f"{self._graph.url}/users/{person}"},
                )
            except CallRefusedError as error:
                if not error.exists_already:  # by an earlier try, and not to be read yet
                    raise

    async def remove_owner(self, group_id: str, person: str) -> None:
        try:
            await self._graph.call("DELETE", f"/groups/{group_id}/owners/{person}/$ref", repeatable=True)
        except MissingError:
            return  # gone already

    async def ids(self, group_id: str, relation: Relation) -> set[str]:
        found = await self._graph.all(f"/groups/{group_id}/{relation}?$select=id&$top=100")
        return {str(one["id"]) for one in found}

    async def settings(self, group_id: str) -> tuple[str, str]:
        """Its classification and its visibility."""
        found = await self._graph.get(f"/groups/{group_id}?$select=classification,visibility")
        return str(found.get("classification")), str(found.get("visibility"))

    async def classify(self, group_id: str, classification: str) -> None:
        if (await self.settings(group_id))[0] == classification:
            return
        await self.change(group_id, {"classification": classification})
        if (await self.settings(group_id))[0] != classification:
            raise NotThereYetError("The classification cannot be read yet.")

    async def change(self, group_id: str, values: dict[str, str]) -> None:
        await self._graph.call("PATCH", f"/groups/{group_id}", values, repeatable=True)

    async def root_site(self, group_id: str) -> Built:
        """The site of the group. `NotThereYetError` until Microsoft made it."""
        site = await self._graph.get(f"/groups/{group_id}/sites/root?$select=id,webUrl")
        _, site_id, web_id = str(site["id"]).split(",")
        return Built(group_id, site_id, web_id, str(site["webUrl"]))

    async def close_to_guests(self, group_id: str) -> None:
        setting = await self._guest_setting(group_id)
        if _allows_guests(setting) is False:
            return
        values = [{"name": "AllowToAddGuests", "value": "false"}]
        where = f"/groups/{group_id}/settings"
        if setting is None:
            await self._graph.call("POST", where, {"templateId": GUEST_SETTINGS, "values": values})
        else:
            await self._graph.call("PATCH", f"{where}/{setting['id']}", {"values": values}, repeatable=True)
        if await self.guests_allowed(group_id) is not False:
            raise NotThereYetError("The setting against guests cannot be read yet.")

    async def guests_allowed(self, group_id: str) -> bool | None:
        """None when the group says nothing about it, so that the city's own setting counts."""
        return _allows_guests(await self._guest_setting(group_id))

    async def undo(self, order: SiteOrder, built: Built) -> None:
        """Delete the group with our key, also from the bin: there it would hold on to its address for 30 days."""
        try:
            found = await self._graph.get(f"/groups(uniqueName='{order.key}')?$select=id")
        except MissingError:
            group_id = built.group_id
        else:
            group_id = str(found["id"])
            await self._graph.call("DELETE", f"/groups/{group_id}", repeatable=True)
        if group_id is None:
            return
        for deleted in await self._deleted(order.alias):
            if deleted["id"] == group_id:
                await self._graph.call("DELETE", f"/directory/deletedItems/{group_id}", repeatable=True)

    async def _guest_setting(self, group_id: str) -> dict[str, Any] | None:
        settings = await self._graph.all(f"/groups/{group_id}/settings")
        return next((one for one in settings if one.get("templateId") == GUEST_SETTINGS), None)

    async def _not_bound(self, group_id: str, chunk: list[str]) -> list[str]:
        """Bind them in one call. When one was in it already all are refused: then these go one by one."""
        bound = [f"{self._graph.url}/directoryObjects/{person}" for person in chunk]
        try:
            await self._graph.call("PATCH", f"/groups/{group_id}", {"members@odata.bind": bound})
        except CallRefusedError as error:
            if not error.exists_already:
                raise
            return chunk
        return []

    async def _named(self, nickname: str) -> list[dict[str, str]]:
        where = quote(f"mailNickname eq '{nickname}'")
        return await self._graph.all(f"/groups?$filter={where}&$select=id,displayName,uniqueName")

    async def _deleted(self, nickname: str) -> list[dict[str, str]]:
        where = quote(f"mailNickname eq '{nickname}'")
        return await self._graph.all(
            f"/directory/deletedItems/microsoft.graph.group?$filter={where}&$count=true&$select=id,displayName",
            headers={"ConsistencyLevel": "eventual"},
        )


def _allows_guests(setting: dict[str, Any] | None) -> bool | None:
    if setting is None:
        return None
    values = {value["name"]: value["value"] for value in setting.get("values", ())}
    return str(values.get("AllowToAddGuests", "true")).lower() != "false"
