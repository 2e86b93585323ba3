"""Builds the Teams app package: `python -m scripts.package HOST BOT_APP_ID [FOLDER]` writes FOLDER/wijzer-teams.zip."""

from __future__ import annotations

import argparse
import re
import uuid
import zipfile
from pathlib import Path
from string import Template

MANIFEST = Path(__file__).resolve().parent.parent / "manifest"
FILES = ("manifest.json", "en.json", "fr.json", "color.png", "outline.png")
HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}", re.IGNORECASE)


def app_manifest(host: str, bot_app_id: str) -> str:
    """The manifest for one city. Raises ValueError when the host is no host name or the id no UUID."""
    if not HOST_NAME.fullmatch(host):
        raise ValueError(f"not a host name: {host!r}")
    values = {"HOST": host, "BOT_APP_ID": str(uuid.UUID(bot_app_id))}
    # `$schema` is a key of the manifest and no value of ours.
    return Template((MANIFEST / "manifest.json").read_text(encoding="utf-8")).safe_substitute(values)


def build(host: str, bot_app_id: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / "wijzer-teams.zip"
    manifest = app_manifest(host, bot_app_id)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            archive.writestr(name, manifest if name == "manifest.json" else (MANIFEST / name).read_bytes())
    return package


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the Teams app package of a city.")
    parser.add_argument("host", help="the host name of the function app, such as wijzer.vlaskerke.example")
    parser.add_argument("bot_app_id", help="the application (client) id of the bot")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"), help="where to write (dist)")
    arguments = parser.parse_args()
    try:
        print(build(arguments.host, arguments.bot_app_id, arguments.folder))
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
