"""Authors write tips: proposed, saved, reviewed, published, brought back and retired."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict, Forbidden, Invalid, InvalidForm, NotFound
from domain.tips.authoring import SaveDraft, access_draft, draft_tip, edit_tip, save_draft
from domain.tips.draft import Draft, DraftState, DraftTip
from tests.cast import person

PROPOSAL = DraftTip(
    "Hoe zet ik mijn scherm stil?", ("scherm bevriest", "beeld blijft hangen"), "Druk op Escape."
)


@pytest.fixture
def hanne() -> Actor:
    return person("hanne").as_actor()


@pytest.fixture
def second() -> Actor:
    """The other author."""
    authors = ("hanne",)
    from domain.actor import Role
    from tests.cast import demo_city

    found = [one for one in demo_city().people if Role.TIP_AUTHOR in one.roles and one.id not in authors]
    return found[0].as_actor()


async def test_an_author_proposes_and_has_a_draft(units: DatabaseUnits, hanne: Actor) -> None:
    async with units() as unit:
        draft = await draft_tip(unit, hanne, PROPOSAL, "k1")
        again = await draft_tip(unit, hanne, PROPOSAL, "k1")
    assert again == draft
    assert draft.state is DraftState.DRAFT and draft.is_new and draft.author_id == "hanne"
    assert draft.tip.id.startswith("hoe-zet-ik-mijn-scherm-stil-") and draft.tip.language == "nl"
    assert draft.tip.alternates == PROPOSAL.alternates


async def test_what_an_agent_proposes_waits_for_an_author(
    units: DatabaseUnits, bram: Actor, hanne: Actor
) -> None:
    secret = replace(PROPOSAL, intro="Het wachtwoord is Zomer2026!", origin="ticket:1")
    async with units() as unit:
        draft = await draft_tip(unit, bram, secret, "k1")
        assert (draft.author_id, draft.proposer_id, draft.origin) == (None, "bram", "ticket:1")
        assert "Zomer" not in draft.tip.intro
        saved = await save_draft(unit, hanne, SaveDraft(draft.id, 1, draft.tip), "k2")
    assert saved.author_id == "hanne" and saved.proposer_id == "bram"


async def test_an_employee_proposes_nothing_and_sees_no_draft(
    units: DatabaseUnits, amina: Actor, hanne: Actor
) -> None:
    async with units() as unit:
        with pytest.raises(Forbidden):
            await draft_tip(unit, amina, PROPOSAL, "k1")
        draft = await draft_tip(unit, hanne, PROPOSAL, "k1")
        with pytest.raises(NotFound):
            await access_draft(unit, amina, draft.id)
