from __future__ import annotations

import pytest

from adapters.intents.embedded import EmbeddedIntents
from wiring.settings import ROOT


@pytest.fixture(scope="session")
def intents() -> EmbeddedIntents:
    """With the weights that are shipped."""
    return EmbeddedIntents(ROOT / "organisation")
