"""`rapport` in chat, and the files behind its links."""

from __future__ import annotations

from typing import Any

from tests.attachments.conftest import office
from tests.attachments.office import Office
from tests.cards.reading import of_type, texts

__all__ = ["office"]


def links(card: Any) -> dict[str, str]:
    return {action["title"]: action["url"] for action in of_type(card, "Action.OpenUrl")}


async def test_the_desk_gets_a_report_with_charts_that_can_be_seen_everywhere(office: Office) -> None:
    await office.report()
    await office.work()
    card = await office.say("bram", "rapport")
    assert "1" in "\n".join(texts(card))
    drawn = of_type(card, "Chart.")
    assert drawn
    for chart in drawn:
        picture = await office.open(chart["fallback"]["url"])
        assert picture.status_code == 200
        assert picture.mimetype == "image/png"


async def test_its_files_open_for_the_reader_and_for_nobody_else(office: Office) -> None:
    await office.report()
    await office.work()
    card = await office.say("els", "rapport vorige maand")
    opened = {title: await office.open(url) for title, url in links(card).items()}
    assert [answer.status_code for answer in opened.values()] == [200, 200]
    assert sorted(answer.get_body()[:2] for answer in opened.values()) == [b"PK", b"\xef\xbb"]

    desk = office.services.desk
    async with desk.units.read() as unit:
        now = unit.now
    subject = desk.links.open(next(iter(links(card).values())).rpartition("/")[2], now).subject
    assert (await office.open(desk.links.link("report", subject, "amina", now))).status_code == 404
    assert (await office.open(desk.links.link("report", "pdf x", "els", now))).status_code == 404


async def test_all_others_hear_whom_reports_are_for_and_report_what_is_wrong_with_one(office: Office) -> None:
    await office.chat_of("amina").say("rapport vorige maand")
    (refused,) = [body["text"] for body in office.server.standing.values() if body.get("text")]
    assert "informatiebeheerders" in refused
    card = await office.say("amina", "rapporten printen lukt niet meer")
    assert not of_type(card, "Chart.")
    answer = await office.chat_of("amina").press("reports.show", None, span="last_week")
    assert answer.body is not None
    assert isinstance(answer.body["value"], str)


async def test_days_can_be_chosen_and_wrong_ones_come_back(office: Office) -> None:
    card = await office.say("bram", "rapport 1/10/2026 tot 31/10/2026")
    assert "1 oktober 2026 – 31 oktober 2026" in "\n".join(texts(card))
    wrong = await office.press(
        "bram", "reports.show", card, span="dates", first="2026-11-02", last="2026-11-01"
    )
    boxes = {box["id"]: box.get("value") for box in of_type(wrong, "Input.")}
    assert (boxes["span"], boxes["first"], boxes["last"]) == ("dates", "2026-11-02", "2026-11-01")
