from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from cards.home import chat_with_bot
from cards.kit import Card
from cards.tips import clusters as tip_clusters
from cards.tips import feedback as tip_feedback
from cards.tips import reports as tip_reports
from cards.tips import series as tip_series
from cards.tips import sharing as tip_sharing
from cards.tips import tickets as tip_tickets
from cards.tips.series import SeriesForm
from cards.tips.tickets import ProposalForm
from domain.authoring.solutions import plain_text
from domain.reports.rules import Span, days_between, period_of
from domain.tip_series.series import WEEK, PlannedWeek, Series, Subscription
from domain.tips.cluster import Cluster, ClusterFile, ClusterPage, ClusterState, Remark, Way
from domain.tips.report import BadTip, TipCounts, TipReport
from locales import Translator, translator
from tests.cards.samples.helpdesk import AT, TICKET
from tests.cards.samples.home import DIFFICULT
from tests.cards.samples.tips import QUESTION, RELATED, TIP

CLUSTER = Cluster(
    "01a00000-0000-7000-8000-000000000041",
    "nl",
    ClusterState.OPEN,
    "hoe boek ik een dienstfiets?",
    12,
    3,
    None,
    AT,
    AT,
)
FILE = ClusterFile(
    CLUSTER,
    (
        Way(CLUSTER.text, 7),
        Way("dienstfiets reserveren", 4),
        Way("waar vraag ik een fiets aan voor het werk", 1),
    ),
    9,
    (
        Remark(TIP.id, TIP.title, "Dit gaat over documenten, ik zoek een fiets."),
        Remark("x", "Een zaal boeken", None),
    ),
)
HARD = replace(
    FILE,
    cluster=replace(CLUSTER, text=DIFFICULT[:900]),
    ways=(Way(DIFFICULT[:250], 2),),
    remarks=(Remark("x", DIFFICULT[:150], DIFFICULT),),
)
MOMENT = Subscription(WEEK, 1, time(9), datetime(2026, 11, 24, 8, tzinfo=UTC))
WEEKLY = Series(WEEK, "", MOMENT)
THEME = Series("delen", "Delen met anderen")
COUNTS = TipCounts(120, 96, 60, 12, 14, 9, 5)
REPORT = TipReport(
    period_of(Span.THIS_MONTH, AT.date()),
    AT,
    COUNTS,
    {"delen": COUNTS, "teams": TipCounts(40, 40, 21, 2, 0, 3, 1), None: TipCounts(24, 0, 0, 0, 11, 0, 0)},
    {"digitaal": COUNTS, None: TipCounts(3, 2, 1, 0, 0, 0, 0)},
    (BadTip(TIP.id, TIP.title, 4, 9),),
    7,
)
THEMES = {"delen": "Delen met anderen", "teams": "Teams en kanalen"}
TEAMS = {"digitaal": "Digitale Transformatie"}
FILE_LINK = "https://wijzer.example/api/files/x"


def samples(t: Translator) -> dict[str, Card]:
    own = translator(TIP.language)
    none = TipReport(days_between("2026-11-01", "2026-11-02"), AT, TipCounts(), {}, {}, (), 0)
    page = ClusterPage((CLUSTER, replace(CLUSTER, text=DIFFICULT[:600], unhelped=0, asked=1)), "12:x")
    return {
        "missing_again": tip_feedback.missing_again(
            own, TIP, QUESTION, "…", own("Write something here, please.")
        ),
        "words_kept": tip_feedback.words_kept(own, TIP, QUESTION, DIFFICULT),
        "authors_asked": tip_feedback.authors_asked(t, QUESTION),
        "late_answer": tip_feedback.late_answer(own, TIP, QUESTION),
        "list": tip_clusters.listed(t, page, ClusterState.OPEN),
        "list_empty": tip_clusters.listed(t, ClusterPage((), None), ClusterState.OPEN),
        "cluster": tip_clusters.cluster(t, FILE, RELATED),
        "cluster_difficult": tip_clusters.cluster(t, HARD),
        "cluster_drafted": tip_clusters.cluster(
            t, replace(FILE, cluster=replace(CLUSTER, state=ClusterState.DRAFTED), remarks=(), draft_id="d")
        ),
        "series": tip_series.overview(t, [THEME, WEEKLY], author=True),
        "series_form": tip_series.form(
            t, THEME, SeriesForm("1", "", {"at": t("Choose a time, such as 09:00.")})
        ),
        "series_subscribed": tip_series.subscribed(t, WEEKLY),
        "series_stopped": tip_series.stopped(t, WEEKLY),
        "series_sent": tip_series.sent(own, TIP, WEEK),
        "series_done": tip_series.done(t, THEME),
        "series_plan": tip_series.plan(
            t, [PlannedWeek("2026-W49", TIP.id, TIP.title)], RELATED, typed="delen"
        ),
        "share": tip_sharing.form(t, TIP, "Jan", t("That is you. Choose a colleague.")),
        "share_sent": tip_sharing.sent(t, TIP, "Dirk Peeters"),
        "share_received": tip_sharing.received(own, TIP, "Amina El Idrissi"),
        "share_in_conversation": tip_sharing.in_conversation(own, TIP, chat_with_bot("28:bot")),
        "ticket_search": tip_tickets.search(t, TICKET, RELATED),
        "ticket_solution": tip_tickets.solution(t, TICKET, TIP, plain_text(TIP), "Amina El Idrissi"),
        "ticket_proposal": tip_tickets.proposal(
            t, TICKET, ProposalForm(TICKET.title, "", {"answer": t("Write something here, please.")})
        ),
        "ticket_proposed": tip_tickets.proposed(t, TICKET, TICKET.title),
        "ticket_drafted": tip_tickets.drafted(t, TICKET, TICKET.title, "draft-1"),
        "report": tip_reports.report(t, REPORT, THEMES, TEAMS, FILE_LINK, author=True),
        "report_empty": tip_reports.report(t, none, {}, {}, FILE_LINK),
    }
