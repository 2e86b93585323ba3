"""The helpdesk's channel: one card per ticket that follows it, and a thread whose replies are answers or notes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.helpdesk.models import ticket_messages, ticket_notes, tickets
from tests.cards.reading import of_type
from tests.helpdesk.chat.office import LAPTOP, Office, contents, said

CHANNEL = "19:helpdesk@thread.tacv2"


def place(thread: str = "") -> dict[str, Any]:
    return {"conversation": {"id": CHANNEL + thread, "conversationType": "channel", "isGroup": True}}


def standing(office: Office) -> list[tuple[str, dict[str, Any]]]:
    """Cards in the channel itself, by the id of their activity."""
    return [
        (key[1], contents(body)[0])
        for key, body in office.server.standing.items()
        if key[0] == CHANNEL and contents(body)
    ]


def in_thread(office: Office, root: str) -> list[dict[str, Any]]:
    chat = f"{CHANNEL};messageid={root}"
    return [body for key, body in office.server.standing.items() if key[0] == chat]


async def opened(office: Office) -> str:
    """A ticket of Amina's in the first line's channel; the id of its card there."""
    await office.teams["bram"].say("kanaal Eerste lijn", **place())
    await office.report()
    [(root, card)] = standing(office)
    assert LAPTOP in said(card)
    return root


async def test_one_card_per_ticket_that_follows_it(office: Office) -> None:
    root = await opened(office)
    [(_, card)] = standing(office)
    assign = next(one for one in of_type(card, "Action.Execute") if one["verb"] == "helpdesk.assign")
    answer = await office.teams["carla"].deliver(
        office.teams["carla"].pressing("helpdesk.assign", root, **assign["data"])
        | place(f";messageid={root}")
    )
    assert answer.body is not None
    assert "Carla Maes" in said(answer.body["value"])
    await office.work()
    assert [(key, "Carla Maes" in said(card)) for key, card in standing(office)] == [(root, True)]


async def test_a_new_post_in_teams_is_a_thread_of_its_own_and_makes_the_channel_one_of_the_desk(
    office: Office,
) -> None:
    await office.teams["bram"].say("kanaal Eerste lijn", **place(";messageid=1767100000001"))
    await office.report()
    [(root, card)] = standing(office)
    assert LAPTOP in said(card)
    # In the thread of a ticket the same words are a reply.
    await office.teams["bram"].say("kanaal van de leverancier gebeld", **place(f";messageid={root}"))
    [asked] = in_thread(office, root)
    assert "kanaal van de leverancier gebeld" in str(asked)


async def test_a_reply_in_the_thread_leaves_the_desk_only_when_that_is_chosen(office: Office) -> None:
    root = await opened(office)
    for who, chosen, words in (("bram", "note", "Weer dat model"), ("carla", "answer", "Brandt het lampje?")):
        await office.teams[who].say(words, **place(f";messageid={root}"))
        asked = contents(in_thread(office, root)[-1])[0]
        assert await office.count(ticket_messages) == 0
        button = next(one for one in of_type(asked, "Action.Execute") if one["data"].get("as") == chosen)
        card_id = [key[1] for key in office.server.standing if key[0].endswith(root)][-1]
        pressing = office.teams[who].pressing("desk.thread", card_id, **button["data"], text=words)
        await office.teams[who].deliver(pressing | place(f";messageid={root}"))
        # Another agent presses the same card: it has been dealt with.
        again = office.teams["tine"].pressing(
            "desk.thread", card_id, **{**button["data"], "as": "resolve"}, text=words
        )
        late = await office.teams["tine"].deliver(again | place(f";messageid={root}"))
        assert late.body is not None
        assert "Iemand anders was eerst" in str(late.body["value"])
        await office.work()
        assert words in said(contents(in_thread(office, root)[-1])[0])
    assert await office.count(ticket_notes) == 1
    assert await office.count(ticket_messages) == 1
    everything = "\n".join(said(card) for card in office.chat("amina"))
    assert "Brandt het lampje?" in everything
    assert "Weer dat model" not in everything


async def test_a_prefix_says_what_it_is_at_once(office: Office) -> None:
    root = await opened(office)
    await office.teams["bram"].say("antwoord: We komen langs.", **place(f";messageid={root}"))
    await office.teams["bram"].say("notitie: derde keer dit jaar", **place(f";messageid={root}"))
    await office.work()
    assert "We komen langs." in said(office.chat("amina")[-1])
    async with office.desk.units.read() as unit:
        assert (await unit.db.execute(select(ticket_notes.c.text))).scalar_one() == "derde keer dit jaar"


async def test_what_the_requester_says_comes_into_the_thread(office: Office) -> None:
    root = await opened(office)
    await office.press("amina", "helpdesk.reply", office.chat("amina")[0], reply="Er komt rook uit")
    await office.work()
    assert "Er komt rook uit" in said(contents(in_thread(office, root)[-1])[0])


async def test_a_ticket_that_goes_to_another_group_comes_in_its_channel_too(office: Office) -> None:
    root = await opened(office)
    second = {
        "conversation": {"id": "19:tweede@thread.tacv2", "conversationType": "channel", "isGroup": True}
    }
    await office.teams["tine"].say("kanaal tweede_lijn", **second)
    async with office.desk.units.read() as unit:
        ticket_id = (await unit.db.execute(select(tickets.c.id))).scalar_one()
    await office.teams["bram"].press("desk.escalate", None, id=ticket_id, seen=1, why="")
    await office.work()
    there = [
        contents(body)[0]
        for key, body in office.server.standing.items()
        if key[0] == "19:tweede@thread.tacv2" and contents(body)
    ]
    assert LAPTOP in said(there[-1])
    assert "Netwerk en toepassingen" in said(dict(standing(office))[root])


async def test_nobody_else_answers_in_the_thread_or_makes_a_channel(office: Office) -> None:
    root = await opened(office)
    await office.teams["dirk"].say("antwoord: ik ben geen behandelaar", **place(f";messageid={root}"))
    await office.teams["dirk"].say("kanaal Eerste lijn", **place())
    await office.work()
    assert await office.count(ticket_messages) == 0
    pressing = office.teams["amina"].pressing("desk.show", root, id=root)
    answer = await office.teams["amina"].deliver(pressing | place(f";messageid={root}"))
    assert answer.body is not None
    assert isinstance(answer.body["value"], str)


async def test_the_desks_list_and_file_are_not_shown_to_a_whole_channel(office: Office) -> None:
    root = await opened(office)
    await office.teams["bram"].say("werkvoorraad", **place())
    [(_, card)] = [one for one in standing(office) if one[0] == root]
    show = next(one for one in of_type(card, "Action.Execute") if one["verb"] == "desk.show")
    before = len(office.chat("carla"))
    pressing = office.teams["carla"].pressing("desk.show", root, **show["data"])
    answer = await office.teams["carla"].deliver(pressing | place(f";messageid={root}"))
    assert answer.body is not None
    assert "in onze eigen chat" in answer.body["value"]
    await office.work()
    assert len(office.chat("carla")) == before + 1
