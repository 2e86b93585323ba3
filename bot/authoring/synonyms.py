"""Words that mean the same to the search, kept by the authors in chat."""

from __future__ import annotations

from bot.authoring.faces import found_from_now
from bot.turn import Reply, Turn
from cards.authoring import synonyms as cards
from cards.authoring.synonyms import SynonymForm
from domain.authoring.synonyms import LONGEST_WORD, get_group, list_groups, remove_group, save_group
from domain.authoring.writing import check_author
from domain.errors import Invalid
from domain.tables import is_id, new_id


async def groups(turn: Turn) -> Reply:
    word, cursor = turn.field("word")[:LONGEST_WORD], turn.field("cursor") or None
    async with turn.desk.units.read() as unit:
        page = await list_groups(unit, turn.actor, word=word, cursor=cursor)
    return Reply(cards.groups(turn.t, page.groups, word, page.cursor))


async def form(turn: Turn) -> Reply:
    """A group to change, or a new one."""
    check_author(turn.actor)
    if not turn.field("id"):
        return Reply(cards.form(turn.t, SynonymForm(new_id(), language=turn.person.language)))
    async with turn.desk.units.read() as unit:
        group = await get_group(unit, turn.actor, turn.field("id"))
    return Reply(cards.form(turn.t, SynonymForm(new_id(), group.id, group.language, ", ".join(group.words))))


async def save(turn: Turn) -> Reply:
    """The list, or the form again with what is wrong at its place."""
    form_id = turn.field("form") if is_id(turn.field("form")) else new_id()
    values = SynonymForm(form_id, turn.field("id"), turn.field("language"), turn.field("words"))
    typed = values.words.replace("=", ",").replace(";", ",").split(",")
    try:
        async with turn.desk.units() as unit:
            key = f"synonyms:{form_id}"
            await save_group(unit, turn.actor, values.id, values.language, typed, key)
    except Invalid as error:
        problems = turn.t.problems(error, "words")
        return Reply(
            cards.form(turn.t, SynonymForm(form_id, values.id, values.language, values.words, problems))
        )
    return await _first_page(turn)


async def remove(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await remove_group(unit, turn.actor, turn.field("id"))
    return await _first_page(turn)


async def _first_page(turn: Turn) -> Reply:
    """After a change."""
    await found_from_now(turn.desk)
    async with turn.desk.units.read() as unit:
        page = await list_groups(unit, turn.actor)
    return Reply(cards.groups(turn.t, page.groups, "", page.cursor))


VERBS = {
    "authoring.synonyms": groups,
    "authoring.synonym": form,
    "authoring.synonym_save": save,
    "authoring.synonym_remove": remove,
}
