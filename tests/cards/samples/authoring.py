from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from cards.authoring import authors as authoring
from cards.authoring import draft as authoring_draft
from cards.authoring import form as authoring_form
from cards.authoring import synonyms as authoring_synonyms
from cards.authoring import tip as authoring_tip
from cards.authoring import versions as authoring_versions
from cards.authoring.authors import Overview
from cards.authoring.draft import DraftFace
from cards.authoring.form import Choices, TipForm
from cards.authoring.tip import TipFace
from cards.authoring.versions import Compared
from cards.kit import Card, press
from domain.authoring.concerns import Concern, Like, Worry
from domain.authoring.differences import differences
from domain.authoring.draft import Draft, DraftState
from domain.authoring.links import BrokenLink, Trouble
from domain.authoring.piles import Entry, Pile
from domain.authoring.review import Relative
from domain.authoring.rules import acts
from domain.authoring.synonyms import SynonymGroup
from domain.authoring.versions import Version
from domain.tips.remarks import Opinion, Said
from domain.tips.tip import Audience, Link, Source, Tip, TipState
from locales import Translator
from tests.cards.samples.home import DIFFICULT

TICKET_ID = "01a00000-0000-7000-8000-000000000001"
AT = datetime(2026, 11, 22, 13, 40, tzinfo=UTC)
DRAFT_ID = "01a00000-0000-7000-8000-000000000071"
NAMES = {"hanne": "Hanne Claeys", "jef": "Jef Martens", "bram": "Bram De Smet"}
TIP = Tip(
    id="agenda-delen",
    language="nl",
    theme="outlook",
    theme_name="Outlook en agenda",
    audience=Audience.EVERYONE,
    title="Hoe deel ik mijn agenda met een collega?",
    alternates=("collega in mijn agenda laten kijken", "agenda openzetten", "wie ziet mijn afspraken"),
    intro="Je kiest zelf wie je agenda ziet, en hoeveel die ziet.",
    steps=("Klik in Outlook met rechts op je agenda.", "Kies Delen.", "Kies de collega en wat die mag zien."),
    phone="Tik in de app Outlook op het tandwiel naast je agenda.",
    note="Privé-afspraken blijven privé.",
    source=Source("Hulp bij Outlook van Microsoft", "https://support.microsoft.com/nl-nl/outlook"),
    related=("agenda-van-collega",),
    checked=date(2026, 11, 16),
    links=(Link("Afspraken over agenda's", "https://vlaskerke.sharepoint.com/sites/intranet/agendas.aspx"),),
)
LONGER = replace(
    TIP,
    alternates=(*TIP.alternates, "kalender delen", "agenda tonen aan mijn ploeg"),
    intro="Je kiest zelf wie je agenda ziet, en hoeveel die persoon ziet.",
    steps=(TIP.steps[0], "Kies Machtigingen voor delen.", TIP.steps[2]),
    audience=Audience.FRONTLINE,
)
DRAFT = Draft(DRAFT_ID, DraftState.DRAFT, TIP, 3, 0, "hanne", None, 0, None, None, None, AT, AT)
IN_REVIEW = replace(DRAFT, state=DraftState.REVIEW, round=1)
RETURNED = replace(DRAFT, reviewer_id="jef", comment="Kan het korter?\nEn zet er de telefoon bij.", round=1)
EMPTY = replace(
    DRAFT,
    tip=replace(
        TIP,
        title="scherm bevriest",
        alternates=(),
        intro="",
        steps=(),
        phone=None,
        note=None,
        theme="",
        theme_name="",
        source=Source(""),
        links=(),
        related=(),
    ),
    author_id=None,
    proposer_id="bram",
    origin=f"ticket:{TICKET_ID}",
)
FEW = Concern(Worry.FEW_WAYS, count=3)
ALIKE = Concern(
    Worry.ALIKE, like=(Like("agenda-tonen", "Hoe toon ik mijn agenda aan een collega?", is_draft=False),)
)
OLD = Concern(Worry.DUE, since=date(2025, 10, 1))
LINKS = (
    BrokenLink(TIP.id, TIP.title, "https://support.microsoft.com/nl-nl/vroeger", Trouble.GONE),
    BrokenLink(TIP.id, TIP.title, "https://intranet.vlaskerke.example/blad", Trouble.UNREACHABLE),
    BrokenLink("lang", DIFFICULT[:150], f"https://vlaskerke.example/{'heel-lang-' * 30}", Trouble.INSECURE),
)
BROKEN = Concern(Worry.BROKEN_LINKS, links=LINKS[:1])
ONE_LANGUAGE = Concern(Worry.UNTRANSLATED, languages=("en", "fr"))
ELSEWHERE = Concern(Worry.OPEN_ELSEWHERE, languages=("en",))
HARD = replace(TIP, title=DIFFICULT[:150], intro=DIFFICULT, steps=(DIFFICULT,), alternates=(DIFFICULT[:180],))
ENTRIES = {
    Pile.REVIEW: (Entry(DRAFT_ID, "Hoe druk ik af op de gang?", True, "nl", waits=True, who="jef", at=AT),),
    Pile.PROPOSED: (Entry(DRAFT_ID, "scherm bevriest", True, "nl", who="bram", at=AT),),
    Pile.DRAFTS: (
        Entry(DRAFT_ID, TIP.title, True, "nl", returned=True, who="hanne", at=AT),
        Entry(DRAFT_ID, "How do I open the calendar of a colleague?", True, "en", who="hanne", at=AT),
    ),
    Pile.MISSED: (Entry(TIP.id, TIP.title, False, "nl", checked=date(2026, 3, 2), theme="Outlook"),),
    Pile.DUE: tuple(
        Entry(f"tip-{n}", title, False, "nl", checked=date(2025, 10, n), theme="Vergaderen")
        for n, title in enumerate(("Hoe plan ik een vergadering?", "Hoe neem ik op?", "Hoe stel ik stil?"), 1)
    ),
}
COUNTS = {Pile.REVIEW: 1, Pile.PROPOSED: 1, Pile.DRAFTS: 2, Pile.DUE: 12, Pile.FEW_WAYS: 6}
COUNTS |= {Pile.BROKEN_LINKS: 3, Pile.UNTRANSLATED: 100, Pile.PUBLISHED: 100, Pile.RETIRED: 0, Pile.MISSED: 2}
FORM = TipForm(
    DRAFT_ID,
    DRAFT_ID,
    "3",
    TIP.title,
    "\n".join(TIP.alternates),
    TIP.intro,
    "\n".join(TIP.steps),
    TIP.phone or "",
    TIP.note or "",
    "outlook",
    TIP.source.name,
    TIP.source.url or "",
    "everyone",
    "",
    "nl",
    "2026-12-01",
    "2026-11-01",
    "Afspraken",
    "agenda-van-collega",
)
CHOICES = Choices(
    [("outlook", "Outlook en agenda"), ("delen", "Delen met anderen")],
    [("digitaal", "Digitale Transformatie")],
    [
        ("agenda-van-collega", "Hoe open ik de agenda van een collega?"),
        ("afwezig", "Hoe meld ik me afwezig?"),
    ],
)
VERSIONS = [
    Version(LONGER, 3, "hanne", "jef", AT),
    Version(TIP, 2, "hanne", "hanne", datetime(2026, 6, 3, 9, tzinfo=UTC)),
    Version(TIP, 1, None, None, datetime(2025, 11, 16, 9, tzinfo=UTC)),
]


FAMILY = [Relative("agenda-delen-fr", "fr", "Comment partager mon agenda ?")]
OVERTAKEN = (
    "Somebody changed this draft while you were writing. "
    "See what differs: saving again puts yours in its place."
)
SAID = Opinion(
    12,
    3,
    (
        Said("Bij mij staat er Machtigingen <b>en niet</b> Delen.", AT),
        Said("Hoe doe ik dat op mijn tablet?", datetime(2026, 6, 3, 9, tzinfo=UTC)),
    ),
)


def face(draft: Draft, reader: str, **more: object) -> DraftFace:
    return replace(DraftFace(draft, acts(draft, reader, alone=False), NAMES), **more)  # type: ignore[arg-type]


def samples(t: Translator) -> dict[str, Card]:
    none = dict.fromkeys(Pile, 0)
    way_back = press(t("Versions"), "authoring.versions", {"id": TIP.id})
    compared = Compared(LONGER, "Versie 2", "Versie 3", differences(TIP, LONGER), restore=2)
    late = {
        "valid_until": "De laatste dag komt voor de eerste.",
        "links": "Zet elke link op een eigen regel.",
    }
    published = TipFace(
        TIP, TipState.PUBLISHED, 3, "Hanne Claeys", "Jef Martens", [OLD, BROKEN, FEW, ONE_LANGUAGE]
    )
    return {
        "overview": authoring.overview(t, Overview(COUNTS, ENTRIES, NAMES)),
        "overview_calm": authoring.overview(t, Overview(none, {}, {})),
        "pile": authoring.pile(t, Pile.DUE, ENTRIES[Pile.DUE], NAMES, "2025-10-03|tip-3", first=True),
        "tip": authoring_tip.tip(t, replace(published, missing=("en",), family=FAMILY, opinion=SAID)),
        "tip_retired": authoring_tip.tip(t, replace(published, state=TipState.RETIRED, concerns=())),
        "tip_retired_drafted": authoring_tip.tip(
            t, replace(published, state=TipState.RETIRED, concerns=(), drafted=DRAFT_ID)
        ),
        "due": authoring.due(t, ENTRIES[Pile.DUE], NAMES, more=True),
        "links": authoring.links(t, LINKS, more=True),
        "draft": authoring_draft.draft(t, face(RETURNED, "hanne", concerns=[FEW, ALIKE, ELSEWHERE])),
        "draft_reviewer": authoring_draft.draft(t, face(replace(IN_REVIEW, base_version=2), "jef")),
        "draft_proposed": authoring_draft.draft(
            t,
            face(
                EMPTY,
                "jef",
                ticket=("", "I-2026-000012"),
                problems=[t("Choose a theme."), t("Write the answer in a sentence or two.")],
            ),
        ),
        "draft_difficult": authoring_draft.draft(t, face(replace(DRAFT, tip=HARD), "hanne")),
        "proposed": authoring_draft.proposed(t, face(EMPTY, "jef")),
        "review": authoring_draft.review(t, face(IN_REVIEW, "jef")),
        "result": authoring_draft.result(
            t, face(replace(DRAFT, state=DraftState.PUBLISHED, reviewer_id="jef"), "hanne"), author=True
        ),
        "result_later": authoring_draft.result(
            t,
            face(
                replace(DRAFT, state=DraftState.PUBLISHED, tip=replace(TIP, valid_from=date(2027, 1, 4))),
                "hanne",
                later=date(2027, 1, 4),
            ),
            author=False,
        ),
        "result_team": authoring_draft.result(
            t, face(replace(DRAFT, state=DraftState.PUBLISHED), "hanne", team="Omgeving"), author=False
        ),
        "draft_team_later": authoring_draft.draft(
            t,
            face(
                replace(DRAFT, state=DraftState.PUBLISHED, reviewer_id="jef"),
                "hanne",
                team="Omgeving",
                later=date(2027, 1, 4),
                ticket=(TICKET_ID, "I-2026-000012"),
            ),
        ),
        "draft_later": authoring_draft.draft(
            t,
            face(
                replace(DRAFT, state=DraftState.PUBLISHED, tip=replace(TIP, valid_from=date(2027, 1, 4))),
                "hanne",
                later=date(2027, 1, 4),
            ),
        ),
        "form": authoring_form.words(t, FORM),
        "form_overtaken": authoring_form.words(
            t,
            replace(
                FORM,
                problem=t(OVERTAKEN),
                theirs=differences(TIP, LONGER)[:2],
            ),
        ),
        "form_over": authoring_form.words(
            t,
            replace(
                FORM,
                problem=t("This draft is not at this step any more. Open it again to see it as it is now."),
                over=True,
            ),
        ),
        "form_details": authoring_form.details(t, replace(FORM, problems=late), CHOICES),
        "form_dialog": authoring_form.details(t, FORM, CHOICES, dialog=True),
        "versions": authoring_versions.versions(t, TIP, VERSIONS, NAMES, 3, 1),
        "compared": authoring_versions.compared(t, compared, whole=False, way_back=way_back),
        "synonyms": authoring_synonyms.groups(
            t,
            [
                SynonymGroup("a", "nl", ("laptop", "draagbare", "notebook")),
                SynonymGroup("b", "en", ("pc", "computer")),
            ],
            "",
            "b",
        ),
    }
