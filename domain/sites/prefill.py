"""What a message already says about the site somebody wants: its name, and what kind it may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.sites.policy import Scenario
from domain.sites.rules import NAME_LIMIT, plain

_QUOTED = re.compile(r"[\"“„«]\s*([^\"“”„«»]{3,60}?)\s*[\"”“»]|(?<!\w)['‘]([^'‘’]{3,60})['’](?!\w)")
_NAMED = re.compile(
    r"\b(?:met (?:de|als) naam|genaamd|(?:die|dat) .{0,20}\bheet|called|named|nomm[ée]e?|appel[ée]e?)\s+(.+)",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:voor|rond|over|for|about|pour)\s+(.+)", re.IGNORECASE)
_END = re.compile(
    r"[.,;:!?\n()]|\s(?:want|omdat|waar|waarin|zodat|om|met|samen|aub|a\.u\.b|graag|alstublieft|because|where|so that|"
    r"with|please|parce que|où|avec|afin|svp)(?=\s|$)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:de|het|een|ons|onze|mijn|'t|the|a|an|our|my|le|la|les|l'|un|une|notre|mon|nos)\s+|"
    r"(?:nieuwe?|new|nouveau|nouvelle)\s+|"
    r"(?:projects?|projet|netwerk|network|réseau|team|équipe|dienst|werkgroep|site)\s+(?=\S))+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:mij|me|mezelf|ons|iedereen|team|dienst|project|netwerk|collegas?|samen|werken|elkaar|dit|dat|deze|mensen|"
    r"documenten|us|everyone|it|this|that|them|people|colleagues|files|moi|nous|tous|cela|collegues|equipe|projet)\b"
)


@dataclass(frozen=True, slots=True)
class Prefill:
    """Empty where the message does not say."""

    name: str = ""
    scenario_id: str = ""


def prefill(text: str, scenarios: Sequence[Scenario]) -> Prefill:
    """Read a message such as `ik wil een nieuwe projectsite voor Vlasmarkt`. A guess: the person can change it."""
    text = text[:2000]
    return Prefill(_name(text), _scenario_id(text, scenarios))


def _name(text: str) -> str:
    if quoted := _QUOTED.search(text):
        return " ".join((quoted[1] or quoted[2]).split())
    for where in (_NAMED, _FOR):
        if found := where.search(text):
            candidate = _LEADING.sub("", _END.split(found[1], maxsplit=1)[0].strip()).strip(" '-")
            is_name = not _NO_NAME.match(plain(candidate).replace("'", ""))
            if is_name and 3 <= len(candidate) <= NAME_LIMIT:
                return candidate[0].upper() + candidate[1:]
    return ""


def _scenario_id(text: str, scenarios: Sequence[Scenario]) -> str:
    """Of the scenarios whose keywords stand in the text, the strictest: too open is the worse mistake."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', plain(text)))} "
    found = [
        scenario
        for scenario in scenarios
        if any(f" {' '.join(re.findall(r'[a-z0-9]+', plain(word)))} " in words for word in scenario.keywords)
    ]
    return max(found, key=lambda scenario: scenario.classification).id if found else ""
