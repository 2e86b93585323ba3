"""What a tip said before, and what is different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement, TextRun

from cards.authoring.parts import preview
from cards.kit import Card, card, heading, press, pressable, run, runs, text, user_text
from cards.literal import literal, shorten
from domain.authoring.differences import Change, Difference, Piece
from domain.authoring.versions import Version
from domain.tips.tip import Tip
from locales import N_, Translator

FIELD_WORDS = {
    "title": N_("Question"),
    "alternates": N_("Other ways of asking"),
    "intro": N_("The answer"),
    "steps": N_("Steps"),
    "phone": N_("On a phone"),
    "note": N_("What to mind"),
    "links": N_("Links"),
    "source": N_("Source"),
    "theme": N_("Theme"),
    "audience": N_("For"),
    "language": N_("Language"),
    "valid": N_("Seen"),
    "related": N_("Tips that follow on"),
}
AROUND = 60
"""Characters that are shown of a long text that is the same, on either side of what changed."""
DIFFERENCE_LIMIT = 1200
"""Characters shown of one field; the versions themselves have them all."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts of one tip. `older` and `newer` say which; `restore` is the version to bring back, if any."""

    tip: Tip
    older: str
    newer: str
    differences: Sequence[Difference]
    restore: int | None = None


def versions(
    t: Translator,
    tip: Tip,
    shown: Sequence[Version],
    names: Mapping[str, str],
    current: int,
    cursor: int | None,
) -> Card:
    rows = [
        pressable(
            _name(t, one, current),
            "authoring.version",
            {"id": tip.id, "version": str(one.version)},
            detail=_who(t, one, names),
        )
        for one in shown
    ]
    more = press(t("Show more"), "authoring.versions", {"id": tip.id, "before": str(cursor or 0)})
    return card(
        heading(t("Versions")),
        user_text(t, tip.title, bold=True),
        *rows,
        actions=[*([more] if cursor else []), press(t("Back to the tip"), "authoring.tip", {"id": tip.id})],
        language=t.language,
    )


def compared(t: Translator, shown: Compared, *, whole: bool, way_back: Action) -> Card:
    """What is different, field by field; and with `whole` all that the older version said."""
    restore = {"id": shown.tip.id, "version": str(shown.restore)}
    return card(
        heading(t("What changes")),
        user_text(t, shown.tip.title, bold=True),
        older_to_newer(shown.older, shown.newer),
        *(element for one in shown.differences for element in difference(t, one)),
        *([] if shown.differences else [text(t("They say the same."))]),
        *(preview(t, shown.tip) if whole else []),
        actions=[
            *([press(t("Bring this version back"), "authoring.restore", restore)] if shown.restore else []),
            way_back,
        ],
        speak=t("What changes"),
        language=t.language,
    )


def version_name(t: Translator, number: int) -> str:
    return t("Version {number}", number=number)


def _name(t: Translator, one: Version, current: int) -> str:
    name = version_name(t, one.version)
    return t("{name}, as it is now", name=name) if one.version == current else name


def _who(t: Translator, one: Version, names: Mapping[str, str]) -> str:
    author = names.get(one.author_id or "", "") or t("the city's own files")
    reviewer = names.get(one.published_by or "", "")
    looked = t("looked at by {name}", name=reviewer) if reviewer and one.published_by != one.author_id else ""
    when = t.moment(one.published_at) if one.published_at else ""
    return " · ".join(filter(None, (when, author, looked)))


def older_to_newer(older: str, newer: str) -> CardElement:
    """Which of two texts is struck through, and which stands out."""
    return runs(_run(Change.GONE, older), run("  →  "), _run(Change.NEW, newer), spacing="Small")


def difference(t: Translator, one: Difference) -> list[CardElement]:
    """A field that changed, with what went and what came."""
    pieces, room = [], DIFFERENCE_LIMIT
    for place, piece in enumerate(one.pieces):
        if room <= 0:
            break
        shown = _elided(piece, place == 0, place == len(one.pieces) - 1)
        shown = shorten(shown, room)
        if piece.change is Change.GONE and not shown[-1:].isspace():
            shown += " "  # what came in its place stands right behind it
        room -= len(shown)
        pieces.append(_run(piece.change, shown))
    return [text(t(FIELD_WORDS[one.field]), bold=True, spacing="Medium"), runs(*pieces, spacing="Small")]


def _run(change: Change, said: str) -> TextRun:
    match change:
        case Change.SAME:
            return run(said)
        case Change.GONE:
            return TextRun(text=literal(said), strikethrough=True, is_subtle=True)
        case Change.NEW:
            return TextRun(text=literal(said), weight="Bolder", color="Accent")


def _elided(piece: Piece, first: bool, last: bool) -> str:
    """A long text that is the same on both sides, cut to what stands near a change."""
    if piece.change is not Change.SAME or len(piece.text) <= 2 * AROUND:
        return piece.text
    start, end = ("" if first else piece.text[:AROUND]), ("" if last else piece.text[-AROUND:])
    return f"{start}…{end}"
