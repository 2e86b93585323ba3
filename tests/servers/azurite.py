"""Azurite, Microsoft's storage emulator from npm: a service of our own (queue or blob), in a folder of its own."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "devstoreaccount1"
# Azurite's documented, public account key; every Azurite has it.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Azurite:
    def __init__(self, folder: Path, service: str = "queue") -> None:
        self._folder = folder
        self._service = service

    def __enter__(self) -> Azurite:
        program = ROOT / "node_modules" / "azurite" / "dist" / "src" / self._service / "main.js"
        if not program.exists():
            raise RuntimeError("Azurite is not installed: run `make setup`")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.connection = (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"{self._service.title()}Endpoint=http://127.0.0.1:{port}/{ACCOUNT};"
        )
        command = [
            "node",
            str(program),
            f"--{self._service}Host",
            "127.0.0.1",
            f"--{self._service}Port",
            str(port),
        ]
        # A newer client names a newer version of the service than Azurite knows.
        command += [
            "--location",
            str(self._folder),
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._answers(port)
        return self

    def _answers(self, port: int) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self._process.kill()
        raise RuntimeError("Azurite did not start")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
