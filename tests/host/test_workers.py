"""`WORKERS=2`: two processes on one port, that look like one."""

from __future__ import annotations

import http.client
import json
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from localhost.options import CannotStartError, options_from
from localhost.tenant import TENANT_ID
from tests.servers.local_host import LocalHostProcess

ROUTE = "/api/connector/v1/tickets"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LocalHostProcess]:
    with LocalHostProcess(tmp_path, environment={"WORKERS": "2"}) as host:
        yield host


def workers(host: LocalHostProcess) -> dict[int, psutil.Process]:
    """The processes that answer on the port: the first, and its worker."""
    first = psutil.Process(host.process.pid)
    found = [first, *(one for one in first.children() if "localhost.worker" in one.cmdline())]
    return {one.pid: one for one in found}


def next_worker(host: LocalHostProcess) -> int:
    """The process beside the first, once it is there."""
    until = time.monotonic() + 60
    while len(found := workers(host)) < 2:
        assert time.monotonic() < until, "no worker came in the place of the one that was lost"
        time.sleep(0.05)
    return max(found, key=lambda pid: pid != host.process.pid)


def connection_to(host: LocalHostProcess, pid: int) -> http.client.HTTPConnection:
    """A connection that this process has; the kernel deals them out."""
    for _ in range(64):
        made = http.client.HTTPConnection("127.0.0.1", host.ports["PORT"], timeout=30)
        made.request("GET", "/api/health")
        made.getresponse().read()
        mine = made.sock.getsockname()[1]
        held = psutil.Process(pid).net_connections("tcp")
        if any(one.raddr[1:] == (mine,) for one in held):
            return made
        made.close()
    raise AssertionError(f"process {pid} gets no connections")


def test_two_processes_are_one_desk_and_a_killed_one_comes_back(host: LocalHostProcess) -> None:
    headers = {"X-API-Key": host.connector_key, "Content-Type": "application/json"}
    here, there = (connection_to(host, pid) for pid in workers(host))

    def ask(
        connection: http.client.HTTPConnection, method: str, path: str, body: str = ""
    ) -> tuple[int, object]:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    made, ticket = ask(there, "POST", ROUTE, json.dumps({"kind": "incident", "text": "De printer hapert"}))
    assert made == 201
    assert isinstance(ticket, dict)
    assert ask(here, "GET", f"{ROUTE}/{ticket['id']}")[0] == 200

    there.close()
    lost = next(one for pid, one in workers(host).items() if pid != host.process.pid)
    lost.send_signal(signal.SIGKILL)
    lost.wait(10)
    for _ in range(8):  # some of these connections are the lost one's: they wait for the next
        assert host.ask("GET", "/api/health").status == 200
    there = connection_to(host, next_worker(host))

    for connection in (here, there):
        assert ask(connection, "GET", ROUTE)[0] == 200
    host.change("UPDATE api_keys SET revoked_at = created_at")
    for connection in (here, there):
        assert ask(connection, "GET", ROUTE)[0] == 401

    headers = {"Authorization": f"Bearer {signed_in(host, 'amina.elidrissi@vlaskerke.example')}"}
    for connection in (here, there):
        status, mine = ask(connection, "GET", ROUTE)
        assert (status, mine) == (200, {"value": []})  # the ticket is the flow's
        connection.close()


def signed_in(host: LocalHostProcess, person: str) -> str:
    """A person's token from the local tenant."""
    given = {"grant_type": "password", "username": person, "scope": "access_as_user"}
    with closing(http.client.HTTPConnection("127.0.0.1", host.ports["TENANT_PORT"], timeout=10)) as tenant:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        tenant.request("POST", f"/sign-in/{TENANT_ID}/oauth2/v2.0/token", urlencode(given), form)
        return str(json.loads(tenant.getresponse().read())["access_token"])


@pytest.mark.parametrize("wrong", ["0", "17", "two", "-1"])
def test_a_wrong_number_of_workers_is_said(wrong: str) -> None:
    with pytest.raises(CannotStartError, match="WORKERS"):
        options_from({"WORKERS": wrong})
