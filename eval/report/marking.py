"""Which words of a passage are marked: the gold fact, what was cited, and what was overtaken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ..measures.retrieval import holds
from ..outcome import FoundPassage, Outcome
from ..question import GoldFact

GOLD, CITED, STALE = "gold", "cited", "stale"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage and what it is; () for words of no further interest."""

    text: str
    marks: tuple[str, ...] = ()


def pieces(passage: FoundPassage, outcome: Outcome) -> list[Piece]:
    """The passage cut where its marks begin and end; joined they are its text."""
    question = outcome.question
    wanted = [(GOLD, fact.text) for fact in question.gold if fact.text]
    wanted += [(STALE, fact.text) for fact in question.stale if fact.text]
    wanted += [(CITED, cited.quote) for cited in outcome.citations if cited.passage == passage.text]
    marks: list[set[str]] = [set() for _ in passage.text]
    for what, words in wanted:
        start, end = place_of(words, passage.text)
        for held in marks[start:end]:
            held.add(what)
    runs = groupby(zip(passage.text, marks, strict=True), key=lambda pair: tuple(sorted(pair[1])))
    return [Piece("".join(sign for sign, _ in run), held) for held, run in runs]


def place_of(words: str, text: str) -> tuple[int, int]:
    """Where the words stand in the text, white space apart; (0, 0) where they do not."""
    places = [n for n, sign in enumerate(text) if not sign.isspace()]
    wanted = "".join(words.split())
    found = "".join(text[n] for n in places).find(wanted) if wanted else -1
    return (0, 0) if found < 0 else (places[found], places[found + len(wanted) - 1] + 1)


def holding(passages: Iterable[FoundPassage], fact: GoldFact) -> int | None:
    """The rank (from 1) of the first passage that holds the fact."""
    return next((rank for rank, passage in enumerate(passages, start=1) if holds(passage, fact)), None)
