"""A colleague whose chat nobody watches: what they press goes over HTTP, and what they are sent is taken."""

from __future__ import annotations

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self

from tests.cast import person
from tests.servers.local_host import LocalHostProcess


class Taker(BaseHTTPRequestHandler):
    """A Bot Connector that takes whatever the bot sends."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"id": "taken"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST  # noqa: N815 - the server's own word

    def log_message(self, *_: object) -> None: ...


class Elsewhere:
    """`with Elsewhere(product, "gust") as gust: gust.press("approvals.approve", id=…)`.

    They stay for as long as the product runs: it goes on telling them what happens, and comes to rest only when they
    take it.
    """

    def __init__(self, product: LocalHostProcess, who: str) -> None:
        self._address = f"{product.address}/api/messages"
        self._person = person(who)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        self._ids = count(1)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def press(self, verb: str, **data: Any) -> dict[str, Any]:
        """Press a button of a card: the card that takes its place."""
        activity = {
            "type": "invoke",
            "name": "adaptiveCard/action",
            "id": f"{self._person.id}-{next(self._ids)}",
            "channelId": "msteams",
            "serviceUrl": f"http://127.0.0.1:{self._server.server_port}/",
            "from": {"id": f"29:{self._person.id}", "aadObjectId": self._person.object_id},
            "conversation": {"id": f"a:{self._person.id}", "conversationType": "personal"},
            "recipient": {"id": "28:wijzer"},
            "value": {"action": {"type": "Action.Execute", "verb": verb, "data": data}},
        }
        request = urllib.request.Request(  # noqa: S310 - loopback, ours
            self._address, json.dumps(activity).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            answered: dict[str, Any] = json.load(answer)
        assert answered["type"] == "application/vnd.microsoft.card.adaptive", answered
        card: dict[str, Any] = answered["value"]
        return card
