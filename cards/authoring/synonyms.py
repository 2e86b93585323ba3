"""Words that mean the same to the search, for authors to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cards.authoring.parts import LANGUAGE_WORDS, back
from cards.kit import Card, buttons, card, choice_input, heading, press, pressable, text, text_input, unfold
from domain.authoring.synonyms import LONGEST_WORD, MOST_WORDS, SynonymGroup
from locales import Translator


@dataclass(frozen=True, slots=True)
class SynonymForm:
    """`id` is empty for a new group."""

    form_id: str
    id: str = ""
    language: str = "nl"
    words: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def groups(t: Translator, shown: Sequence[SynonymGroup], typed: str, cursor: str | None) -> Card:
    more = press(t("Show more"), "authoring.synonyms", {"cursor": cursor or "", "word": typed}, inputs=False)
    return card(
        heading(t("Words that mean the same")),
        text(t("Who asks with one of these words also finds tips with the others."), subtle=True),
        text_input("word", t("Find a word"), value=typed, max_length=LONGEST_WORD),
        buttons(press(t("Find"), "authoring.synonyms")),
        *(
            pressable(
                " = ".join(one.words),
                "authoring.synonym",
                {"id": one.id},
                detail="" if one.language == "nl" else t(LANGUAGE_WORDS[one.language]),
            )
            for one in shown
        ),
        *([] if shown else [text(t("There is nothing here (any more)."))]),
        actions=[
            press(t("New words"), "authoring.synonym", style="positive", inputs=False),
            *([more] if cursor else []),
            back(t),
        ],
        language=t.language,
    )


def form(t: Translator, values: SynonymForm) -> Card:
    problem = values.problems.get
    gone = press(t("Take them away"), "authoring.synonym_remove", {"id": values.id}, style="destructive")
    return card(
        heading(t("Words that mean the same")),
        text_input(
            "words",
            t("The words, with commas between them"),
            value=values.words,
            required=True,
            error=t("Give two words or more that mean the same."),
            max_length=MOST_WORDS * (LONGEST_WORD + 2),
            placeholder=t("laptop, notebook, portable"),
            problem=problem("words", ""),
        ),
        choice_input(
            "language",
            t("Language"),
            [(code, t(name)) for code, name in LANGUAGE_WORDS.items()],
            value=values.language,
            problem=problem("language", ""),
        ),
        actions=[
            press(
                t("Save"),
                "authoring.synonym_save",
                {"id": values.id, "form": values.form_id},
                style="positive",
            ),
            *(
                [
                    unfold(
                        t("Take away"),
                        text(t("The search no longer knows that these mean the same.")),
                        actions=[gone],
                    )
                ]
                if values.id
                else []
            ),
            press(t("Back to the list"), "authoring.synonyms", inputs=False),
        ],
        language=t.language,
    )
