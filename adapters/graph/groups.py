"""Groups, people and guests, through Microsoft Graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from urllib.parse import quote

from adapters.graph.http import CallRefusedError, Http, MissingError
from domain.sites.ports import BusyError, NotThereYetError, RefusedError, SiteOrder

GUEST_SETTINGS = "08d542b9-071f-4e16-94b0-74abb372e3d9"
"""Microsoft's template "Group.Unified.Guest"."""
DUTCH = 1043
"""The language of new sites, by Microsoft's number."""

Relation = Literal["owners", "members"]


class Groups:
    """`url` is Graph's, with its version: `https://graph.microsoft.com/v1.0`."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url

    async def check_nickname(self, order: SiteOrder) -> None:
        """Refuses when another group has the mail nickname, or a deleted one still holds it."""
        where = quote(f"mailNickname eq '{order.alias}'")
        used = await self._all(f"/groups?$filter={where}&$select=id,displayName,uniqueName")
        if any(group.get("uniqueName") != order.key for group in used):
            raise RefusedError(
                f"The group “{used[0].get('displayName')}” has the address {order.alias} already."
            )
        deleted = await self._all(
            f"/directory/deletedItems/microsoft.graph.group?$filter={where}&$count=true&$select=id,displayName",
            headers={"ConsistencyLevel": "eventual"},
        )
        if deleted:
            raise RefusedError(
                f"The deleted group “{deleted[0].get('displayName')}” still holds the address {order.alias}."
            )

    async def make(self, order: SiteOrder) -> str:
        """The group with our key, made when it is not there."""
        by_key = f"/groups(uniqueName='{order.key}')"
        try:
            return str((await self._get(f"{by_key}?$select=id"))["id"])
        except MissingError:
            pass
        owners = await self.owner_ids(order)
        people = [f"{self._url}/users/{person}" for person in owners[:20]]
        answer = await self._http.call(
            "PATCH",
            self._url + by_key,
            {
                "displayName": order.name,
                "description": f"{order.purpose[:900]} ({order.number})",
                "mailEnabled": True,
                "mailNickname": order.alias,
                "securityEnabled": False,
                "groupTypes": ["Unified"],
                "visibility": "Private",
                "classification": str(order.scenario.classification),
                "resourceBehaviorOptions": ["WelcomeEmailDisabled"],
                "creationOptions": [f"SPSiteLanguage:{DUTCH}"],
                "owners@odata.bind": people,
                "members@odata.bind": people,  # an owner has to be a member too
            },
            headers={"Prefer": "create-if-missing"},
            repeatable=True,  # our key makes it one group
        )
        if "id" in answer.body:
            return str(answer.body["id"])
        # 204: it was there, made by an earlier try of ours, and can only not be read yet.
        return str((await self._get(f"{by_key}?$select=id"))["id"])

    async def owner_ids(self, order: SiteOrder) -> list[str]:
        """Who owns the group: the service account of the scenario, else the owners of the site."""
        if not order.scenario.service_account:
            return [owner.object_id for owner in order.owners]
        account = await self._get(f"/users/{quote(order.scenario.service_account)}?$select=id")
        return [str(account["id"])]

    async def add(self, group_id: str, relation: Relation, wanted: Iterable[str]) -> None:
        """Add who is not in it yet."""
        have = await self.ids(group_id, relation)
        for person in dict.fromkeys(wanted):
            if person in have:
                continue
            try:
                await self._http.call(
                    "POST",
                    f"{self._url}/groups/{group_id}/{relation}/$ref",
                    {"@odata.id": f"{self._url}/users/{person}"},
                )
            except CallRefusedError as error:
                if not error.exists_already:  # by an earlier try, and not to be read yet
                    raise

    async def ids(self, group_id: str, relation: Relation) -> set[str]:
        return {
            str(one["id"]) for one in await self._all(f"/groups/{group_id}/{relation}?$select=id&$top=100")
        }

    async def classification(self, group_id: str) -> str:
        return str((await self._get(f"/groups/{group_id}?$select=classification")).get("classification"))

    async def root_site(self, group_id: str) -> tuple[str, str]:
        """The id of the site collection, and its address. `NotThereYetError` until Microsoft made it."""
        site = await self._get(f"/groups/{group_id}/sites/root?$select=id,webUrl")
        return str(site["id"]).split(",")[1], str(site["webUrl"])

    async def close_to_guests(self, group_id: str) -> None:
        allowed = await self.guests_allowed(group_id)
        if allowed is False:
            return
        if allowed is True:
            raise RefusedError("The group has a setting of its own that lets guests in.")
        await self._http.call(
            "POST",
            f"{self._url}/groups/{group_id}/settings",
            {"templateId": GUEST_SETTINGS, "values": [{"name": "AllowToAddGuests", "value": "false"}]},
        )
        if await self.guests_allowed(group_id) is not False:
            raise NotThereYetError("The setting against guests cannot be read yet.")

    async def guests_allowed(self, group_id: str) -> bool | None:
        """None when the group says nothing about it, so that the city's own setting counts."""
        for setting in await self._all(f"/groups/{group_id}/settings"):
            if setting.get("templateId") == GUEST_SETTINGS:
                values = {value["name"]: value["value"] for value in setting.get("values", ())}
                return str(values.get("AllowToAddGuests", "true")).lower() != "false"
        return None

    async def sign_in_name(self, address: str) -> str | None:
        """The account of somebody outside the city, None before they are invited."""
        where = quote(f"mail eq '{address.replace(chr(39), chr(39) * 2)}'")
        found = await self._all(f"/users?$filter={where}&$select=id,userPrincipalName")
        return str(found[0]["userPrincipalName"]) if found else None

    async def invite(self, address: str, redirect: str) -> str:
        """The sign-in name of a guest, invited when they have none."""
        if name := await self.sign_in_name(address):
            return name
        await self._http.call(
            "POST",
            f"{self._url}/invitations",
            {
                "invitedUserEmailAddress": address,
                "inviteRedirectUrl": redirect,
                "sendInvitationMessage": True,
            },
        )
        if name := await self.sign_in_name(address):
            return name
        raise NotThereYetError("The guest was invited and cannot be read yet.")

    async def _get(self, path: str) -> dict[str, Any]:
        return (await self._http.get(self._url + path)).body

    async def _all(self, path: str, headers: dict[str, str] | None = None) -> Sequence[dict[str, Any]]:
        """Every page of a list."""
        found: list[dict[str, Any]] = []
        url: str | None = self._url + path
        while url:
            if not url.startswith(self._url + "/"):
                raise BusyError("A list goes on at an address that is not Graph's.")
            page = (await self._http.get(url, headers)).body
            found += page.get("value", [])
            url = page.get("@odata.nextLink")
        return found
