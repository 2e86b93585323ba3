from __future__ import annotations

import pytest

from adapters.answers.grounding import is_grounded


@pytest.mark.parametrize(
    ("answer", "grounded"),
    [
        ("Open de bibliotheek en kies Delen.", True),
        ("Kies Delen in de bibliotheek.", True),
        ("Kies Delen. Bel daarna 8500.", False),
        ("Kies Delen op delen.example.com", False),
        ("Kies Delen en betaal met bitcoin aan een onbekende", False),
    ],
)
def test_grounded_is_what_the_tip_says_too(answer: str, grounded: bool) -> None:
    assert is_grounded(answer, "Open de bibliotheek van de site. Kies Delen.", "nl") is grounded
