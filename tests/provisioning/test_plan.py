"""Which steps a site needs, and how long each may take: pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.building.plan import PATIENCE_FOR_MISSING, Step, next_try, patience_for_missing, steps_for
from domain.sites.library import DocumentSet, LibraryTemplate, LibraryView
from domain.sites.policy import Wording
from tests.cast import demo_city

SCENARIOS = {scenario.id: scenario for scenario in demo_city().scenarios}
LIBRARY = LibraryTemplate(
    id="magazine",
    name=Wording("Stadsmagazine", {}),
    description=Wording("Alles over een nummer.", {}),
    url_name="Stadsmagazine",
    columns=(),
    views=(LibraryView("Per fase", ("LinkFilename",)),),
    document_set=DocumentSet("Nummer", "Een nummer", (), "202011 Stadsmagazine"),
    retention_label=None,
)


@pytest.mark.parametrize(
    ("scenario_id", "steps"),
    [
        ("1", "prepare address site sharing classification access verify hand_over"),
        ("2", "prepare address group people guests site sharing classification hub verify hand_over"),
        ("3", "prepare address group people guests site sharing classification access verify hand_over"),
        ("4", "prepare address group people guests site sharing classification access verify hand_over"),
        ("5", "prepare address site sharing classification access verify hand_over"),
    ],
)
def test_a_scenario_says_which_steps_a_site_needs(scenario_id: str, steps: str) -> None:
    assert list(steps_for(SCENARIOS[scenario_id])) == [Step(step) for step in steps.split()]


def test_sharing_is_set_before_there_is_anything_to_share() -> None:
    for scenario in SCENARIOS.values():
        steps = steps_for(scenario, libraries=[LIBRARY], retention_label="4 jaar", joins_hub=True, team=True)
        sharing = steps.index(Step.SHARING)
        content = [Step.LIBRARIES, Step.CONTENT_TYPES, Step.VIEWS, Step.LABELS]
        assert all(sharing < steps.index(step) for step in content)
        assert steps[-2:] == (Step.VERIFY, Step.HAND_OVER)


def test_what_a_library_has_not_is_no_step() -> None:
    bare = LibraryTemplate(
        id="bare",
        name=LIBRARY.name,
        description=LIBRARY.description,
        url_name="Kaal",
        columns=(),
        views=(),
        document_set=None,
        retention_label=None,
    )
    steps = steps_for(SCENARIOS["1"], libraries=[bare])
    assert Step.LIBRARIES in steps
    assert not {Step.CONTENT_TYPES, Step.VIEWS, Step.LABELS, Step.TEAM, Step.TABS} & set(steps)
    assert Step.LABELS in steps_for(SCENARIOS["1"], libraries=[bare], retention_label="4 jaar")


def test_a_team_and_its_tabs_need_a_group() -> None:
    assert Step.TEAM not in steps_for(SCENARIOS["1"], libraries=[LIBRARY], team=True)
    assert {Step.TEAM, Step.TABS} <= set(steps_for(SCENARIOS["3"], libraries=[LIBRARY], team=True))
    assert Step.TABS not in steps_for(SCENARIOS["3"], team=True), "there is nothing to show in a tab"


def test_a_content_type_may_take_the_70_minutes_microsoft_says() -> None:
    assert patience_for_missing(Step.CONTENT_TYPES) > timedelta(minutes=140)
    assert patience_for_missing(Step.PEOPLE) == PATIENCE_FOR_MISSING


def test_patience_grows_with_each_try_honours_what_was_asked_and_ends() -> None:
    began = now = datetime(2026, 11, 23, tzinfo=UTC)
    patience, waits = timedelta(minutes=20), []
    for attempt in range(100):
        again = next_try(now, began, attempt, patience, None)
        if again is None:
            break
        waits.append((again - now).total_seconds())
        now = again
    assert waits[:4] == [0.5, 1, 2, 4]
    assert max(waits) == 300
    assert timedelta(minutes=20) <= now - began <= timedelta(minutes=25)
    asked = next_try(began, began, 0, patience, 90)
    assert asked == began + timedelta(seconds=90)
