"""Questions that nobody could answer, as values: those that are nearly the same are one cluster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClusterState(StrEnum):
    OPEN = "open"
    DRAFTED = "drafted"  # a tip is being written, or changed, for it
    ANSWERED = "answered"
    DISMISSED = "dismissed"  # it needs no tip: more of the same adds nothing to the list


@dataclass(frozen=True, slots=True)
class Cluster:
    """`text` is the first of its questions. `asked` counts them, `unhelped` those for which a tip was shown that did
    not help. `tip_id` is the tip that is written for it, or answers it."""

    id: str
    language: str
    state: ClusterState
    text: str
    asked: int
    unhelped: int
    tip_id: str | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which it was asked, and how often lately."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A tip that was shown and did not help, and what somebody said was missing. Not who said it."""

    tip_id: str
    title: str
    words: str | None


@dataclass(frozen=True, slots=True)
class ClusterFile:
    """A cluster with what an author has to know: the ways it was asked, the most usual first, by how many people, and
    what was said of the tips they got. `draft_id` is the draft that is being written for it."""

    cluster: Cluster
    ways: tuple[Way, ...]
    people: int
    remarks: tuple[Remark, ...]
    draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClusterPage:
    clusters: tuple[Cluster, ...]
    next_cursor: str | None
