"""The function keys of this machine: made once, kept where only you can read them."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


class FunctionKeys:
    """As in Azure: `default` opens `function` level routes, `_master` those and the `admin` ones."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.default = keys["default"]
        self.master = keys["_master"]

    def open(self, level: str, given: str) -> bool:
        if level == "anonymous":
            return True
        opening = (self.master,) if level == "admin" else (self.default, self.master)
        return any(hmac.compare_digest(given.encode(), key.encode()) for key in opening)


def function_keys(folder: Path) -> FunctionKeys:
    file = folder / "function-keys.json"
    if not file.exists():
        keys = {name: secrets.token_urlsafe(32) for name in ("_master", "default")}
        write_private(file, json.dumps(keys, indent=2))
    return FunctionKeys(json.loads(file.read_text()))


def write_private(file: Path, text: str) -> None:
    """A new file that only you can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(text)
