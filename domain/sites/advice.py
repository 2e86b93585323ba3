"""Which scenario the desk advises on a few plain answers, and what to say when somebody wants another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.errors import Invalid
from domain.sites.policy import AUDIENCES, NO, YES, AdviceRule, Question, Scenario

Answers = Mapping[Question, str]

REASON_LIMIT = 500

OPTIONS: Mapping[Question, tuple[str, ...]] = {
    Question.OUTSIDERS: (YES, NO),
    Question.PERSONAL_DATA: (YES, NO),
    Question.CONFIDENTIAL: (YES, NO),
    Question.AUDIENCE: AUDIENCES,
}


class Caution(StrEnum):
    """What does not go together between the answers and a scenario."""

    NO_GUESTS = "no_guests"  # there are people outside the city, and they cannot get in
    TOO_OPEN = "too_open"  # the papers ask for a stricter scenario than this one


def read_answers(said: Mapping[str, str]) -> dict[Question, str]:
    """The answers among what a card sent; one that is none of its options is left out."""
    return {question: said[question] for question in Question if said.get(question) in OPTIONS[question]}


def unanswered(answers: Answers) -> tuple[Question, ...]:
    return tuple(question for question in Question if question not in answers)


def advise(rules: Sequence[AdviceRule], answers: Answers) -> str | None:
    """The scenario of the first rule that fits. None without rules, or while an answer is missing."""
    if unanswered(answers):
        return None
    for rule in rules:
        if all(answers[question] == answer for question, answer in rule.when.items()):
            return rule.scenario_id
    return None


def likely_answers(rules: Sequence[AdviceRule], scenario_id: str) -> dict[Question, str]:
    """What somebody whose message points to this scenario will probably say: a start for the card."""
    for rule in reversed(rules):
        if rule.scenario_id == scenario_id:
            return dict(rule.when) or {Question.AUDIENCE: AUDIENCES[0]}
    return {}


def cautions(scenario: Scenario, advised: Scenario | None, answers: Answers) -> tuple[Caution, ...]:
    """What to say before somebody goes on with this scenario."""
    found = []
    if answers.get(Question.OUTSIDERS) == YES and not scenario.guests:
        found.append(Caution.NO_GUESTS)
    sensitive = YES in (answers.get(Question.PERSONAL_DATA), answers.get(Question.CONFIDENTIAL))
    if advised and sensitive and scenario.classification < advised.classification:
        found.append(Caution.TOO_OPEN)
    return tuple(found)


def reason_problem(scenario_id: str, advised_id: str | None, reason: str) -> Invalid | None:
    """Who wants another scenario than was advised says why; approvers read it."""
    if len(reason) > REASON_LIMIT:
        return Invalid("At most {limit} characters.", field="reason", limit=REASON_LIMIT)
    if advised_id in (None, scenario_id) or sum(map(str.isalnum, reason)) >= 3:
        return None
    return Invalid("Say why you need this kind: who approves it reads that.", field="reason")
