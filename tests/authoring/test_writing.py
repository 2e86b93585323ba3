"""Authors write tips: proposed, saved, reviewed, published, brought back and retired."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from adapters.organisation.tips import Tips
from domain.actor import Actor, Role
from domain.authoring.concerns import Worry, concerns_about
from domain.authoring.differences import differences
from domain.authoring.draft import Draft, DraftState, DraftTip
from domain.authoring.news import REMIND, authors, due_for, sweep_reviews
from domain.authoring.piles import Pile, count_piles, list_pile
from domain.authoring.policy import AuthoringPolicy
from domain.authoring.review import (
    DecideDraft,
    confirm_tip,
    discard_draft,
    publish_draft,
    retire_tip,
    send_back,
    submit_draft,
    take_back,
    translate_tip,
)
from domain.authoring.versions import list_versions, restore_version
from domain.authoring.writing import SaveDraft, access_draft, draft_tip, edit_tip, save_draft
from domain.desk import Desk
from domain.errors import Conflict, Forbidden, Invalid, InvalidForm, NotFound
from domain.jobs.models import Job
from domain.organisation import Organisation
from domain.tables import new_id
from domain.tips.bringing import import_tips
from domain.tips.reading import get_tip, get_tips, list_tips, tips_stamp
from domain.tips.tip import Audience, Source, Tip
from domain.unit import Unit
from tests.cast import demo_city, person
from tests.conftest import Clock

PROPOSAL = DraftTip(
    "Hoe zet ik mijn scherm stil?", ("scherm bevriest", "beeld blijft hangen"), "Druk op Escape."
)


@pytest.fixture
def hanne() -> Actor:
    return person("hanne").as_actor()


@pytest.fixture
def second() -> Actor:
    """Another author of the demo city."""
    return next(
        one for one in demo_city().people if Role.TIP_AUTHOR in one.roles and one.id != "hanne"
    ).as_actor()


async def test_an_author_proposes_and_has_a_draft(units: DatabaseUnits, hanne: Actor) -> None:
    async with units() as unit:
        draft = await draft_tip(unit, hanne, PROPOSAL, "k1")
        again = await draft_tip(unit, hanne, PROPOSAL, "k1")
    assert again == draft
    assert draft.state is DraftState.DRAFT
    assert draft.is_new
    assert draft.author_id == "hanne"
    assert draft.tip.id.startswith("hoe-zet-ik-mijn-scherm-stil-")
    assert draft.tip.language == "nl"
    assert draft.tip.alternates == PROPOSAL.alternates


async def test_what_an_agent_proposes_waits_for_an_author(
    units: DatabaseUnits, carla: Actor, hanne: Actor
) -> None:
    secret = replace(PROPOSAL, intro="Het wachtwoord is Zomer2026!", origin="ticket:1")
    async with units() as unit:
        draft = await draft_tip(unit, carla, secret, "k1")
        assert (draft.author_id, draft.proposer_id, draft.origin) == (None, "carla", "ticket:1")
        assert "Zomer" not in draft.tip.intro
        saved = await save_draft(unit, hanne, SaveDraft(draft.id, 1, draft.tip), "k2")
    assert saved.author_id == "hanne"
    assert saved.proposer_id == "carla"


async def test_an_employee_proposes_nothing_and_sees_no_draft(
    units: DatabaseUnits, amina: Actor, hanne: Actor
) -> None:
    async with units() as unit:
        with pytest.raises(Forbidden):
            await draft_tip(unit, amina, PROPOSAL, "k1")
        draft = await draft_tip(unit, hanne, PROPOSAL, "k1")
        with pytest.raises(NotFound):
            await access_draft(unit, amina, draft.id)


GOOD = replace(
    PROPOSAL,
    theme="hulp",
    source=Source("Helpdesk van de stad"),
    steps=("Druk op Escape.", "Herstart de pc."),
)


async def drafted(units: DatabaseUnits, hanne: Actor, command: DraftTip = GOOD) -> Draft:
    async with units() as unit:
        return await draft_tip(unit, hanne, command, new_id())


async def published(units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor) -> Draft:
    draft = await drafted(units, hanne)
    async with units() as unit:
        draft = await submit_draft(unit, desk, hanne, DecideDraft(draft.id, 1), new_id())
        return await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), new_id())


async def test_a_tip_is_found_only_once_another_author_published_it(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor
) -> None:
    draft = await drafted(units, hanne)
    async with units() as unit:
        with pytest.raises(Conflict):
            await publish_draft(unit, desk, hanne, DecideDraft(draft.id, 1), "p0")
        draft = await submit_draft(unit, desk, hanne, DecideDraft(draft.id, 1), "s1")
        with pytest.raises(Conflict):  # her own eyes are only two
            await publish_draft(unit, desk, hanne, DecideDraft(draft.id, draft.revision), "p1")
        with pytest.raises(NotFound):
            await get_tip(unit, draft.tip.id)
        done = await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "p2")
        again = await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "p2")
        stored = await get_tip(unit, draft.tip.id)
    assert done == again
    assert done.state is DraftState.PUBLISHED
    assert done.reviewer_id == second.id
    assert stored.version == 1
    assert stored.tip.steps == GOOD.steps
    hits = await desk.tips.search("scherm bevriest", "nl")
    assert hits[0].tip_id == draft.tip.id


async def test_who_is_the_only_author_publishes_at_once(
    units: DatabaseUnits, desk: Desk, hanne: Actor
) -> None:
    alone = replace(desk.organisation, authoring=AuthoringPolicy(four_eyes=False))
    draft = await drafted(units, hanne)
    async with units() as unit:
        done = await publish_draft(
            unit, replace_organisation(desk, alone), hanne, DecideDraft(draft.id, 1), "p"
        )
    assert done.state is DraftState.PUBLISHED


def replace_organisation(desk: Desk, organisation: Organisation) -> Desk:
    return Desk(desk.units, organisation, desk.directory, desk.intents, desk.tips)


async def test_what_is_missing_is_named_before_anybody_has_to_look(
    units: DatabaseUnits, desk: Desk, hanne: Actor
) -> None:
    draft = await drafted(units, hanne, PROPOSAL)
    async with units() as unit:
        with pytest.raises(InvalidForm) as refused:
            await submit_draft(unit, desk, hanne, DecideDraft(draft.id, 1), "s1")
    assert [problem.field for problem in refused.value.problems] == ["theme", "source"]


async def test_two_authors_who_save_at_once_do_not_overwrite_each_other(
    units: DatabaseUnits, hanne: Actor, second: Actor
) -> None:
    draft = await drafted(units, hanne)
    mine, theirs = (replace(draft.tip, intro=text) for text in ("Van Hanne.", "Van de ander."))

    async def save(actor: Actor, tip: Tip) -> Draft:
        async with units() as unit:
            return await save_draft(unit, actor, SaveDraft(draft.id, 1, tip), new_id())

    results = await asyncio.gather(save(hanne, mine), save(second, theirs), return_exceptions=True)
    saved = [one for one in results if isinstance(one, Draft)]
    assert len(saved) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 1
    async with units.read() as unit:
        assert await access_draft(unit, hanne, draft.id) == saved[0]


async def test_a_reviewer_sends_back_with_a_reason_and_the_author_takes_it_up(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor
) -> None:
    draft = await drafted(units, hanne)
    async with units() as unit:
        draft = await submit_draft(unit, desk, hanne, DecideDraft(draft.id, 1), "s1")
        with pytest.raises(Invalid, match="what has to change"):
            await send_back(unit, desk, second, DecideDraft(draft.id, draft.revision, "  "), "b0")
        back = await send_back(unit, desk, second, DecideDraft(draft.id, draft.revision, "Korter"), "b1")
        assert (back.state, back.comment, back.round) == (DraftState.DRAFT, "Korter", 1)
        again = await submit_draft(unit, desk, hanne, DecideDraft(back.id, back.revision), "s2")
        assert again.round == 2
        assert again.comment is None
        mine = await take_back(unit, desk, hanne, DecideDraft(again.id, again.revision), "t")
        gone = await discard_draft(unit, desk, hanne, DecideDraft(mine.id, mine.revision), "d")
        assert gone.state is DraftState.DISCARDED
        with pytest.raises(Conflict):
            await save_draft(unit, hanne, SaveDraft(gone.id, gone.revision, gone.tip), "x")


async def test_who_has_a_draft_looked_at_does_not_look_at_it(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor
) -> None:
    draft = await drafted(units, hanne)
    async with units() as unit:
        theirs = replace(draft.tip, intro="Heel anders.")
        draft = await save_draft(unit, second, SaveDraft(draft.id, 1, theirs), "w")
        draft = await submit_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "s")
        with pytest.raises(Conflict):
            await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "p1")
        done = await publish_draft(unit, desk, hanne, DecideDraft(draft.id, draft.revision), "p2")
    assert (done.author_id, done.reviewer_id) == (second.id, hanne.id)
    assert done.tip.checked == desk.organisation.day(done.changed_at)


async def test_what_becomes_one_teams_own_and_stays_open_in_another_language_stands_out(
    units: DatabaseUnits, desk: Desk, tips: Tips
) -> None:
    family = [one for one in tips.tips if one.root == "wachtwoord-wijzigen"]
    async with units() as unit:
        await import_tips(unit, family)
        ours = replace(family[0], audience=Audience.TEAM, team_id="omgeving")
        before, after = [await concerns_about(unit, desk, one, published=False) for one in (family[0], ours)]
        assert Worry.OPEN_ELSEWHERE not in {one.worry for one in before}
        elsewhere = next(one for one in after if one.worry is Worry.OPEN_ELSEWHERE)
        assert elsewhere.languages == ("en", "fr")


async def test_versions_are_kept_compared_and_brought_back(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor
) -> None:
    first = await published(units, desk, hanne, second)
    tip_id = first.tip.id
    async with units() as unit:
        draft = await edit_tip(unit, hanne, tip_id)
        assert await edit_tip(unit, second, tip_id) == draft  # one draft of a tip at a time
        changed = replace(draft.tip, intro="Druk op Escape en wacht even.")
        draft = await save_draft(unit, hanne, SaveDraft(draft.id, 1, changed), "w")
        assert (await get_tip(unit, tip_id)).tip.intro == GOOD.intro  # nobody sees it yet
        draft = await submit_draft(unit, desk, hanne, DecideDraft(draft.id, draft.revision), "s")
        await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "p")
        page = await list_versions(unit, hanne, tip_id)
        assert [one.version for one in page.versions] == [2, 1]
        assert page.cursor is None
        assert page.versions[1].author_id == "hanne"
        assert page.versions[1].published_by == second.id
        (difference,) = differences(page.versions[1].tip, page.versions[0].tip)
        assert difference.field == "intro"
        back = await restore_version(unit, hanne, tip_id, 1)
        assert back.tip.intro == GOOD.intro
        assert back.base_version == 2
        with pytest.raises(Conflict):
            await restore_version(unit, hanne, tip_id, 2)
        with pytest.raises(NotFound):
            await list_versions(unit, replace(hanne, roles=frozenset()), tip_id)


async def test_a_retired_tip_is_found_no_more_and_an_import_does_not_bring_it_back(
    units: DatabaseUnits, desk: Desk, hanne: Actor, tips: Tips
) -> None:
    wanted = tips.tips[:3]
    async with units() as unit:
        await import_tips(unit, wanted)
        await retire_tip(unit, hanne, wanted[0].id, 1)
        await retire_tip(unit, hanne, wanted[0].id, 1)
        with pytest.raises(NotFound):
            await get_tip(unit, wanted[0].id)
        counted = await import_tips(unit, wanted)
        assert (counted.kept, counted.unchanged, counted.changed) == (1, 2, 0)
        with pytest.raises(NotFound):
            await get_tip(unit, wanted[0].id)


async def test_a_tip_is_seen_from_its_first_day_up_to_and_including_its_last(
    units: DatabaseUnits, tips: Tips, clock: Clock
) -> None:
    today = clock.now.date()
    tip = replace(tips.tips[0], related=(), valid_from=today + timedelta(1), valid_until=today + timedelta(2))
    async with units() as unit:
        await import_tips(unit, [tip])
    seen, stamps = [], set()
    for _ in range(4):
        async with units.read() as unit:
            seen.append(bool(await get_tips(unit, [tip.id])))
            assert seen[-1] == bool((await list_tips(unit)).tips)
            stamps.add(await tips_stamp(unit))
        clock.forward(days=1)
    assert seen == [False, True, True, False]
    assert len(stamps) == 3  # the index looks again when a tip begins and when it ends


async def test_a_day_begins_at_midnight_in_the_city(units: DatabaseUnits, tips: Tips, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    today, tomorrow = date(2026, 11, 23), date(2026, 11, 24)
    starts = replace(tips.tips[0], id="starts", related=(), valid_from=tomorrow)
    ends = replace(tips.tips[0], id="ends", related=(), valid_until=today)
    async with units() as unit:
        await import_tips(unit, [starts, ends])
    for day, seen in ((today, ends), (tomorrow, starts)):
        async with units.read() as unit:
            assert unit.today == day
            assert [stored.tip for stored in await get_tips(unit, ["starts", "ends"])] == [seen]
        clock.forward(minutes=1)


async def test_a_translation_is_a_draft_of_its_own_until_it_is_there(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor
) -> None:
    first = await published(units, desk, hanne, second)
    async with units() as unit:
        draft = await translate_tip(unit, hanne, first.tip.id, "en")
        assert await translate_tip(unit, second, first.tip.id, "en") == draft
        assert (draft.tip.language, draft.tip.translation_of) == ("en", first.tip.id)
        concerns = await concerns_about(unit, desk, first.tip, published=True)
        assert {one.worry: one for one in concerns}[Worry.UNTRANSLATED].languages == ("en", "fr")
        draft = await submit_draft(unit, desk, hanne, DecideDraft(draft.id, draft.revision), "s")
        await publish_draft(unit, desk, second, DecideDraft(draft.id, draft.revision), "p")
        with pytest.raises(Conflict):
            await translate_tip(unit, hanne, first.tip.id, "en")
        concerns = await concerns_about(unit, desk, first.tip, published=True)
        assert {one.worry: one for one in concerns}[Worry.UNTRANSLATED].languages == ("fr",)


async def test_authors_are_warned_of_few_ways_of_asking_and_of_a_title_that_is_there_already(
    units: DatabaseUnits, desk: Desk, hanne: Actor, tips: Tips
) -> None:
    async with units() as unit:
        await import_tips(unit, tips.tips)
    taken = tips.tips[0]
    draft = await drafted(units, hanne, replace(GOOD, title=taken.title.replace("?", " eigenlijk?")))
    async with units.read() as unit:
        concerns = {one.worry: one for one in await concerns_about(unit, desk, draft.tip, published=False)}
        calm = await concerns_about(unit, desk, taken, published=False)
    assert concerns[Worry.FEW_WAYS].count == 2
    assert [one.id for one in concerns[Worry.ALIKE].like] == [taken.id]
    assert Worry.FEW_WAYS not in {one.worry for one in calm}


async def test_each_author_hears_once_of_all_tips_that_wait_for_review(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor, tips: Tips, clock: Clock
) -> None:
    first = await published(units, desk, hanne, second)
    async with units() as unit:
        await import_tips(unit, tips.tips[:2])
    clock.forward(days=400)
    assert await sweep_reviews(desk) == 3
    assert await sweep_reviews(desk) == 0  # told just now
    async with units.read() as unit:
        reminded = (await unit.db.execute(select(Job.payload).where(Job.kind == REMIND))).scalars().all()
        assert sorted(one["person"] for one in reminded) == sorted(await authors(desk))
        assert len(await due_for(unit, desk, "hanne", 10)) == 3
        assert len(await due_for(unit, desk, second.id, 10)) == 2  # not the one that is Hanne's
    async with units() as unit:
        await confirm_tip(unit, desk, hanne, first.tip.id, 1)
        assert len(await due_for(unit, desk, "hanne", 10)) == 2
    clock.forward(days=31)
    assert await sweep_reviews(desk) == 2


async def test_piles_are_paged_and_counted(
    units: DatabaseUnits, desk: Desk, hanne: Actor, second: Actor, carla: Actor, amina: Actor, tips: Tips
) -> None:
    async with units() as unit:
        await import_tips(unit, [replace(tip, alternates=tip.alternates[:4]) for tip in tips.tips[:5]])
        await draft_tip(unit, carla, GOOD, "b")
    await drafted(units, hanne)
    await published(units, desk, hanne, second)
    due_by = max(tip.checked for tip in tips.tips[:5])
    async with units() as unit:
        theirs = await drafted_in(unit, second)
        await submit_draft(unit, desk, second, DecideDraft(theirs.id, 1), "s")
        counts = await count_piles(unit, hanne, due_by)
        with pytest.raises(Forbidden):
            await count_piles(unit, amina, due_by)
        for pile in Pile:
            seen: list[str] = []
            cursor = None
            while True:
                page = await list_pile(unit, hanne, pile, due_by, limit=2, cursor=cursor)
                seen += [entry.id for entry in page.entries]
                if (cursor := page.cursor) is None:
                    break
            assert len(seen) == len(set(seen)) == counts[pile], pile
    assert counts == {
        Pile.REVIEW: 1,
        Pile.PROPOSED: 1,
        Pile.DRAFTS: 1,
        Pile.DUE: 5,
        Pile.MISSED: 0,
        Pile.BROKEN_LINKS: 0,
        Pile.FEW_WAYS: 6,
        Pile.UNTRANSLATED: 6,
        Pile.PUBLISHED: 6,
        Pile.RETIRED: 0,
    }


async def drafted_in(unit: Unit, actor: Actor) -> Draft:
    return await draft_tip(unit, actor, GOOD, new_id())
