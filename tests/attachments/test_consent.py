"""Files that go to a person's OneDrive, after they said yes."""

from __future__ import annotations

from typing import Any

from bot.attachments.consent import CONSENT, SAVED
from tests.attachments.contents import PDF
from tests.attachments.office import Office


def of_kind(office: Office, who: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (activity_id, body["attachments"][0])
        for (chat, activity_id), body in office.server.standing.items()
        if chat == f"a:{who}" and body.get("attachments") and body["attachments"][0]["contentType"] == kind
    ]


async def asked(office: Office) -> tuple[str, dict[str, Any]]:
    """Amina has asked for the file of her ticket; the question that stands in her chat."""
    await office.report(
        "amina", "mijn laptop start niet meer op", office.sent("nota.pdf", PDF, "application/pdf")
    )
    await office.work()
    listed = await office.press("amina", "attachments.list", office.cards("amina")[0])
    notice = await office.press("amina", "attachments.save", listed)
    assert isinstance(notice, str)
    await office.work()
    [question] = of_kind(office, "amina", CONSENT)
    return question


async def consent(office: Office, who: str, card_id: str, context: Any, action: str, url: str = "") -> int:
    chat = office.chat_of(who)
    info = {
        "name": "nota.pdf",
        "uploadUrl": url or f"{office.server.url}drive/nota.pdf",
        "contentUrl": "https://vlaskerke-my.sharepoint.com/nota.pdf",
        "uniqueId": "1",
        "fileType": "pdf",
    }
    value = {"type": "fileUpload", "action": action, "context": context, "uploadInfo": info}
    invoke = chat.activity(
        type="invoke", name="fileConsent/invoke", text=None, value=value, replyToId=card_id
    )
    status = (await chat.deliver(invoke)).status
    await office.work()
    return status


async def test_after_a_yes_the_file_is_written_and_shown_and_the_question_goes(office: Office) -> None:
    card_id, question = await asked(office)
    assert (question["name"], question["content"]["sizeInBytes"]) == ("nota.pdf", len(PDF))
    assert await consent(office, "amina", card_id, question["content"]["acceptContext"], "accept") == 200
    assert office.server.files["nota.pdf"] == PDF
    assert len(of_kind(office, "amina", SAVED)) == 1
    assert of_kind(office, "amina", CONSENT) == []


async def test_after_a_no_nothing_is_written(office: Office) -> None:
    card_id, question = await asked(office)
    assert await consent(office, "amina", card_id, question["content"]["declineContext"], "decline") == 200
    assert of_kind(office, "amina", SAVED) == []
    assert [call for call in office.server.calls if call.method == "PUT" and "/drive/" in call.path] == []


async def test_a_file_is_written_nowhere_else_and_for_nobody_else(office: Office) -> None:
    card_id, question = await asked(office)
    context = question["content"]["acceptContext"]
    await consent(office, "amina", card_id, context, "accept", "https://evil.example/drive/nota.pdf")
    await consent(office, "dirk", card_id, context, "accept")
    await consent(office, "amina", card_id, {"attachment": 7}, "accept")
    assert of_kind(office, "amina", SAVED) == []
    assert of_kind(office, "dirk", SAVED) == []
    assert [call for call in office.server.calls if call.method == "PUT" and "/drive/" in call.path] == []
