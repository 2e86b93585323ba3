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
        self._app_id = app_id
        self._app = f"{graph.url}/appCatalogs/teamsApps/{quote(app_id, safe='')}"

    async def install(self, person: Person) -> str | None:
        path = f"/users/{quote(person.object_id, safe='')}/teamwork/installedApps"
        try:
            # Doing it twice installs it once: the second time is refused as done already.
            await self._graph.call("POST", path, {"teamsApp@odata.bind": self._app}, repeatable=True)
        except CallRefusedError as refusal:
            if refusal.status != 409:
                raise NotInstalledError(str(refusal)) from refusal
            return await self._chat(path)
        except MissingError as missing:
            raise NotInstalledError(str(missing)) from missing
        return None

    async def _chat(self, path: str) -> str | None:
        """The chat of an installation that was there before. Teams told of it then, and does not tell again."""
        app_id = self._app_id.replace("'", "''")
        wanted = quote(f"teamsApp/id eq '{app_id}'", safe="")
        found = await self._graph.all(f"{path}?$expand=teamsApp&$filter={wanted}")
        if not found:
            return None  # taken away in the meantime
        chat = await self._graph.get(f"{path}/{quote(found[0]['id'], safe='')}/chat")
        return str(chat["id"])
