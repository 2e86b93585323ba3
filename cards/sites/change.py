"""The form to ask something for a site that stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from microsoft_teams.cards import CardElement

from cards.inputs import date_input
from cards.kit import Card, card, facts, heading, press, text, text_input
from cards.sites.form import asked_to_change, owner_inputs
from cards.sites.life import KIND_WORDS
from domain.sites.lifecycle import REASON_LIMIT
from domain.sites.rules import NAME_LIMIT
from domain.sites.site import ChangeKind, Site
from locales import N_, Translator

MEANING = {
    ChangeKind.EXTEND: N_("Choose a later last day."),
    ChangeKind.RENAME: N_("Only the name changes: the web address stays, so that links still work."),
    ChangeKind.OWNER: N_("Two people own a site. The first answers for it."),
    ChangeKind.ARCHIVE: N_(
        "Everybody can still read it, nobody can change it. You can ask to bring it back."
    ),
    ChangeKind.RESTORE: N_("The members can work in it again."),
}


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What stands in the form, as typed. With `change_id` it came back, and `comment` is what has to change."""

    form_id: str
    kind: ChangeKind
    name: str = ""
    owner: str = ""
    second_owner: str = ""
    end_date: str = ""
    reason: str = ""
    change_id: str = ""
    comment: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def form(
    t: Translator, site: Site, values: ChangeForm, colleagues: Sequence[tuple[str, str]], earliest_end: date
) -> Card:
    """`colleagues` are `(id, name)` who can answer for the site."""
    problem = values.problems.get
    data = {"id": site.id, "kind": values.kind.value, "form": values.form_id}
    verb, send = "sites.ask_change", t("Ask for this")
    if values.change_id:
        data |= {"change": values.change_id}
        verb, send = "sites.change_again", t("Send it again")
    back = press(t("Back to the site"), "sites.site", {"id": site.id}, inputs=False)
    return card(
        heading(t(KIND_WORDS[values.kind])),
        text(t(MEANING[values.kind])),
        *asked_to_change(t, values.comment),
        facts(t, [(t("Site"), f"{site.name} ({site.number})")]),
        *_inputs(t, site, values, colleagues, earliest_end),
        text_input(
            "reason",
            t("Why?"),
            value=values.reason,
            required=True,
            error=t("Say why: who approves it reads that."),
            problem=problem("reason", ""),
            multiline=True,
            max_length=REASON_LIMIT,
        ),
        actions=[press(send, verb, data, style="positive"), back],
        language=t.language,
    )


def _inputs(
    t: Translator, site: Site, values: ChangeForm, colleagues: Sequence[tuple[str, str]], earliest_end: date
) -> list[CardElement]:
    problem = values.problems.get
    match values.kind:
        case ChangeKind.RENAME:
            return [
                text_input(
                    "name",
                    t("New name"),
                    value=values.name,
                    required=True,
                    error=t("Give the site a name."),
                    problem=problem("name", ""),
                    max_length=NAME_LIMIT,
                )
            ]
        case ChangeKind.OWNER:
            return owner_inputs(t, values, colleagues)
        case ChangeKind.EXTEND:
            now = t.day(site.end_date) if site.end_date else ""
            return [
                text(t("Its last day is now {day}.", day=now)),
                date_input(
                    "end_date",
                    t("New last day"),
                    value=values.end_date,
                    required=True,
                    error=t("Choose a day."),
                    earliest=earliest_end,
                    problem=problem("end_date", ""),
                ),
            ]
        case ChangeKind.ARCHIVE | ChangeKind.RESTORE:
            return []
