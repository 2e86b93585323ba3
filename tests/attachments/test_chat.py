"""Files in chat, from the message that brings them to the link that opens them."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.attachments.contents import EXE, PDF, PNG
from tests.attachments.office import DOWNLOAD_INFO, Office
from tests.cards.reading import of_type, texts

LAPTOP = "mijn laptop start niet meer op"


def said(card: Any) -> str:
    return "\n".join(texts(card))


async def newest_file(office: Office, who: str, receipt: Any) -> tuple[str, str]:
    """The name and the link of the first file in the list that a ticket's card opens."""
    listed = await office.press(who, "attachments.list", receipt)
    return said(listed), next(iter(of_type(listed, "Action.OpenUrl")))["url"]


async def test_a_picture_sent_with_a_report_goes_along_with_the_form(office: Office) -> None:
    form = await office.say("amina", LAPTOP, office.sent("scherm.png", PNG))
    assert "scherm.png" in said(form)

    await office.press("amina", "helpdesk.submit", form, text=LAPTOP, urgency="high", impact="low")
    await office.work()
    receipt = office.cards("amina")[0]
    assert "scherm.png" in said(receipt)

    listed, url = await newest_file(office, "amina", receipt)
    assert "scherm.png" in listed
    answer = await office.open(url)
    assert answer.status_code == 200
    assert answer.get_body() == PNG
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_several_at_once_reach_the_desk_and_the_wrong_one_is_named_to_its_sender(
    office: Office,
) -> None:
    await office.say("bram", "hallo")
    await office.report(
        "amina",
        LAPTOP,
        office.sent("een.png", PNG),
        office.sent("programma.exe", EXE, "application/octet-stream"),
        office.sent("leeg.txt", b"", "text/plain"),
        office.sent("twee.pdf", PDF, "application/pdf"),
    )
    await office.work()

    refused = said(office.cards("amina")[-1])
    assert "programma.exe" in refused
    assert "leeg.txt" in refused
    desk = said(office.cards("bram")[-1])
    assert "een.png" in desk
    assert "twee.pdf" in desk
    assert "programma.exe" not in desk


async def test_a_form_in_another_kind_still_carries_the_files(office: Office) -> None:
    form = await office.say("amina", LAPTOP, office.sent("scherm.png", PNG))
    other = await office.press("amina", "helpdesk.form", form, text=LAPTOP)
    wrong = await office.press("amina", "helpdesk.submit", other, text="", urgency="high", impact="low")
    assert "scherm.png" in said(wrong)
    await office.press("amina", "helpdesk.submit", wrong, text=LAPTOP, urgency="high", impact="low")
    await office.work()
    assert any("scherm.png" in said(card) for card in office.cards("amina"))


async def test_a_file_alone_is_asked_about_and_lands_on_the_ticket_that_was_chosen(office: Office) -> None:
    await office.say("bram", "hallo")
    await office.report()
    await office.work()
    question = await office.say("amina", "", office.sent("foto.png", PNG))
    [choice] = [each for each in of_type(question, "Input.ChoiceSet") if each["id"] == "ticket"]
    assert choice["value"]  # there is only one to choose

    shown = await office.press(
        "amina", "attachments.add", question, ticket=choice["value"], number="", text=""
    )
    await office.work()
    assert "foto.png" in said(shown)
    assert any("foto.png" in said(card) for card in office.cards("bram"))


async def test_an_agents_file_reaches_the_requester_and_one_for_the_desk_does_not(office: Office) -> None:
    await office.say("bram", "hallo")
    receipt = await office.report()
    await office.work()
    number = next(word for word in said(receipt).split() if word.startswith("I-"))

    for name, internal in (("handleiding.pdf", "no"), ("alleen-wij.pdf", "yes")):
        question = await office.say("bram", "", office.sent(name, PDF, "application/pdf"))
        given = {"ticket": "", "number": number, "text": f"zie {name}", "internal": internal}
        await office.press("bram", "attachments.add", question, **given)
        await office.work()

    theirs = "\n".join(said(card) for card in office.cards("amina"))
    assert "handleiding.pdf" in theirs
    assert "alleen-wij.pdf" not in theirs
    assert any("alleen-wij.pdf" in said(card) for card in office.cards("bram"))
    card = next(card for card in office.cards("amina") if "attachments.list" in str(card))
    listed, url = await newest_file(office, "amina", card)
    assert "alleen-wij.pdf" not in listed
    assert (await office.open(url)).get_body() == PDF


async def test_a_file_on_somebody_elses_ticket_is_not_found(office: Office) -> None:
    receipt = await office.report()
    number = next(word for word in said(receipt).split() if word.startswith("I-"))
    question = await office.say("dirk", "", office.sent("foto.png", PNG))
    again = await office.press("dirk", "attachments.add", question, number=number, ticket="", text="")
    await office.work()

    assert "Die melding bestaat niet" in said(again) or "bestaat" in said(again)
    assert not any("foto.png" in said(card) for card in office.cards("amina"))


async def test_files_of_another_persons_message_cannot_be_taken(office: Office) -> None:
    mine = await office.say("amina", "", office.sent("geheim.png", PNG))
    batch = next(action["data"]["files"] for action in of_type(mine, "Action.Execute"))
    receipt = await office.report("dirk", "mijn muis is stuk")
    await office.work()
    number = next(word for word in said(receipt).split() if word.startswith("I-"))
    answer = await office.chat_of("dirk").press("attachments.add", None, files=batch, number=number)
    await office.work()
    assert answer.body is not None
    assert not any("geheim.png" in said(card) for card in office.cards("dirk"))


async def test_a_link_of_a_colleague_who_may_not_see_it_opens_nothing(office: Office) -> None:
    await office.report("amina", LAPTOP, office.sent("scherm.png", PNG))
    await office.work()
    _, url = await newest_file(office, "amina", office.cards("amina")[0])
    links, desk = office.services.desk.links, office.services.desk
    async with desk.units.read() as unit:
        now = unit.now
    subject = links.open(url.rpartition("/")[2], now).subject
    stolen = links.link("file", subject, "dirk", now)
    answer = await office.open(stolen, **{"Accept-Language": "nl-BE"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


async def test_26_megabytes_are_too_many_and_a_lying_header_does_not_help(office: Office) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()  # chunked: nobody knows how much is to come
        await answer.prepare(request)
        try:
            for _ in range(27):
                await answer.write(b"\xff\xd8\xff" + b"x" * (1024 * 1024))
        except ConnectionError:
            pass
        return answer

    await office.report(
        "amina",
        LAPTOP,
        office.sent("groot.jpg", b"\xff\xd8\xff" + b"x" * (26 * 1024 * 1024)),
        office.sent("eindeloos.jpg", endless),
    )
    await office.work()
    refused = said(office.cards("amina")[-1])
    assert "groot.jpg" in refused
    assert "eindeloos.jpg" in refused
    assert "25" in refused


async def test_a_download_that_breaks_half_way_is_tried_again(office: Office) -> None:
    tries = 0

    async def broken_once(request: web.Request) -> web.StreamResponse:
        nonlocal tries
        tries += 1
        if tries > 1:
            return web.Response(body=PNG)
        answer = web.StreamResponse(headers={"Content-Length": str(len(PNG) * 2)})
        await answer.prepare(request)
        await answer.write(PNG)
        assert request.transport is not None
        request.transport.abort()
        return answer

    await office.report("amina", LAPTOP, office.sent("half.png", broken_once))
    await office.work()
    await asyncio.sleep(2.1)  # the first wait of a job
    await office.work()
    assert tries == 2
    _, url = await newest_file(office, "amina", office.cards("amina")[0])
    assert (await office.open(url)).get_body() == PNG


def downloadable(name: str, url: str) -> dict[str, Any]:
    return {"contentType": DOWNLOAD_INFO, "name": name, "content": {"downloadUrl": url, "fileType": "txt"}}


async def test_only_files_of_the_channel_and_of_microsoft_are_asked_for(office: Office) -> None:
    channel = office.server.url
    inside = [
        downloadable("een.txt", "http://169.254.169.254/metadata"),
        downloadable("twee.txt", "https://evil.example/x"),
        downloadable("drie.txt", "https://sharepoint.com.evil.example/x"),
        downloadable("vier.txt", "https://user@stad.sharepoint.com/x"),
        downloadable("vijf.txt", "https://stad.sharepoint.com:8443/x"),
        downloadable("zes.txt", ""),
        {"contentType": "image/png", "name": "zeven.txt", "contentUrl": "file:///etc/passwd"},
        {
            "contentType": "image/png",
            "name": "acht.txt",
            "contentUrl": f"{channel}v3/conversations/a/members",
        },
        {"contentType": "image/png", "name": "negen.txt", "contentUrl": f"{channel}v3/attachments/../x"},
    ]
    await office.say("amina", LAPTOP, *inside)
    await office.work()
    refused = said(office.cards("amina")[-1])
    assert all(attachment["name"] in refused for attachment in inside)
    assert [call.path for call in office.server.calls if call.method == "GET"] == []


async def test_a_file_that_is_gone_is_named(office: Office) -> None:
    gone = {
        "contentType": "image/png",
        "name": "weg.png",
        "contentUrl": f"{office.server.url}v3/attachments/x/views/original",
    }
    await office.say("amina", LAPTOP, gone)
    await office.work()
    assert "weg.png" in said(office.cards("amina")[-1])


async def test_files_go_elsewhere_only_where_they_may(office: Office) -> None:
    """A redirect is an address too."""

    async def moved(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/metadata"})

    await office.say("amina", LAPTOP, office.sent("omweg.png", moved))
    await office.work()
    assert "omweg.png" in said(office.cards("amina")[-1])


async def test_files_that_a_channel_only_hints_at_are_named(office: Office) -> None:
    html = {"contentType": "text/html", "content": '<p>hier</p><attachment id="1"></attachment>'}
    await office.say("amina", LAPTOP, html)
    await office.work()
    assert "1" in said(office.cards("amina")[-1])
    assert any("eigen chat" in said(card) or "our own chat" in said(card) for card in office.cards("amina"))


async def test_a_message_delivered_twice_keeps_its_files_once(office: Office) -> None:
    chat = office.chat_of("amina")
    activity = chat.activity(text=LAPTOP, attachments=[office.sent("scherm.png", PNG)])
    await chat.deliver(activity)
    office.services.bridge._deliveries._turns.clear()  # as another worker would see it
    await chat.deliver(activity)
    await office.work()
    assert len([call for call in office.server.calls if call.method == "GET"]) == 1


async def test_files_of_one_form_are_not_on_the_next_persons(office: Office) -> None:
    await office.say("amina", LAPTOP, office.sent("scherm.png", PNG))
    for who in ("amina", "dirk"):
        form = await office.say(who, LAPTOP)
        assert all("files" not in action.get("data", {}) for action in of_type(form, "Action.Execute"))
