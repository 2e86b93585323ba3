"""How far an approval is, and what everybody did about it, line by line."""

from __future__ import annotations

from collections.abc import Mapping

from microsoft_teams.cards import CardElement

from cards.kit import group, run, runs, text
from cards.literal import shorten
from domain.approvals.approval import Approval, ApprovalState, Event, LogLine, Why
from domain.approvals.rules import approved_by, votes, votes_needed
from locales import N_, Translator

SHOWN = 8
"""Lines of the trail on a card; the oldest go."""
COMMENT_SHOWN = 160
ROLE_WORDS = {
    "team_owner": N_("team owner"),
    "supervisor": N_("supervisor"),
    "information_manager": N_("information manager"),
}
"""By the role of those who decide; a board has a name of its own, and named people need none."""


def progress(t: Translator, approval: Approval, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Which stage, how many approvals it still needs, and until when."""
    if approval.state is not ApprovalState.PENDING or not approval.plan.stages:
        return []
    pairs: list[tuple[str, str]] = []
    stages = len(approval.plan.stages)
    role = t(ROLE_WORDS[approval.role]) if approval.role in ROLE_WORDS else _board(approval.role)
    if stages > 1:
        step = t("{number} of {total}", number=approval.stage + 1, total=stages)
        pairs.append((t("Step"), f"{step} · {role}" if role else step))
    elif role:
        pairs.append((t("Decides"), role))
    stage = approval.plan.stages[approval.stage]
    yes, places = votes(approval.here, approved_by(approval))
    needed = votes_needed(stage, places)
    if needed > 1:
        pairs.append((t("Approvals"), t("{number} of the {total} it needs", number=yes, total=needed)))
    if approval.due_at is not None:
        pairs.append((t("Please decide before"), t.moment(approval.due_at)))
    return pairs


def waited_for(t: Translator, approval: Approval, names: Mapping[str, str]) -> str:
    """Who still decides: `An of Bo` when one of them is enough, `An en Bo` when it takes them all."""
    seats = [seat for seat in approval.here if seat.person_id in approval.approver_ids and seat.waiting]
    places: dict[str, list[str]] = {}
    for seat in seats:
        places.setdefault(seat.seat_of, []).append(names.get(seat.person_id, seat.person_id))
    everybody = list(dict.fromkeys(name for place in places.values() for name in place))
    if not places or not approval.plan.stages or any(seat.why is Why.ESCALATED for seat in seats):
        return t.either(everybody or [names.get(one, one) for one in approval.approver_ids])
    yes, of = votes(approval.here, approved_by(approval))
    still = votes_needed(approval.plan.stages[approval.stage], of) - yes
    if still <= 1:
        return t.either(everybody)
    people = t.together([t.either(place) for place in places.values()])
    return people if still >= len(places) else t("{n} of {people}", n=still, people=people)


def trail(t: Translator, approval: Approval, names: Mapping[str, str]) -> list[CardElement]:
    """What was done, the oldest first: not that it was asked, nor the decision that stands above it already."""
    lines = [line for line in approval.log if line.event not in (Event.ASKED, Event.REMINDED)]
    if not approval.open and lines:
        lines = lines[:-1]
    if approval.state is ApprovalState.SENT_BACK:
        lines = lines[:-1]
    if not lines:
        return []
    left_out = [text("…", subtle=True)] if len(lines) > SHOWN else []
    shown = [_line(t, line, names) for line in lines[-SHOWN:]]
    return [group(text(t("So far"), bold=True), *left_out, *shown, separator=True, spacing="Medium")]


def _board(role: str) -> str:
    return "" if role == "people" else role


def _line(t: Translator, line: LogLine, names: Mapping[str, str]) -> CardElement:
    def name(person_id: str) -> str:
        return names.get(person_id, person_id)

    who = {"name": name(line.person_id), "others": ", ".join(name(person) for person in line.to_ids)}
    sentences = {
        Event.APPROVED: t("{name} approved it.", **who),
        Event.REFUSED: t("{name} refused it.", **who),
        Event.SENT_BACK: t("{name} asked for a change.", **who),
        Event.RESUBMITTED: t("{name} sent it again.", **who),
        Event.WITHDRAWN: t("{name} withdrew it.", **who),
        Event.DELEGATED: t("{name} passed it on to {others}.", **who),
        Event.DEPUTIZED: t("{name} is away: {others} can decide too.", **who),
        Event.ESCALATED: t("The deadline passed: {others} can decide too.", **who),
        Event.AUTO_APPROVED: t("Step {number} needed nobody.", number=line.stage + 1),
    }
    sentence = sentences[line.event]
    if line.for_id and line.event is not Event.DELEGATED:
        sentence += " " + t("In the place of {name}.", name=name(line.for_id))
    pieces = [run(f"{t.moment(line.at)} · ", subtle=True), run(sentence)]
    if line.comment:
        said = shorten(" ".join(line.comment.split()), COMMENT_SHOWN)
        pieces.append(run(f" “{said}”"))
    return runs(*pieces, spacing="Small")
