"""Installs the bot for people in Teams: implements `domain.chats.ports.Installer`."""

from __future__ import annotations

from urllib.parse import quote

from adapters.graph.client import Graph
from adapters.graph.http import CallRefusedError, MissingError
from domain.chats.ports import NotInstalledError
from domain.people.models import Person


class Installations:
    """`app_id` is the app's id in the city's own catalogue, which is not the one in its manifest."""

    def __init__(self, graph: Graph, app_id: str) -> None:
        self._graph = graph
        self._app = f"{graph.url}/appCatalogs/teamsApps/{quote(app_id, safe='')}"

    async def install(self, person: Person) -> None:
        path = f"/users/{quote(person.object_id, safe='')}/teamwork/installedApps"
        try:
            # Doing it twice installs it once: the second time is refused as done already.
            await self._graph.call("POST", path, {"teamsApp@odata.bind": self._app}, repeatable=True)
        except CallRefusedError as refusal:
            if refusal.status != 409:
                raise NotInstalledError(str(refusal)) from refusal
        except MissingError as missing:
            raise NotInstalledError(str(missing)) from missing
