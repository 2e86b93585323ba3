"""All settings, read from the environment once. `docs/settings.md` documents each; a test compares."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WIJZER_", extra="ignore", frozen=True)

    database_url: str = Field(
        f"sqlite+aiosqlite:///{ROOT / '.local' / 'wijzer.db'}", validation_alias="DATABASE_URL"
    )
    organisation: Path = ROOT / "organisation"

    bot_app_id: str = ""
    bot_app_password: SecretStr = SecretStr("")
    bot_tenant_id: str = ""
    openid_metadata_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login_url: str = "https://login.microsoftonline.com"
    unsafe_no_authentication_on_loopback: bool = False
    """For a laptop only: accept activities without a token. Refused when the host listens beyond loopback."""

    doorbell: Literal["in-process", "storage-queue"] = "in-process"
    storage_connection: SecretStr = Field(SecretStr(""), validation_alias="AzureWebJobsStorage")
    jobs_queue: str = "wijzer-jobs"

    graph_url: str = "https://graph.microsoft.com/v1.0"
    graph_client_id: str = ""
    graph_tenant_id: str = ""
