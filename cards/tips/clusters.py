"""What people asked and no tip answered, for the tip authors: the list, one of them, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards import Action, CardElement

from cards.kit import Card, card, facts, group, heading, press, pressable, text, user_text
from cards.literal import shorten
from cards.tips.answers import Suggested, asked
from domain.tips.cluster import Cluster, ClusterFile, ClusterPage, ClusterState, Remark
from locales import Translator

LINE_LIMIT = 120


def listed(t: Translator, page: ClusterPage, state: ClusterState) -> Card:
    open_ = state is ClusterState.OPEN
    title = t("Questions without a tip") if open_ else t("Questions that need no tip")
    if not page.clusters:
        return card(
            heading(title),
            text(t("There are none. Well done!") if open_ else t("There are none.")),
            actions=[_other(t, state)],
            language=t.language,
        )
    return card(
        heading(title),
        text(
            t("What is asked most comes first. Questions that are nearly the same count as one."), subtle=True
        ),
        *(
            pressable(
                shorten(one.text, LINE_LIMIT), "tip_clusters.open", {"id": one.id}, detail=_counted(t, one)
            )
            for one in page.clusters
        ),
        actions=[
            *(
                [press(t("More"), "tip_clusters.list", {"cursor": page.next_cursor, "state": state.value})]
                if page.next_cursor
                else []
            ),
            _other(t, state),
        ],
        language=t.language,
    )


def cluster(t: Translator, file: ClusterFile, nearest: Sequence[Suggested] = ()) -> Card:
    """One of them, with the ways it was asked. `nearest` are tips that may answer it after all."""
    one = file.cluster
    return card(
        heading(t("Asked, and not answered"), size="Medium"),
        asked(t, one.text, bold=True),
        facts(
            t,
            [
                (t("Asked"), _times(t, one.asked)),
                (t("By"), t.plural("{n} person", "{n} people", file.people)),
                (t("First time"), t.moment(one.first_at)),
                (t("Last time"), t.moment(one.last_at)),
            ],
        ),
        *_ways(t, file),
        *_remarks(t, file.remarks),
        *_nearest(t, one, nearest),
        *_state(t, one),
        actions=_actions(t, file),
        language=t.language,
    )


def _ways(t: Translator, file: ClusterFile) -> list[CardElement]:
    others = [way for way in file.ways if way.text != file.cluster.text]
    if not others:
        return []
    lines = [
        user_text(t, f"{way.text} ({way.times}×)" if way.times > 1 else way.text, limit=200, spacing="Small")
        for way in others
    ]
    return [text(t("Also asked as:"), bold=True), *lines]


def _remarks(t: Translator, remarks: Sequence[Remark]) -> list[CardElement]:
    if not remarks:
        return []
    shown: list[CardElement] = []
    for remark in remarks:
        said = [user_text(t, f"“{remark.words}”", limit=300, spacing="Small")] if remark.words else []
        shown.append(group(text(remark.title), *said, tone="emphasis", spacing="Small"))
    return [text(t("These tips were shown, and did not help:"), bold=True), *shown]


def _nearest(t: Translator, one: Cluster, nearest: Sequence[Suggested]) -> list[CardElement]:
    if one.state is not ClusterState.OPEN or not nearest:
        return []
    rows = [pressable(tip.title, "tip_clusters.attach", {"id": one.id, "tip": tip.id}) for tip in nearest]
    return [text(t("Does one of these answer it? Then add the questions to it:"), bold=True), *rows]


def _state(t: Translator, one: Cluster) -> list[CardElement]:
    match one.state:
        case ClusterState.DRAFTED:
            said = t("A tip is being written for this. Who asked it is told as soon as it is there.")
        case ClusterState.ANSWERED:
            said = t("There is a tip for this now. Who asked it was told.")
        case ClusterState.DISMISSED:
            said = t("This needs no tip, an author decided.")
        case ClusterState.OPEN:
            return []
    return [group(text(said), tone="accent")]


def _actions(t: Translator, file: ClusterFile) -> list[Action]:
    one = file.cluster
    data = {"id": one.id}
    back = press(t("Back to the list"), "tip_clusters.list")
    match one.state:
        case ClusterState.OPEN:
            return [
                press(t("Write a tip for it"), "tip_clusters.draft", data, style="positive"),
                press(t("It needs no tip"), "tip_clusters.dismiss", data),
                back,
            ]
        case ClusterState.DISMISSED:
            return [press(t("Put it back on the list"), "tip_clusters.restore", data), back]
        case ClusterState.DRAFTED if file.draft_id:
            return [press(t("Open the draft"), "authoring.draft", {"id": file.draft_id}), back]
        case ClusterState.ANSWERED if one.tip_id:
            return [press(t("Show the tip"), "tips.show", {"id": one.tip_id}), back]
        case _:
            return [back]


def _other(t: Translator, state: ClusterState) -> Action:
    if state is ClusterState.OPEN:
        return press(t("What needs no tip"), "tip_clusters.list", {"state": ClusterState.DISMISSED.value})
    return press(t("Questions without a tip"), "tip_clusters.list")


def _counted(t: Translator, one: Cluster) -> str:
    said = [_times(t, one.asked)]
    if one.unhelped:
        said.append(t.plural("{n} time a tip did not help", "{n} times a tip did not help", one.unhelped))
    said.append(t("latest {day}", day=t.day(one.last_at)))
    return " · ".join(said)


def _times(t: Translator, count: int) -> str:
    return t.plural("{n} time", "{n} times", count)
