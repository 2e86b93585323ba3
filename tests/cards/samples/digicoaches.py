from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from cards.digicoaches import asking as digicoaches
from cards.digicoaches import questions as digicoach_questions
from cards.digicoaches import services as digicoach_services
from cards.digicoaches import systems as digicoach_systems
from cards.digicoaches import work as digicoach_work
from cards.digicoaches.asking import AskForm
from cards.digicoaches.parts import QuestionFace
from cards.digicoaches.services import AddForm, ServiceLine
from cards.digicoaches.systems import SystemForm
from cards.digicoaches.work import ProfileForm, Work
from cards.helpdesk.requester import Notice
from cards.kit import Card
from domain.digicoaches.coach import Coach, Load
from domain.digicoaches.help import Figures
from domain.digicoaches.policy import Hours, Service
from domain.digicoaches.question import CoachQuestion, Line
from domain.digicoaches.rules import Outcome, State, Step
from domain.digicoaches.services import Member, Standing
from domain.digicoaches.systems import NewSystem
from domain.tips.rules import Secret
from locales import Translator
from tests.cards.samples.home import DIFFICULT

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FORM = "01a00000-0000-7000-8000-000000000071"
QUESTION = CoachQuestion(
    id="01a00000-0000-7000-8000-000000000072",
    state=State.OFFERED,
    version=1,
    asker_id="danny",
    service_id="wegen",
    language="nl",
    place="Depot Noord",
    text="Hoe zet ik de foto's van mijn gsm bij de werkbon?",
    tips=("foto-in-teams",),
    tip_question_id=None,
    coach_id="chantal",
    asked_at=AT,
    offered_at=AT,
    reminded_at=None,
    due_at=AT + timedelta(hours=8),
    next_at=AT + timedelta(hours=2),
    ticket_id=None,
    draft_id=None,
)
ANSWER = Line(
    Step.ANSWER,
    "chantal",
    None,
    "Open de werkbon in de app.\n1. Druk op het potlood.\n2. Druk op Foto.\n3. Kies de foto's en druk op Klaar.",
    AT + timedelta(hours=1),
)
FACE = QuestionFace(
    QUESTION,
    (),
    {"danny": "Danny Roels", "chantal": "Chantal Leroy"},
    {"danny": "danny@vlaskerke.example", "chantal": "chantal@vlaskerke.example"},
    "Wegen en Groen",
    "Wegen en Groen",
    ["Hoe stuur ik een foto in Teams?", "Waar staan mijn foto's?"],
)
ANSWERED = replace(FACE, question=replace(QUESTION, state=State.ANSWERED, version=3), lines=(ANSWER,))
CHANTAL = Coach(
    "chantal",
    "wegen",
    frozenset({"nl", "fr"}),
    ("Depot Noord",),
    Hours(frozenset({0, 1, 3, 4}), time(7), time(15)),
    2,
)
YEAR = Figures(34, 310, 29, 3, 2)
WEGEN = Standing(
    Service("wegen", ("an",), ("Depot Noord", "Depot Zuid", "Begraafplaats")),
    "Wegen en Groen",
    42,
    3,
    (
        Member(CHANTAL, Load(1, AT), False, YEAR),
        Member(replace(CHANTAL, person_id="bart", places=()), Load(), True, Figures()),
    ),
    ("Depot Zuid", "Begraafplaats"),
    YEAR,
)
NAMES = {"chantal": "Chantal Leroy", "bart": "Bart Deprez"}
SYSTEM = NewSystem(
    FORM,
    "Nieuwe prikklok",
    "Je prikt voortaan met je badge of met je gsm.\nVolgende week kun je het al proberen aan het onthaal.",
    "https://intranet.vlaskerke.example/prikklok",
    date(2026, 12, 7),
    "els",
    AT,
)


def samples(t: Translator) -> dict[str, Card]:
    lines = [(QUESTION.id, QUESTION.text, "Danny Roels · " + t("asked a digicoach"))]
    hard = replace(
        ANSWERED,
        question=replace(ANSWERED.question, text=DIFFICULT, place=DIFFICULT[:80]),
        lines=(replace(ANSWER, text=DIFFICULT * 3),) * 6,
        names={"danny": DIFFICULT[:60], "chantal": "Chantal Leroy"},
    )
    again = replace(
        ANSWERED,
        question=replace(ANSWERED.question, state=State.ACCEPTED),
        lines=(
            ANSWER,
            Line(Step.ASK_ON, "danny", None, "Ik zie geen potlood op mijn scherm.", AT + timedelta(hours=2)),
        ),
    )
    done = replace(
        ANSWERED,
        question=replace(ANSWERED.question, state=State.DONE, draft_id=FORM),
        noted=(10, Outcome.HELPED),
    )
    handed = Line(Step.TICKET, "", None, None, AT + timedelta(hours=8))
    not_yet = replace(ANSWERED, noted=(15, Outcome.NOT_YET))
    moved_on = Notice(t("This is not possible any more: the question has moved on."), DIFFICULT)
    ticket = replace(
        FACE, question=replace(QUESTION, state=State.TICKET, ticket_id=FORM), ticket=(FORM, "A-2026-000123")
    )
    menu = [(t("The digicoaches of your service"), "digicoaches.service")]
    places = WEGEN.service.places
    return {
        "ask": digicoaches.ask(
            t, AskForm(FORM, QUESTION.text, FORM, ("a",)), places, FACE.tips, "8500", menu
        ),
        "ask_wrong": digicoaches.ask(
            t, AskForm(FORM, problems={"text": t("Write something here, please.")}), (), (), "8500"
        ),
        "nobody": digicoaches.nobody(t, QUESTION.text, "8500"),
        "asker_offered": digicoaches.asker(t, replace(FACE, secrets=frozenset({Secret.PASSWORD}))),
        "asker_answered": digicoaches.asker(t, ANSWERED),
        "asker_difficult": digicoaches.asker(t, hard),
        "asker_ticket": digicoaches.asker(t, ticket),
        "asker_ticket_late": digicoaches.asker(t, replace(ticket, lines=(handed,)), moved_on),
        "coach_offered": digicoach_questions.coach(t, FACE),
        "coach_again": digicoach_questions.coach(t, again),
        "coach_answered": digicoach_questions.coach(t, ANSWERED),
        "coach_difficult": digicoach_questions.coach(t, hard),
        "coach_done": digicoach_questions.coach(t, done),
        "coach_not_yet": digicoach_questions.coach(t, not_yet),
        "passed": digicoach_questions.passed(t, FACE),
        "passed_late": digicoach_questions.passed(t, FACE, moved_on),
        "work": digicoach_work.work(t, Work(CHANTAL, "Wegen en Groen", 1, YEAR, lines, FORM), contact=True),
        "floor": digicoach_work.floor(t, FORM),
        "profile": digicoach_work.profile(
            t,
            replace(
                ProfileForm.of(CHANTAL), problems={"until": t("The end has to be later than the start.")}
            ),
            places,
        ),
        "welcome": digicoach_work.welcome(t, "Wegen en Groen", CHANTAL),
        "thanks": digicoach_work.thanks(t, "Chantal", YEAR, Figures(2134, 19000, 1900, 150, 84)),
        "service_short": digicoach_services.service(
            t, WEGEN, NAMES, AddForm("xyz", t("Choose a colleague.")), others=[("sport", "Sport")]
        ),
        "overview": digicoach_services.overview(
            t,
            2026,
            Figures(2134, 19000, 1900, 150, 84),
            [
                ServiceLine("wegen", "Wegen en Groen", 2, 3, YEAR),
                ServiceLine("sport", "Sport", 1, 2, Figures()),
            ],
            "sport",
        ),
        "system_form": digicoach_systems.form(
            t, SystemForm(FORM, problems={"starts_on": t("Choose a day.")}), date(2026, 11, 24)
        ),
        "system_told": digicoach_systems.told(t, SYSTEM, late_by=3),
        "system_news": digicoach_systems.news(t, SYSTEM, "Els Wouters", wants=True),
        "systems": digicoach_systems.systems(t, [SYSTEM], SYSTEM.id, wants=False, tells=True),
    }
