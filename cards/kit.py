"""The parts every card is made of: typed with Microsoft's models, plain data out, people's text always literal.

What people typed, and anything filled into a translated sentence, is drawn with TextRun, which shows Markdown
and HTML as the characters they are. Only `markdown` is read as Markdown: give it texts the city wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import orjson
from microsoft_teams.cards import (
    Action,
    ActionSet,
    AdaptiveCard,
    CardElement,
    Column,
    ColumnSet,
    Container,
    ExecuteAction,
    OpenUrlAction,
    RichTextBlock,
    ShowCardAction,
    TextBlock,
    TextRun,
)

from cards.inputs import INPUT_LIMIT, choice_input, text_input
from cards.literal import literal, shorten
from locales import Translator

Card = dict[str, Any]
"""An Adaptive Card as plain data: dict, list, str, int, float, bool and None, nothing else."""
Plain = dict[str, Any]
"""An element of a card as plain data."""

Color = Literal["Default", "Accent", "Attention"]
"""Not Good and Warning: Teams draws them at a contrast of 2 to 1 and less. A `group` with that tone is readable."""
Size = Literal["Small", "Default", "Medium", "Large", "ExtraLarge"]
Spacing = Literal["None", "Small", "Default", "Medium", "Large"]
Tone = Literal["default", "emphasis", "accent", "good", "attention", "warning"]

SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
SIZE_LIMIT: Final = 28 * 1024
"""Bytes a message with its card may have in Teams."""
TEXT_LIMIT: Final = 2000
"""Characters of one text that a card shows; six of them, all emoji, still fit in a card."""
SPOKEN_LIMIT: Final = 200
FACT_LIMIT: Final = 300

_MARKDOWN = re.compile(r"[*_`\[\]~<>\\|&]|^\s*(?:[-+#]|\d+[.)])(?=\s)|://|{{", re.MULTILINE)


def card(
    *body: CardElement | Plain, actions: Sequence[Action] = (), speak: str = "", language: str | None = None
) -> Card:
    """A card of version 1.5. `speak` is what is read aloud and shown in notifications: by default its first text."""
    spoken = shorten(speak or next(filter(None, map(_first_text, body)), ""), SPOKEN_LIMIT)
    around = AdaptiveCard(
        version="1.5",
        lang=language,
        fallback_text=spoken or None,
        speak=spoken or None,
        actions=list(actions) or None,
    ).model_dump(by_alias=True, exclude_none=True)
    pressed = around.pop("actions", None)
    made = {"$schema": SCHEMA, **around, "body": [_plain(element) for element in body]}
    return made if pressed is None else {**made, "actions": pressed}


def kept(*elements: CardElement) -> tuple[Plain, ...]:
    """These elements as a card has them, for a caller that keeps them for the cards to come. Nobody changes them."""
    return tuple(map(_plain, elements))


def size_of(card: Card) -> int:
    """Bytes of the card on the wire; Teams refuses a message above `SIZE_LIMIT`."""
    return len(orjson.dumps(card))


# --- texts ------------------------------------------------------------------------------------------------


def heading(value: str, *, size: Size = "Large", spacing: Spacing | None = None) -> CardElement:
    """A title that screen readers announce as one. Literal too: with Markdown characters it becomes a run."""
    value = literal(value)
    if _MARKDOWN.search(value):
        return runs(TextRun(text=value, size=size, weight="Bolder"), spacing=spacing)
    return TextBlock(text=value, size=size, weight="Bolder", wrap=True, style="heading", spacing=spacing)


def text(
    value: str,
    *,
    bold: bool = False,
    subtle: bool = False,
    color: Color | None = None,
    size: Size | None = None,
    spacing: Spacing | None = None,
    id: str | None = None,  # noqa: A002 - the card's own word
) -> CardElement:
    """A translated sentence, with whatever was filled into it shown literally."""
    return runs(run(value, bold=bold, subtle=subtle, color=color, size=size), spacing=spacing, id=id)


def user_text(
    t: Translator,
    value: str,
    *,
    limit: int = TEXT_LIMIT,
    bold: bool = False,
    size: Size | None = None,
    spacing: Spacing | None = None,
    whole: bool = True,
) -> CardElement:
    """What a person typed, character by character; a long text is shortened and says so. Not `whole`: it was longer
    than what is kept of it, so that nobody knows by now how long."""
    shown = shorten(value, limit)
    pieces = [run(shown, bold=bold, size=size)]
    if shown != value:
        first, total = len(shown) - 1, len(value)
        if whole:
            note = t("(The first {shown} of {total} characters.)", shown=first, total=total)
        else:
            note = t("(The first {shown} characters.)", shown=first)
        pieces.append(run("\n" + note, subtle=True))
    return runs(*pieces, spacing=spacing)


def typed_text(t: Translator, typed: str) -> CardElement:
    """What somebody typed in the chat, in a box to go on with; what does not fit is left out, and that is said."""
    problem = too_long(t) if len(typed) > INPUT_LIMIT else ""
    return text_input("text", t("You typed"), value=typed, multiline=True, problem=problem)


def too_long(t: Translator) -> str:
    """Said at a box that got more than it takes."""
    return t(
        "This was longer than fits here: check the end, please. At most {limit} characters.",
        limit=INPUT_LIMIT,
    )


def markdown(value: str, *, spacing: Spacing | None = None, subtle: bool = False) -> CardElement:
    """A text of the city's own, with the Markdown that Teams reads: bold, italic, lists, links."""
    return TextBlock(text=value, wrap=True, spacing=spacing, is_subtle=subtle or None)


def facts(t: Translator, pairs: Sequence[tuple[str, str]], *, spacing: Spacing | None = None) -> CardElement:
    """Label and value per line; a label that asks keeps its own mark. No FactSet: that reads its values as Markdown
    and squeezes them on a phone."""
    pieces: list[TextRun] = []
    for label, value in pairs:
        start, mark = "\n" if pieces else "", "" if label.endswith("?") else t.colon
        pieces += (run(f"{start}{label}{mark} ", subtle=True), run(shorten(value, FACT_LIMIT)))
    return runs(*pieces, spacing=spacing)


def run(
    value: str,
    *,
    bold: bool = False,
    subtle: bool = False,
    color: Color | None = None,
    size: Size | None = None,
) -> TextRun:
    """A piece of text, shown literally."""
    value = literal(value)
    if not (bold or subtle or color or size):
        return TextRun(text=value)  # most are: what is not given is not validated either
    return TextRun(
        text=value,
        weight="Bolder" if bold else None,
        is_subtle=subtle or None,
        color=color,
        size=size,
    )


def runs(
    *pieces: TextRun,
    spacing: Spacing | None = None,
    id: str | None = None,  # noqa: A002
) -> CardElement:
    """Pieces of text in one paragraph."""
    inlines: list[CardElement] = [*pieces]
    return RichTextBlock(id=id, inlines=inlines, spacing=spacing)


# --- layout -----------------------------------------------------------------------------------------------


def group(
    *items: CardElement,
    tone: Tone = "default",
    separator: bool = False,
    spacing: Spacing | None = None,
    id: str | None = None,  # noqa: A002
) -> CardElement:
    """Elements that belong together, on a coloured ground when `tone` says so."""
    return Container(
        id=id,
        items=list(items),
        style=None if tone == "default" else tone,
        separator=separator or None,
        spacing=spacing,
    )


def row(
    wide: Sequence[CardElement],
    narrow: Sequence[CardElement],
    *,
    separator: bool = False,
    spacing: Spacing | None = None,
) -> CardElement:
    """Content with something small beside it, such as a button or a state."""
    return ColumnSet(
        columns=[
            Column(width="stretch", items=list(wide)),
            Column(width="auto", items=list(narrow), vertical_content_alignment="Center"),
        ],
        separator=separator or None,
        spacing=spacing,
    )


def buttons(*actions: Action, spacing: Spacing | None = None) -> CardElement:
    """Buttons in the body of the card, where they belong to what stands above them."""
    return ActionSet(actions=list(actions), spacing=spacing)


def pressable(
    title: str, verb: str, data: Mapping[str, Any] | None = None, *, detail: str = ""
) -> CardElement:
    """A sentence to press. It wraps where a button's title would be cut off, as on a phone."""
    items = [run(title, bold=True, color="Accent")]
    if detail:
        items.append(run(f"\n{detail}"))
    return Container(
        items=[runs(*items)], style="emphasis", select_action=press(title, verb, data), spacing="Small"
    )


# --- actions ----------------------------------------------------------------------------------------------


def press(
    title: str,
    verb: str,
    data: Mapping[str, Any] | None = None,
    *,
    style: Literal["default", "positive", "destructive"] | None = None,
    inputs: bool = True,
) -> Action:
    """A button that calls the bot (Action.Execute). Without `inputs` it neither sends nor checks the inputs."""
    return ExecuteAction(
        title=literal(title),
        verb=verb,
        data=dict(data or {}),
        style=style,
        associated_inputs=None if inputs else "none",
    )


def open_url(title: str, url: str) -> Action:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"not a web address: {url!r}")
    return OpenUrlAction(title=literal(title), url=url)


def unfold(
    title: str,
    *body: CardElement,
    actions: Sequence[Action],
    style: Literal["default", "positive", "destructive"] | None = None,
) -> Action:
    """A button that unfolds more of the card under it, such as a comment box; its buttons send only its inputs."""
    inner = AdaptiveCard(version="1.5", body=list(body), actions=list(actions))
    return ShowCardAction(title=literal(title), style=style, card=inner)


# --- inside -----------------------------------------------------------------------------------------------


def _plain(element: CardElement | Plain) -> Plain:
    return element if isinstance(element, dict) else element.model_dump(by_alias=True, exclude_none=True)


def _first_text(element: CardElement | Plain) -> str:
    """Empty for plain data: a card of kept parts says itself what is spoken."""
    if isinstance(element, TextBlock):
        return element.text or ""
    if isinstance(element, RichTextBlock):
        return "".join(i.text or "" for i in element.inlines or () if isinstance(i, TextRun))
    if isinstance(element, Container):
        return next(filter(None, map(_first_text, element.items or ())), "")
    return ""


__all__ = [
    "INPUT_LIMIT",
    "SIZE_LIMIT",
    "TEXT_LIMIT",
    "Card",
    "Color",
    "Plain",
    "Size",
    "Spacing",
    "Tone",
    "buttons",
    "card",
    "choice_input",
    "facts",
    "group",
    "heading",
    "kept",
    "markdown",
    "open_url",
    "press",
    "pressable",
    "row",
    "run",
    "runs",
    "size_of",
    "text",
    "text_input",
    "too_long",
    "typed_text",
    "unfold",
    "user_text",
]
