"""Five faces in chat: on the receipt that closes a ticket, and at the desk lead's when it was not good."""

from __future__ import annotations

from typing import Any

from tests.attachments.office import Office
from tests.cards.reading import of_type, texts


def said(card: Any) -> str:
    return "\n".join(texts(card))


async def closed(office: Office, newest: bool = False) -> Any:
    """The receipt on which Amina has said that it works, or the newest card that asks her."""
    lead = office.services.desk.organisation.helpdesk.lead_id
    for who in {"bram", lead}:
        await office.say(who, "hallo")
    await office.report()
    await office.work()
    desk = next(card for card in office.cards("bram") if "helpdesk.resolve" in str(card))
    await office.press("bram", "helpdesk.resolve", desk, resolve="De lader is vervangen.")
    await office.work()
    asked = [card for card in office.cards("amina") if "helpdesk.close" in str(card)]
    return await office.press("amina", "helpdesk.close", asked[-1 if newest else 0])


async def test_who_says_that_it_works_under_the_answer_can_rate_it_there(office: Office) -> None:
    card = await closed(office, newest=True)
    assert "De lader is vervangen." in said(card)
    thanks = await office.press("amina", "satisfaction.rate", card, score=5)
    assert "😀" in said(thanks)


async def test_one_tap_on_the_receipt_and_one_closing_is_one_message(office: Office) -> None:
    receipt = await closed(office)
    before = len(office.cards("amina"))
    faces = [action for action in of_type(receipt, "Action.Execute") if action["verb"] == "satisfaction.rate"]
    assert [face["data"]["score"] for face in faces] == [1, 2, 3, 4, 5]
    thanks = await office.press("amina", "satisfaction.rate", receipt, score=4)
    await office.work()
    assert "4" in said(thanks)
    assert len(office.cards("amina")) == before


async def test_a_low_rating_stands_at_the_lead_and_follows_second_thoughts(office: Office) -> None:
    lead = office.services.desk.organisation.helpdesk.lead_id
    receipt = await closed(office)
    rated = await office.press("amina", "satisfaction.rate", receipt, score=1)
    await office.work()
    before = len(office.cards(lead))
    assert "😞" in said(office.cards(lead)[-1])
    await office.press("amina", "satisfaction.rate", rated, score=5, words="Toch goed geholpen.")
    await office.work()
    assert len(office.cards(lead)) == before
    assert any("Toch goed geholpen." in said(card) for card in office.cards(lead))


async def test_nonsense_in_a_press_is_refused_kindly(office: Office) -> None:
    receipt = await closed(office)
    for score in ("5", None, 7, True):
        answer = await office.press("amina", "satisfaction.rate", receipt, score=score)
        assert isinstance(answer, str | dict)
