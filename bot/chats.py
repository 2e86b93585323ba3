"""Keeping where people can be reached, at no cost in the turns where nothing changed."""

from __future__ import annotations

from domain.chats import actions
from domain.chats.actions import Address
from domain.unit import Units


class KnownChats:
    """What this process knows to be in the chats table already: at most one address per person."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._known: dict[str, Address] = {}

    async def remember(self, address: Address) -> None:
        if self._known.get(address.person_id) == address:
            return
        async with self._units.read() as unit:
            stored = await actions.chat_of(unit, address.person_id)
        if stored != address:
            async with self._units() as unit:
                await actions.remember_chat(unit, address)
        self._known[address.person_id] = address
