"""Every call we make to Microsoft 365, and the application permission it takes: what a city signs for.

`python -m scripts.permissions` writes docs/permissions.md from this table, and the tests compare it with the calls that
were really made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

GRAPH, SHAREPOINT = "Microsoft Graph", "SharePoint"


class Permission(StrEnum):
    """An application permission (app role). The value is Microsoft's name for it."""

    USERS = "User.Read.All"
    INVITE = "User.Invite.All"
    INSTALL = "TeamsAppInstallation.ReadWriteSelfForUser.All"
    GROUP_CREATE = "Group.Create"
    GROUPS = "Group.ReadWrite.All"
    DIRECTORY = "Directory.ReadWrite.All"
    TEAM_CREATE = "Team.Create"
    CHANNELS = "Channel.ReadBasic.All"
    TABS = "TeamsTab.ReadWrite.All"
    SITES = "Sites.Manage.All"
    FULL_CONTROL = "Sites.FullControl.All"


WHY = {
    Permission.USERS: "find the accounts of owners, members and guests, and see that they can sign in",
    Permission.INVITE: "invite guests to sites where guests may come",
    Permission.INSTALL: "put this app, and no other, in the chats of people who get a message and never opened it",
    Permission.GROUP_CREATE: "make the Microsoft 365 group of a site",
    Permission.GROUPS: "add owners and members, rename, classify and archive; see what is in the bin",
    Permission.DIRECTORY: "close a group to guests: that is a directory setting",
    Permission.TEAM_CREATE: "make a team of a group",
    Permission.CHANNELS: "find the general channel of a team",
    Permission.TABS: "show the libraries in tabs of the team",
    Permission.SITES: "make libraries, their columns and their document sets",
    Permission.FULL_CONTROL: "make sites, set who may share them, hubs, views and retention labels",
}


@dataclass(frozen=True, slots=True)
class Call:
    """`path` is as it is called, with names between braces where ids go; `service` is whose permission it takes."""

    method: str
    path: str
    permission: Permission
    what: str

    @property
    def service(self) -> str:
        return SHAREPOINT if "/_api/" in self.path else GRAPH


P = Permission
_GROUP, _TEAM = "/groups/{id}", "/teams/{id}"
_LISTS, _WEB = "/sites/{id}/lists", "/sites/{alias}/_api/web"
_STORE = "/sites/{alias}/_api/SP_CompliancePolicy_SPPolicyStoreProxy"
_TAGS = "/_api/SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a1)"
_OWNERS, _MEMBERS = f"{_WEB}/associatedownergroup/users", f"{_WEB}/associatedmembergroup/users"

CALLS = (
    Call("GET", "/users", P.USERS, "accounts of owners, members and guests"),
    Call("GET", "/users/{id}", P.USERS, "the service account that owns the groups of a scenario"),
    Call("POST", "/invitations", P.INVITE, "a guest"),
    Call("POST", "/users/{id}/teamwork/installedApps", P.INSTALL, "this app, for somebody"),
    Call("GET", "/users/{id}/teamwork/installedApps", P.INSTALL, "where it is installed already"),
    Call("GET", "/users/{id}/teamwork/installedApps/{app}/chat", P.INSTALL, "the chat that comes with it"),
    Call("GET", "/groups", P.GROUPS, "whether a name is taken"),
    Call("GET", "/directory/deletedItems/microsoft.graph.group", P.GROUPS, "whether the bin holds a name"),
    Call("DELETE", "/directory/deletedItems/{id}", P.GROUPS, "free the name of a group that nobody got"),
    Call("GET", "/groups(uniqueName='{key}')", P.GROUPS, "our group, by our own key"),
    Call("PATCH", "/groups(uniqueName='{key}')", P.GROUP_CREATE, "make it, once"),
    Call("GET", _GROUP, P.GROUPS, "its settings"),
    Call("PATCH", _GROUP, P.GROUPS, "its name, its classification, its members"),
    Call("DELETE", _GROUP, P.GROUPS, "take away a group that nobody got"),
    Call("GET", f"{_GROUP}/owners", P.GROUPS, "its owners"),
    Call("POST", f"{_GROUP}/owners/$ref", P.GROUPS, "an owner"),
    Call("DELETE", f"{_GROUP}/owners/{{person}}/$ref", P.GROUPS, "a former owner"),
    Call("GET", f"{_GROUP}/members", P.GROUPS, "its members"),
    Call("POST", f"{_GROUP}/members/$ref", P.GROUPS, "a member"),
    Call("GET", f"{_GROUP}/settings", P.DIRECTORY, "whether guests can be added"),
    Call("POST", f"{_GROUP}/settings", P.DIRECTORY, "close it to guests"),
    Call("PATCH", f"{_GROUP}/settings/{{setting}}", P.DIRECTORY, "close it to guests again"),
    Call("GET", f"{_GROUP}/sites/root", P.SITES, "the site of the group"),
    Call("POST", "/teams", P.TEAM_CREATE, "a team on the group"),
    Call("GET", _TEAM, P.GROUPS, "whether there is a team, and whether it is archived"),
    Call("GET", f"{_TEAM}/operations/{{operation}}", P.TEAM_CREATE, "how far making it is"),
    Call("POST", f"{_TEAM}/archive", P.GROUPS, "archive the team with its site"),
    Call("POST", f"{_TEAM}/unarchive", P.GROUPS, "bring it back"),
    Call("GET", f"{_TEAM}/primaryChannel", P.CHANNELS, "the general channel"),
    Call("GET", f"{_TEAM}/channels/{{channel}}/tabs", P.TABS, "its tabs"),
    Call("POST", f"{_TEAM}/channels/{{channel}}/tabs", P.TABS, "a tab for a library"),
    Call("GET", _LISTS, P.SITES, "the libraries"),
    Call("POST", _LISTS, P.SITES, "a library with its columns"),
    Call("PATCH", f"{_LISTS}/{{list}}", P.SITES, "the name people read"),
    Call("GET", f"{_LISTS}/{{list}}/columns", P.SITES, "its columns"),
    Call("POST", f"{_LISTS}/{{list}}/columns", P.SITES, "a column that is missing"),
    Call("GET", f"{_LISTS}/{{list}}/contentTypes", P.SITES, "its document sets"),
    Call(
        "POST",
        f"{_LISTS}/{{list}}/contentTypes/addCopyFromContentTypeHub",
        P.SITES,
        "a document set of the city",
    ),
    Call("GET", f"{_LISTS}/{{list}}/operations", P.SITES, "how far copying a document set is"),
    Call("POST", "/_api/SPSiteManager/create", P.FULL_CONTROL, "a site without a group"),
    Call("GET", "/_api/SPSiteManager/status", P.FULL_CONTROL, "whether an address is free, or a site ready"),
    Call("POST", "/_api/SPSiteManager/delete", P.FULL_CONTROL, "take away a site that nobody got"),
    Call("GET", _TAGS, P.FULL_CONTROL, "the retention labels of the city"),
    Call("GET", "/sites/{alias}" + _TAGS, P.FULL_CONTROL, "those a site may use, with their own flags"),
    Call("GET", _WEB, P.FULL_CONTROL, "whose site it is, and whether its members share"),
    Call("PATCH", _WEB, P.FULL_CONTROL, "whether its members share, and its name"),
    Call("GET", f"{_WEB}/associatedmembergroup", P.FULL_CONTROL, "whether members let others in"),
    Call("PATCH", f"{_WEB}/associatedmembergroup", P.FULL_CONTROL, "that they do not"),
    Call("GET", _MEMBERS, P.FULL_CONTROL, "who is in the site's own group of members"),
    Call("POST", _MEMBERS, P.FULL_CONTROL, "a member or guest of a site without a group"),
    Call("GET", _OWNERS, P.FULL_CONTROL, "who is in the site's own group of owners"),
    Call("POST", _OWNERS, P.FULL_CONTROL, "an owner"),
    Call("POST", f"{_OWNERS}/removeByLoginName(@v)", P.FULL_CONTROL, "a former owner"),
    Call("GET", "/sites/{alias}/_api/site", P.FULL_CONTROL, "its classification and its hub"),
    Call("POST", "/sites/{alias}/_api/site/RegisterHubSite", P.FULL_CONTROL, "make it a hub"),
    Call("POST", "/sites/{alias}/_api/site/JoinHubSite('{hub}')", P.FULL_CONTROL, "bring it under a hub"),
    Call("GET", f"{_WEB}/lists(guid'{{list}}')/views", P.FULL_CONTROL, "the views of a library"),
    Call("POST", f"{_WEB}/lists(guid'{{list}}')/views/add", P.FULL_CONTROL, "a view"),
    Call("POST", f"{_STORE}_GetListComplianceTag", P.FULL_CONTROL, "the retention label of a library"),
    Call("POST", f"{_STORE}_SetListComplianceTag", P.FULL_CONTROL, "set it"),
    Call("GET", "/_api/SPO.Tenant/sites('{id}')", P.FULL_CONTROL, "sharing outside the city, and the lock"),
    Call("PATCH", "/_api/SPO.Tenant/sites('{id}')", P.FULL_CONTROL, "set them, in the admin centre"),
)


def call_of(method: str, path: str) -> Call | None:
    """The row of the table that a call is, without its query; None for one that is not in it."""
    found = [call for call in CALLS if call.method == method and _pattern(call.path).fullmatch(path)]
    return min(found, key=lambda call: call.path.count("{"), default=None)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(template)), re.IGNORECASE)
