from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cards import sites
from cards.kit import Card
from cards.sites import SiteFace, SiteForm
from domain.approvals.approval import Approval, ApprovalState, Decision
from domain.sites.plan import SiteStep, Step, StepState, steps_for
from domain.sites.request import SiteRequest, SiteState
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NAMES = {"amina": "Amina El Idrissi", "bram": "Bram De Smet", "carla": "Carla Maes", "els": "Els Wouters"}
SCENARIOS = demo_city().scenarios
REQUEST = SiteRequest(
    id="01a00000-0000-7000-8000-000000000001",
    number="S-2026-000001",
    requester_id="amina",
    team_id="digitaal",
    scenario_id="1",
    name="Vlasmarkt",
    alias="prj-vlasmarkt",
    purpose="Samen met de handelaars de heraanleg van de Vlasmarkt voorbereiden.",
    owner_ids=("amina",),
    member_ids=("els",),
    guests=("lies@handelaars.example",),
    state=SiteState.ASKED,
    group_id=None,
    site_id=None,
    url=None,
    created_at=AT,
    finished_at=None,
    steps=(),
)
APPROVAL = Approval(
    id="01a00000-0000-7000-8000-000000000002",
    kind="site",
    subject_id=REQUEST.id,
    number=REQUEST.number,
    title=REQUEST.name,
    requester_id="amina",
    role="team_owner",
    approver_ids=("bram", "carla"),
    state=ApprovalState.PENDING,
    asked_at=AT,
    decision=None,
)
APPROVED = replace(
    APPROVAL,
    state=ApprovalState.APPROVED,
    decision=Decision("bram", ApprovalState.APPROVED, "Prima, doe maar. Zet Els er ook bij.", AT),
)
REFUSED = replace(
    APPROVAL,
    state=ApprovalState.REFUSED,
    decision=Decision("carla", ApprovalState.REFUSED, "Er is al een site voor de Vlasmarkt.", AT),
)


def face(state: SiteState = SiteState.ASKED, approval: Approval = APPROVAL, done: int = 0) -> SiteFace:
    """The request with its first `done` steps done; when it failed, the next one failed."""
    planned = steps_for(SCENARIOS[0])
    steps = [SiteStep(step, StepState.DONE, 1, AT, AT, None) for step in planned[:done]]
    if state is SiteState.FAILED:
        steps.append(
            SiteStep(planned[done], StepState.FAILED, 8, AT, None, "429: te veel vragen, probeer later")
        )
    url = "https://vlaskerke.sharepoint.example/sites/prj-vlasmarkt" if state is SiteState.READY else None
    request = replace(REQUEST, state=state, steps=tuple(steps), url=url)
    return SiteFace(request, SCENARIOS[0], approval, planned, NAMES)


def difficult() -> SiteFace:
    guests = tuple(f"gast{number}@organisatie-met-een-lange-naam.example" for number in range(20))
    request = replace(REQUEST, name=DIFFICULT[:60], purpose=DIFFICULT * 30, guests=guests)
    return SiteFace(request, SCENARIOS[0], APPROVAL, steps_for(SCENARIOS[0]), NAMES)


def samples(t: Translator) -> dict[str, Card]:
    colleagues = sorted(NAMES.items())
    empty = SiteForm("01a00000-0000-7000-8000-000000000003", owner="amina")
    wrong = replace(
        empty,
        scenario_id="3",
        name="Vlasmarkt",
        problems={"name": t("Somebody asked for a site with this name already. Choose another name.")},
    )
    ready = face(SiteState.READY, APPROVED, len(Step))
    failed = face(SiteState.FAILED, APPROVED, 2)
    return {
        "form": sites.form(t, empty, SCENARIOS, colleagues, frozenset({"3", "4", "5"})),
        "form_wrong": sites.form(t, wrong, SCENARIOS, colleagues),
        "asked": sites.requester(t, face()),
        "asked_difficult": sites.requester(t, difficult()),
        "building": sites.requester(t, face(SiteState.BUILDING, APPROVED, 2)),
        "ready": sites.requester(t, ready),
        "failed": sites.requester(t, failed),
        "refused": sites.requester(t, face(SiteState.REFUSED, REFUSED)),
        "result_ready": sites.result(t, ready),
        "result_refused": sites.result(t, face(SiteState.REFUSED, REFUSED)),
        "result_failed": sites.result(t, failed),
        "operator_may_retry": sites.operator(t, failed, may_retry=True),
        "operator_ready": sites.operator(t, ready, may_retry=False),
    }
