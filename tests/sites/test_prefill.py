"""What a message says about the site that somebody wants."""

from __future__ import annotations

import pytest

from domain.sites.prefill import prefill
from tests.cast import demo_city

SCENARIOS = demo_city().scenarios


@pytest.mark.parametrize(
    ("message", "name", "scenario"),
    [
        ("ik wil een nieuwe projectsite voor Vlasmarkt", "Vlasmarkt", "1"),
        (
            "Kunnen we een site krijgen voor het project Heraanleg Stationsplein, met de provincie?",
            "Heraanleg Stationsplein",
            "1",
        ),
        ("graag een dossiersite voor de personeelsdossiers", "Personeelsdossiers", "5"),
        ("teamsite voor Muziek", "Muziek", "3"),
        ("vertrouwelijke site voor de aanbesteding zwembad", "Aanbesteding zwembad", "4"),
        ("een hubsite voor onze dienst Burgerzaken aub", "Burgerzaken", "2"),
        ("nieuwe site 'Zomerfeest 2027' aub", "Zomerfeest 2027", ""),
        ("site nodig met de naam Groen Lint.", "Groen Lint", ""),
        ("I need a project site for the Flax Market with externals", "Flax Market", "1"),
        ("je voudrais un site pour le projet Marché aux lins", "Marché aux lins", "1"),
        ("site nodig voor ons team", "", "3"),
        ("een site voor mij en mijn collega's", "", "3"),
        ("kan dat?", "", ""),
        ("", "", ""),
        ("voor " * 5000, "", ""),
        ("voor \u202eevil <script>", "\u202eevil <script>", ""),
    ],
)
def test_a_message_fills_in_what_it_says(message: str, name: str, scenario: str) -> None:
    read = prefill(message, SCENARIOS)
    assert (read.name, read.scenario_id) == (name, scenario)


def test_of_two_kinds_the_strictest_is_suggested() -> None:
    read = prefill("projectsite voor dossiers met persoonsgegevens", SCENARIOS)
    assert read.scenario_id == "5"
