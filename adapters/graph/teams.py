"""Teams on groups, with a tab for each library."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.graph.client import Graph
from adapters.graph.http import CallRefusedError, MissingError
from adapters.graph.libraries import Library
from domain.sites.ports import Built, NotThereYetError, RefusedError

LIBRARY_TAB = "com.microsoft.teamspace.tab.files.sharepoint"
"""Microsoft's app that shows a document library in a tab."""
_OPERATION = re.compile(
    r"/teams\('([0-9a-f-]+)'\)/operations\('([^']+)'\)|/teams/([0-9a-f-]+)/operations/(.+)"
)


class Teams:
    """`poll_after` is how long to wait between two looks at what Microsoft is making, in seconds."""

    def __init__(self, graph: Graph, poll_after: float) -> None:
        self._graph = graph
        self._poll_after = poll_after

    async def make(self, group_id: str, operation: str | None) -> None:
        """A team on the group. Raises `NotThereYetError`, with where to look, until Microsoft made it."""
        if await self.exists(group_id):
            return
        if operation is None:
            body = {
                "template@odata.bind": f"{self._graph.url}/teamsTemplates('standard')",
                "group@odata.bind": f"{self._graph.url}/groups('{group_id}')",
            }
            try:
                answer = await self._graph.call("POST", "/teams", body)
            except CallRefusedError as error:
                if error.status != 409:  # it is there, by an earlier try of ours, and cannot be read yet
                    raise
                raise NotThereYetError("The team cannot be read yet.", self._poll_after) from error
            made = Built(team_operation=answer.location)
            raise NotThereYetError("Microsoft is making the team.", self._poll_after, made)
        status, reason = await self._status(operation)
        if status == "failed":
            raise RefusedError(f"Microsoft could not make the team: {reason}")
        raise NotThereYetError(f"Microsoft is making the team: {status}.", self._poll_after)

    async def exists(self, group_id: str) -> bool:
        return await self._archived(group_id) is not None

    async def archive(self, group_id: str, wanted: bool) -> bool:
        """Archive the team, or bring it back. False when there is no team."""
        archived = await self._archived(group_id)
        if archived is None:
            return False
        if archived is not wanted:
            verb = "archive" if wanted else "unarchive"
            body = {"shouldSetSpoSiteReadOnlyForMembers": True} if wanted else None
            await self._graph.call("POST", f"/teams/{group_id}/{verb}", body, repeatable=True)
            if await self._archived(group_id) is not wanted:
                raise NotThereYetError(f"Microsoft is still at it: {verb}.", self._poll_after)
        return True

    async def add_tabs(self, group_id: str, libraries: Sequence[Library]) -> None:
        """A tab in the general channel for each library. Twins are possible, so look before each."""
        for library in libraries:
            channel, have = await self._tabs(group_id)
            if library.title in have:
                continue
            body = {
                "displayName": library.title,
                "teamsApp@odata.bind": f"{self._graph.url}/appCatalogs/teamsApps/{LIBRARY_TAB}",
                "configuration": {"entityId": "", "contentUrl": library.url},
            }
            await self._graph.call("POST", f"/teams/{group_id}/channels/{channel}/tabs", body)

    async def tabs(self, group_id: str) -> set[str]:
        return (await self._tabs(group_id))[1]

    async def _tabs(self, group_id: str) -> tuple[str, set[str]]:
        """The id of the general channel, and the names of its tabs."""
        channel = str((await self._graph.get(f"/teams/{group_id}/primaryChannel?$select=id"))["id"])
        tabs = await self._graph.all(f"/teams/{group_id}/channels/{channel}/tabs?$select=displayName")
        return channel, {str(tab.get("displayName")) for tab in tabs}

    async def _archived(self, group_id: str) -> bool | None:
        """None when there is no team."""
        try:
            return bool((await self._graph.get(f"/teams/{group_id}?$select=isArchived")).get("isArchived"))
        except MissingError:
            return None

    async def _status(self, operation: str) -> tuple[str, str]:
        """How far an operation is, and why it failed. `operation` is the relative address from a 202."""
        found = _OPERATION.search(operation)
        if found is None:
            raise RefusedError("Microsoft did not say where to see how far the team is.")
        team, number = found[1] or found[3], found[2] or found[4]
        try:
            answer = await self._graph.get(f"/teams/{team}/operations/{number}")
        except MissingError:
            return "not started", ""
        error = answer.get("error") or {}
        return str(answer.get("status")), str(error.get("message", "") if isinstance(error, dict) else error)
