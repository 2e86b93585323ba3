"""Accounts and guests, as Graph shows them."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from localhost.tenant.answers import Answer, Ask, Refusal, bad_request, filter_of, listed, missing, moment
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import User, new_guid

LICENCE = str(uuid.uuid5(uuid.NAMESPACE_OID, "Microsoft 365"))
"""The id of the one kind of licence there is."""


class People:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def all(self, ask: Ask) -> Answer:
        wanted = filter_of(ask)
        users = [user for user in self._store.all(User) if self._tenant.visible(user)]
        shown = [as_graph(self._tenant, user) for user in users]
        return listed([user for user in shown if wanted is None or wanted.fits(user)])

    def one(self, ask: Ask) -> Answer:
        return Answer(body=as_graph(self._tenant, self._find(ask.parts["user"])))

    def manager(self, ask: Ask) -> Answer:
        user = self._find(ask.parts["user"])
        manager = self._store.get(User, user.manager) if user.manager else None
        if manager is None:
            raise missing("manager")
        return Answer(body={"@odata.type": "#microsoft.graph.user", **as_graph(self._tenant, manager)})

    def install(self, ask: Ask) -> Answer:
        """An app in Teams, for one person."""
        user = self._find(ask.parts["user"])
        app = ask.body["teamsApp@odata.bind"].rsplit("/", 1)[1]
        if not self._tenant.licensed(user):
            raise Refusal(403, "Forbidden", "The user is not licensed for Teams.")
        if app in user.apps:
            raise Refusal(409, "Conflict", "The app is already installed for this user.")
        user.apps.append(app)
        self._store.put(user)
        return Answer(201)

    def installed(self, ask: Ask) -> Answer:
        """The apps of one person, or the one with an id of the catalogue."""
        user = self._find(ask.parts["user"])
        wanted = filter_of(ask)
        shown = []
        for app in user.apps:
            expanded = {
                "teamsApp": {"id": app, "displayName": "Wijzer", "distributionMethod": "organization"}
            }
            if wanted is None or app.lower() in wanted.values:
                shown.append({"id": _installation(user, app), **(expanded if "$expand" in ask.query else {})})
        return listed(shown)

    def chat(self, ask: Ask) -> Answer:
        """The chat of a person with the bot of an app."""
        user = self._find(ask.parts["user"])
        app = next((one for one in user.apps if _installation(user, one) == ask.parts["installation"]), None)
        if app is None:
            raise Refusal(404, "NotFound", "No app with this id is installed for the user.")
        bot = uuid.uuid5(uuid.NAMESPACE_OID, app)
        answer = {
            "@odata.context": f"{self._tenant.base}/graph/v1.0/$metadata#chats/$entity",
            "id": f"19:{user.id}_{bot}@unq.gbl.spaces",
            "topic": None,
            "createdDateTime": moment(),
            "lastUpdatedDateTime": moment(),
            "chatType": "oneOnOne",
        }
        return Answer(body=answer)

    def invite(self, ask: Ask) -> Answer:
        """Somebody who has an account already gets it back; a colleague is no guest."""
        if self._tenant.trouble.refuses_guests:
            raise Refusal(403, "Forbidden", "Guest invitations not allowed for your company.")
        address = ask.body["invitedUserEmailAddress"]
        guest = next((u for u in self._store.all(User) if u.mail.lower() == address.lower()), None)
        if guest is not None and not guest.guest:
            raise bad_request("The invited user already exists in the directory as object.")
        if guest is None:
            name = f"{address.replace('@', '_')}#EXT#@{self._tenant.host.split('.')[0]}.onmicrosoft.com"
            shown = ask.body.get("invitedUserDisplayName", address)
            guest = User(name=shown, sign_in_name=name, mail=address, guest=True, licensed=False)
            guest.visible_at = self._tenant.after(self._tenant.trouble.read_lag)
            self._store.put(guest)
        answer = {
            "id": new_guid(),
            "invitedUserEmailAddress": address,
            "inviteRedirectUrl": ask.body["inviteRedirectUrl"],
            "sendInvitationMessage": ask.body.get("sendInvitationMessage", False),
            "status": "PendingAcceptance",
            "invitedUser": {"id": guest.id},
        }
        return Answer(201, answer)

    def _find(self, key: str) -> User:
        user = self._tenant.user(key)
        if user is None or not self._tenant.visible(user):
            raise missing(key)
        return user


def _installation(user: User, app: str) -> str:
    """Graph's id of an app that is installed for somebody: not the app's own."""
    return base64.b64encode(f"{user.id}##{app}".encode()).decode()


def as_graph(tenant: Tenant, user: User) -> dict[str, Any]:
    licences = [{"skuId": LICENCE, "disabledPlans": []}] if tenant.licensed(user) else []
    return {
        "id": user.id,
        "displayName": user.name,
        "userPrincipalName": user.sign_in_name,
        "mail": user.mail,
        "userType": "Guest" if user.guest else "Member",
        "accountEnabled": True,
        "assignedLicenses": licences,
    }
