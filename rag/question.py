"""Question: what is asked, read as a reporter would read it: publishers, authors, days, quoted words, clauses, what it is
after (the latest, the first, a comparison, a change)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from .authors import Bylines, authors_in
from .clauses import parts
from .events import Dated, event_periods
from .period import Period, periods_in
from .publishers import Mention, mentions
from .quotation import quoted

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|now|currently|so far|at present|right now)\b", re.IGNORECASE
)
_TOLD = (
    r"(?:report|publish|broke|break|carr(?:y|ied)|wrote|write|reveal|disclose|mention|announce|s(?:ay|aid)|t(?:ell|old)|"
    r"claim|estimate|th(?:ink|ought)|put|gave|give|state|describe|learn|heard|hear|emerge|bec[ao]me known)(?:s|d|ed)?"
)
# The first report, and not "the first woman", "the first time", "the first quarter".
_FIRST = re.compile(
    rf"\b(?:first|originally|initially)\s+(?:to\s+|be\s+|been\s+)?{_TOLD}\b|\b{_TOLD}\s+(?:first|originally|initially)\b(?!\s+\w+\s+\w*day)"
    r"|\b(?:first|earliest|original|initial)\s+(?:news\s+)?"
    r"(?:reports?|articles?|stor(?:y|ies)|accounts?|coverage|news|version|mention|estimates?|figures?|headlines?)\b"
    r"|\bbr(?:oke|eak) the (?:story|news)\b|\bat first\b",
    re.IGNORECASE,
)
# "What was first said, and what is right": then the first is not what is wanted.
_RIGHT = re.compile(r"\b(?:right|correct|true|actual|final|corrected)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"\bcompar(?:e[ds]?|ing|ison|able)\b|\b(?:versus|vs|differ(?:s|ed|ent|ently|ences?)?|both|unlike|whereas|similar(?:ly|ity)?|"
    r"contrast(?:s|ed|ing)?|(?:in)?consisten(?:t|tly|cy)|contradict(?:s|ed)?|likewise)\b"
    r"|\bthe same\b(?!\s+(?:day|time|afternoon|morning|evening|night|week|month|year))"
    r"|\b(?:do|does|did)\b[^?]{1,80}\band\b[^?]{1,80}\b(?:dis)?agree\b|\bwhich of (?:the|these|those) (?:two|three)\b"
    r"|\b(?:more|less|fewer)\s+[^\W\d]+\b[^?]{0,60}\bthan (?:in|the|at|that|those|on)\b"
    r"|\b(?:more|less|fewer|[a-z]{2,}er)\b[^?]{0,80},\s*(?:in\s+)?the\b[^?]{1,60}\bor\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\bhow (?:has|have|had|did|does|do|is|are|was)\b[^?]{1,100}"
    r"\b(?:chang|evolv|develop|shift|gr[eo]w|r[io]se|fall|fell|progress|vary)"
    r"|\b(?:has|have|had|did|what)\b[^?]{0,80}\bchanged\b|\b(?:did|does)\b[^?]{1,60}\bchange (?:its|his|her|their)\b"
    r"|\b(?:was|were|been) there (?:a|any) changes?\b|\bover time\b|\bsince then\b|\bthen and now\b|\btimeline\b"
    r"|\b(?:in the course of|step by step|how [^?]{1,60} over the (?:past|last))\b"
    r"|\b(?:go|went|gone|rise|rose|risen|fall|fell|fallen|grow|grew|grown|moved?|increased?|drop|dropped)\s+from\b",
    re.IGNORECASE,
)
_LONGEST = 2_000  # characters of a question that are read


@dataclass(frozen=True, slots=True)
class Clause:
    """One matter of a question, with the publishers, authors (as the archive's bylines spell them) and days that it names,
    or else those of the whole, and the words that it quotes."""

    text: str
    publishers: tuple[str, ...]
    periods: tuple[Period, ...]
    authors: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """``whole`` is everything as one clause; ``clauses`` its parts, empty for a question of one matter.

    ``wants_latest`` and ``wants_first`` ask for the newest and the oldest word on a matter, ``compares`` for several sides
    of it, ``wants_change`` for what was said early and late. They shift scores and share places, and never filter.
    """

    text: str
    asked_on: date
    whole: Clause
    clauses: tuple[Clause, ...]
    wants_latest: bool
    wants_first: bool = False
    compares: bool = False
    wants_change: bool = False

    @property
    def names_no_time(self) -> bool:
        """Whether nothing in it tells of when: neither days nor the first word nor a change."""
        dated = any(clause.periods for clause in (self.whole, *self.clauses))
        return not (dated or self.wants_first or self.wants_change)


def understand(
    text: str,
    publishers: Iterable[str] = (),
    asked_on: date | None = None,
    *,
    bylines: Bylines = lambda words: (),
    dated: Dated = lambda words: None,
) -> Question:
    """Reads a question; ``publishers`` are those of the archive; relative days count from ``asked_on`` (today).

    ``bylines`` and ``dated`` ask the archive (see `rag.coverage`): for its bylines with the words of a name, and for the
    day on which it first tells of an event.
    """
    text = text[:_LONGEST]
    read = _Reader(tuple(publishers), asked_on or date.today(), cache(bylines), cache(dated))
    named = mentions(text, read.publishers)
    whole = read.clause(text, named)
    latest = bool(_LATEST.search(text))
    return Question(
        text,
        read.asked_on,
        whole,
        tuple(_inherit(read.clause(part, mentions(part, read.publishers)), whole) for part in parts(text, named)),
        wants_latest=latest,
        wants_first=bool(_FIRST.search(text)) and not (latest or _RIGHT.search(text)),
        compares=bool(_COMPARES.search(text)),
        wants_change=bool(_CHANGES.search(text)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the archive knows, for every clause of one question."""

    publishers: tuple[str, ...]
    asked_on: date
    bylines: Bylines
    dated: Dated

    def clause(self, text: str, mentioned: Sequence[Mention]) -> Clause:
        named = tuple(dict.fromkeys(mention.publisher for mention in mentioned))
        periods = (*periods_in(text, self.asked_on), *event_periods(text, self.dated))
        return Clause(text, named, periods, authors_in(text, self.bylines), quoted(text, named))


def _inherit(clause: Clause, whole: Clause) -> Clause:
    return replace(
        clause,
        publishers=clause.publishers or whole.publishers,
        periods=clause.periods or whole.periods,
        authors=clause.authors or whole.authors,
    )
