"""API keys of flows, for administrators: the list, one key, and the secret that is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement, TextRun

from cards.inputs import choice_input, text_input
from cards.kit import Card, card, facts, group, heading, press, pressable, runs, text, unfold
from domain.api_keys.models import ApiKey, Scope
from locales import N_, Translator

NAME_LIMIT = 60
KEEP_OLD = {
    "0": N_("It stops at once"),
    "1": N_("It works for one more day"),
    "7": N_("It works for one more week"),
}
"""What becomes of the old secret, by days."""

SCOPES = {
    Scope.READ: N_("See tickets and the catalogue"),
    Scope.CREATE: N_("Make tickets and orders"),
    Scope.WRITE: N_("Change tickets, write on them and add files"),
    Scope.ON_BEHALF: N_("Do this for a colleague"),
    Scope.SITES_READ: N_("See requests for teams and sites"),
    Scope.SITES_WRITE: N_("Ask for teams and sites"),
    Scope.APPROVALS_READ: N_("See what waits for approval"),
    Scope.APPROVALS_DECIDE: N_("Approve and refuse"),
    Scope.TIPS_READ: N_("Ask and look up tips"),
    Scope.TIPS_RATE: N_("Say whether a tip helped"),
    Scope.MESSAGES_SEND: N_("Send people messages"),
    Scope.EVENTS: N_("Hear of what happens at the desk"),
}


@dataclass(frozen=True, slots=True)
class KeyForm:
    """As typed; `scopes` as they travel, with commas. `problems` by the name of the box."""

    name: str = ""
    scopes: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def keys(t: Translator, page: Sequence[ApiKey], next_cursor: str | None, *, revoked: bool) -> Card:
    """A page of the keys that open, or of those that do not any more."""
    actions = [press(t("New key"), "api_keys.form", style="positive", inputs=False)]
    if next_cursor is not None:
        more = {"cursor": next_cursor, "revoked": "yes" if revoked else ""}
        actions.append(press(t("More keys"), "api_keys.list", more, inputs=False))
    if revoked:
        actions.append(press(t("Keys that work"), "api_keys.list", inputs=False))
    else:
        actions.append(press(t("Ended keys"), "api_keys.list", {"revoked": "yes"}, inputs=False))
    nothing = t("No key was ended.") if revoked else t("There are no keys yet.")
    return card(
        heading(t("Ended API keys") if revoked else t("API keys")),
        text(t("A flow without a person of its own comes in with a key. Give each flow its own.")),
        *(pressable(key.name, "api_keys.open", {"id": key.id}, detail=_state(t, key)) for key in page),
        *([] if page else [text(nothing, subtle=True)]),
        actions=actions,
        language=t.language,
    )


def form(t: Translator, values: KeyForm) -> Card:
    return card(
        heading(t("New API key")),
        text_input(
            "name",
            t("What is the key for?"),
            value=values.name,
            required=True,
            error=t("Give it a name."),
            problem=values.problems.get("name", ""),
            max_length=NAME_LIMIT,
            placeholder=t("Such as new-starters"),
        ),
        choice_input(
            "scopes",
            t("What may it do?"),
            [(scope.value, t(words)) for scope, words in SCOPES.items()],
            value=values.scopes,
            required=True,
            error=t("Choose at least one."),
            expanded=True,
            multiple=True,
            problem=values.problems.get("scopes", ""),
        ),
        actions=[
            press(t("Make the key"), "api_keys.make", style="positive"),
            press(t("Back to the keys"), "api_keys.list", inputs=False),
        ],
        language=t.language,
    )


def secret(t: Translator, key: ApiKey, value: str) -> Card:
    """The only time that the secret is shown. What is read aloud and notified does not have it."""
    return card(
        heading(t("The key of {name}", name=key.name)),
        text(t("You see it only now. Copy it to where the flow keeps its secrets.")),
        group(runs(TextRun(text=value, font_type="Monospace")), tone="emphasis"),
        *_old(t, key),
        actions=[press(t("I have kept it"), "api_keys.open", {"id": key.id}, style="positive", inputs=False)],
        language=t.language,
    )


def one(t: Translator, key: ApiKey, owner: str, *, shown_before: bool = False) -> Card:
    """A key as it stands. `owner` is a name, or empty when it was made by a command. With `shown_before` its secret
    was asked for a second time."""
    used = t.moment(key.last_used_at) if key.last_used_at else t("never")
    lines = [(t("Made"), t.day(key.created_at))]
    lines += [(t("By"), owner)] if owner else []
    lines += [(t("Last used"), used)]
    lines += [(t("New secret since"), t.moment(key.rotated_at))] if key.rotated_at else []
    lines += [(t("Ended"), t.moment(key.revoked_at))] if key.revoked_at else []
    allowed = [t(words) for scope, words in SCOPES.items() if scope in key.scopes]
    back = press(t("Back to the keys"), "api_keys.list", inputs=False)
    actions = [back] if key.revoked_at else [_renew(t, key), _end(t, key), back]
    again = text(t("The key was shown already, and cannot be shown again. Make a new secret if you lost it."))
    return card(
        heading(key.name),
        *([group(again, tone="warning")] if shown_before else []),
        facts(t, lines),
        text(t("It may:"), bold=True),
        text("\n".join(f"• {words}" for words in allowed), spacing="Small"),
        *_old(t, key),
        actions=actions,
        language=t.language,
    )


def _old(t: Translator, key: ApiKey) -> list[CardElement]:
    if key.previous_until is None:
        return []
    until = t.moment(key.previous_until)
    return [text(t("The old secret works until {moment}.", moment=until), subtle=True)]


def _renew(t: Translator, key: ApiKey) -> Action:
    return unfold(
        t("New secret"),
        choice_input(
            "keep_old",
            t("What happens to the old secret?"),
            [(days, t(words)) for days, words in KEEP_OLD.items()],
            value="1",
            required=True,
            error=t("Choose one."),
            expanded=True,
        ),
        actions=[press(t("Make a new secret"), "api_keys.rotate", {"id": key.id}, style="positive")],
    )


def _end(t: Translator, key: ApiKey) -> Action:
    return unfold(
        t("End this key"),
        text(t("Flows with this key stop working at once. It cannot be undone.")),
        actions=[press(t("End it now"), "api_keys.revoke", {"id": key.id}, style="destructive")],
    )


def _state(t: Translator, key: ApiKey) -> str:
    if key.revoked_at is not None:
        return t("ended on {day}", day=t.day(key.revoked_at))
    if key.last_used_at is None:
        return t("not used yet")
    return t("last used on {moment}", moment=t.moment(key.last_used_at))
