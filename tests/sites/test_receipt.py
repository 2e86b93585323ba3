"""The requester's card says who decides: it follows every change of that."""

from __future__ import annotations

import pytest

from domain.approvable import subjects
from domain.approvals.actions import Decide, approve
from domain.building.steps import REQUESTER_VIEW
from tests.cast import person
from tests.sites.conftest import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_after_the_first_stage_the_requester_sees_who_decides_next(office: Office) -> None:
    request = await office.request()
    await office.run_due()
    office.shown.clear()
    approval = await office.approval(request)
    async with office.units() as unit:
        await approve(
            unit, office.desk, person("bram").as_actor(), Decide(approval.id), subjects(office.desk)
        )
    await office.run_due()
    assert (await office.approval(request)).approver_ids == ("els",)
    assert (REQUESTER_VIEW, request.id, "amina") in office.shown
