"""Where flows hear of what happens at the desk: the list, one of them, what did not arrive, and that it was paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement

from cards.helpdesk.words import KIND_NAMES, PRIORITY_WORDS
from cards.kit import Card, card, facts, group, heading, press, pressable, text, unfold
from domain.webhooks.actions import DeadLetterPage, SubscriptionPage
from domain.webhooks.rules import Ended, EventType, State, Trouble
from domain.webhooks.subscription import Subscription
from locales import N_, Translator

EVENT_WORDS = {
    EventType.TICKET_CREATED: N_("A ticket is new"),
    EventType.TICKET_UPDATED: N_("A ticket changes"),
    EventType.TICKET_COMMENTED: N_("Somebody writes on a ticket"),
    EventType.TICKET_ASSIGNED: N_("A ticket gets an agent"),
    EventType.TICKET_AT_RISK: N_("A ticket may be late"),
    EventType.TICKET_BREACHED: N_("A ticket is late"),
    EventType.TICKET_RESOLVED: N_("A ticket is solved"),
    EventType.TICKET_REOPENED: N_("A ticket is opened again"),
    EventType.TICKET_RATED: N_("A ticket is rated"),
    EventType.APPROVAL_ASKED: N_("An approval is asked"),
    EventType.APPROVAL_DECIDED: N_("An approval is decided"),
    EventType.SITE_PROVISIONED: N_("A site is ready"),
    EventType.SITE_FAILED: N_("Making a site stopped"),
    EventType.QUESTION_UNANSWERED: N_("A question has no answer"),
}
FILTER_WORDS = {
    "kind": N_("Kind"),
    "priority": N_("Priority"),
    "category": N_("Category"),
    "team": N_("Team"),
    "scenario": N_("Type of site"),
    "language": N_("Language"),
}
VALUE_WORDS = {
    **{kind.value: name for kind, name in KIND_NAMES.items()},
    **{priority.name.lower(): words for priority, words in PRIORITY_WORDS.items()},
    "nl": N_("Dutch"),
    "en": N_("English"),
    "fr": N_("French"),
}
ENDED_WORDS = {
    Ended.UNSUBSCRIBED: N_("It was ended."),
    Ended.GONE: N_("The flow is not there any more."),
    Ended.NO_ACCESS: N_("Who made it has no access any more."),
}
TROUBLE_WORDS = {
    Trouble.TIME: N_("it took too long"),
    Trouble.CONNECTION: N_("nobody picked up"),
    Trouble.ANSWER: N_("the connection broke"),
    Trouble.INSIDE: N_("the address leads into the city's own network"),
    Trouble.PAUSED: N_("kept while it was paused"),
}
COUNTED = 100
"""Above this, dead letters are not counted."""


@dataclass(frozen=True, slots=True)
class Face:
    """One subscription with what its card needs. `may_resend` is for administrators."""

    subscription: Subscription
    owner: str
    dead: int
    names: Mapping[str, str] = field(default_factory=dict)
    """Of categories, teams and types of site, by id."""
    letters: DeadLetterPage | None = None
    may_resend: bool = False
    notice: str = ""
    """What was just done about it."""


def listed(t: Translator, page: SubscriptionPage, owners: Mapping[str, str]) -> Card:
    nothing = text(t("No flow hears of what happens here."), subtle=True)
    more = [press(t("More"), "webhooks.list", {"cursor": page.next_cursor})] if page.next_cursor else []
    return card(
        heading(t("What flows hear of")),
        *(
            pressable(
                f"{t(EVENT_WORDS[one.event])} · {owners[one.owner_id]}",
                "webhooks.open",
                {"id": one.id},
                detail=_state(t, one, page.dead[one.id]),
            )
            for one in page.subscriptions
        ),
        *([] if page.subscriptions else [nothing]),
        actions=more,
        language=t.language,
    )


def one(t: Translator, face: Face) -> Card:
    """A subscription as it stands, what did not arrive, and what can be done about it."""
    it = face.subscription
    lines = [
        (t("For"), face.owner),
        (t("Goes to"), it.host),
        *((t(FILTER_WORDS[name]), _wanted(t, face, value)) for name, value in it.filter.items()),
        (t("Since"), t.day(it.created_at)),
        (t("Last arrived"), t.moment(it.delivered_at) if it.delivered_at else t("nothing yet")),
    ]
    return card(
        heading(t(EVENT_WORDS[it.event])),
        *([group(text(face.notice), tone="good")] if face.notice else []),
        facts(t, lines),
        *_trouble(t, it),
        *_letters(t, face),
        actions=_actions(t, face),
        language=t.language,
    )


def paused(t: Translator, face: Face) -> Card:
    """For the owner: nothing arrived for days."""
    it = face.subscription
    return card(
        heading(t("Your flow does not answer")),
        text(
            t(
                "Since {moment} nothing reaches the flow behind “{event}”. Wijzer stopped trying, and keeps what"
                " happens for 30 days.",
                moment=t.moment(it.failing_since or it.created_at),
                event=t(EVENT_WORDS[it.event]),
            )
        ),
        facts(t, _why(t, it)),
        text(t("Look in Power Automate whether the flow is on. Then start it here again.")),
        actions=[
            press(t("Start again"), "webhooks.resume", {"id": it.id}, style="positive"),
            press(t("Look at it"), "webhooks.open", {"id": it.id}),
        ],
        language=t.language,
    )


def _wanted(t: Translator, face: Face, value: str) -> str:
    return t(VALUE_WORDS[value]) if value in VALUE_WORDS else face.names.get(value, value)


def _actions(t: Translator, face: Face) -> list[Action]:
    it = face.subscription
    if it.state is State.ENDED:
        return [press(t("Back to the list"), "webhooks.list")]
    actions: list[Action] = []
    if it.state is State.PAUSED:
        actions.append(press(t("Start again"), "webhooks.resume", {"id": it.id}, style="positive"))
    elif it.failures:
        actions.append(press(t("Try now"), "webhooks.resume", {"id": it.id}, style="positive"))
    if face.may_resend and face.dead and it.state is State.ACTIVE:
        actions.append(press(t("Send all again"), "webhooks.resend", {"id": it.id}))
    actions.append(
        unfold(
            t("End this"),
            text(t("The flow hears of nothing more, and what it did not get is gone. It cannot be undone.")),
            actions=[press(t("End this now"), "webhooks.end", {"id": it.id}, style="destructive")],
        )
    )
    return [*actions, press(t("Back to the list"), "webhooks.list")]


def _trouble(t: Translator, it: Subscription) -> list[CardElement]:
    if it.state is State.ENDED:
        return [text(t(ENDED_WORDS[it.ended or Ended.UNSUBSCRIBED]), bold=True)]
    if it.failing_since is None:
        return []
    said = (
        t("Paused: nothing arrived for days.") if it.state is State.PAUSED else t("It does not arrive now.")
    )
    lines = _why(t, it)
    if it.state is State.ACTIVE and it.next_at is not None:
        lines.append((t("Next attempt"), t.moment(it.next_at)))
    return [group(text(said, bold=True), facts(t, lines), tone="warning")]


def _why(t: Translator, it: Subscription) -> list[tuple[str, str]]:
    return [
        (t("Failing since"), t.moment(it.failing_since or it.created_at)),
        (t("The answer"), _why_not(t, it.error)),
    ]


def _letters(t: Translator, face: Face) -> Sequence[CardElement]:
    if not face.dead or face.letters is None:
        return []
    shown: list[CardElement] = [text(_not_arrived(t, face.dead), bold=True, spacing="Medium")]
    for letter in face.letters.letters:
        when, why = t.moment(letter.at), _why_not(t, letter.error)
        if face.may_resend and face.subscription.state is State.ACTIVE:
            data = {"id": face.subscription.id, "letter": str(letter.delivery_id)}
            shown.append(
                pressable(t("Send again: {moment}", moment=when), "webhooks.resend", data, detail=why)
            )
        else:
            shown.append(facts(t, [(when, why)], spacing="Small"))
    if face.letters.next_cursor:
        data = {"id": face.subscription.id, "cursor": face.letters.next_cursor}
        shown.append(pressable(t("Show later ones"), "webhooks.open", data))
    return shown


def _why_not(t: Translator, error: str | None) -> str:
    """What a receiver answered is a number, and everything else one of ours."""
    if not error:
        return t("none")
    return t(TROUBLE_WORDS[Trouble(error)]) if error in set(Trouble) else error


def _not_arrived(t: Translator, dead: int) -> str:
    if dead >= COUNTED:
        return t("{n} messages or more did not arrive", n=COUNTED)
    return t.plural("{n} message did not arrive", "{n} messages did not arrive", dead)


def _state(t: Translator, it: Subscription, dead: int) -> str:
    if it.state is State.ENDED:
        return t(ENDED_WORDS[it.ended or Ended.UNSUBSCRIBED])
    said = [it.host]
    if it.state is State.PAUSED:
        said.append(t("paused"))
    elif it.failing_since is not None:
        said.append(t("does not arrive"))
    if dead:
        said.append(_not_arrived(t, dead))
    return " · ".join(said)
