"""What the environment says about this host: where it listens, and whether it starts the chats."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localhost import tenant
from wiring.settings import ROOT

MOST_WORKERS = 16


class CannotStartError(Exception):
    """The host cannot start. The message says why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 3978
    chat_port: int = 56150
    desk_chat_port: int = 56160
    manager_chat_port: int = 56165
    tenant_port: int = 56170
    chats: bool = True
    workers: int = 1
    unsafe_trouble_on_demand: bool = False
    folder: Path = ROOT / ".local"

    @property
    def ports(self) -> dict[str, int]:
        """The ports that will be listened on, by the variable that moves each."""
        ports = {"PORT": self.port, "TENANT_PORT": self.tenant_port}
        if self.chats:
            ports |= {
                "CHAT_PORT": self.chat_port,
                "DESK_CHAT_PORT": self.desk_chat_port,
                "MANAGER_CHAT_PORT": self.manager_chat_port,
            }
        return ports

    def defaults(self) -> dict[str, str]:
        """What the product's settings are on this machine, unless the environment says otherwise."""
        database = self.folder.resolve() / "wijzer.db"
        return {
            "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
            "WIJZER_FILES_FOLDER": str(self.folder.resolve() / "files"),
            "WIJZER_FILE_HOSTS": f'["sharepoint.com", "127.0.0.1:{self.tenant_port}"]',
            "WIJZER_UNSAFE_WEBHOOKS_TO_LOOPBACK": "1",
            "WIJZER_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            **tenant.environment(self.tenant_port, self.tenant_folder),
        }

    @property
    def tenant_address(self) -> str:
        return f"http://127.0.0.1:{self.tenant_port}/"

    @property
    def tenant_folder(self) -> Path:
        return self.folder / "tenant"

    def check(self, *, authenticates: bool) -> None:
        """Raises `CannotStartError` when a port is taken, or when anyone could come in unasked."""
        if not authenticates and not is_loopback(self.host):
            raise CannotStartError(
                f"HOST={self.host} can be reached from other machines, and without authentication anyone there could"
                " act as anyone. Listen on 127.0.0.1, or give WIJZER_BOT_APP_ID"
                " and unset WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK."
            )
        by_port: dict[int, str] = {}
        for variable, port in self.ports.items():
            if port in by_port:
                raise CannotStartError(
                    f"{variable} and {by_port[port]} are both {port}: give each its own port."
                )
            by_port[port] = variable
            if is_taken(self.host if variable == "PORT" else "127.0.0.1", port):
                raise CannotStartError(
                    f"Port {port} is taken by another program (perhaps by an earlier start of this one)."
                    f" Stop that, or choose another port: {variable}={port + 1} make run"
                )


def options_from(environment: Mapping[str, str] = os.environ) -> Options:
    given = Options()
    return Options(
        host=environment.get("HOST") or given.host,
        port=_port(environment, "PORT", given.port),
        chat_port=_port(environment, "CHAT_PORT", given.chat_port),
        desk_chat_port=_port(environment, "DESK_CHAT_PORT", given.desk_chat_port),
        manager_chat_port=_port(environment, "MANAGER_CHAT_PORT", given.manager_chat_port),
        tenant_port=_port(environment, "TENANT_PORT", given.tenant_port),
        chats=environment.get("CHAT", "1") != "0",
        workers=_number(environment, "WORKERS", given.workers, MOST_WORKERS, "a number of processes"),
        unsafe_trouble_on_demand=environment.get("TENANT_UNSAFE_TROUBLE_ON_DEMAND") == "1",
        folder=Path(environment.get("LOCAL_FOLDER") or given.folder),
    )


def _port(environment: Mapping[str, str], variable: str, otherwise: int) -> int:
    return _number(environment, variable, otherwise, 65535, "a port")


def _number(environment: Mapping[str, str], variable: str, otherwise: int, most: int, what: str) -> int:
    text = environment.get(variable) or str(otherwise)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise CannotStartError(f"{variable}={text} is not {what}: give a number from 1 to {most}.")
    return int(text)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as a server does: a closing one is no hindrance
        try:
            attempt.bind((host, port))
        except OSError:
            return True
        return False
