"""Logs as JSON: one line per record, a constant event and the ids that belong to it, and never a secret."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from domain.jobs.rules import without_secrets

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
TALKATIVE = ("azure", "msal", "urllib3", "aiohttp.access", "sqlalchemy.engine", "asyncio", "alembic")


class JsonFormatter(logging.Formatter):
    """What was given in `extra` becomes a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": without_secrets(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in _OWN and name not in line:
                plain = value is None or isinstance(value, bool | int | float)
                line[name] = value if plain else without_secrets(str(value))
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure_logs(level: int = logging.INFO) -> None:
    """Give the root logger JSON. On Azure the Functions worker has put its own handler there; else write to stderr.

    Doing it twice changes nothing.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.setLevel(level)
    for handler in root.handlers:
        if handler.formatter is None:
            handler.setFormatter(JsonFormatter())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
