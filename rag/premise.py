"""Premise: what a question takes for granted, and the sentence of the archive that denies it.

"Why did Renn cancel the contract?" takes it for granted that he did; "He ruled out cancelling the contract" denies it. Only
wordings that take something for granted are looked at, and only sentences that are near to the whole question and say
the very word with a "not" in front, or its opposite. What somebody says between quotation marks denies nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from .candidates import Candidate
from .expectation import names
from .opposites import OPPOSITES
from .words import STOP_WORDS, stem, terms, tokens

_TAKES_FOR_GRANTED = re.compile(
    r"\b(?:why|how come|on what grounds|for what reasons?)\b|\bwhat(?:'s|’s| is| was| are| were)?\b[^?]{0,80}\breasons?\b"
    r"|\bwhat (?:made|caused|led|drove|prompted)\b|\b(?:when|how|where) did\b|\bwhat did [^?]{1,80} when\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|without|neither|nor|cannot|den(?:y|ies|ied)|rul(?:e|es|ed|ing) out|refus(?:e|es|ed|ing) to|"
    r"declin(?:e|es|ed) to|reject(?:s|ed)|escap(?:e|es|ed)|avert(?:s|ed)?|saved? \w+ from|far from|fail(?:s|ed)? to|"
    r"stop(?:s|ped)? short of|spared)\b|n['’]t\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”?|^[^“”]*”|\"[^\"]*\"")
_TIMES = frozenset(
    map(stem, "last next first day week month year monday tuesday wednesday thursday friday saturday sunday".split())
)
_REACH = 4  # words behind a "not" that it denies
_LOOKED_AT = 8  # candidates, best first, for a denial in words
_TRUSTED = 3  # and for an opposite, which says less
_NEAR, _NEARER = 0.4, 0.5  # least share of the question's words around them


def denied(question: str, best: Sequence[Candidate]) -> Candidate | None:
    """The candidate, of some that are sorted best first, that denies what the question takes for granted."""
    if not _TAKES_FOR_GRANTED.search(question) or _NOT.search(question):
        return None
    granted = _granted(question)
    known = [one for one in best[:_LOOKED_AT] if not one.strange]
    return next(_denying(granted, known), None) or next(_opposing(granted, known[:_TRUSTED]), None)


def _granted(question: str) -> set[str]:
    """The stems of what it says, names and numbers aside."""
    named = {token for name in names(question) for token in tokens(name)}
    said = (t for t in tokens(question) if t not in STOP_WORDS or t in ("more", "less"))
    return {stem(t) for t in said if t not in named and not t.isdigit()} - _TIMES


def _denying(granted: set[str], known: Sequence[Candidate]) -> Iterator[Candidate]:
    for one in known:
        plain = _QUOTED.sub(" ", one.text)
        reached = [tokens(plain[match.end() :])[:_REACH] for match in _NOT.finditer(plain)]
        denied_here = {stem(word) for words in reached for word in words}
        said = Counter(map(stem, tokens(plain)))
        # What is denied in one place and said in another was so after all: "had refused to resign, resigned on Monday".
        only_denied = {word for word in granted & denied_here if said[word] <= len(reached)}
        if one.nearby >= _NEAR and only_denied:
            yield one


def _opposing(granted: set[str], known: Sequence[Candidate]) -> Iterator[Candidate]:
    """None where one of them says the very word as well: then both were so."""
    said = [set(terms(_QUOTED.sub(" ", one.text))) for one in known]
    for side, other in (*OPPOSITES, *((b, a) for a, b in OPPOSITES)):
        if granted & side and not any(held & side for held in said):
            yield from (one for one, held in zip(known, said, strict=True) if held & other and one.nearby >= _NEARER)
