"""Outcome: what one question came to, in plain values: what was found, what was said, what was cited, how long it took.

Every measure is a function of an Outcome, so that a run that was written to a file a year ago can be measured anew and
a retriever of somebody else is measured like our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rag.address import canonical

from .question import EvalQuestion, GoldFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The article that a passage stands in, as the retriever told it; "" where it did not. Times are ISO 8601 in UTC.

    The rest is what the archive adds where there is one: ``cluster`` is the same for all copies of one story text (""
    for an article without copies), ``originates`` whether it is the copy that the others came from, ``is_current``
    whether this is the version that stood in the archive when it was asked (None: nobody knows).
    """

    article: str
    url: str = ""
    headline: str = ""
    publisher: str = ""
    published: str = ""
    updated: str = ""
    revision: str = ""
    kind: str = ""
    cluster: str = ""
    originates: bool = False
    is_current: bool | None = None

    def is_of(self, article: str) -> bool:
        """Whether it is the article that a question names: by its address in any spelling, its id, or its file's name."""
        named = canonical(article)
        told = [place for place in (self.url, self.article) if place]
        return bool(article) and any(canonical(place) == named or place.endswith(f"/{article}") for place in told)

    def is_one_of(self, facts: Iterable[GoldFact]) -> bool:
        """Whether it is an article that one of the facts stands in."""
        return any(self.is_of(fact.article) for fact in facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage that was retrieved; ``why`` tells its rank in each list that found it (from 1)."""

    id: str
    text: str
    source: Source
    start: int = 0
    end: int = 0
    score: float = 0.0
    why: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPassage:
    """A citation of the answer: the words shown as cited (``quote``) and the passage that they are said to stand in.

    ``start`` and ``end`` are the quote's place in the article's body, ``passage_start`` that of the passage. ``holds`` is
    whether the archive's own text at the place is the quote, inside the passage; None without an archive.
    """

    number: int
    quote: str
    passage: str
    source: Source
    start: int = 0
    end: int = 0
    passage_start: int = 0
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSentence:
    """A sentence of the answer, the numbers of the citations behind it, and the verdict that the reader was shown."""

    text: str
    citations: tuple[int, ...] = ()
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``found`` is best first. ``answers`` tells whether the system answers at all: a retriever alone only finds, and is
    measured by nothing but what it found. ``seconds`` is by stage ("search", "answer", "total").

    ``relevant`` counts the passages of the archive that hold a gold fact; None where they could not be counted.
    ``confidence`` is the system's own, between 0 and 1.
    """

    question: EvalQuestion
    found: tuple[FoundPassage, ...] = ()
    answers: bool = False
    sentences: tuple[SaidSentence, ...] = ()
    citations: tuple[CitedPassage, ...] = ()
    refused: bool = False
    confidence: float | None = None
    notice: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    relevant: int | None = None

    def cited_by(self, sentence: SaidSentence) -> list[CitedPassage]:
        """The citations of a sentence in the order of its numbers; a number without a citation gives none."""
        by_number = {cited.number: cited for cited in self.citations}
        return [by_number[number] for number in sentence.citations if number in by_number]

    @property
    def text(self) -> str:
        """The answer as one text, without its citation marks."""
        return " ".join(sentence.text for sentence in self.sentences)
