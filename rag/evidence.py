"""Evidence: does what is cited carry the sentence? Numbers, names, days, quoted words, and the overlap of meaning.

All checks are local and need no model but the embedder. A sentence is ``verbatim`` when its words stand in what it
cites, a ``mismatch`` when it names a number, name or quotation that is not there, ``unsupported`` when it cites nothing
or speaks of something else, and ``supported`` otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .answer import State, Verdict
from .citation import Citation
from .embedder import Embedder
from .expectation import names
from .words import STOP_WORDS, stem, terms, tokens

# Below both, the sentence speaks of something else than what it cites (set on the planted faults of the tests).
_LEAST_MEANING = 0.45
_LEAST_WORDS = 0.5
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,})[”\"]")
_SCALES = {"thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)(?:\s?(thousand|million|billion|trillion|bn|m)\b)?", re.IGNORECASE)
_COUNTS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def check(text: str, citations: Sequence[Citation], embedder: Embedder) -> Verdict:
    """The verdict on one sentence against the passages that it cites."""
    if not citations:
        return Verdict(State.UNSUPPORTED, ("no source is cited",))
    if any(_plain(text) in _plain(citation.passage.text) for citation in citations):
        return Verdict(State.VERBATIM)
    evidence = "\n".join(_carried_by(citation) for citation in citations)
    if faults := _mismatches(text, evidence):
        return Verdict(State.MISMATCH, tuple(faults))
    if not _speaks_of_the_same(text, citations, embedder):
        return Verdict(State.UNSUPPORTED, ("the cited passage speaks of something else",))
    return Verdict(State.SUPPORTED)


def _carried_by(citation: Citation) -> str:
    """What a citation can vouch for: the passage, and the archive's own word on who published it and when."""
    article = citation.article
    credit = f"{article.publisher} {article.originator} {' '.join(article.bylines)} {article.published[:10]}"
    return f"{citation.passage.text}\n{article.headline}\n{article.dateline}\n{credit} {_day_words(article.published)}"


def _mismatches(text: str, evidence: str) -> list[str]:
    faults = [f"{shown} is not in the source" for shown in _missing_numbers(text, evidence)]
    faults += [f"“{name}” is not named in the source" for name in _missing_names(text, evidence)]
    plain = _plain(evidence)
    faults += [
        f"“{match[1][:60]}” is not quoted word for word" for match in _QUOTED.finditer(text) if _plain(match[1]) not in plain
    ]
    return faults


def _missing_numbers(text: str, evidence: str) -> list[str]:
    held = {value for _, value in _numbers(evidence)}
    return [shown for shown, value in _numbers(text) if value not in held]


def _numbers(text: str) -> list[tuple[str, float]]:
    """Each number as written and as a value; words up to twelve and scales are understood."""
    found = []
    for match in _NUMBER.finditer(text):
        digits = match[1].replace(",", "") if not re.fullmatch(r"\d+,\d{1,2}", match[1]) else match[1].replace(",", ".")
        if digits.count(".") <= 1:
            found.append((match[0], round(float(digits) * _SCALES.get((match[2] or "").lower(), 1), 6)))
    spelt = ((word, float(_COUNTS.index(word))) for word in tokens(text) if word in _COUNTS)
    return found + [(word, value) for word, value in spelt if word != "one"]


def _missing_names(text: str, evidence: str) -> list[str]:
    held = {stem(token) for token in tokens(evidence)}
    missing = []
    for name in names(text):
        words = [w for w in tokens(name) if w not in STOP_WORDS]
        # The first word of a sentence is written large without being a name.
        starts = text.lstrip(" “\"'").startswith(name) and len(words) == 1
        if words and not starts and not all(stem(word) in held for word in words):
            missing.append(name)
    return missing


def _speaks_of_the_same(text: str, citations: Sequence[Citation], embedder: Embedder) -> bool:
    wanted = set(terms(text))
    held = {term for citation in citations for term in terms(f"{citation.passage.text} {citation.article.headline}")}
    if wanted and len(wanted & held) / len(wanted) >= _LEAST_WORDS:
        return True
    vectors = embedder.vectors([text, *(citation.quote for citation in citations)])
    return float((vectors[1:] @ vectors[0]).max()) >= _LEAST_MEANING


def _day_words(published: str) -> str:
    if not published:
        return ""
    from datetime import date

    day = date.fromisoformat(published[:10])
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _plain(text: str) -> str:
    """Words alone, so that quotation marks and spacing do not decide."""
    return " ".join(tokens(text.strip(" .“”\"'")))
