"""The way to a site: a few plain questions, and the kind of site that fits, with what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from microsoft_teams.cards import Action, CardElement

from cards.home import chat_link
from cards.kit import (
    Card,
    buttons,
    card,
    choice_input,
    facts,
    group,
    heading,
    open_url,
    press,
    text,
    text_input,
    unfold,
    user_text,
)
from domain.people.models import Person
from domain.sites.advice import OPTIONS, REASON_LIMIT, Caution
from domain.sites.policy import NO, YES, Question, Scenario
from locales import N_, Translator

QUESTION_WORDS = {
    Question.OUTSIDERS: N_("Do you work with people outside the city?"),
    Question.PERSONAL_DATA: N_("Will there be personal data in it, such as personnel files or social files?"),
    Question.CONFIDENTIAL: N_("Are there confidential papers in it, such as a tender?"),
    Question.AUDIENCE: N_("What is it for?"),
}
ANSWER_WORDS = {
    YES: N_("yes"),
    NO: N_("no"),
    "project": N_("a project or a network"),
    "team": N_("the daily work of my whole team"),
    "city": N_("a front page of my team, for the whole city"),
}
CAUTION_WORDS = {
    Caution.NO_GUESTS: N_("People outside the city cannot get into this kind of site."),
    Caution.TOO_OPEN: N_(
        "This kind is too open for what you want to put in it. Who approves it will look at that."
    ),
}

Answers = Mapping[Question, str]
Style = Literal["default", "positive"]


@dataclass(frozen=True, slots=True)
class Advice:
    """`advised` is what the rule says, and `after_track` the ids of what this team cannot have yet; `talk_to` are the
    information managers to talk to about that. `wanted` and `reason` are what somebody chose instead, with what is
    wrong about that by field."""

    answers: Answers
    advised: Scenario
    scenarios: Sequence[Scenario]
    after_track: frozenset[str]
    talk_to: Sequence[Person]
    cautions: Sequence[Caution] = ()
    name: str = ""
    wanted: str = ""
    reason: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def questions(t: Translator, answers: Answers, *, name: str = "", missing: bool = False) -> Card:
    """`name` is what the person called the site already; it goes along. With `missing`, an answer was left out."""
    return card(
        heading(t("A new site")),
        text(t("Answer four questions, and I say what kind of site fits.")),
        *([group(text(t("Answer every question.")), tone="attention")] if missing else []),
        *(
            choice_input(
                question.value,
                t(QUESTION_WORDS[question]),
                [(answer, _capital(t(ANSWER_WORDS[answer]))) for answer in OPTIONS[question]],
                value=answers.get(question, ""),
                required=True,
                error=t("Choose an answer."),
                expanded=True,
            )
            for question in Question
        ),
        actions=[press(t("Show what fits"), "sites.advise", {"name": name}, style="positive")],
        language=t.language,
    )


def advice(t: Translator, face: Advice) -> Card:
    """What fits and what it means. Not possible yet, it says with whom to talk; another kind can be chosen."""
    advised, data = face.advised, {**carried(face.answers), "name": face.name}
    blocked = advised.id in face.after_track
    others = [one for one in face.scenarios if one.id != advised.id and one.id not in face.after_track]
    body = [
        heading(t("A new site")),
        text(t("This kind fits what you tell me:"), spacing="Small"),
        *meaning(t, advised),
        *(caution(t, one) for one in face.cautions),
        *(_after_track(t, face.talk_to) if blocked else ()),
    ]
    actions: list[Action] = []
    if not blocked:
        go_on = {**data, "scenario": advised.id}
        title = t("Take the kind that fits") if face.problems else t("Go on with this kind")
        style: Style = "default" if face.problems else "positive"
        actions.append(press(title, "sites.fill", go_on, style=style, inputs=False))
    if others and face.problems:
        body += [*_other(t, face, others), buttons(_choose(t, data))]
    elif others:
        other = _other(t, face, others)
        actions.append(unfold(t("I need another kind"), *other, actions=[_choose(t, data)]))
    actions.append(press(t("Answer again"), "sites.form", data, inputs=False))
    return card(*body, actions=actions, language=t.language)


def meaning(t: Translator, scenario: Scenario) -> list[CardElement]:
    """What a kind of site is, and the row of the governance table."""
    language = t.language
    return [
        text(scenario.name(language), bold=True),
        text(scenario.meaning(language), spacing="Small"),
        facts(
            t,
            [
                (t("Who gets in"), scenario.default_access(language)),
                (t("Who decides about access"), scenario.access_decided_by(language)),
                (t("Documents can be shared with"), scenario.shared_with(language)),
                (t("Classification"), t("{n} of 4", n=scenario.classification)),
                (t("Examples"), ", ".join(scenario.examples)),
            ],
        ),
    ]


def caution(t: Translator, one: Caution) -> CardElement:
    return group(text(t(CAUTION_WORDS[one])), tone="warning", spacing="Small")


def answered(
    t: Translator, answers: Mapping[str, str], advised: Scenario | None, reason: str
) -> list[CardElement]:
    """For who approves: what the requester answered, and why they want another kind than was advised."""
    said = [
        (t(QUESTION_WORDS[question]), t(ANSWER_WORDS[answers[question]]))
        for question in Question
        if answers.get(question) in ANSWER_WORDS
    ]
    if not said:
        return []
    body: list[CardElement] = [
        text(t("What the requester answered"), bold=True),
        facts(t, said, spacing="Small"),
    ]
    if advised is not None and reason:
        title = t("Advised was: {scenario}. Why another kind:", scenario=advised.name(t.language))
        body.append(group(text(title), user_text(t, reason, spacing="Small"), tone="warning"))
    return body


def carried(answers: Answers) -> dict[str, str]:
    """The answers as the next card carries them."""
    return {question.value: answer for question, answer in answers.items()}


def _after_track(t: Translator, talk_to: Sequence[Person]) -> list[CardElement]:
    names = t.either([person.name for person in talk_to])
    message = t(
        "Hello, my team would like a site of its own. How far are we in our digital-collaboration track?"
    )
    return [
        group(
            text(
                t(
                    "Your team first has to complete its digital-collaboration track. Talk to {name} about it.",
                    name=names,
                )
            ),
            *(
                buttons(open_url(t("Chat with {name}", name=one.first_name), chat_link(one.email, message)))
                for one in talk_to[:2]
            ),
            tone="warning",
            spacing="Small",
        )
    ]


def _other(t: Translator, face: Advice, others: Sequence[Scenario]) -> tuple[CardElement, ...]:
    return (
        choice_input(
            "scenario",
            t("What kind of site?"),
            [(one.id, f"{one.name(t.language)}{t.colon} {one.meaning(t.language)}") for one in others],
            value=face.wanted,
            required=True,
            error=t("Choose what kind of site you need."),
            problem=face.problems.get("scenario", ""),
            expanded=True,
        ),
        text_input(
            "reason",
            t("Why this kind?"),
            value=face.reason,
            required=True,
            error=t("Say why you need this kind: who approves it reads that."),
            problem=face.problems.get("reason", ""),
            multiline=True,
            max_length=REASON_LIMIT,
        ),
    )


def _choose(t: Translator, data: Mapping[str, str]) -> Action:
    return press(t("Go on with this kind"), "sites.choose", data, style="positive")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
