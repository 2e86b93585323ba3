"""Sites that stand, on a platform on which everything is done at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from domain.approvable import subjects
from domain.approvals.actions import Decide, approval_of
from domain.building.plan import Step
from domain.building.verification import Finding
from domain.people.models import Person
from domain.sites.changes import AskChange, ask_change
from domain.sites.policy import Scenario
from domain.sites.ports import Built, NameStatus, RefusedError, SiteOrder
from domain.sites.register import find_site
from domain.sites.site import ChangeKind, Site
from domain.tables import new_id
from tests.cast import person
from tests.sites.conftest import Office, office_with

ID = "id"


class Built365:
    """A platform on which everything is done at once; it writes down what it was asked. `refuses` has it say no."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.refuses = False

    def _do(self, *asked: Any) -> None:
        if self.refuses:
            raise RefusedError("403: not this one")
        self.asked.append(asked)

    async def name_status(self, alias: str) -> NameStatus:
        return NameStatus.FREE

    async def build(self, step: Step, order: SiteOrder, built: Built) -> Built:
        return replace(built, group_id=ID, site_id=ID, url=f"https://example.org/sites/{order.alias}")

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[Finding]:
        return ()

    async def undo(self, order: SiteOrder, built: Built) -> None:
        raise AssertionError("nothing to undo")

    async def archive(self, built: Built) -> None:
        self._do("archive", built.site_id)

    async def restore(self, built: Built) -> None:
        self._do("restore", built.site_id)

    async def rename(self, built: Built, name: str) -> None:
        self._do("rename", name)

    async def set_owners(self, scenario: Scenario, built: Built, owners: Sequence[Person]) -> None:
        self._do("owners", *(owner.id for owner in owners))


@pytest.fixture
def platform() -> Built365:
    return Built365()


@pytest.fixture
def office(desk: Any, units: Any, bells: Any, clock: Any, platform: Built365) -> Office:
    return office_with(desk, units, bells, clock, platform)


async def stand(office: Office, name: str = "Vlasmarkt", who: str = "amina", **more: str) -> Site:
    """A site that was asked, approved and built."""
    request = await office.request(who, name=name, key=f"key-{name}", **more)
    await office.approve(request)
    await office.run_all()
    office.shown.clear()
    return await now(office, request.id)


async def now(office: Office, site_id: str) -> Site:
    async with office.units.read() as unit:
        site = await find_site(unit, site_id)
    assert site is not None
    return site


async def ask(office: Office, site: Site, kind: ChangeKind, who: str = "amina", **values: str) -> Site:
    command = AskChange(kind, values.pop("reason", "Het project loopt anders."), **values)
    async with office.units() as unit:
        return await ask_change(unit, office.desk, person(who), site.id, command, values.get("key", new_id()))


async def decide(office: Office, site: Site, act: Any, comment: str = "") -> None:
    """By whoever is asked, through every stage."""
    assert site.change is not None
    change = site.change
    while True:
        async with office.units() as unit:
            approval = await approval_of(unit, change.kind.approval_kind, change.id)
            if not approval.pending:
                break
            who = person(approval.approver_ids[0]).as_actor()
            await act(
                unit, office.desk, who, Decide(approval.id, comment, approval.round), subjects(office.desk)
            )
    await office.run_all()
