from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards.approvals import approval as approvals
from cards.approvals import lists as approval_lists
from cards.approvals.acts import Retry
from cards.approvals.approval import ApprovalFace
from cards.approvals.lists import Done
from cards.kit import Card, facts, text
from domain.approvals.approval import Approval, ApprovalState, Decision, Event, LogLine, Seat, Why
from domain.approvals.policy import ALL, Circle, Plan, Stage
from domain.approvals.rules import Act
from locales import Translator
from tests.cards.samples.home import DIFFICULT

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NAMES = {
    "amina": "Amina El Idrissi",
    "bram": "Bram De Smet",
    "carla": "Carla Maes",
    "dirk": "Dirk Peeters",
    "els": "Els Wouters",
    "fatima": "Fatima Benali",
    "gust": "Gust Verhelst",
}
TWO_STAGES = Plan(
    (Stage((Circle("team_owner"),), deadline=5), Stage((Circle("information_manager"),), deadline=5))
)
ASKED = Approval(
    id="01a00000-0000-7000-8000-000000000002",
    kind="site",
    subject_id="01a00000-0000-7000-8000-000000000001",
    number="S-2026-000001",
    title="Vlasmarkt",
    requester_id="amina",
    role="team_owner",
    approver_ids=("bram", "carla"),
    state=ApprovalState.PENDING,
    asked_at=AT,
    decision=None,
    asked_ids=("bram", "carla"),
    plan=TWO_STAGES,
    due_at=AT + timedelta(days=7),
    seats=(Seat(1, 0, "bram", "bram"), Seat(1, 0, "carla", "carla")),
    log=(LogLine(Event.ASKED, "amina", "", AT),),
)
APPROVED = replace(
    ASKED,
    state=ApprovalState.APPROVED,
    decision=Decision("els", ApprovalState.APPROVED, "Prima, doe maar.", AT),
    log=(
        *ASKED.log,
        LogLine(Event.APPROVED, "bram", "Zet Els er ook bij.", AT),
        LogLine(Event.APPROVED, "els", "Prima, doe maar.", AT, 1, 1),
    ),
)
REFUSED = replace(
    ASKED,
    state=ApprovalState.REFUSED,
    decision=Decision("carla", ApprovalState.REFUSED, "Er is al een site voor de Vlasmarkt.", AT),
    log=(*ASKED.log, LogLine(Event.REFUSED, "carla", "Er is al een site voor de Vlasmarkt.", AT)),
)
SENT_BACK = replace(
    ASKED,
    state=ApprovalState.SENT_BACK,
    seats=(Seat(1, 0, "bram", "bram", waiting=False), Seat(1, 0, "carla", "carla", waiting=False)),
    log=(*ASKED.log, LogLine(Event.SENT_BACK, "carla", "Kies een kortere naam, zonder het jaartal.", AT)),
)
BOARD = Approval(
    id="01a00000-0000-7000-8000-000000000009",
    kind="change",
    subject_id="01a00000-0000-7000-8000-000000000010",
    number="W-2026-000012",
    title="Nieuwe firewall in het stadhuis",
    requester_id="amina",
    role="Wijzigingsraad",
    approver_ids=("dirk", "gust"),
    asked_ids=("carla", "els", "gust", "dirk"),
    state=ApprovalState.PENDING,
    asked_at=AT,
    decision=None,
    facts=(
        ("Wanneer", "zaterdag 5 december, 20 uur"),
        ("Risico", "klein"),
        ("Terugweg", "oude regels terug"),
    ),
    round=2,
    plan=Plan((Stage((Circle("Wijzigingsraad", ("carla", "els", "gust")),), needed=2),)),
    seats=(
        Seat(2, 0, "carla", "carla", waiting=False),
        Seat(2, 0, "els", "els", waiting=False),
        Seat(2, 0, "dirk", "els", Why.DELEGATE),
        Seat(2, 0, "gust", "gust"),
    ),
    log=(
        LogLine(Event.ASKED, "amina", "", AT),
        LogLine(Event.SENT_BACK, "gust", "Hoe draai je het terug?", AT),
        LogLine(Event.RESUBMITTED, "amina", "De terugweg staat er nu bij.", AT, 2),
        LogLine(Event.APPROVED, "carla", "", AT, 2),
        LogLine(Event.DELEGATED, "els", "Jij kent het netwerk.", AT, 2, to_ids=("dirk",)),
        LogLine(Event.ESCALATED, "", "", AT, 2, to_ids=("fatima",)),
    ),
)
BULK = replace(
    ASKED,
    plan=replace(TWO_STAGES, bulk=True),
    title="Vlasmarkt krijgt een andere naam",
    number="S-2026-000002",
    id="01a00000-0000-7000-8000-000000000020",
)


def shown(t: Translator, approval: Approval, purpose: str = "De heraanleg voorbereiden.") -> ApprovalFace:
    what = {"nl": "een nieuwe site", "fr": "un nouveau site"}.get(t.language, "a new site")
    details = [facts(t, [("Waarvoor", purpose), ("Scenario", "1 · Projectsite")])]
    outcome = [text("prj-vlasmarkt")] if approval.state is ApprovalState.APPROVED else []
    return ApprovalFace(approval, NAMES, details, outcome, what=what, user_ids=("29:bram",))


def board(t: Translator, approval: Approval = BOARD) -> ApprovalFace:
    what = {"nl": "een wijziging", "fr": "un changement"}.get(t.language, "a change")
    return ApprovalFace(approval, NAMES, approvals.given_facts(t, approval), what=what)


def samples(t: Translator) -> dict[str, Card]:
    pending = shown(t, ASKED)
    titled = replace(ASKED, title=DIFFICULT[:60])
    back = shown(t, SENT_BACK)
    withdrawn = replace(
        ASKED,
        state=ApprovalState.WITHDRAWN,
        decision=Decision("amina", ApprovalState.WITHDRAWN, "Het gaat niet door.", AT),
    )
    by_rule = replace(
        ASKED, state=ApprovalState.APPROVED, decision=Decision("", ApprovalState.APPROVED, "", AT)
    )
    deputy = replace(ASKED, seats=(Seat(1, 0, "bram", "carla", Why.DEPUTY),), approver_ids=("bram",))
    escalated = replace(
        ASKED, seats=(Seat(1, 0, "fatima", "fatima", Why.ESCALATED),), approver_ids=("fatima",)
    )
    long = replace(
        BOARD,
        log=tuple(LogLine(Event.APPROVED, "carla", DIFFICULT * 3, AT, 2) for _ in range(30)),
        plan=Plan((Stage((Circle("people", ("carla",)),), needed=ALL),)),
        role="people",
    )
    return {
        "asked": approvals.approver(t, pending, "bram"),
        "asked_difficult": approvals.approver(t, shown(t, titled, DIFFICULT * 30), "bram"),
        "asked_deputy": approvals.approver(t, shown(t, deputy), "bram"),
        "asked_escalated": approvals.approver(t, shown(t, escalated), "fatima"),
        "asked_of_a_board": approvals.approver(t, board(t), "dirk"),
        "asked_long_trail": approvals.approver(t, board(t, long), "gust"),
        "refusal_without_reason": approvals.approver(
            t, pending, "bram", problem=t("Say why: the person who asked reads it.")
        ),
        "passed_on_to_nobody": approvals.approver(
            t,
            pending,
            "bram",
            retry=Retry(
                Act.DELEGATE,
                "Jij weet er meer van.",
                "peeters",
                "colleague",
                t("Which of these do you mean: {names}?", names="Dirk Peeters, Ann Peeters"),
            ),
        ),
        "voted_already": approvals.approver(t, board(t), "carla"),
        "approved": approvals.approver(t, shown(t, APPROVED), "bram"),
        "approved_by_rule": approvals.requester(t, shown(t, by_rule)),
        "refused": approvals.approver(t, shown(t, REFUSED), "carla"),
        "late": approvals.approver(
            t,
            shown(t, REFUSED),
            "bram",
            notice=t("Somebody was first. This is how it stands."),
        ),
        "sent_back": approvals.approver(t, back, "bram"),
        "requester_waits": approvals.requester(t, board(t)),
        "requester_sent_back": approvals.requester(t, back),
        "requester_sent_back_edit": approvals.requester(t, replace(back, edit="sites.form")),
        "requester_withdrawn": approvals.requester(t, shown(t, withdrawn)),
        "channel_waits": approvals.bystander(t, board(t)),
        "channel_refused": approvals.bystander(t, shown(t, REFUSED)),
        "waiting": approval_lists.waiting(t, [ASKED, titled], NAMES, ASKED.id, viewer_id="bram"),
        "waiting_bulk": approval_lists.waiting(
            t,
            [ASKED, BULK, replace(BULK, id="01a00000-0000-7000-8000-000000000021", title=DIFFICULT[:60])],
            NAMES,
            None,
            viewer_id="bram",
            done=[
                Done("S-2026-000003", "Bibliotheek", further=True),
                Done("S-2026-000004", "Zwembad"),
                Done("S-2026-000005", "Markt", problem=t("Somebody was first, or it was changed.")),
            ],
        ),
        "reminder": approval_lists.waiting(t, [ASKED], NAMES, None, viewer_id="bram", reminder=True),
        "waiting_none": approval_lists.waiting(t, [], NAMES, None),
    }
