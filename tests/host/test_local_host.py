"""`python -m localhost`, started as a user starts it."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import psutil
import pytest

from tests.servers.local_host import PORTS, LocalHostProcess


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHostProcess]:
    with LocalHostProcess(tmp_path_factory.mktemp("host"), chats=True) as host:
        yield host


class Page(HTMLParser):
    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_it_says_where_everything_is(host: LocalHostProcess) -> None:
    for name in PORTS:
        assert f"http://127.0.0.1:{host.ports[name]}/" in host.said
    assert f"X-API-Key: {host.connector_key}" in host.said


def test_the_start_page_frames_three_chats_with_names(host: LocalHostProcess) -> None:
    answer = host.ask("GET", "/")
    assert answer.status == 200
    page = Page(answer.body)
    assert page.all("html") == [{"lang": "nl"}]
    frames = page.all("iframe")
    assert [frame["title"] for frame in frames] == ["Chat van Amina", "Chat van Bram", "Chat van Els"]
    ports = [host.ports[name] for name in ("CHAT_PORT", "DESK_CHAT_PORT", "MANAGER_CHAT_PORT")]
    assert [frame["src"] for frame in frames] == [f"http://127.0.0.1:{port}/" for port in ports]
    assert "Bram, <span>helpdesk en teameigenaar</span>" in answer.body.decode()


def test_everything_listens_on_loopback_only(host: LocalHostProcess) -> None:
    processes = [psutil.Process(host.process.pid)]
    processes += processes[0].children(recursive=True)
    listening = {
        connection.laddr
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert set(host.ports.values()) <= {address.port for address in listening}


def test_every_part_is_ready(host: LocalHostProcess) -> None:
    answer = host.ask("GET", "/api/health/ready")
    assert (answer.status, answer.json["status"]) == (200, "ready")


def test_another_path_is_not_found_and_another_method_not_allowed(host: LocalHostProcess) -> None:
    assert host.ask("GET", "/api/nothing").status == 404
    refused = host.ask("DELETE", "/api/health")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/operations/jobs"), ("POST", "/api/operations/jobs/x/retry")]
)
def test_operations_need_the_function_key(host: LocalHostProcess, method: str, path: str) -> None:
    assert host.ask(method, path).status == 401
    assert host.ask(method, path, x_functions_key="guessed").status == 401
    assert host.ask(method, path, x_functions_key=host.function_key).status in (200, 400)
    assert host.ask(method, f"{path}?code={host.function_key}").status in (200, 400)


def test_keys_are_for_their_owner_only(host: LocalHostProcess) -> None:
    for name in ("function-keys.json", "connector-key"):
        assert (host.folder / name).stat().st_mode & 0o077 == 0


def test_the_connector_makes_a_ticket_with_the_key_that_was_printed(host: LocalHostProcess) -> None:
    body = json.dumps({"kind": "incident", "text": "De printer doet niets meer"}).encode()
    path = "/api/connector/v1/tickets"
    made = host.ask("POST", path, body, Content_Type="application/json", X_API_Key=host.connector_key)
    assert made.status == 201
    read = host.ask("GET", f"{path}/{made.json['id']}", X_API_Key=host.connector_key)
    assert read.json["number"] == made.json["number"]
    assert host.ask("POST", path, body, Content_Type="application/json").status == 401


def test_a_body_that_is_not_packed_as_it_says_is_refused(host: LocalHostProcess) -> None:
    answer = host.ask(
        "POST", "/api/messages", b"{}", Content_Type="application/json", Content_Encoding="gzip"
    )
    assert answer.status == 400
    assert answer.json["error"]["code"] == "invalid"


@pytest.mark.parametrize("size", [1_000_001, 9_000_000])
def test_a_large_body_is_refused_with_a_clear_message(host: LocalHostProcess, size: int) -> None:
    answer = host.ask("POST", "/api/messages", b"a" * size, Content_Type="application/json")
    assert answer.status == 413
    assert answer.json["error"]["code"] == "too_large"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"type": 7}', b"\xff\xfe", b"[" * 100_000])
def test_a_malformed_activity_is_refused(host: LocalHostProcess, body: bytes) -> None:
    answer = host.ask("POST", "/api/messages", body, Content_Type="application/json")
    assert answer.status == 400
    assert answer.json["error"]["message"]


def test_a_page_of_another_site_gets_nothing_through_the_browser(host: LocalHostProcess) -> None:
    assert host.ask("GET", "/api/health", Origin="https://evil.example").status == 403
    assert host.ask("GET", "/api/health", Host="evil.example").status == 403
    assert host.ask("GET", "/api/health", Origin=f"http://127.0.0.1:{host.ports['CHAT_PORT']}").status == 200


def fails(host: LocalHostProcess) -> str:
    assert host.start().wait(30) == 1
    return host.said


def test_without_authentication_it_refuses_to_listen_beyond_loopback(tmp_path: Path) -> None:
    said = fails(LocalHostProcess(tmp_path, environment={"HOST": "0.0.0.0"}))  # noqa: S104 - that is the point
    assert "HOST=0.0.0.0 can be reached from other machines" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("variable", PORTS)
def test_a_taken_port_is_said_with_the_variable_to_set(tmp_path: Path, variable: str) -> None:
    host = LocalHostProcess(tmp_path, chats=True)
    with socket.create_server(("127.0.0.1", host.ports[variable])):
        said = fails(host)
    assert f"Port {host.ports[variable]} is taken" in said
    assert f"{variable}={host.ports[variable] + 1} make run" in said
    assert "Traceback" not in said


def test_two_parts_cannot_have_one_port(tmp_path: Path) -> None:
    host = LocalHostProcess(tmp_path)
    host.ports["TENANT_PORT"] = host.ports["PORT"]
    assert "TENANT_PORT and PORT are both" in fails(host)


def test_what_is_no_port_is_said(tmp_path: Path) -> None:
    assert "PORT=a lot is not a port" in fails(LocalHostProcess(tmp_path, environment={"PORT": "a lot"}))


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=15)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_nothing_of_it_stays(tmp_path: Path, how: signal.Signals) -> None:
    with LocalHostProcess(tmp_path, chats=True) as host:
        children = psutil.Process(host.process.pid).children(recursive=True)
        assert len(children) == 4, "the tenant and three chats"
        host.process.send_signal(how)
        code = host.process.wait(30)
    assert code == (0 if how != signal.SIGKILL else -signal.SIGKILL)
    assert gone(children)
    eventually(lambda: all(is_free(port) for port in host.ports.values()))
    assert "Traceback" not in host.said


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def eventually(check: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until
        time.sleep(0.05)
