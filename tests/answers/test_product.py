"""The product with an answer service that its settings name, asked in the chat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.database.tables import METADATA
from bot.bridge.answers import Answer
from domain.tips.bringing import import_tips
from domain.tips.mirror import sweep_mirror
from locales import translator
from tests.attachments.office import Office
from tests.cast import person
from tests.servers import azure_ai_search, azure_openai
from tests.servers.azure_ai_search import AzureAISearch
from tests.servers.azure_openai import AzureOpenAI
from tests.servers.connector import ConnectorServer
from tests.servers.local_host import LocalHostProcess
from tests.servers.teams import Teams
from tests.tips.conftest import city_tips
from wiring.services import build
from wiring.settings import Settings

t = translator("nl")


class Door:
    """The product's own address, as a channel delivers to it."""

    def __init__(self, product: LocalHostProcess) -> None:
        self._url = f"{product.address}/api/messages"

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._url, data=body, headers=dict(headers)) as given,
        ):
            return Answer(given.status)


async def test_a_product_that_is_told_of_azure_openai_says_in_short_what_the_tip_says(tmp_path: Path) -> None:
    async with AzureOpenAI() as service, ConnectorServer() as connector:
        settings = {"URL": service.url, "KEY": azure_openai.KEY, "DEPLOYMENT": azure_openai.DEPLOYMENT}
        environment = {f"WIJZER_ANSWERS_{name}": value for name, value in settings.items()}
        product = LocalHostProcess(tmp_path, environment=environment)
        await asyncio.to_thread(product.__enter__)
        try:
            amina = Teams(Door(product), connector.url, person("amina"), None)
            assert (await amina.say("hoe wijzig ik mijn wachtwoord?")).status == 200
        finally:
            await asyncio.to_thread(product.__exit__, None, None, None)
        card = json.dumps(connector.calls[-1].card, ensure_ascii=False)
    assert service.asked[0]["question"] == "hoe wijzig ik mijn wachtwoord?"
    assert t("In short") in card
    assert t("Written by AI, out of the tip below. The tip itself counts.") in card
    assert t("Source") in card


async def test_a_product_that_is_told_of_azure_ai_search_fills_it_and_offers_what_it_finds(
    tmp_path: Path,
) -> None:
    async with AzureAISearch() as service, ConnectorServer() as connector:
        given = Settings(
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'city.db'}",
            unsafe_no_authentication_on_loopback=True,
            answers_service="azure-ai-search",
            answers_url=service.url,
            answers_key=SecretStr(azure_ai_search.KEY),
        )
        built = await build(given)
        office = Office(built, connector)
        async with built.engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        async with built.units() as unit:
            assert unit.zone == built.desk.organisation.calendar.zone
            await import_tips(unit, city_tips().tips)
        await sweep_mirror(built.desk)
        await office.work()
        assert service.documents.keys() == {tip.id for tip in city_tips().tips}

        service.scores = dict.fromkeys(service.documents, 0.0) | {"wachtwoord-wijzigen": 3.4}
        card = json.dumps(await office.say("amina", "hoe krijg ik een ander sesam-open-u?"))
        await built.close()
    assert t("Which of these do you mean?") in card
    assert service.documents["wachtwoord-wijzigen"]["title_nl"] in card


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"answers_url": "https://c.openai.azure.com", "answers_deployment": "chat"}, "WIJZER_ANSWERS_KEY"),
        ({"answers_url": "https://c.openai.azure.com", "answers_key": "k"}, "WIJZER_ANSWERS_DEPLOYMENT"),
        (
            {
                "answers_url": "http://c.search.windows.net",
                "answers_key": "k",
                "answers_service": "azure-ai-search",
            },
            "https://",
        ),
        ({"answers_index": "Has Spaces"}, "answers_index"),
    ],
)
def test_an_answer_service_that_could_not_answer_is_said_at_the_start(
    settings: dict[str, str], wrong: str
) -> None:
    with pytest.raises(ValueError, match=wrong):
        Settings(unsafe_no_authentication_on_loopback=True, **settings)  # type: ignore[arg-type]
