"""Finding the one colleague somebody typed: by name, or by address."""

from __future__ import annotations

from domain.errors import Invalid
from domain.people.models import Person
from domain.people.ports import Directory

LONGEST = 120
LOOKED_AT = 50
"""People with what was typed in their name, among whom somebody may have it as their whole name or first name."""
SHOWN = 4
"""How many of several people are named in the question which one it is."""


async def find_colleague(directory: Directory, typed: str, field: str = "colleague") -> Person:
    """Raises `Invalid` with this field when nobody, or more than one person, answers to what was typed."""
    typed = " ".join(typed.split())[:LONGEST]
    if not any(character.isalnum() for character in typed):
        raise Invalid("Choose a colleague.", field=field)
    if "@" in typed:
        person = await directory.by_email(typed)
        found = [person] if person else []
    else:
        found = list(await directory.search(typed, LOOKED_AT))
        wanted = typed.casefold()
        whole = [one for one in found if one.name.casefold() == wanted]
        found = whole or [one for one in found if one.first_name.casefold() == wanted] or found
    if not found:
        raise Invalid("I do not know {name}. Type a name or an e-mail address.", field=field, name=typed)
    if len(found) > 1:
        names = ", ".join(person.name for person in found[:SHOWN])
        raise Invalid("Which of these do you mean: {names}?", field=field, names=names)
    return found[0]
