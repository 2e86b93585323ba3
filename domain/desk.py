"""The desk: everything an edge needs to act. Built once, by `wiring/services.py`."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.attachments.ports import FileStore, NoFiles
from domain.helpdesk.majors import MajorBoard
from domain.helpdesk.pending import PendingAnswers
from domain.intents.ports import Intents
from domain.links import Links
from domain.organisation import Organisation
from domain.people.ports import Directory
from domain.sites.names import SiteNames, UnknownNames
from domain.tips.log import QuestionLog
from domain.tips.ports import TipSearch
from domain.unit import Units
from domain.webhooks.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Desk:
    units: Units
    organisation: Organisation
    directory: Directory
    intents: Intents
    tips: TipSearch
    files: FileStore = field(default_factory=NoFiles)
    links: Links = field(default_factory=Links.of_this_process)
    callbacks: Addresses = field(default_factory=Addresses)
    """Where webhooks may be sent."""
    site_names: SiteNames = field(default_factory=UnknownNames)
    mirrors_tips: bool = False
    """Whether an index outside holds the tips too (`domain/tips/mirror.py`)."""
    questions: QuestionLog = field(init=False)
    pending_answers: PendingAnswers = field(init=False)
    majors: MajorBoard = field(init=False)

    def __post_init__(self) -> None:
        # How a frozen dataclass derives a field.
        object.__setattr__(self, "questions", QuestionLog(self.units))
        object.__setattr__(self, "pending_answers", PendingAnswers(self.units))
        object.__setattr__(self, "majors", MajorBoard(self.units))
