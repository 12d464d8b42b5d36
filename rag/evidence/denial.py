"""Denial: whether a source says a thing, or says that it is not so; and whether words stand in it whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..quotation import stands_in
from ..sentences import sentences
from ..words import terms, tokens

_NOT = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|without|cannot|fail(?:s|ed)? to)\b|n['’]t\b", re.IGNORECASE
)
# Before a part of a sentence: what follows is not said to be so.
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|untrue|false(?:ly|hood)?|alleg\w{1,8}|wrong(?:ly)?|not true|"
    r"no (?:evidence|proof|truth)|supposedly)\b|\b(?:whether|if|unless)\W*$"
    r"|\b(?:not|no|never|nobody|none|cannot)\b[^,;:]{0,60}\bthat\W*$|n['’]t\b[^,;:]{0,60}\bthat\W*$",
    re.IGNORECASE,
)
_SAYS_NOT = re.compile(
    r"\b(?:declin\w+|refus\w+|reject\w*|den(?:y|ies|ied)|unable|rul(?:e|es|ed|ing) out|(?:decided|voted) against|unchanged|"
    r"still|oppos\w+|avoid\w*|fail\w*|lack\w*|withh\w+|remain\w*|clear(?:s|ed)?|acquit\w*|innocent|spared?)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\W*(?:but )?(?:if|unless|provided|until|should|as long as|except)\b", re.IGNORECASE)
_WHOSE = re.compile(
    r"\b(?:said|says|say|told|wrote|writes|claim(?:s|ed)?|accord(?:ing|s)|argue[sd]?|believe[sd]?|insist(?:s|ed)?)\b"
)
_NEW_CLAUSE = re.compile(r", (?:and|but|so|while)\s*$")
_CLAUSE_END = re.compile(r"[,;:–—”\"]")
# "Not until May", "no more than six", "not only": what follows is so.
_NO_DENIAL = re.compile(
    r"\s*(?:until|only|just|before|more than|less than|fewer than|later|least|merely|all|every|yet)\b", re.I
)
_REACH = 4  # words
_STOP = re.compile(r"[,;:–—.?!](?!\d)|\bbut\b")  # "7,300" goes on
_NOT_WITH_REACH = re.compile(rf"(?:{_NOT.pattern})(?:\s+[^\s,;:–—.?!]+){{0,{_REACH}}}", re.IGNORECASE)
_SHARED = 0.6  # of the terms of both: only then "not" in one and not in the other is a contradiction


def stands_whole(text: str, passage: str) -> bool:
    """Whether it is whole sentences of the passage, the last perhaps up to the end of a clause; a part may mean less."""
    wanted = tokens(text)
    if not wanted or not stands_in(text, passage):
        return False
    spans = [span.of(passage) for span in sentences(passage)]
    return any(_begins(spans[n:], wanted) for n in range(len(spans)))


def _begins(spans: Sequence[str], wanted: list[str]) -> bool:
    """Whether these sentences begin with the wanted words, and deny nothing in what is left of the last."""
    for span in spans:
        words = tokens(span)
        if words != wanted[: len(words)]:
            clauses = (match.start() for match in _CLAUSE_END.finditer(span))
            return any(tokens(span[:end]) == wanted and _leaves_it_so(span[:end], span[end:]) for end in clauses)
        wanted = wanted[len(words) :]
        if not wanted:
            return True
    return False


def _leaves_it_so(part: str, rest: str) -> bool:
    """Whether the rest of a sentence neither denies its beginning, nor sets a condition, nor says whose words it was."""
    is_somebodys = part.count("“") > part.count("”") or part.count('"') % 2 == 1 or _WHOSE.search(rest)
    return not (is_somebodys or _CONDITION.match(rest) or _DENIED.search(rest) or _NOT.search(rest))


def denials(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """A word that is denied on one side only, where sentence and source otherwise say the same."""
    close = [citation.quote for citation in citations if shared_terms(text, citation.quote) >= _SHARED]
    source = " ".join(close) or passages
    if _is_denied_otherwise(text, source) or _is_denied_otherwise(source, text):
        return
    own, held = denied_words(text), denied_words(source)
    if (own - held) & (set(terms(source)) - held) or (close and own and not _NOT.search(source)):
        yield "the source does not deny it"
    if close and (held - own) & set(terms(text)) & _plainly_denied(source):
        yield "the source says that it is not so"


def _is_denied_otherwise(text: str, other: str) -> bool:
    """ "Did not comment" and "declined to comment": one side has a "not", the other a verb that says as much."""
    return bool(_NOT.search(text) and _SAYS_NOT.search(other) and not _SAYS_NOT.search(text))


def denied_words(text: str) -> set[str]:
    """The stems that a "not" reaches: the next words of its clause that tell something."""
    found = (_STOP.split(text[match.end() :], maxsplit=1)[0] for match in _NOT.finditer(text))
    reached = (rest for rest in found if not _NO_DENIAL.match(rest))
    return {term for rest in reached for term in terms(" ".join(rest.split()[:_REACH]))}


def _plainly_denied(source: str) -> set[str]:
    """What it denies and nowhere says plainly."""
    rest = _NOT_WITH_REACH.sub(" ", source)
    return denied_words(source) - set(terms(rest))


def cut_from_denials(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Words of a sentence that denies them: "the mayor took bribes" out of "it is untrue that the mayor took bribes"."""
    spans = [span.of(citation.passage.text) for citation in citations for span in sentences(citation.passage.text)]
    before = [lead for span in spans if (lead := _before(text, span)) is not None]
    if before and all(_DENIED.search(lead) and not _NEW_CLAUSE.search(lead) for lead in before):
        yield "the source does not say that it is so"


def _before(text: str, sentence: str) -> str | None:
    """What stands in a sentence before these words; None where they do not stand in it."""
    if not stands_in(text, sentence):
        return None
    starts = (match.start() for match in re.finditer(r"\b\w", sentence))
    wanted = tokens(text)
    return next((sentence[:n] for n in starts if tokens(sentence[n:])[: len(wanted)] == wanted), None)


def shared_terms(text: str, other: str) -> float:
    """The share of common terms in the one that has fewer, names of numbers aside."""
    first, second = ({term for term in terms(one) if term.isalpha()} for one in (text, other))
    return len(first & second) / max(1, min(len(first), len(second)))
