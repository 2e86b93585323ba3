"""Builds what a city uploads: the app for Teams, and the custom connector for its flows.

    python -m scripts.package HOST BOT_APP_ID API_CLIENT_ID TENANT_ID [FOLDER]

writes `wijzer-teams.zip` and `wijzer-connector.zip`.
"""

from __future__ import annotations

import argparse
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from connector.documents import swagger
from scripts.connector import CONNECTOR, DEFINITION, HOST_NAME, PROPERTIES, written

MANIFEST = Path(__file__).resolve().parent.parent / "manifest"
APP_FILES = ("manifest.json", "en.json", "fr.json", "color.png", "outline.png")
CONNECTOR_FILES = ("icon.png", "intro.md", "README.md")


@dataclass(frozen=True, slots=True)
class City:
    """Whose packages these are. Raises ValueError when the host is no host name or an id no UUID."""

    host: str
    bot_app_id: str
    api_client_id: str
    """Of the app registration that exposes the API to flows."""
    tenant_id: str

    def __post_init__(self) -> None:
        if not HOST_NAME.fullmatch(self.host):
            raise ValueError(f"not a host name: {self.host!r}")
        for name in ("bot_app_id", "api_client_id", "tenant_id"):
            try:
                uuid.UUID(getattr(self, name))
            except ValueError:
                raise ValueError(f"{name} is not a UUID: {getattr(self, name)!r}") from None

    def fill_in(self, text: str) -> str:
        """`$schema` is a key of the files and no value of ours: what is not known stays."""
        return Template(text).safe_substitute(
            HOST=self.host,
            BOT_APP_ID=self.bot_app_id,
            API_CLIENT_ID=self.api_client_id,
            TENANT_ID=self.tenant_id,
        )


def teams_app(city: City) -> dict[str, str | bytes]:
    """The files of the Teams app, by name."""
    read = {name: (MANIFEST / name).read_bytes() for name in APP_FILES}
    return {**read, "manifest.json": city.fill_in(read["manifest.json"].decode())}


def custom_connector(city: City) -> dict[str, str | bytes]:
    """The files of the connector, by name."""
    return {
        **{name: (CONNECTOR / name).read_bytes() for name in CONNECTOR_FILES},
        DEFINITION.name: written(swagger(city.host)),
        PROPERTIES.name: city.fill_in(PROPERTIES.read_text(encoding="utf-8")),
    }


def build(city: City, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    packages = {"wijzer-teams.zip": teams_app(city), "wijzer-connector.zip": custom_connector(city)}
    return [write(folder / name, files) for name, files in packages.items()]


def write(package: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return package


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.package", description="Build what a city uploads."
    )
    parser.add_argument("host", help="the host name of the function app, such as wijzer.vlaskerke.example")
    parser.add_argument("bot_app_id", help="the application (client) id of the bot")
    parser.add_argument("api_client_id", help="the application (client) id of the API that flows call")
    parser.add_argument("tenant_id", help="the id of the city's tenant")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"), help="where to write (dist)")
    given = parser.parse_args()
    try:
        city = City(given.host, given.bot_app_id, given.api_client_id, given.tenant_id)
    except ValueError as error:
        parser.error(str(error))
    for package in build(city, given.folder):
        print(package)


if __name__ == "__main__":
    main()
