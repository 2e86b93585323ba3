"""The message extension, as Teams calls it: a dialog beside a message, and a search box."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from adapters.organisation.tips import load_tips
from domain.chats.models import Chat
from domain.helpdesk.models import tickets
from domain.quotes.models import quotes
from domain.tables import new_id
from domain.tips.actions import record_questions
from domain.tips.bringing import import_tips
from domain.tips.tip import Asked, Zone
from tests.attachments.office import Office
from tests.cards.reading import of_type, texts
from tests.cast import ORGANISATION
from tests.extensions.test_teams import MESSAGE

FILLED = {"kind": "incident", "text": "", "urgency": "high", "impact": "low"}


async def invoke(office: Office, who: str, name: str, **value: Any) -> Any:
    """The body of the answer. It comes from a chat of two colleagues, in which the bot is not."""
    chat = office.chat_of(who)
    place = {"id": "19:two@unq.gbl.spaces", "conversationType": "personal"}
    activity = chat.activity(type="invoke", name=name, text=None, value=value, conversation=place)
    answer = await chat.deliver(activity)
    assert answer.status == 200, answer
    return answer.body


async def opened(office: Office, who: str = "amina") -> Any:
    body = await invoke(
        office, who, "composeExtension/fetchTask", commandId="reportMessage", messagePayload=MESSAGE
    )
    assert body["task"]["type"] == "continue"
    return body["task"]["value"]["card"]["content"]


async def submitted(office: Office, form: Any, who: str = "amina", **changed: Any) -> Any:
    [button] = of_type(form, "Action.Submit")
    data = {**button["data"], **FILLED, **changed}
    return await invoke(
        office,
        who,
        "composeExtension/submitAction",
        commandId="reportMessage",
        data=data,
        messagePayload=MESSAGE,
    )


async def found(office: Office, who: str, words: str, **options: Any) -> list[str]:
    """The lines of the list."""
    parameters = [{"name": "words", "value": words}]
    command = options.pop("command", "findTickets")
    body = await invoke(
        office, who, "composeExtension/query", commandId=command, parameters=parameters, queryOptions=options
    )
    assert body["composeExtension"]["type"] == "result"
    return [each["preview"]["content"]["title"] for each in body["composeExtension"]["attachments"]]


async def rows(office: Office, table: Any) -> list[Any]:
    async with office.services.units.read() as unit:
        return list(await unit.db.execute(select(table)))


async def test_a_message_becomes_a_ticket_with_its_text_author_and_link(office: Office) -> None:
    await office.say("amina", "hallo")
    form = await opened(office)
    assert "Dirk Peeters" in "\n".join(texts(form))

    body = await submitted(office, form)
    [shared] = body["composeExtension"]["attachments"]
    assert "I-" in "\n".join(texts(shared["content"]))
    await office.work()

    [ticket] = await rows(office, tickets)
    assert (ticket.requester_id, ticket.title) == ("amina", "De printer doet niets.")
    [quote] = await rows(office, quotes)
    assert (quote.author, quote.author_id, quote.link) == ("Dirk Peeters", "dirk", MESSAGE["linkToMessage"])
    receipt = office.cards("amina")[-1]
    assert "Dirk Peeters" in "\n".join(texts(receipt))
    assert MESSAGE["linkToMessage"] in [action["url"] for action in of_type(receipt, "Action.OpenUrl")]


async def test_the_chat_of_two_colleagues_is_not_taken_for_the_persons_own(office: Office) -> None:
    await office.say("amina", "hallo")
    await opened(office)
    [chat] = [row for row in await rows(office, Chat.__table__) if row.person_id == "amina"]
    assert chat.conversation_id == "a:amina"


async def test_a_dialog_that_is_sent_twice_reports_once(office: Office) -> None:
    form = await opened(office)
    await submitted(office, form)
    await submitted(office, form)
    assert len(await rows(office, tickets)) == 1
    assert len(await rows(office, quotes)) == 1


async def test_an_incomplete_dialog_comes_back_with_what_was_typed(office: Office) -> None:
    body = await submitted(office, await opened(office), urgency="", text="Het is dringend")
    again = body["task"]["value"]["card"]["content"]
    boxes = {box["id"]: box.get("value") for box in of_type(again, "Input.")}
    assert boxes["text"] == "Het is dringend"
    assert boxes["kind"] == "incident"
    assert await rows(office, tickets) == []


async def test_own_words_come_before_those_of_the_message(office: Office) -> None:
    await submitted(office, await opened(office), text="Onze printer is stuk.", kind="request")
    [ticket] = await rows(office, tickets)
    assert (ticket.kind, ticket.text) == ("request", "Onze printer is stuk.")


async def test_people_find_their_own_tickets_and_agents_everybodys(office: Office) -> None:
    await office.report("amina", "de printer op het eerste verdiep doet niets meer")
    await office.report("dirk", "de printer aan de balie is stuk")
    await office.work()

    assert len(await found(office, "bram", "printer")) == 2
    assert len(await found(office, "bram", "print")) == 2
    [mine] = await found(office, "amina", "printer")
    assert "eerste verdiep" in mine
    assert await found(office, "amina", "balie") == []
    number = mine.split(" ")[0]
    assert len(await found(office, "amina", number)) == 1
    assert await found(office, "dirk", number) == []
    assert len(await found(office, "bram", "")) == 2
    assert len(await found(office, "dirk", "")) == 1


async def test_a_long_list_is_shown_in_pages(office: Office) -> None:
    for n in range(7):
        await office.report("amina", f"de printer nummer {n} doet niets meer")
    await office.work()
    pages = [await found(office, "bram", "printer", skip=skip, count=3) for skip in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len({line for page in pages for line in page}) == 7


async def test_a_search_goes_on_behind_the_tickets_it_looks_at_at_a_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("de kelder", "de balie", "de kelder", "de balie", "de balie", "de balie"):
        await office.report("amina", f"de printer in {place} doet niets meer")
    await office.work()
    monkeypatch.setattr("domain.helpdesk.search.SCANNED", 2)
    assert [len(await found(office, "bram", "printer kelder", skip=n, count=1)) for n in range(3)] == [
        1,
        1,
        0,
    ]


async def test_tips_are_found_and_bring_their_own_card(office: Office) -> None:
    tips = load_tips(ORGANISATION)
    async with office.services.units() as unit:
        await import_tips(unit, tips.tips, tips.synonyms)
    lines = await found(office, "amina", "document delen buiten de stad", command="findTips")
    assert lines
    assert await found(office, "amina", "", command="findTips") == []
    asked = Asked(new_id(), "dirk", "nl", "delen", Zone.ANSWER, 0.9, ("delen-stopzetten",))
    async with office.services.units() as unit:
        await record_questions(unit, [asked])
    assert await found(office, "amina", "", command="findTips") == ["Hoe stop ik met delen?"]
    again = Asked(new_id(), "dirk", "fr", "partage", Zone.ANSWER, 0.9, ("delen-stopzetten-fr",))
    async with office.services.units() as unit:
        await record_questions(unit, [again])
    assert await found(office, "amina", "", command="findTips") == ["Hoe stop ik met delen?"]
    first = await found(office, "amina", "delen", command="findTips", skip=0, count=2)
    second = await found(office, "amina", "delen", command="findTips", skip=2, count=2)
    assert not {*first} & {*second}


async def test_a_stranger_is_told_so_in_the_search_box(office: Office) -> None:
    chat = office.chat_of("amina")
    who = {"id": "29:x", "aadObjectId": "00000000-0000-4000-8000-000000000000", "name": "X"}
    activity = chat.activity(
        type="invoke", name="composeExtension/query", text=None, value={}, **{"from": who}
    )
    answer = await chat.deliver(activity)
    assert answer.body is not None
    assert answer.body["composeExtension"]["type"] == "message"


async def test_an_invoke_nobody_knows_is_not_implemented(office: Office) -> None:
    chat = office.chat_of("amina")
    answer = await chat.deliver(chat.activity(type="invoke", name="something/else", text=None, value={}))
    assert answer.status == 501
