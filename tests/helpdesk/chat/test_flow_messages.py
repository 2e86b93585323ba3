"""What flows say: in a person's chat, and in the channel of a group."""

from __future__ import annotations

import pytest

from domain.actor import Actor
from domain.errors import Conflict, Invalid, NotFound
from domain.flow_messages.actions import SendMessage, groups_with_channel, send_to_channel, send_to_person
from tests.cast import person
from tests.helpdesk.chat.office import Office, said
from tests.helpdesk.chat.test_channel import place, standing

FLOW = Actor("flow:onthaal", "onthaal")
WELCOME = SendMessage("Nieuwe collega", "**Maandag** begint <b>Dirk</b>.", "https://vlaskerke.example/dirk")


async def test_a_person_reads_it_in_their_chat_once_and_literally(office: Office) -> None:
    for _ in range(2):
        async with office.desk.units() as unit:
            await send_to_person(unit, FLOW, person("amina"), WELCOME, key="k")
    await office.work()
    [card] = [one for one in office.chat("amina") if "Nieuwe collega" in said(one)]
    assert WELCOME.text in said(card)
    assert "onthaal" in said(card)
    assert card["actions"][0]["url"] == WELCOME.link


async def test_a_group_reads_it_in_its_channel_once(office: Office) -> None:
    async with office.desk.units() as unit:
        with pytest.raises(NotFound):
            await send_to_channel(unit, FLOW, "eerste_lijn", WELCOME, key="k")
    await office.teams["bram"].say("kanaal Eerste lijn", **place())
    for _ in range(2):
        async with office.desk.units() as unit:
            assert await groups_with_channel(unit) == ["eerste_lijn"]
            await send_to_channel(unit, FLOW, "eerste_lijn", WELCOME, key="k")
    await office.work()
    [(_, card)] = standing(office)
    assert WELCOME.text in said(card)


@pytest.mark.parametrize(
    "link", ["http://x.example", "javascript:alert(1)", "https://x.example/\n", "https://" + "x" * 500]
)
async def test_a_link_that_will_not_do_is_refused(office: Office, link: str) -> None:
    async with office.desk.units() as unit:
        with pytest.raises(Invalid) as refused:
            await send_to_person(unit, FLOW, person("amina"), SendMessage("a", "b", link), key="k")
    assert refused.value.field == "link"


async def test_the_same_key_says_nothing_else(office: Office) -> None:
    async with office.desk.units() as unit:
        await send_to_person(unit, FLOW, person("amina"), WELCOME, key="k")
        with pytest.raises(Conflict):
            await send_to_person(unit, FLOW, person("dirk"), WELCOME, key="k")
