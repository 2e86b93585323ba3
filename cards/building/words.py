"""Building sites in everyday words: steps, what needs somebody, what was done, and what differs."""

from __future__ import annotations

from domain.building.build import Attention, What
from domain.building.plan import Step, StepState
from domain.building.verification import Setting
from locales import N_

STEP_WORDS = {
    Step.PREPARE: N_("Look up the people, the hub and the labels"),
    Step.ADDRESS: N_("Check that the web address is free"),
    Step.GROUP: N_("Make the group"),
    Step.PEOPLE: N_("Add the people to the group"),
    Step.GUESTS: N_("Close the group to guests"),
    Step.SITE: N_("Make the site"),
    Step.TEAM: N_("Make the team in Teams"),
    Step.SHARING: N_("Set with whom documents can be shared"),
    Step.CLASSIFICATION: N_("Set the classification"),
    Step.ACCESS: N_("Let the people in"),
    Step.LIBRARIES: N_("Make the libraries"),
    Step.CONTENT_TYPES: N_("Add the document sets (this can take an hour)"),
    Step.VIEWS: N_("Make the views"),
    Step.LABELS: N_("Set the retention labels"),
    Step.HUB: N_("Connect it to its hub"),
    Step.TABS: N_("Put the libraries in the team"),
    Step.VERIFY: N_("Check every setting"),
    Step.HAND_OVER: N_("Hand it over to the owners"),
}
ATTENTION_WORDS = {
    Attention.FAILED: N_("making it stopped"),
    Attention.PARKED: N_("put aside"),
    Attention.FINDINGS: N_("differs from what was agreed"),
}
WHAT_WORDS = {
    What.RETRIED: N_("tried again by {name}"),
    What.SKIPPED: N_("“{step}” left out by {name}"),
    What.PARKED: N_("put aside by {name}"),
    What.RESUMED: N_("taken up again by {name}"),
    What.GIVEN_UP: N_("stopped for good by {name}"),
    What.REPAIRED: N_("repair asked by {name}"),
}
SETTING_WORDS = {
    Setting.SITE: N_("The site"),
    Setting.CAPABILITY: N_("Sharing outside the city"),
    Setting.MEMBERS_SHARE: N_("Members share documents"),
    Setting.MEMBERS_INVITE: N_("Members let others in"),
    Setting.GUESTS: N_("Guests in the group"),
    Setting.CLASSIFICATION: N_("Classification"),
    Setting.VISIBILITY: N_("Visibility of the group"),
    Setting.HUB: N_("Hub"),
    Setting.LIBRARY: N_("Library"),
    Setting.LABEL: N_("Retention label"),
    Setting.OWNERS: N_("Owners"),
    Setting.MEMBERS: N_("Members"),
    Setting.COLUMNS: N_("Columns"),
    Setting.CONTENT_TYPES: N_("Document sets"),
    Setting.VIEWS: N_("Views"),
    Setting.TEAM: N_("Team in Teams"),
    Setting.TABS: N_("Tabs in the team"),
}
CAPABILITY_WORDS = {
    "0": N_("nobody"),
    "1": N_("guests who sign in"),
    "2": N_("anyone with the link"),
    "3": N_("guests who are there already"),
}
YES_NO = {"true": N_("yes"), "false": N_("no"), "–": N_("not there")}

DONE, BUSY, TODO, STOPPED, SKIPPED = "✓", "●", "○", "✗", "–"
MARKS = {
    StepState.DONE: DONE,
    StepState.FAILED: STOPPED,
    StepState.SKIPPED: SKIPPED,
    StepState.WAITING: BUSY,
    StepState.TODO: TODO,
}
