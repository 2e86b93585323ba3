"""Tips that answer, and the way on when they do not: from a question nobody knew to a tip that everybody finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from playwright.sync_api import expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.browser.elsewhere import Elsewhere
from tests.browser.open_city import DAYS, open_city
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
CLOSE = "hoe deel ik iets?"
UNKNOWN = "hoe stel ik de zonwering van de raadszaal in?"
LATER = "de zonwering van de raadszaal instellen, hoe doe ik dat?"
SOLVED = "Schuif de balk omlaag."
ANSWER = (
    f"Dat doe je met het paneel naast de deur.\n1. Druk op Licht en zon.\n2. Kies Raadszaal.\n3. {SOLVED}"
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHostProcess]:
    """The city with Els as the digicoach of Amina's service, at any hour; she writes no tips here."""
    city = open_city(tmp_path_factory.mktemp("city") / "organisation")
    _appoint(city, "els", "information_manager", "digicoach")
    _always(city / "digicoaches.yaml")
    environment = {"WIJZER_ORGANISATION": str(city)}
    with LocalHostProcess(tmp_path_factory.mktemp("product"), chats=True, environment=environment) as product:
        yield product


@pytest.fixture(scope="module")
def hanne(product: LocalHostProcess) -> Iterator[Elsewhere]:
    """The second author."""
    with Elsewhere(product, "hanne") as hanne:
        yield hanne


def _appoint(city: Path, who: str, *roles: str) -> None:
    """Make this what somebody is, and nothing else."""
    path = city / "people.yaml"
    people = yaml.safe_load(path.read_text("utf-8"))
    next(one for one in people["people"] if one["id"] == who)["roles"] = list(roles)
    path.write_text(yaml.safe_dump(people), "utf-8")


def _always(path: Path) -> None:
    policy = yaml.safe_load(path.read_text("utf-8"))
    policy["usual_hours"] = {"days": list(DAYS), "from": "00:00", "until": "23:59"}
    path.write_text(yaml.safe_dump(policy), "utf-8")


pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


def test_a_close_call_is_chosen_from_and_helps(amina: Chat, product: LocalHostProcess) -> None:
    card = amina.ask(CLOSE)
    expect(card).to_contain_text(t("Which of these do you mean?"))
    offered = card.get_by_role("button").filter(has_not_text=t("None of these"))
    title = offered.first.inner_text().strip()
    offered.first.click()

    expect(card).to_contain_text(t("Did this help?"))
    expect(card).to_contain_text(title)
    press(card, t("Yes"))
    expect(card).to_contain_text(t("Good to hear. Thank you!"))
    product.wait_for("SELECT helped FROM tip_ratings", rows=[(1,)])


def test_what_nobody_knew_is_answered_by_a_digicoach_and_becomes_a_tip(
    amina: Chat, bram: Chat, els: Chat, hanne: Elsewhere, product: LocalHostProcess
) -> None:
    asked = amina.ask(UNKNOWN)
    expect(asked).to_contain_text(t("I do not know that"))
    press(asked, t("Ask a digicoach"))
    expect(asked.get_by_label(t("What do you want to know?"))).to_have_value(UNKNOWN)
    press(asked, t("Ask a digicoach"))
    expect(asked).to_contain_text(t("{name} gets your question", name="Els Wouters"))

    els.sees(t("{name} has a question for you", name="Amina El Idrissi"), UNKNOWN)
    question = els.card(UNKNOWN)
    press(question, t("I take it"))
    expect(asked).to_contain_text(t("{name} takes your question", name="Els Wouters"))
    press(question, t("Answer"))
    fill(question, t("Your answer to {name}", name="Amina"), ANSWER)
    press(question, t("Send to {name}", name="Amina"))
    expect(question).to_contain_text(t("You answered {name}", name="Amina El Idrissi"))

    amina.sees(t("{name} answers your question", name="Els Wouters"), t("Yes, it helped"), SOLVED)
    answered = amina.card(SOLVED)
    press(answered, t("Yes, it helped"))
    expect(answered).to_contain_text(t("{name} helped you", name="Els Wouters"))

    press(question, t("Propose it as a tip"))
    expect(question).to_contain_text(t("Proposed as a tip. Thank you!"))
    question.get_by_role("button", name="10 min").first.click()
    expect(question).to_contain_text(t("Registered: {outcome}, {n} minutes.", outcome=t("Helped"), n=10))
    helps = "SELECT coach_id, service_id, minutes, outcome FROM digicoach_helps"
    assert product.rows(helps) == [("els", "digitaal", 10, "helped")]

    publish(bram, hanne, product)
    els.sees(t("Your tip is published"))
    found = amina.ask(LATER)
    expect(found).to_contain_text(t("Did this help?"))
    expect(found).to_contain_text("Dat doe je met het paneel naast de deur.")
    expect(found).to_contain_text(SOLVED)


def publish(author: Chat, hanne: Elsewhere, product: LocalHostProcess) -> None:
    """Take up the proposal, write on, and have it looked at and published by a second author."""
    author.sees(t("{name} proposes a tip", name="Els Wouters"), UNKNOWN)
    proposal = author.card(UNKNOWN)
    press(proposal, t("Look at it"))
    press(author.card(UNKNOWN), t("Write on"))
    form = author.card(t("Write on"), t("The answer, in a sentence or two"))
    ways = [
        "zonwering raadszaal instellen",
        "hoe gaat de zonwering in de raadszaal omlaag",
        "het zonnescherm van de raadszaal bedienen",
        "te veel zon in de raadszaal",
        "hoe bedien ik de zonwering",
    ]
    fill(form, t("Other ways of asking, each on a line of its own (five or more)"), "\n".join(ways))
    press(form, t("Next: for whom and from where"))
    details = author.card(t("For whom, and from where"))
    author.choose(details, t("Theme"), "Hulp")
    fill(details, t("Where can this be checked? A page, or a rule of the city"), "Handleiding raadszaal")
    press(details, t("Save and look"))
    press(author.card(UNKNOWN), t("Have it looked at"))
    expect(author.card(UNKNOWN)).to_contain_text(t("Waits for a colleague to look"))

    [(draft, revision)] = product.rows("SELECT id, revision FROM tip_drafts WHERE state = 'review'")
    hanne.press("authoring.publish", id=str(UUID(draft)), revision=str(revision))
    product.wait_for("SELECT state FROM tip_drafts", rows=[("published",)])
