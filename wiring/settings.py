"""All settings, read from the environment once. `docs/settings.md` documents each; a test compares."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.webhooks.addresses import PLATFORM

ROOT = Path(__file__).resolve().parent.parent

JOBS_QUEUE = "wijzer-jobs"
"""The Storage Queue of the doorbell. The queue trigger names it when the code is read, so it is no setting."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="WIJZER_", extra="ignore", frozen=True, populate_by_name=True
    )

    database_url: str = Field(
        default=f"sqlite+aiosqlite:///{ROOT / '.local' / 'wijzer.db'}", validation_alias="DATABASE_URL"
    )
    organisation: Path = ROOT / "organisation"

    bot_app_id: str = ""
    bot_app_password: SecretStr = SecretStr("")
    bot_tenant_id: str = ""
    openid_metadata_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login_url: str = "https://login.microsoftonline.com"
    unsafe_no_authentication_on_loopback: bool = False

    api_client_id: str = ""
    api_tenant_id: str = ""
    api_login_url: str = "https://login.microsoftonline.com"
    api_calls_per_minute: int = Field(default=600, ge=1)

    doorbell: Literal["in-process", "storage-queue"] = "in-process"
    storage_connection: SecretStr = Field(default=SecretStr(""), validation_alias="AzureWebJobsStorage")

    files: Literal["folder", "blob"] = "folder"
    files_folder: Path = ROOT / ".local" / "files"
    files_container: str = "wijzer-files"
    file_hosts: tuple[str, ...] = ("sharepoint.com",)
    public_url: str = ""
    links_key: SecretStr = SecretStr("")

    graph_url: str = "https://graph.microsoft.com/v1.0"
    graph_client_id: str = ""
    graph_tenant_id: str = ""
    graph_certificate: Path | None = None
    graph_managed_identity: str = ""
    graph_share: float = Field(default=1.0, gt=0, le=1)
    graph_poll_seconds: float = Field(default=30.0, gt=0)
    graph_login_url: str = "https://login.microsoftonline.com"
    sharepoint_url: str = ""
    sharepoint_admin_url: str = ""
    teams_app_id: str = ""

    webhook_domains: tuple[str, ...] = PLATFORM
    unsafe_webhooks_to_loopback: bool = False

    answers_service: Literal["azure-openai", "azure-ai-search"] = "azure-openai"
    answers_url: str = ""
    answers_deployment: str = ""
    answers_index: str = Field(default="wijzer-tips", pattern=r"^[a-z0-9](?:-?[a-z0-9]){1,127}$")
    answers_key: SecretStr = SecretStr("")

    jobs_kept_days: int = Field(default=30, ge=1)
    keys_kept_days: int = Field(default=30, ge=1)

    azure_instance: str = Field(default="", validation_alias="WEBSITE_INSTANCE_ID")
    azure_host_name: str = Field(default="", validation_alias="WEBSITE_HOSTNAME")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if not self.bot_app_id and not self.unsafe_no_authentication_on_loopback:
            raise ValueError(
                "WIJZER_BOT_APP_ID is empty, so nobody could prove who they are: give the bot's app id, or, on a"
                " laptop only, WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK=1"
            )
        if self.azure_instance and self.unsafe_no_authentication_on_loopback:
            raise ValueError("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK is for a laptop, and this is Azure")
        if self.azure_instance and self.unsafe_webhooks_to_loopback:
            raise ValueError("WIJZER_UNSAFE_WEBHOOKS_TO_LOOPBACK is for a laptop, and this is Azure")
        if self.azure_instance and self.doorbell == "in-process":
            raise ValueError(
                "WIJZER_DOORBELL=storage-queue is needed on Azure: there nothing reads a doorbell in memory"
            )
        if self.files == "blob" and not self.storage_connection.get_secret_value():
            raise ValueError("WIJZER_FILES=blob needs AzureWebJobsStorage, the storage account's connection")
        if self.azure_instance and self.files == "folder":
            raise ValueError(
                "WIJZER_FILES=blob is needed on Azure: there a folder is gone with the next restart"
            )
        if self.api_client_id and not self.api_tenant_id:
            raise ValueError(
                "WIJZER_API_CLIENT_ID needs WIJZER_API_TENANT_ID: tokens of any other organisation are refused"
            )
        if self.answers_url:
            self._check_answers()
        if self.doorbell == "storage-queue" and not self.storage_connection.get_secret_value():
            raise ValueError(
                "WIJZER_DOORBELL=storage-queue needs AzureWebJobsStorage, the storage account's connection"
            )
        return self

    def _check_answers(self) -> None:
        """An answer service that could not answer, or whose key anybody on the way could read."""
        if not self.answers_key.get_secret_value():
            raise ValueError("WIJZER_ANSWERS_URL needs WIJZER_ANSWERS_KEY")
        if self.answers_service == "azure-openai" and not self.answers_deployment:
            raise ValueError("WIJZER_ANSWERS_URL of an Azure OpenAI resource needs WIJZER_ANSWERS_DEPLOYMENT")
        url = urlsplit(self.answers_url)
        if url.scheme != "https" and url.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("WIJZER_ANSWERS_URL has to begin with https://, as a key goes along")

    @property
    def address(self) -> str:
        """What the links we give to people start with."""
        given = self.public_url.rstrip("/")
        return given or (
            f"https://{self.azure_host_name}" if self.azure_host_name else "http://127.0.0.1:3978"
        )

    @property
    def authenticates(self) -> bool:
        """Whether an activity needs a token. Without, only loopback may reach us."""
        return not self.unsafe_no_authentication_on_loopback


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic's `ValidationError`, which names what is wrong."""
    return Settings()
