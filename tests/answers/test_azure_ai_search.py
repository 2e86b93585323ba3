"""Azure AI Search as a second search: it only points, our own database says what people see, and nobody waits."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.answers.azure_ai_index import AzureAIIndex
from adapters.answers.azure_ai_search import AzureAISearch as Search
from adapters.answers.service import REST
from adapters.database.engine import DatabaseUnits
from adapters.search.embedded import EmbeddedSearch
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, PermanentFailureError, RetryLaterError
from domain.jobs.models import Job
from domain.tips import mirror
from domain.tips.bringing import import_tips
from domain.tips.finding import find_tips
from domain.tips.mirror import MIRROR, sweep_mirror
from domain.tips.rules import HIDDEN
from domain.tips.tip import Audience, Tip, Zone
from tests.conftest import Clock
from tests.servers.azure_ai_search import INDEX, KEY, AzureAISearch, Mood
from tests.tips.conftest import city_tips

TIPS = {tip.id: tip for tip in city_tips().tips}
PASSWORD = TIPS["wachtwoord-wijzigen"]
OWN = replace(
    PASSWORD, id="eigen-tip", title="De kluis van het team", audience=Audience.TEAM, team_id="digitaal"
)
FRENCH = next(tip for tip in TIPS.values() if tip.language == "fr" and tip.translation_of)
QUESTION = "ik krijg dat ding niet meer open"
"""Nothing of the city's tips has these words."""
Searches = Callable[..., Search]


@pytest.fixture
async def service() -> AsyncIterator[AzureAISearch]:
    async with AzureAISearch() as service:
        yield service


@pytest.fixture
async def index(service: AzureAISearch) -> AsyncIterator[AzureAIIndex]:
    index = AzureAIIndex(service.url, INDEX, KEY)
    yield index
    await index.close()


@pytest.fixture
async def searches(service: AzureAISearch, units: DatabaseUnits) -> AsyncIterator[Searches]:
    made = []

    def make(key: str = KEY, **more: object) -> Search:
        made.append(Search(EmbeddedSearch(units), units, service.url, INDEX, key, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
async def mirrored(units: DatabaseUnits, index: AzureAIIndex) -> DatabaseUnits:
    """Some tips, in the database and in the index outside."""
    some = [PASSWORD, OWN, FRENCH, TIPS[FRENCH.root]]
    async with units() as unit:
        await import_tips(unit, some)
    await send(units, index)
    return units


async def send(units: DatabaseUnits, index: AzureAIIndex, **payload: str) -> None:
    handler = mirror.handlers(units, index)[MIRROR]
    await handler(ClaimedJob("job", MIRROR, dict(payload), 1))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFinding:
    async def test_what_the_words_do_not_find_is_offered_when_the_service_finds_it(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        service.scores = {PASSWORD.id: 3.2}
        found = await find_tips(searches(), QUESTION, "nl", None)
        assert found.zone is Zone.CHOOSE
        assert [(hit.tip_id, hit.title) for hit in found.shown] == [(PASSWORD.id, PASSWORD.title)]

    async def test_what_our_own_search_is_sure_of_asks_nobody(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        found = await find_tips(searches(), PASSWORD.title, "nl", None)
        assert found.zone is Zone.ANSWER
        assert service.asked == []

    async def test_it_gets_no_password_and_no_national_number(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        await find_tips(searches(), "kluisje, pincode: Zomer2026! 85.07.30-033.28", "nl", None)
        assert service.asked[0]["search"] == f"kluisje, pincode: {HIDDEN} {HIDDEN}"

    @pytest.mark.parametrize(("team", "sees"), [("digitaal", True), ("omgeving", False), (None, False)])
    async def test_a_tip_of_a_team_is_for_that_team_whatever_the_service_says(
        self,
        service: AzureAISearch,
        searches: Searches,
        mirrored: DatabaseUnits,
        team: str | None,
        sees: bool,
    ) -> None:
        service.documents[OWN.id]["team"] = None  # as if it were everybody's
        service.scores = {OWN.id: 4.0, PASSWORD.id: 0.0}
        found = await find_tips(searches(), QUESTION, "nl", team)
        assert [hit.tip_id for hit in found.shown] == ([OWN.id] if sees else [])

    async def test_another_teams_tips_take_no_places(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        await find_tips(searches(), QUESTION, "nl", "o'brien")
        assert service.asked[0]["filter"] == "language eq 'nl' and (team eq null or team eq 'o''brien')"

    async def test_people_read_a_tip_in_their_own_language(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        service.scores = {FRENCH.id: 3.0}
        found = await find_tips(searches(), "je ne sais plus où est le truc de la ville", "nl", None)
        assert [hit.tip_id for hit in found.shown] == [FRENCH.root]

    async def test_what_hardly_fits_is_not_offered(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        service.scores = {PASSWORD.id: 1.9}
        assert (await find_tips(searches(), QUESTION, "nl", None)).zone is Zone.UNKNOWN

    @pytest.mark.parametrize("question", ["", "   ", "👍🎉", "?!…"])
    async def test_without_a_word_nothing_is_asked(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits, question: str
    ) -> None:
        assert (await find_tips(searches(), question, "nl", None)).zone is Zone.UNKNOWN
        assert service.asked == []

    async def test_an_answer_that_comes_in_pieces_is_read_whole(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        service.mood, service.scores = "in pieces", {PASSWORD.id: 3.2}
        assert (await find_tips(searches(), QUESTION, "nl", None)).zone is Zone.CHOOSE

    @pytest.mark.parametrize(
        "mood",
        ["busy", "down", "no role", "spent", "unranked", "strange", "garbage", "odd", "endless", "elsewhere"],
    )
    async def test_whatever_the_service_does_there_is_what_our_own_search_found(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits, mood: Mood
    ) -> None:
        search = searches()
        service.mood, service.scores = mood, {PASSWORD.id: 4.0}
        hits = await search.search("kluis", "nl", team_id="digitaal")
        assert hits
        assert await search.look_further("kluis", "nl", hits, team_id="digitaal") == hits

    async def test_a_slow_service_is_not_waited_for_and_then_left_alone(
        self, service: AzureAISearch, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        now = 100.0
        patient = searches(time_limit=0.1, clock=lambda: now)
        service.mood, service.scores = "slow", {PASSWORD.id: 4.0}
        started = time.monotonic()
        assert (await find_tips(patient, QUESTION, "nl", None)).zone is Zone.UNKNOWN
        assert time.monotonic() - started < 4.5
        service.mood = "well"
        assert (await find_tips(patient, QUESTION, "nl", None)).zone is Zone.UNKNOWN
        assert service.asked == []
        now += REST + 1
        assert (await find_tips(patient, QUESTION, "nl", None)).zone is Zone.CHOOSE

    async def test_a_wrong_key_is_trouble_and_no_answer(
        self, searches: Searches, mirrored: DatabaseUnits
    ) -> None:
        assert (await find_tips(searches(key="wrong"), QUESTION, "nl", None)).zone is Zone.UNKNOWN


async def test_the_index_holds_what_people_find_and_forgets_what_is_out_of_use(
    service: AzureAISearch, index: AzureAIIndex, mirrored: DatabaseUnits, clock: Clock
) -> None:
    assert service.documents[PASSWORD.id]["title_nl"] == PASSWORD.title
    assert service.documents[OWN.id]["team"] == "digitaal"
    assert service.documents[FRENCH.id]["text_fr"] == FRENCH.text
    for left in ([OWN, FRENCH], [OWN]):
        clock.forward(days=1)
        async with mirrored() as unit:
            await import_tips(unit, left, retire_others=True)
        await send(mirrored, index)
    assert "title_nl" not in service.documents[PASSWORD.id]
    assert service.documents[OWN.id]["title_nl"] == OWN.title
    assert service.batches == [4, 4, 3]  # in the end only what changed on the last two days


async def test_more_than_a_page_is_sent_in_jobs_one_after_another(
    service: AzureAISearch, index: AzureAIIndex, units: DatabaseUnits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "PAGE", 2)
    some: list[Tip] = list(TIPS.values())[:5]
    async with units() as unit:
        await import_tips(unit, some)
    payload: dict[str, str] = {}
    for expected in (1, 2, 2):
        await send(units, index, **payload)
        async with units.read() as unit:
            jobs = (await unit.db.execute(select(Job.payload).where(Job.kind == MIRROR))).scalars().all()
        assert len(jobs) == expected
        payload = jobs[-1]
    assert service.documents.keys() == {tip.id for tip in some}
    assert service.batches == [2, 2, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_change_makes_one_job(desk: Desk, clock: Clock) -> None:
    assert await sweep_mirror(replace(desk, mirrors_tips=True)) == 0  # there are no tips yet
    async with desk.units() as unit:
        await import_tips(unit, [PASSWORD])
    assert await sweep_mirror(desk) == 0  # nobody mirrors them
    assert [await sweep_mirror(replace(desk, mirrors_tips=True)) for _ in range(2)] == [1, 0]
    clock.now += timedelta(hours=1)
    async with desk.units() as unit:
        await import_tips(unit, [OWN])
    assert await sweep_mirror(replace(desk, mirrors_tips=True)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("mood", "error", "after"),
    [
        ("busy", RetryLaterError, 7.0),
        ("down", RetryLaterError, None),
        ("garbage", RetryLaterError, None),
        ("half written", RetryLaterError, None),
        ("half refused", PermanentFailureError, None),
        ("no role", PermanentFailureError, None),
    ],
)
async def test_what_passes_is_tried_again_and_what_does_not_is_for_an_operator(
    service: AzureAISearch,
    index: AzureAIIndex,
    mirrored: DatabaseUnits,
    mood: Mood,
    error: type[Exception],
    after: float | None,
) -> None:
    service.mood = mood
    with pytest.raises(error) as raised:
        await send(mirrored, index)
    assert getattr(raised.value, "after", None) == after
