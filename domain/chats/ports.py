"""How the bot comes into somebody's chat without them: installed for them on the channel."""

from __future__ import annotations

from typing import Protocol

from domain.people.models import Person


class NotInstalledError(Exception):
    """It cannot be installed for this person, and asking again does not help. Its text says why, for an operator."""


class Installer(Protocol):
    async def install(self, person: Person) -> str | None:
        """Have the bot installed for a person; the channel then tells us of their chat. When it is installed already,
        the channel told that before, and the answer is the id of the chat that is there.

        Raises `NotInstalledError`; anything else is tried again.
        """
        ...


class NoInstaller:
    """Where the app's id in the city's catalogue is not known."""

    async def install(self, person: Person) -> str | None:
        raise NotInstalledError("WIJZER_TEAMS_APP_ID is not set")
