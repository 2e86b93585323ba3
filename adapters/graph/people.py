"""Accounts: of people of the city, of service accounts, and of guests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from adapters.graph.client import Graph
from adapters.graph.http import MissingError
from domain.people.models import Person
from domain.sites.ports import NotThereYetError, RefusedError, SiteOrder

AT_ONCE = 15
"""How many values Graph takes in one filter."""


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    enabled: bool
    licensed: bool


class People:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def check(self, order: SiteOrder) -> None:
        """Refuses when somebody has no account, an owner cannot sign in, or nobody could own the team."""
        people = list({one.object_id: one for one in (*order.owners, *order.members)}.values())
        accounts = await self._accounts([person.object_id for person in people])
        if missing := [person.name for person in people if person.object_id not in accounts]:
            raise RefusedError(f"There is no account for {', '.join(missing)}.")
        if off := [owner.name for owner in order.owners if not accounts[owner.object_id].enabled]:
            raise RefusedError(f"The account of {', '.join(off)} is switched off.")
        owners = [accounts[owner.object_id] for owner in order.owners]
        service = order.scenario.service_account
        if service:
            owners = [await self._service_account(service)]
        if order.team and not any(owner.licensed for owner in owners):
            names = service or ", ".join(owner.name for owner in order.owners)
            raise RefusedError(f"A team needs an owner with a licence for Teams, and {names} has none.")

    async def group_owners(self, order: SiteOrder) -> list[str]:
        """Who owns the group: the service account of the scenario, else the owners of the site."""
        return await self.owners_of_group(order.scenario.service_account, order.owners)

    async def owners_of_group(self, service_account: str | None, owners: Sequence[Person]) -> list[str]:
        if service_account:
            return [(await self._service_account(service_account)).id]
        return [owner.object_id for owner in owners]

    async def sign_in_name(self, address: str) -> str | None:
        """The account of somebody outside the city, None before they are invited."""
        where = quote(f"mail eq '{address.replace(chr(39), chr(39) * 2)}'")
        found = await self._graph.all(f"/users?$filter={where}&$select=id,userPrincipalName")
        return str(found[0]["userPrincipalName"]) if found else None

    async def invite(self, address: str, redirect: str) -> str:
        """The sign-in name of a guest, invited when they have none."""
        if name := await self.sign_in_name(address):
            return name
        body = {
            "invitedUserEmailAddress": address,
            "inviteRedirectUrl": redirect,
            "sendInvitationMessage": True,
        }
        await self._graph.call("POST", "/invitations", body)
        if name := await self.sign_in_name(address):
            return name
        raise NotThereYetError("The guest was invited and cannot be read yet.")

    async def _accounts(self, ids: Sequence[str]) -> dict[str, Account]:
        found: dict[str, Account] = {}
        for start in range(0, len(ids), AT_ONCE):
            listed = ",".join(f"'{one}'" for one in ids[start : start + AT_ONCE])
            where = quote(f"id in ({listed})")
            path = f"/users?$filter={where}&$select=id,accountEnabled,assignedLicenses"
            for user in await self._graph.all(path):
                found[str(user["id"])] = _account(user)
        return found

    async def _service_account(self, sign_in_name: str) -> Account:
        path = f"/users/{quote(sign_in_name)}?$select=id,accountEnabled,assignedLicenses"
        try:
            return _account(await self._graph.get(path))
        except MissingError as error:
            raise RefusedError(f"There is no service account {sign_in_name}.") from error


def _account(user: dict[str, object]) -> Account:
    return Account(str(user["id"]), bool(user.get("accountEnabled")), bool(user.get("assignedLicenses")))
