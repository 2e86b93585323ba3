"""People's chats: a Microsoft 365 Agents Playground each, with the demo city's people in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.people.models import Person
from domain.people.ports import Directory
from localhost.children import Child
from localhost.options import CannotStartError, Options

PLAYGROUND = Path("node_modules", "@microsoft", "m365agentsplayground", "cli.js")
REQUIRED = Path(__file__).with_name("playground.cjs")

TENANT = "5f6e3b1c-7a52-4c3e-9b57-2f1d8e4a9c60"
BOT = "28:wijzer"
CAST = ("amina", "bram", "carla", "dirk", "els", "fatima")
"""The Playground wants one current user and exactly five others."""


@dataclass(frozen=True, slots=True)
class ChatOf:
    """Whose chat it is, what the start page says about them, and where it is served."""

    person_id: str
    role: str
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def chats_of(options: Options) -> tuple[ChatOf, ...]:
    return (
        ChatOf("amina", "medewerker", options.chat_port),
        ChatOf("bram", "helpdesk en teameigenaar", options.desk_chat_port),
        ChatOf("els", "informatiebeheerder", options.manager_chat_port),
    )


def _user(person: Person) -> dict[str, str]:
    first, _, last = person.name.partition(" ")
    return {
        "id": f"29:{person.id}",
        "name": person.name,
        "userPrincipleName": person.email,  # the Playground spells it so
        "aadObjectId": person.object_id,
        "givenName": first,
        "surname": last,
        "email": person.email,
    }


async def playground_config(directory: Directory, person_id: str) -> dict[str, Any]:
    """The Playground's file for one person. The personal chats of two people must not share an id: the bot is one."""
    people = [await directory.person(member) for member in CAST]
    users = {person.id: _user(person) for person in people if person is not None}
    if len(users) != len(CAST):
        raise CannotStartError(f"The organisation needs these people for the chats: {', '.join(CAST)}.")
    me = users.pop(person_id)
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Wijzer"},
        "currentUser": me,
        "users": list(users.values()),
        "personalChat": {"id": f"a:{person_id}"},
        "groupChat": {"id": f"19:groep-{person_id}@thread.v2", "name": "Groepschat"},
        "team": {
            "id": "19:team-digitaal@thread.tacv2",
            "name": "Digitale Transformatie",
            "aadGroupId": str(uuid.uuid5(uuid.NAMESPACE_DNS, "digitaal.vlaskerke.example")),
            "channels": [{"id": "19:aankondigingen@thread.tacv2", "name": "Aankondigingen"}],
        },
    }


async def chat_of(chat: ChatOf, directory: Directory, bot: str, root: Path, folder: Path) -> Child:
    """The Playground of one person, talking to the bot at `bot`; it writes under `folder`."""
    import yaml

    cli = root / PLAYGROUND
    if not cli.exists():
        raise CannotStartError(
            "The chats are not installed: run `make setup`, or start without them: make run CHAT=0"
        )
    home = folder / f"chat-{chat.person_id}"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "playground.yml"
    config.write_text(yaml.safe_dump(await playground_config(directory, chat.person_id), allow_unicode=True))
    service = f"http://127.0.0.1:{chat.port}/_connector"
    command = ["node", "--require", str(REQUIRED), str(cli), "start", "--app-endpoint", bot]
    command += [
        "--channel-id",
        "msteams",
        "--port",
        str(chat.port),
        "--service-url",
        service,
        "--disable-telemetry",
    ]
    environment = {
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(home / "playground.log"),
    }
    return Child(
        f"The chat of {chat.person_id}", command, environment, folder / "logs" / f"chat-{chat.person_id}.log"
    )
