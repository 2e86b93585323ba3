"""Tip authors in chat: from an idea to a tip that people find, on cards and in a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.bridge.answers import told
from bot.bridge.routes import Routes
from bot.features import features
from bot.turn import NOTHING, Card, Reply
from domain.actor import Role
from domain.authoring.draft import DraftTip
from domain.authoring.news import DUE_VIEW, PROPOSAL_VIEW, RESULT_VIEW, REVIEW_VIEW, authors, handlers
from domain.authoring.writing import TELL, draft_tip, list_themes
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Forbidden
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.tips.bringing import import_tips
from domain.tips.reading import get_tip, list_synonyms
from tests.cards.reading import of_type, texts
from tests.cast import demo_city, person
from tests.tips.conftest import MakeTurn, city_tips

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = {
    "page": "words",
    "title": "Hoe zet ik het licht in de vergaderzaal uit?",
    "alternates": "licht gaat niet uit\nlamp van de zaal\n\nlicht gaat niet uit",
    "intro": "Met de knop naast de deur.",
    "steps": "Duw lang op de knop.\nWacht even.",
}
DETAILS = {
    "page": "details",
    "theme": "vergaderen",
    "source": "Afspraken van de stad",
    "source_url": "",
    "audience": "everyone",
    "team": "",
    "language": "nl",
    "valid_from": "",
    "valid_until": "",
    "links": "Plan van de zalen https://vlaskerke.sharepoint.com/zalen.pdf",
    "related": "",
}


@pytest.fixture
def colleague() -> str:
    ids = [one.id for one in demo_city().people if Role.TIP_AUTHOR in one.roles]
    return next(one for one in ids if one != "hanne")


class Chat:
    """Presses as a client sends them: the data of a button that is there, and what was filled in."""

    def __init__(self, desk: Desk, turn: MakeTurn) -> None:
        self.desk = desk
        self.routes = Routes(desk, features())
        self.turn = turn

    async def press(self, who: str, verb: str, **data: Any) -> Reply:
        return await self.routes.pressed(self.turn(who=who, **data), verb)

    async def again(self, who: str, card: Card | None, verb: str, **typed: Any) -> Reply:
        """Press the first button with this verb on a card."""
        return await self.press(who, verb, **{**buttons(card)[verb][0], **typed})

    async def invoke(self, who: str, name: str, **data: Any) -> dict[str, Any]:
        answer = await self.routes.invokes[name](self.turn(who=who, data=data))
        assert answer is not None
        return answer

    async def told(self) -> list[tuple[str, str]]:
        """Who is shown what, after the jobs that tell people have run: view and person, new cards only."""
        async with self.desk.units.read() as unit:
            waiting = (await unit.db.execute(select(Job).where(Job.kind == TELL))).all()
        for job in waiting:
            await handlers(self.desk)[TELL](ClaimedJob(job.id, TELL, job.payload, 1))
        async with self.desk.units.read() as unit:
            shown = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars().all()
        return [(one["view"], one["person"]) for one in shown if not one["only_if_posted"]]

    async def view(self, view: str, subject: str, who: str) -> Card | None:
        async with self.desk.units.read() as unit:
            return await self.routes.views[view](unit, self.desk, person(who), subject)


@pytest.fixture
def chat(desk: Desk, turn: MakeTurn) -> Chat:
    return Chat(desk, turn)


def buttons(card: Card | None) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for action in of_type(card, "Action.Execute"):
        found.setdefault(action["verb"], []).append(action["data"])
    return found


def said(card: Card | None) -> str:
    return "\n".join(texts(card))


async def written(chat: Chat) -> Reply:
    """Hanne fills in both halves of the form and looks at the draft."""
    form = await chat.press("hanne", "authoring.new")
    half = await chat.again("hanne", form.card, "authoring.save", **WORDS, then="details")
    assert "Plan van de zalen" not in said(half.card)
    return await chat.again("hanne", half.card, "authoring.save", **DETAILS, then="look")


async def test_from_an_idea_to_a_tip_that_people_find(chat: Chat, colleague: str) -> None:
    draft = await written(chat)
    assert "Met de knop naast de deur." in said(draft.card)
    assert "Plan van de zalen" in said(draft.card)
    assert "Er zijn 2 andere manieren" in said(draft.card)  # a warning, and no obstacle
    waits = await chat.again("hanne", draft.card, "authoring.submit")
    assert "authoring.publish" not in buttons(waits.card)
    assert (REVIEW_VIEW, colleague) in await chat.told()
    assert (REVIEW_VIEW, "hanne") not in await chat.told()
    home = await chat.press(colleague, "authoring.home")
    assert WORDS["title"] in said(home.card)
    looked = await chat.again(colleague, home.card, "authoring.draft")
    done = await chat.again(colleague, looked.card, "authoring.publish")
    assert "Gepubliceerd" in said(done.card)
    assert done.subject is not None
    assert (RESULT_VIEW, "hanne") in await chat.told()
    news = await chat.view(RESULT_VIEW, f"{done.subject}:1", "hanne")
    assert "Je tip is gepubliceerd" in said(news)
    assert await chat.view(RESULT_VIEW, f"{done.subject}:1", "dirk") is None
    hits = await chat.desk.tips.search("licht vergaderzaal uit", "nl")
    async with chat.desk.units.read() as unit:
        stored = await get_tip(unit, hits[0].tip_id)
    assert stored.tip.title == WORDS["title"]
    assert stored.tip.steps == ("Duw lang op de knop.", "Wacht even.")
    assert stored.tip.alternates == ("licht gaat niet uit", "lamp van de zaal")
    assert stored.tip.theme_name == next(
        tip.theme_name for tip in city_tips().tips if tip.theme == "vergaderen" and tip.language == "nl"
    )


async def test_what_does_not_fit_comes_back_at_its_place_with_what_was_typed(chat: Chat) -> None:
    form = await chat.press("hanne", "authoring.new")
    empty = await chat.again("hanne", form.card, "authoring.save", **{**WORDS, "title": " "}, then="look")
    assert "Geef de tip een titel" in said(empty.card)
    assert of_type(empty.card, "Input.Text")[1]["value"] == WORDS["alternates"]
    assert buttons(empty.card)["authoring.save"][0]["id"] == ""  # nothing was kept
    half = await chat.again("hanne", empty.card, "authoring.save", **WORDS, then="details")
    wrong = {**DETAILS, "links": "geen adres", "valid_from": "2027-02-01", "valid_until": "2027-01-01"}
    late = await chat.again("hanne", half.card, "authoring.save", **wrong, then="look")
    assert "Zet elk op een eigen regel" in said(late.card)
    plain = await chat.again(
        "hanne", half.card, "authoring.save", **{**DETAILS, "links": "Blad http://a.example/b"}, then="look"
    )
    assert "http://a.example/b is niet beveiligd" in said(plain.card)
    assert "De laatste dag valt voor de eerste." in said(late.card)
    assert (
        next(box for box in of_type(late.card, "Input.Text") if box["id"] == "links")["value"] == "geen adres"
    )
    late = await chat.again(
        "hanne", late.card, "authoring.save", **{**DETAILS, "audience": "team"}, then="look"
    )
    assert "Kies het team." in said(late.card)


async def test_who_saves_after_somebody_else_is_told_and_loses_nothing(chat: Chat, colleague: str) -> None:
    draft = await written(chat)
    mine = await chat.again("hanne", draft.card, "authoring.edit")
    theirs = await chat.press(colleague, "authoring.edit", id=draft.subject)
    await chat.again(colleague, theirs.card, "authoring.save", **{**WORDS, "intro": "Anders."}, then="look")
    late = await chat.again(
        "hanne", mine.card, "authoring.save", **{**WORDS, "intro": "Van mij."}, then="look"
    )
    assert "Iemand veranderde dit concept" in said(late.card)
    assert any(box.get("value") == "Van mij." for box in of_type(late.card, "Input.Text"))
    assert "Anders." in said(late.card)  # what stands there now, beside what was typed
    after = await chat.again(
        "hanne", late.card, "authoring.save", **{**WORDS, "intro": "Van ons."}, then="look"
    )
    assert "Van ons." in said(after.card)
    stale = await chat.again("hanne", draft.card, "authoring.submit")
    assert "Iemand veranderde dit concept" in said(stale.card)
    assert "Van ons." in said(stale.card)


async def test_a_draft_that_lacks_something_says_what_when_it_is_sent(chat: Chat) -> None:
    form = await chat.press("hanne", "authoring.new", title="scherm")
    draft = await chat.again("hanne", form.card, "authoring.save", page="words", title="scherm", then="look")
    sent = await chat.again("hanne", draft.card, "authoring.submit")
    assert "Kies een thema." in said(sent.card)
    assert "authoring.submit" in buttons(sent.card)


async def test_the_dialog_keeps_what_the_card_does(chat: Chat) -> None:
    """Teams asks for the dialog, and sends what was filled in as an invoke."""
    opened = await chat.invoke("hanne", "task/fetch", verb="authoring.new")
    value = opened["task"]["value"]
    assert opened["task"]["type"] == "continue"
    assert not of_type(value["card"]["content"], "Action.Execute")  # a dialog knows no such buttons
    send = of_type(value["card"]["content"], "Action.Submit")
    wrong = await chat.invoke("hanne", "task/submit", **{**send[1]["data"], **WORDS, "title": ""})
    assert "Geef de tip een titel" in said(wrong["task"]["value"]["card"]["content"])
    half = await chat.invoke("hanne", "task/submit", **{**send[0]["data"], **WORDS})
    save = of_type(half["task"]["value"]["card"]["content"], "Action.Submit")[0]["data"]
    done = await chat.invoke("hanne", "task/submit", **{**save, **DETAILS})
    assert done["task"] == {"type": "message", "value": "Bewaard. Het concept staat in onze chat."}
    assert ("tips.draft", "hanne") in await chat.told()
    again = await chat.invoke("hanne", "task/fetch", verb="authoring.edit", id=save["id"])
    boxes = {box["id"]: box.get("value") for box in of_type(again["task"]["value"]["card"], "Input.Text")}
    assert boxes["intro"] == WORDS["intro"]
    with pytest.raises(Forbidden):
        await chat.invoke("amina", "task/fetch", verb="authoring.new")
    assert told("task/fetch", "Nee.").body == {"task": {"type": "message", "value": "Nee."}}


async def test_an_edited_tip_shows_what_changes_and_an_earlier_version_comes_back(
    chat: Chat, colleague: str
) -> None:
    tip = city_tips().tips[0]
    shown = await chat.press("hanne", "authoring.tip", id=tip.id)
    form = await chat.again("hanne", shown.card, "authoring.edit_tip")
    draft = await chat.again(
        "hanne",
        form.card,
        "authoring.save",
        page="words",
        title=tip.title,
        intro="Heel iets anders.",
        then="look",
    )
    compared = await chat.again("hanne", draft.card, "authoring.compare")
    struck = [run["text"] for run in of_type(compared.card, "TextRun") if run.get("strikethrough")]
    assert any(tip.intro.split()[0] in one for one in struck)
    sent = await chat.again("hanne", draft.card, "authoring.submit")
    await chat.press(
        colleague,
        "authoring.publish",
        id=sent.subject,
        revision=str(buttons(sent.card)["authoring.take_back"][0]["revision"]),
    )
    listed = await chat.press("hanne", "authoring.versions", id=tip.id)
    assert [one["version"] for one in buttons(listed.card)["authoring.version"]] == ["2", "1"]
    first = await chat.press("hanne", "authoring.version", id=tip.id, version="1")
    restored = await chat.again("hanne", first.card, "authoring.restore")
    assert tip.intro in said(restored.card)
    assert "authoring.submit" in buttons(restored.card)  # looked at before anybody sees it


async def test_authors_find_tips_look_after_them_and_take_them_out_of_use(chat: Chat) -> None:
    tip = next(one for one in city_tips().tips if one.id == "wachtwoord-wijzigen")
    found = await chat.press("hanne", "authoring.find", text=tip.title)
    assert buttons(found.card)["authoring.tip"][0]["id"] == tip.id
    nonsense = await chat.press("hanne", "authoring.find", text="xqzwv blorp")
    assert "authoring.tip" not in buttons(nonsense.card)
    nothing = await chat.press("hanne", "authoring.find", text=" ")
    assert "Mijn tips" in said(nothing.card)
    for pile in ("due", "few_ways", "untranslated", "published", "retired"):
        assert (await chat.press("hanne", "authoring.pile", pile=pile)).card is not None
    page = await chat.press("hanne", "authoring.pile", pile="published")
    more = await chat.again("hanne", page.card, "authoring.pile")
    assert buttons(more.card)["authoring.tip"] != buttons(page.card)["authoring.tip"]
    shown = await chat.press("hanne", "authoring.tip", id=tip.id)
    right = await chat.again("hanne", shown.card, "authoring.confirm")
    assert "23 november 2026" in said(right.card)
    assert (await chat.press("amina", "tips.show", id=tip.id)).card is not None
    assert "In andere talen (Engels, Frans) blijft hij in gebruik." in said(right.card)
    gone = await chat.again("hanne", right.card, "authoring.retire")
    assert "Uit gebruik" in said(gone.card)
    assert (await chat.press("amina", "tips.show", id=tip.id)).card is None
    helpless = await chat.press("amina", "tips.not_helped", id=tip.id)
    assert "digicoaches.ask" in buttons(helpless.card)  # the tip is gone, the way on is not
    again = await chat.again("hanne", gone.card, "authoring.restore")
    assert tip.intro in said(again.card)
    assert "authoring.submit" in buttons(again.card)


async def test_synonyms_are_kept_in_chat_and_an_import_leaves_them(chat: Chat, desk: Desk) -> None:
    listed = await chat.press("hanne", "authoring.synonyms")
    form = await chat.press("hanne", "authoring.synonym")
    bad = await chat.again("hanne", form.card, "authoring.synonym_save", words="flexwerk, <b>", language="nl")
    assert "flexwerk, <b>" in of_type(bad.card, "Input.Text")[0]["value"]
    await chat.again(
        "hanne", bad.card, "authoring.synonym_save", words="zweefplek, flexwerkplek", language="nl"
    )
    word = await chat.press("hanne", "authoring.synonyms", word="zweef")
    mine, new = buttons(word.card)["authoring.synonym"]
    theirs = next(one for one in buttons(listed.card)["authoring.synonym"] if one)
    await chat.press("hanne", "authoring.synonym_remove", **theirs)
    async with desk.units() as unit:
        before = await list_synonyms(unit)
        await import_tips(unit, city_tips().tips, city_tips().synonyms)
        assert await list_synonyms(unit) == before
    assert "flexwerkplek" in said(word.card)
    assert mine["id"]
    assert not new
    assert len(before) == len(set(city_tips().synonyms))  # one more, and one less


async def test_nobody_else_gets_in(chat: Chat) -> None:
    draft = await written(chat)
    refused = "Alleen wie tips schrijft, kan dit."
    for verb in (
        "authoring.home",
        "authoring.new",
        "authoring.find",
        "authoring.synonyms",
        "authoring.synonym",
    ):
        assert (await chat.press("amina", verb)).text == refused
    for verb in ("authoring.draft", "authoring.edit", "authoring.publish", "authoring.compare"):
        reply = await chat.press("amina", verb, id=draft.subject, revision="3")
        assert reply == Reply(text="Dit concept is er niet.")
    form = await chat.press("amina", "authoring.save", **WORDS, then="look")
    assert form == Reply(text=refused)
    for view, subject in (
        (REVIEW_VIEW, f"{draft.subject}:1"),
        (PROPOSAL_VIEW, str(draft.subject)),
        (DUE_VIEW, "x"),
    ):
        assert await chat.view(view, subject, "amina") is None


async def test_mijn_tips_is_for_authors_and_anybody_else_hears_so(chat: Chat) -> None:
    claims = next(feature.claims for feature in features() if feature.name == "authoring")
    assert claims is not None
    for words in ("Mijn tips", "Nouveau conseil"):
        assert "Mijn tips" in said((await claims(chat.turn(words, who="hanne"))).card)
    refused = await claims(chat.turn("Mijn tips", who="amina"))
    assert (refused.card, refused.text) == (
        None,
        chat.turn().t("The tip authors write the tips. Type your question, and I look for its tip."),
    )
    assert await claims(chat.turn("mijn tips werken niet", who="hanne")) is NOTHING
    among_others = chat.turn("Mijn tips", who="hanne")
    among_others.place = replace(among_others.place, personal=False)
    assert (await claims(among_others)).card is None


async def test_what_an_agent_proposes_is_news_for_every_author(chat: Chat, desk: Desk) -> None:
    async with desk.units() as unit:
        draft = await draft_tip(unit, person("carla").as_actor(), DraftTip("Scherm bevriest"), "k")
    assert sorted(one for one in await chat.told() if one[0] == PROPOSAL_VIEW) == sorted(
        (PROPOSAL_VIEW, author) for author in await authors(desk)
    )
    card = await chat.view(PROPOSAL_VIEW, draft.id, "hanne")
    assert "Carla Maes stelt een tip voor" in said(card)


async def test_themes_are_named_in_the_authors_language_and_others_are_not_taken(
    chat: Chat, desk: Desk
) -> None:
    form = await chat.press("hanne", "authoring.new")
    half = await chat.again("hanne", form.card, "authoring.save", **WORDS, language="en", then="details")
    details = await chat.again(
        "hanne", half.card, "authoring.save", **{**DETAILS, "language": "en"}, then="details"
    )
    offered = next(one for one in of_type(details.card, "Input.ChoiceSet") if one["id"] == "theme")["choices"]
    names = [choice["title"] for choice in offered]
    assert "Bestanden" in names
    assert names == sorted(names)
    async with desk.units.read() as unit:
        french = list((await list_themes(unit, "fr")).values())
    assert french.index("Équipes et canaux") < french.index("Fichiers")
    odd = await chat.again(
        "hanne", details.card, "authoring.save", **{**DETAILS, "theme": "zomaar"}, then="look"
    )
    assert "zomaar" not in said(odd.card)
