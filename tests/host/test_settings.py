"""Settings: documented, read once, and refused when they do not fit together."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from localhost import options
from wiring.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text()
CONNECTION = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def variables() -> set[str]:
    prefix = str(Settings.model_config["env_prefix"])
    return {
        str(field.validation_alias or f"{prefix}{name.upper()}")
        for name, field in Settings.model_fields.items()
    }


def documented(heading: str) -> list[str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_setting_is_documented_once() -> None:
    assert sorted(documented("The product")) == sorted(variables())


def test_every_option_of_the_local_host_is_documented_once() -> None:
    source = inspect.getsource(options.options_from)
    assert sorted(documented("The local host")) == sorted(set(re.findall(r'"([A-Z_]+)"', source)))


def test_without_an_app_id_it_refuses_to_start() -> None:
    with pytest.raises(ValidationError, match="WIJZER_BOT_APP_ID is empty"):
        Settings()


def test_authentication_is_switched_off_by_its_full_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK", "1")
    assert not Settings().authenticates


def test_on_azure_authentication_stays_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSITE_INSTANCE_ID", "a1")
    monkeypatch.setenv("WIJZER_DOORBELL", "storage-queue")
    monkeypatch.setenv("WIJZER_FILES", "blob")
    monkeypatch.setenv("AzureWebJobsStorage", CONNECTION)
    monkeypatch.setenv("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK", "1")
    with pytest.raises(ValidationError, match="this is Azure"):
        Settings()
    monkeypatch.delenv("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK")
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    assert Settings().authenticates


def test_on_azure_the_doorbell_is_a_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSITE_INSTANCE_ID", "a1")
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    with pytest.raises(ValidationError, match="WIJZER_DOORBELL=storage-queue is needed"):
        Settings()


def test_a_storage_queue_needs_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    monkeypatch.setenv("WIJZER_DOORBELL", "storage-queue")
    with pytest.raises(ValidationError, match="needs AzureWebJobsStorage"):
        Settings()


def test_on_azure_files_are_not_kept_in_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSITE_INSTANCE_ID", "a1")
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    monkeypatch.setenv("WIJZER_DOORBELL", "storage-queue")
    monkeypatch.setenv("AzureWebJobsStorage", CONNECTION)
    with pytest.raises(ValidationError, match="WIJZER_FILES=blob is needed"):
        Settings()


def test_links_start_with_the_address_of_the_city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    assert Settings().address == "http://127.0.0.1:3978"
    monkeypatch.setenv("WEBSITE_HOSTNAME", "wijzer.azurewebsites.net")
    assert Settings().address == "https://wijzer.azurewebsites.net"
    monkeypatch.setenv("WIJZER_PUBLIC_URL", "https://wijzer.vlaskerke.example/")
    assert Settings().address == "https://wijzer.vlaskerke.example"


def test_a_secret_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJZER_BOT_APP_ID", "app")
    monkeypatch.setenv("WIJZER_BOT_APP_PASSWORD", "hunter2")
    monkeypatch.setenv("AzureWebJobsStorage", CONNECTION)
    assert "hunter2" not in repr(Settings())
    assert "c2VjcmV0" not in repr(Settings())
