"""Teams, and the operations that make and archive them: each takes its time and may fail at its end."""

from __future__ import annotations

import re
from typing import Any

from localhost.tenant.answers import Answer, Ask, Refusal, bad_request, listed, missing, moment
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Tab, Team, TeamOperation, User

_GROUP = re.compile(r"groups\('([^']+)'\)$")


class Teams:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def create(self, ask: Ask) -> Answer:
        bound = _GROUP.search(ask.body["group@odata.bind"])
        group = self._store.get(Group, bound[1]) if bound else None
        known_at = (
            group.visible_at + self._tenant.trouble.team_lag * self._tenant.trouble.time_scale if group else 0
        )
        if group is None or group.deleted or self._tenant.clock() < known_at:
            raise missing(ask.body["group@odata.bind"])
        if not group.owners:
            raise bad_request("Cannot make a team of a group without an owner.")
        if self._store.get(Team, group.id) or any(not op.error for op in self._running(group.id)):
            raise Refusal(
                409, "Conflict", f"Failed to execute request PUT /groups/{group.id}/team: it exists."
            )
        owners = [owner for one in group.owners if (owner := self._store.get(User, one))]
        error = None
        if not any(self._tenant.licensed(owner) for owner in owners):
            error = "No owner of the group has a licence for Teams."
        return self._start(group.id, "createTeam", error)

    def one(self, ask: Ask) -> Answer:
        team, group = self._find(ask)
        body: dict[str, Any] = {
            "id": team.id,
            "displayName": group.name,
            "description": group.description,
            "isArchived": team.archived,
            "webUrl": f"https://teams.microsoft.com/l/team/{team.id}",
            "createdDateTime": team.created,
            "visibility": group.visibility[0].lower() + group.visibility[1:],
        }
        return Answer(body=body)

    def operation(self, ask: Ask) -> Answer:
        operation = self._store.get(TeamOperation, ask.parts["operation"])
        if operation is None or operation.team != ask.parts["team"]:
            raise missing(ask.parts["operation"])
        ended = "failed" if operation.error else "succeeded"
        shown_error = {"code": "Forbidden", "message": operation.error} if operation.error else None
        body = {
            "id": operation.id,
            "operationType": operation.change,
            "status": ended if operation.applied else "inProgress",
            "createdDateTime": operation.created,
            "lastActionDateTime": moment(),
            "attemptsCount": 1,
            "targetResourceId": operation.team,
            "targetResourceLocation": f"/teams('{operation.team}')",
            "error": shown_error if operation.applied else None,
        }
        return Answer(body=body)

    def archive(self, ask: Ask) -> Answer:
        team, _ = self._find(ask)
        read_only = (ask.body or {}).get("shouldSetSpoSiteReadOnlyForMembers", False)
        return self._start(team.id, "archiveTeam", site_read_only=read_only)

    def unarchive(self, ask: Ask) -> Answer:
        team, _ = self._find(ask)
        return self._start(team.id, "unarchiveTeam")

    def primary_channel(self, ask: Ask) -> Answer:
        team, _ = self._find(ask)
        return Answer(body={"id": _channel(team), "displayName": "General"})

    def tabs(self, ask: Ask) -> Answer:
        return listed([_tab(tab) for tab in self._channels_team(ask).tabs])

    def add_tab(self, ask: Ask) -> Answer:
        team = self._channels_team(ask)
        tab = Tab(name=ask.body["displayName"], url=ask.body["configuration"]["contentUrl"])
        team.tabs.append(tab)
        self._store.put(team)
        return Answer(201, _tab(tab))

    def finish(self) -> None:
        """Apply the operations whose time has come."""
        for operation in self._store.all(TeamOperation):
            if not operation.applied and self._tenant.clock() >= operation.done_at:
                self._apply(operation)

    def _apply(self, operation: TeamOperation) -> None:
        operation.applied = True
        self._store.put(operation)
        if operation.error:
            return
        team = self._store.get(Team, operation.team) or Team(id=operation.team, created=moment())
        team.archived = operation.change == "archiveTeam"
        self._store.put(team)
        site = self._tenant.site_of(team.id)
        if site is not None and operation.change != "createTeam":
            site.lock_state = "ReadOnly" if team.archived and operation.site_read_only else "Unlock"
            self._store.put(site)

    def _start(
        self, team: str, change: str, error: str | None = None, *, site_read_only: bool = False
    ) -> Answer:
        trouble = self._tenant.trouble
        if error is None and trouble.failing_teams > 0:
            trouble.failing_teams -= 1
            error = "Failed to execute the backend request. Trouble, as asked."
        operation = TeamOperation(
            team=team,
            change=change,
            created=moment(),
            done_at=self._tenant.after(trouble.team_time),
            error=error,
            site_read_only=site_read_only,
        )
        self._store.put(operation)
        at = f"/teams('{team}')"
        return Answer(202, None, {"Location": f"{at}/operations('{operation.id}')", "Content-Location": at})

    def _running(self, team: str) -> list[TeamOperation]:
        return [op for op in self._store.all(TeamOperation) if op.team == team and not op.applied]

    def _channels_team(self, ask: Ask) -> Team:
        team, _ = self._find(ask)
        if ask.parts["channel"] != _channel(team):
            raise Refusal(404, "NotFound", "The channel does not exist.")
        return team

    def _find(self, ask: Ask) -> tuple[Team, Group]:
        team = self._tenant.team(ask.parts["team"])
        group = self._store.get(Group, ask.parts["team"])
        if team is None or group is None:
            raise Refusal(404, "NotFound", f"No team found with Group Id {ask.parts['team']}")
        return team, group


def _channel(team: Team) -> str:
    return f"19:{team.id}@thread.tacv2"


def _tab(tab: Tab) -> dict[str, Any]:
    url = "https://teams.microsoft.com/l/entity/" + tab.id
    return {"id": tab.id, "displayName": tab.name, "webUrl": url, "configuration": {"contentUrl": tab.url}}
