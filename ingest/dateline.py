"""Where a story was filed: "ISTANBUL" on a line of its own, or "PARIS, March 4 (AP) -" before its first sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .credit import wire

# Each part one way only: with the "/" inside a word as well, a line of them would be tried for ever.
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.\-]{1,40}(?:[ /][A-ZÀ-ÖØ-Þ'’.\-]{2,40}){0,4}"
_REGION = r"(?:, [A-Z][\w.'’\-]{0,40}(?: [A-Z][\w.'’\-]{0,40}){0,3})"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:,? (?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)"
_AGENCY = r"\((?P<agency>[A-Z][\w&.\- ]{0,40})\)"
_DASH = r"\s{0,3}(?:[—–]|--|-)\s+"

_OWN_LINE = re.compile(rf"(?P<place>{_CAPITALS}{_REGION}?){_DAY}?(?: {_AGENCY})?\s*[—–:-]?")
_NAMED = r"[A-Z][\w'’.\-]{1,40}(?: [A-Z][\w'’.\-]{1,40}){0,3}"
_SIGNED = re.compile(rf"(?P<place>(?:{_CAPITALS}|{_NAMED}){_REGION}?){_DAY}?,? {_AGENCY}{_DASH}")
_DATED = re.compile(rf"(?P<place>{_CAPITALS}{_REGION}?){_DAY}{_DASH}")
# "NATO — the alliance — said" begins like a dateline: without agency or day the sentence has to begin after the dash.
_BARE = re.compile(rf"(?P<place>{_CAPITALS}{_REGION}?)\s+[—–]\s+(?=[\"“‘'«]?[A-ZÀ-ÖØ-Þ0-9])")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place as printed, and the agency in brackets under its one spelling (as printed where it is not known)."""

    place: str = ""
    agency: str = ""


def own_line(line: str) -> Dateline | None:
    """The dateline that is this whole line, if it is one."""
    found = _OWN_LINE.fullmatch(line) if len(line) <= _LONGEST else None
    return _dateline(found) if found else None


def cut_dateline(paragraph: str) -> tuple[Dateline, str]:
    """The dateline before the first sentence and the paragraph without it; an empty one and the paragraph unchanged."""
    head = paragraph[: 2 * _LONGEST]
    found = next((match for form in (_SIGNED, _DATED, _BARE) if (match := form.match(head))), None)
    if found is None or not paragraph[found.end() :].strip():
        return Dateline(), paragraph
    return _dateline(found), paragraph[found.end() :]


def _dateline(found: re.Match[str]) -> Dateline:
    agency = found.groupdict().get("agency") or ""
    return Dateline(found["place"].strip(" ,"), wire(agency) or agency)
