"""Names, addresses, scenarios and people: pure decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.people.models import Team, TrackPhase
from domain.sites.library import LibraryTemplate
from domain.sites.policy import SiteNaming
from domain.sites.rules import (
    ALIAS_LIMIT,
    LIBRARY_LIMIT,
    PEOPLE_LIMIT,
    alias_of,
    library_problem,
    name_problem,
    people_problem,
    purpose_problem,
    scenario_problem,
)
from tests.cast import demo_city

SCENARIOS = {scenario.id: scenario for scenario in demo_city().scenarios}
NAMING = SiteNaming(("test", "Één dag", "beheerder"))


def team(phase: TrackPhase) -> Team:
    return Team("t", "Team", "DT", ("bram",), phase, "els")


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("Vlasmarkt", "prj-vlasmarkt"),
        ("Markt & Plein", "prj-markt-en-plein"),
        ("  Café 't Hoekje!  ", "prj-cafe-t-hoekje"),
        ("Ørsted ÅÄÖ 2027", "prj-rsted-aao-2027"),
        ("حديقة Park", "prj-park"),
        ("🎉 Feest 🎉", "prj-feest"),
        ("straße", "prj-strasse"),
        ("a" * 60, "prj-" + "a" * 46),
        ("woord " * 10, "prj-woord-woord-woord-woord-woord-woord-woord-woor"),
    ],
)
def test_the_address_is_made_of_plain_words(name: str, alias: str) -> None:
    made = alias_of(SCENARIOS["1"], name)
    assert made == alias
    assert len(made) <= ALIAS_LIMIT


@pytest.mark.parametrize(
    "name", ["Vlasmarkt", "Markt 2027", "O'Neill & zonen", "Testament van de stad", "حديقة Park"]
)
def test_ordinary_names_are_fine(name: str) -> None:
    assert name_problem(SCENARIOS["1"], NAMING, name) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Give the site a name"),
        ("x" * 61, "At most"),
        ("x" * 10_000, "At most"),
        ("<b>Markt</b>", "character <"),
        ("Markt/Plein", "character /"),
        ("Markt\nPlein", "character ⏎"),
        ("Markt\x00", "character ⏎"),
        ("ab", "three letters"),
        ("حديقة", "three letters"),
        ("🎉🎉🎉", "three letters"),
        ("Test vlasmarkt", "“test”"),
        ("Site van de BEHEERDER", "“beheerder”"),
    ],
)
def test_names_that_will_not_do_say_why_at_the_field(name: str, says: str) -> None:
    problem = name_problem(SCENARIOS["1"], NAMING, name)
    assert problem is not None
    assert problem.field == "name"
    assert says in str(problem)


@pytest.mark.parametrize(
    ("purpose", "fine"),
    [
        ("Samen de markt plannen", True),
        ("كيف نخطط السوق معا", True),
        ("", False),
        ("............", False),
        ("markt", False),
        ("x" * 1000, True),
        ("x" * 10_000, False),
    ],
)
def test_a_purpose_is_a_sentence(purpose: str, fine: bool) -> None:
    assert (purpose_problem(purpose) is None) is fine


@pytest.mark.parametrize("phase", list(TrackPhase))
@pytest.mark.parametrize("scenario_id", sorted(SCENARIOS))
def test_scenarios_3_to_5_are_for_teams_that_completed_their_track(
    scenario_id: str, phase: TrackPhase
) -> None:
    completed = phase in (TrackPhase.AFTERCARE, TrackPhase.CLOSED)
    problem = scenario_problem(SCENARIOS[scenario_id], team(phase), "Els Wouters")
    if scenario_id in ("1", "2") or completed:
        assert problem is None
    else:
        assert problem is not None
        assert problem.field == "scenario"
        assert "Els Wouters" in str(problem)


def test_somebody_without_a_team_is_not_given_them_either() -> None:
    assert scenario_problem(SCENARIOS["3"], None, "Els") is not None


@pytest.mark.parametrize("scenario_id", sorted(SCENARIOS))
def test_guests_are_for_scenario_1_only(scenario_id: str) -> None:
    problem = people_problem(SCENARIOS[scenario_id], [], ["jan@provincie.example"])
    assert (problem is None) is (scenario_id == "1")
    if problem:
        assert "jan@provincie.example" in str(problem)


def test_a_site_starts_small() -> None:
    crowd = [f"p{n}" for n in range(PEOPLE_LIMIT + 1)]
    assert people_problem(SCENARIOS["1"], crowd[1:], []) is None
    assert people_problem(SCENARIOS["1"], crowd, []) is not None


LIBRARIES = demo_city().libraries


@pytest.mark.parametrize("scenario_id", sorted(SCENARIOS))
@pytest.mark.parametrize("library", LIBRARIES, ids=[library.id for library in LIBRARIES])
def test_a_library_only_goes_where_it_is_strict_enough(library: LibraryTemplate, scenario_id: str) -> None:
    problem = library_problem(SCENARIOS[scenario_id], LIBRARIES, [library.id], "nl")
    assert (problem is None) is (SCENARIOS[scenario_id].classification >= library.classification)
    if problem:
        assert (problem.field, library.name("nl") in str(problem)) == ("libraries", True)


def test_libraries_are_those_of_the_list_and_not_too_many() -> None:
    assert library_problem(SCENARIOS["1"], LIBRARIES, [], "nl") is None
    assert library_problem(SCENARIOS["1"], LIBRARIES, ["verzonnen"], "nl") is not None
    many = [replace(LIBRARIES[0], id=f"l{n}", classification=1) for n in range(LIBRARY_LIMIT + 1)]
    assert library_problem(SCENARIOS["1"], many, [one.id for one in many[1:]], "nl") is None
    assert library_problem(SCENARIOS["1"], many, [one.id for one in many], "nl") is not None
