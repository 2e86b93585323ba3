"""The parts that settings choose between, each opened by the first that needs it: a service, or its local twin."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from adapters.database.engine import DatabaseUnits
from connector.authentication import Callers
from connector.door import Door
from connector.rates import Rates
from domain.attachments.ports import FileStore
from domain.desk import Desk
from domain.links import Links
from domain.tips.ports import TipSearch
from domain.unit import Doorbell
from wiring.settings import JOBS_QUEUE, Settings
from wiring.version import VERSION

if TYPE_CHECKING:
    from adapters.answers.azure_ai_index import AzureAIIndex
    from adapters.graph.platform import GraphPlatform


class Bell(Doorbell, Protocol):
    """A doorbell as the process that owns it sees it."""

    async def ready(self) -> bool: ...

    async def close(self) -> None: ...


def open_doorbell(given: Settings) -> Bell:
    if given.doorbell == "in-process":
        from adapters.queue.in_process import InProcessDoorbell

        return InProcessDoorbell()
    from adapters.queue.storage import StorageQueueDoorbell

    return StorageQueueDoorbell(given.storage_connection.get_secret_value(), JOBS_QUEUE)


def open_files(given: Settings) -> FileStore:
    """Where the files that people send are kept."""
    if given.files == "folder":
        from adapters.files.folder import FolderFiles

        return FolderFiles(given.files_folder)
    from adapters.files.blob import BlobFiles

    return BlobFiles(given.storage_connection.get_secret_value(), given.files_container)


def open_links(given: Settings) -> Links:
    """Links to files. All processes sign alike, with what only they know: a key made of a secret of theirs."""
    address = f"{given.address}/api/files"
    secret = given.links_key.get_secret_value() or given.bot_app_password.get_secret_value()
    if not secret:
        return Links.of_this_process(address)
    return Links(address, hashlib.blake2b(b"links", key=secret.encode()[:64]).digest())


def open_door(given: Settings, desk: Desk) -> Door:
    """The way in of the connector's API. Entra ID tokens open it once there is an app registration for it."""
    tokens, challenge = None, "Bearer"
    if given.api_client_id:
        from adapters.openid.keys import PublishedKeys
        from connector.tokens import EntraTokens

        authority = f"{given.api_login_url}/{given.api_tenant_id}"
        keys = PublishedKeys(f"{authority}/v2.0/.well-known/openid-configuration")
        tokens = EntraTokens(given.api_client_id, given.api_tenant_id, keys)
        challenge = (
            f'Bearer authorization_uri="{authority}/oauth2/v2.0/authorize",'
            f' resource_id="api://{given.api_client_id}"'
        )
    return Door(
        Callers(desk.units, desk.directory, tokens, challenge=challenge), Rates(given.api_calls_per_minute)
    )


def open_platform(given: Settings, organisation: str) -> GraphPlatform:
    """Where sites are built. It signs in on its first call; what is not configured is said then."""
    from adapters.graph.pace import Pace
    from adapters.graph.platform import Addresses, GraphPlatform
    from adapters.graph.tokens import AppRegistration, MsalTokens

    app = AppRegistration(
        given.graph_tenant_id,
        given.graph_client_id,
        given.graph_certificate,
        given.graph_login_url,
        given.graph_managed_identity,
    )
    addresses = Addresses(given.graph_url, given.sharepoint_url, given.sharepoint_admin_url)
    pace = Pace(given.graph_share)
    return GraphPlatform(
        MsalTokens(app), addresses, organisation, VERSION, pace=pace, poll_after=given.graph_poll_seconds
    )


def open_tips(given: Settings, units: DatabaseUnits) -> TipSearch:
    """The embedded search; with an answer service, that finds more where it is not sure, or says in other words what
    it finds."""
    from adapters.search.embedded import EmbeddedSearch

    embedded = EmbeddedSearch(units)
    url, key = given.answers_url, given.answers_key.get_secret_value()
    if not url:
        return embedded
    if given.answers_service == "azure-ai-search":
        from adapters.answers.azure_ai_search import AzureAISearch

        return AzureAISearch(embedded, units, url, given.answers_index, key)
    from adapters.answers.azure_openai import AzureOpenAIAnswers

    return AzureOpenAIAnswers(embedded, url, given.answers_deployment, key)


def open_mirror(given: Settings) -> AzureAIIndex | None:
    """The index outside that holds the tips too, when a search service is to find them."""
    if not given.answers_url or given.answers_service != "azure-ai-search":
        return None
    from adapters.answers.azure_ai_index import AzureAIIndex

    return AzureAIIndex(given.answers_url, given.answers_index, given.answers_key.get_secret_value())
