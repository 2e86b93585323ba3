from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cards.kit import Card, press
from cards.sites import change as forms
from cards.sites import life as cards
from cards.sites.life import SiteFace
from domain.sites.lifecycle import Reminder, possible
from domain.sites.site import ChangeKind, ChangeState, Site, SiteChange, StandingState
from locales import Translator
from tests.cards.samples.building import FINDINGS
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TODAY = date(2027, 11, 23)
NAMES = {"amina": "Amina El Idrissi", "bram": "Bram De Smet", "carla": "Carla Maes", "els": "Els Wouters"}
ID = "01a00000-0000-7000-8000-000000000001"
SITE = Site(
    id=ID,
    number="S-2026-000001",
    name="Vlasmarkt",
    alias="prj-vlasmarkt",
    team_id="digitaal",
    scenario_id="1",
    state=StandingState.ACTIVE,
    url="https://vlaskerke.sharepoint.example/sites/prj-vlasmarkt",
    end_date=date(2027, 12, 20),
    review_on=date(2027, 11, 23),
    looked_on=date(2026, 11, 23),
    opened_at=AT,
    archived_at=None,
    owner_ids=("amina", "carla"),
    member_ids=("els",),
)
ARCHIVED = replace(SITE, state=StandingState.ARCHIVED, archived_at=AT)
CHANGE = SiteChange(
    id="01a00000-0000-7000-8000-000000000009",
    site_id=ID,
    kind=ChangeKind.RENAME,
    wanted={"name": "Markt en plein"},
    reason="Het plein hoort er nu ook bij.",
    requester_id="amina",
    state=ChangeState.ASKED,
    created_at=AT,
    finished_at=None,
    error=None,
)
COLLEAGUES = sorted(NAMES.items())


def face(one: Site = SITE, *, mine: bool = True, **changed: Any) -> SiteFace:
    site = replace(one, **changed)
    return SiteFace(site, demo_city().scenarios[0], "Digitale Transformatie", NAMES, possible(site), mine)


def form(t: Translator, kind: ChangeKind, **values: Any) -> Card:
    empty = forms.ChangeForm("01a00000-0000-7000-8000-000000000003", kind, name="Vlasmarkt", owner="amina")
    return forms.form(t, SITE, replace(empty, **values), COLLEAGUES, date(2027, 12, 21))


def samples(t: Translator) -> dict[str, Card]:
    asked, back = CHANGE, replace(CHANGE, state=ChangeState.SENT_BACK)
    done = replace(CHANGE, state=ChangeState.DONE)
    stuck = replace(CHANGE, state=ChangeState.FAILED, error="POST /teams/…/archive was refused with 403")
    more = press(t("Show more"), "sites.mine", {"cursor": ID}, inputs=False)
    long_name = face(name=DIFFICULT[:60])
    return {
        "site": cards.site(t, face()),
        "site_difficult": cards.site(t, long_name),
        "site_differs": cards.site(t, replace(face(), findings=FINDINGS)),
        "site_archived": cards.site(t, face(ARCHIVED)),
        "site_change_asked": cards.site(t, face(change=asked)),
        "site_change_back": cards.site(t, face(change=back)),
        "mine": cards.listing(t, t("My sites"), [SITE, ARCHIVED], more),
        "none": cards.listing(
            t, t("My sites"), [], None, empty=t("You own no site, and you are in none that I made.")
        ),
        "review": cards.notice(t, face(), Reminder.REVIEW, TODAY),
        "review_taken_over": cards.notice(t, face(), Reminder.REVIEW_TAKEN_OVER, TODAY),
        "review_answered": cards.notice(t, face(review_on=date(2028, 11, 23)), Reminder.REVIEW, TODAY),
        "ends_soon": cards.notice(t, face(), Reminder.ENDS_SOON, TODAY),
        "ended": cards.notice(
            t,
            face(end_date=date(2027, 11, 22), change=replace(CHANGE, kind=ChangeKind.ARCHIVE, wanted={})),
            Reminder.ENDED,
            TODAY,
        ),
        "orphan_one": cards.orphan(t, face(owner_ids=("carla",))),
        "orphan_nobody": cards.orphan(t, face(owner_ids=())),
        "orphan_settled": cards.orphan(t, face()),
        "changed_done": cards.changed(t, face(name="Markt en plein"), done),
        "changed_refused": cards.changed(t, face(), replace(CHANGE, state=ChangeState.REFUSED)),
        "failed": cards.failed(t, face(change=stuck), stuck),
        "form_rename": form(t, ChangeKind.RENAME, problems={"name": t("It is called that already.")}),
        "form_owner": form(t, ChangeKind.OWNER, second_owner="Carla Maes"),
        "form_extend": form(t, ChangeKind.EXTEND, end_date="2028-06-30"),
        "form_archive": form(t, ChangeKind.ARCHIVE),
        "form_again": form(
            t,
            ChangeKind.RENAME,
            reason="Het plein hoort er ook bij.",
            change_id=CHANGE.id,
            comment="Kies een naam zonder jaartal.",
        ),
    }
