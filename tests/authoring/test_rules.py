"""What authors can do, what fits in a tip, and what changed: pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.authoring.differences import Change, differences, pieces_of
from domain.authoring.draft import DraftState
from domain.authoring.rules import (
    MOST_LINKS,
    MOST_WAYS,
    Act,
    acts,
    check_complete,
    check_fits,
    is_address,
    slug_of,
    tidy,
)
from domain.errors import InvalidForm
from domain.tips.contents import digest_of, read_content, write_content
from domain.tips.tip import Audience, Link, Source, Tip
from tests.cards.samples.authoring import DRAFT, LONGER, TIP


@pytest.mark.parametrize(
    ("state", "who", "alone", "possible"),
    [
        (DraftState.DRAFT, "hanne", False, {Act.EDIT, Act.DISCARD, Act.SUBMIT}),
        (DraftState.DRAFT, "jef", False, {Act.EDIT, Act.DISCARD, Act.SUBMIT}),
        (DraftState.DRAFT, "hanne", True, {Act.EDIT, Act.DISCARD, Act.PUBLISH}),
        (DraftState.REVIEW, "hanne", False, {Act.EDIT, Act.TAKE_BACK}),
        (DraftState.REVIEW, "hanne", True, {Act.EDIT, Act.TAKE_BACK, Act.PUBLISH}),
        (DraftState.REVIEW, "jef", False, {Act.EDIT, Act.SEND_BACK, Act.PUBLISH}),
        (DraftState.PUBLISHED, "jef", False, set()),
        (DraftState.DISCARDED, "hanne", True, set()),
    ],
)
def test_what_an_author_can_do_with_a_draft(
    state: DraftState, who: str, alone: bool, possible: set[Act]
) -> None:
    assert acts(replace(DRAFT, state=state), who, alone=alone) == possible


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"intro": "x" * 2001}, "intro"),
        ({"alternates": tuple(map(str, range(MOST_WAYS + 1)))}, "alternates"),
        ({"alternates": ("x" * 201,)}, "alternates"),
        ({"steps": ("stap",) * 21}, "steps"),
        ({"source": Source("x", "http://plain.example")}, "source_url"),
        ({"links": (Link("x", "javascript:alert(1)"),)}, "links"),
        ({"links": (Link("", "https://a.example"),)}, "links"),
        ({"links": (Link("x", "https://a.example"),) * (MOST_LINKS + 1)}, "links"),
        ({"audience": Audience.TEAM}, "team"),
        ({"valid_from": date(2026, 2, 2), "valid_until": date(2026, 2, 1)}, "valid_until"),
        ({"language": "de"}, "language"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(changed: dict[str, object], field: str) -> None:
    check_fits(TIP)
    with pytest.raises(InvalidForm) as refused:
        check_fits(replace(TIP, **changed))  # type: ignore[arg-type]
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_draft_may_lack_what_a_tip_may_not() -> None:
    bare = replace(TIP, intro="", theme="", source=Source(""))
    check_fits(bare)
    with pytest.raises(InvalidForm) as refused:
        check_complete(bare, date(2026, 1, 1))
    assert [problem.field for problem in refused.value.problems] == ["intro", "theme", "source"]


def test_a_tip_whose_last_day_is_over_is_shown_to_nobody() -> None:
    last = date(2026, 11, 23)
    check_complete(replace(TIP, valid_until=last), last)
    with pytest.raises(InvalidForm) as refused:
        check_complete(replace(TIP, valid_until=last), date(2026, 11, 24))
    assert [problem.field for problem in refused.value.problems] == ["valid_until"]


def test_tidying_leaves_out_what_says_nothing() -> None:
    messy = replace(
        TIP,
        title="  Hoe \n deel ik dit? ",
        alternates=("", " delen ", "- DELEN", "hoe deel ik dit?", "365 - wat is dat"),
        steps=(" ", "1. Klik.", "2) 3. Sleep.", "• Klaar."),
        phone=" ",
        team_id="digitaal",
    )
    tidied = tidy(messy)
    assert (tidied.title, tidied.alternates) == ("Hoe deel ik dit?", ("delen", "365 - wat is dat"))
    assert tidied.steps == ("Klik.", "Sleep.", "Klaar.")
    assert (tidied.phone, tidied.team_id) == (None, None)
    assert tidy(tidied) == tidied


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Hoe deel ik één agenda?", "hoe-deel-ik-een-agenda"), ("🙂", ""), ("Привет", ""), ("a" * 90, "a" * 60)],
)
def test_an_id_is_made_of_the_letters_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize("url", ["https://", "https:///x", "http://a.example", "https://a.example/a b", "x"])
def test_what_is_no_address_for_people(url: str) -> None:
    assert not is_address(url)


def test_a_document_says_what_the_tip_says() -> None:
    whole = replace(LONGER, valid_from=date(2026, 1, 1), team_id="x", translation_of="y")
    assert read_content(write_content(whole)) == whole
    older = {name: value for name, value in write_content(TIP).items() if name != "links"}
    assert read_content(older) == replace(TIP, links=())  # one from before there were links


def test_a_tip_from_before_there_were_links_keeps_its_digest() -> None:
    bare = replace(TIP, links=())
    assert digest_of(bare) != digest_of(TIP)
    later = {"team_id", "translation_of", "valid_from", "valid_until", "links"}
    before = {name: value for name, value in asdict(bare).items() if name not in later}
    content = json.dumps(before, default=str, sort_keys=True, ensure_ascii=False)
    assert digest_of(bare) == hashlib.sha256(content.encode()).hexdigest()


lines = st.lists(st.text("ab \n", max_size=12).map(lambda line: " ".join(line.split())), max_size=6).map(
    tuple
)


@given(lines, lines)
def test_the_pieces_make_up_both_texts(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    pieces = pieces_of(old, new)
    for gone, text in ((Change.NEW, old), (Change.GONE, new)):
        made = "".join(piece.text for piece in pieces if piece.change is not gone)
        assert made.split() == " ".join(text).split()


def test_only_the_fields_that_changed_are_told_in_reading_order() -> None:
    assert differences(TIP, replace(TIP, checked=date(2027, 1, 1))) == ()
    found = differences(TIP, LONGER)
    assert [one.field for one in found] == ["alternates", "intro", "steps", "audience"]
    steps = next(one for one in found if one.field == "steps")
    assert [piece.text.strip() for piece in steps.pieces if piece.change is Change.NEW] == [
        "Machtigingen voor delen."
    ]


def test_what_is_kept_as_a_code_is_compared_by_its_name() -> None:
    of_team = replace(TIP, audience=Audience.TEAM, team_id="omgeving", language="fr", related=("x", "y"))
    called = {"omgeving": "Omgeving", "everyone": "Iedereen", "nl": "Nederlands", "fr": "Frans", "x": "Tip x"}
    said = {
        one.field: [piece.text.strip() for piece in one.pieces] for one in differences(TIP, of_team, called)
    }
    assert said["audience"] == ["Iedereen", "Omgeving"]
    assert said["language"] == ["Nederlands", "Frans"]
    assert "Tip x\ny" in said["related"]


def test_a_team_tip_is_for_that_team() -> None:
    of_team: Tip = replace(TIP, audience=Audience.TEAM, team_id="digitaal")
    assert of_team.is_for("digitaal")
    assert not of_team.is_for("omgeving")
    assert not of_team.is_for(None)
    assert TIP.is_for(None)
