from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from cards.kit import Card
from cards.sites import form as forms
from cards.sites import guide as guides
from cards.sites import requests as sites
from cards.sites.guide import Advice
from cards.sites.requests import SiteFace
from domain.approvals.approval import Approval, ApprovalState, Decision, Event, LogLine
from domain.building.plan import SiteStep, Step, StepState, steps_for
from domain.sites.advice import Caution
from domain.sites.policy import Question
from domain.sites.request import SiteRequest, SiteState
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city, person

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
    language="nl",
    library_ids=("verslagen", "projectdossier"),
    retention_label="000 Werkdocumenten",
    end_date=date(2027, 12, 31),
    answers={"outsiders": "yes", "personal_data": "no", "confidential": "no", "audience": "project"},
    advised_id="1",
    purpose="Samen met de handelaars de heraanleg van de Vlasmarkt voorbereiden.",
    owner_ids=("amina", "carla"),
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

ASKED_BACK = "Zet er ook een einddatum bij, en vraag Ingrid als tweede eigenaar."
SENT_BACK = replace(
    APPROVAL,
    state=ApprovalState.SENT_BACK,
    log=(LogLine(Event.SENT_BACK, "bram", ASKED_BACK, AT),),
)
ANSWERS = {
    Question.OUTSIDERS: "yes",
    Question.PERSONAL_DATA: "no",
    Question.CONFIDENTIAL: "no",
    Question.AUDIENCE: "project",
}
LIBRARIES = [one for one in demo_city().libraries if one.id in REQUEST.library_ids]


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
    return SiteFace(
        request, SCENARIOS[0], approval, planned, NAMES, SCENARIOS[0], LIBRARIES, "Digitale Transformatie"
    )


def difficult() -> SiteFace:
    guests = tuple(f"gast{number}@organisatie-met-een-lange-naam.example" for number in range(20))
    request = replace(REQUEST, name=DIFFICULT[:60], purpose=DIFFICULT * 30, guests=guests)
    return SiteFace(request, SCENARIOS[0], APPROVAL, steps_for(SCENARIOS[0]), NAMES)


def samples(t: Translator) -> dict[str, Card]:
    ready = face(SiteState.READY, APPROVED, len(Step))
    failed = face(SiteState.FAILED, APPROVED, 2)
    return {
        **_guide(t),
        **_forms(t),
        "asked": sites.requester(t, face()),
        "asked_unchecked": sites.requester(t, face(), unchecked=True),
        "asked_difficult": sites.requester(t, difficult()),
        "sent_back": sites.requester(t, face(SiteState.SENT_BACK, SENT_BACK)),
        "withdrawn": sites.requester(t, face(SiteState.WITHDRAWN)),
        "building": sites.requester(t, face(SiteState.BUILDING, APPROVED, 2)),
        "ready": sites.requester(t, ready),
        "failed": sites.requester(t, failed),
        "refused": sites.requester(t, face(SiteState.REFUSED, REFUSED)),
        "result_ready": sites.result(t, ready),
        "result_refused": sites.result(t, face(SiteState.REFUSED, REFUSED)),
        "result_failed": sites.result(t, failed),
    }


def _guide(t: Translator) -> dict[str, Card]:
    project = Advice(ANSWERS, SCENARIOS[0], SCENARIOS, frozenset(), [person("els")], name="Vlasmarkt")
    team = {**ANSWERS, Question.OUTSIDERS: "no", Question.AUDIENCE: "team"}
    blocked = replace(project, answers=team, advised=SCENARIOS[2], after_track=frozenset({"3", "4", "5"}))
    personal = {**ANSWERS, Question.PERSONAL_DATA: "yes"}
    files = replace(project, answers=personal, advised=SCENARIOS[4], cautions=[Caution.NO_GUESTS])
    why = {"reason": t("Say why you need this kind: who approves it reads that.")}
    return {
        "questions": guides.questions(t, {}),
        "questions_missing": guides.questions(t, {Question.OUTSIDERS: "yes"}, name="Vlasmarkt", missing=True),
        "advice": guides.advice(t, project),
        "advice_after_track": guides.advice(t, blocked),
        "advice_caution": guides.advice(t, files),
        "advice_no_reason": guides.advice(t, replace(files, wanted="1", problems=why)),
    }


def _forms(t: Translator) -> dict[str, Card]:
    city = demo_city()
    hubs = [(REQUEST.id, "Digitale Transformatie")]
    colleagues = sorted(NAMES.items())
    choices = forms.Choices(colleagues, hubs, city.libraries, city.retention.labels, date(2026, 11, 24))
    open_to_all = replace(choices, libraries=[one for one in city.libraries if one.classification == 1])
    empty = forms.SiteForm(
        "01a00000-0000-7000-8000-000000000003",
        name="Vlasmarkt",
        owner="amina",
        retention_label=city.retention.default or "",
        answers={question.value: answer for question, answer in ANSWERS.items()},
    )
    problems = {
        "name": t("Somebody asked for a site with this name already. Choose another name."),
        "second_owner": t("Name a second owner, somebody else than the first."),
        "guests": t("Not found: {unknown}. Use a name or an e-mail address.", unknown="jan@"),
        "libraries": t("This kind of site is too open for: {libraries}.", libraries="Personeelsdossiers"),
        "end_date": t("Choose a day after today."),
    }
    back = replace(
        empty,
        purpose=REQUEST.purpose,
        second_owner="Els Wouters",
        libraries="verslagen,projectdossier",
        end_date="2027-12-31",
        request_id=REQUEST.id,
        comment="Zet er ook een einddatum bij, en vraag Ingrid als tweede eigenaar.",
    )
    too_open = [Caution.TOO_OPEN]
    return {
        "form": forms.form(t, empty, SCENARIOS[0], open_to_all),
        "form_strict": forms.form(t, empty, SCENARIOS[4], choices),
        "form_wrong": forms.form(
            t, replace(empty, guests="jan@", problems=problems), SCENARIOS[0], open_to_all, too_open
        ),
        "form_again": forms.form(t, back, SCENARIOS[0], open_to_all),
    }
