"""Candidates: every sentence of the hits, with all that speaks for its being the one that answers.

The many are weighed by what the archive knows of them already; the first of these are read once more, each under its
headline, and set against the question word by word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .alignment import NOTHING, Alignment, alignments
from .article import Article
from .expectation import Expectation, expected, names
from .holding import fit
from .passage import Hit
from .question import Question
from .ranking import clauses_of
from .reading import embedding_key, readings_of
from .search import Searcher
from .sentences import Span, sentences
from .speaker import speaker_at
from .words import terms, tokens

READ_CLOSELY = 16  # sentences; each costs some 3 ms


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of one hit: ``hit.article.body[span.start:span.end]``, and what is known of it, from 0 to 1 but for
    cosines. ``place`` counts the sentences of its passage from 0.

    ``meaning`` is the cosine of question (or the clause of it that is nearest) and sentence, as it was read within its
    passage; ``words`` and ``nearby`` the share of the question's words, by rarity, that it holds, and that stand around
    it; ``strange`` the share of the question's names that the article does not know; ``fit`` how well it holds words of the
    expected kind; ``spoken`` whether the one who is asked about speaks in it; ``rank`` the score of its hit as a share of
    the best one's, ``order`` 1 for the first hit, 1/2 for the second; ``latest`` from 0 for the oldest to 1 for the newest
    of the hits where the newest word is asked for; ``closely`` is NOTHING for what was not read once more.
    """

    hit: Hit
    span: Span
    place: int
    clause: int
    speaker: str
    meaning: float
    words: float
    nearby: float
    strange: float
    fit: float
    spoken: bool
    rank: float
    order: float
    latest: float
    closely: Alignment = NOTHING

    @property
    def text(self) -> str:
        return self.span.of(self.hit.article.body)


def candidates(question: Question, hits: Sequence[Hit], searcher: Searcher) -> list[Candidate]:
    """Every sentence of hits that are sorted best first, a sentence that stands in several once, in the order of the hits."""
    asked = _Asked.of(question, searcher)
    meanings = _Meanings(question, hits, searcher)
    top = max(hits[0].score, 1e-9) if hits else 1.0
    latest = _latest(question, hits)
    found: dict[str, Candidate] = {}
    for number, hit in enumerate(hits):
        given = {"rank": hit.score / top, "order": 1 / (1 + number), "latest": latest.get(hit.article.updated, 0.0)}
        for candidate in _of_hit(hit, asked, meanings, given):
            found.setdefault(candidate.text, candidate)
    return list(found.values())


def read_closely(question: Question, chosen: Sequence[Candidate], searcher: Searcher) -> list[Candidate]:
    """The same sentences, set against the question word by word."""
    rarity = {term: searcher.rarity(term) for term in set(terms(question.text))}
    sentences = [(candidate.hit.article.headline, candidate.text) for candidate in chosen]
    aligned = alignments(question.text, sentences, rarity, searcher.embedder)
    return [replace(candidate, closely=how) for candidate, how in zip(chosen, aligned, strict=True)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the rarity of its words, the names in it and what it expects."""

    question: Question
    wanted: dict[str, float]
    names: tuple[str, ...]
    expects: Expectation

    @classmethod
    def of(cls, question: Question, searcher: Searcher) -> _Asked:
        wanted = {term: searcher.rarity(term) for term in set(terms(question.text))}
        return cls(question, wanted, tuple(names(question.text)), expected(question.text))

    def share(self, held: set[str]) -> float:
        """Which share of the question's words is held, each weighed by its rarity."""
        total = sum(self.wanted.values())
        return sum(weight for term, weight in self.wanted.items() if term in held) / total if total else 0.0


def _of_hit(hit: Hit, asked: _Asked, meanings: _Meanings, given: Mapping[str, float]) -> Iterator[Candidate]:
    article, body = hit.article, hit.article.body
    about = set(terms(f"{article.headline} {article.standfirst} {article.dateline}"))
    spans = sentences(body, Span(hit.passage.start, hit.passage.end))
    held = [set(terms(span.of(body))) for span in spans]
    strange = _strangeness(asked.question, article)
    for place, span in enumerate(spans):
        text, speaker = span.of(body), speaker_at(body, span.start)
        around = set().union(about, *held[max(0, place - 1) : place + 2])
        clause, meaning = meanings.of(hit, place)
        yield Candidate(
            hit=hit,
            span=span,
            place=place,
            clause=clause,
            speaker=speaker,
            meaning=meaning,
            words=asked.share(held[place]),
            nearby=asked.share(around),
            strange=strange,
            fit=fit(asked.expects, text, asked.question.text, body),
            spoken=asked.expects is Expectation.QUOTE and _is_asked_about(speaker, asked, body),
            **given,
        )


def _latest(question: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """By the time of a version: 1 for the newest of the hits, 0 for the oldest. Nothing where the newest is not asked for."""
    times = sorted({hit.article.updated for hit in hits if hit.article.updated}) if question.wants_latest else []
    return {time: n / max(1, len(times) - 1) for n, time in enumerate(times)}


def _is_asked_about(speaker: str, asked: _Asked, body: str) -> bool:
    """Whether the speaker is the one whom the question names, or calls by an office ("the education minister")."""
    if not speaker:
        return False
    surname = speaker.split()[-1]
    if any(surname in name.split() for name in asked.names):
        return True
    first = body.find(surname)
    office = set(terms(body[max(0, first - 60) : first + len(surname) + 60])) if first >= 0 else set()
    return len(office & set(terms(asked.question.text))) >= 2


def _known(question: Question, article: Article) -> set[str]:
    """The terms of an article and of what is told about it; the days and publishers that a question names count as known."""
    told = (
        article.headline,
        article.standfirst,
        article.dateline,
        article.section,
        article.publisher,
        article.originator,
    )
    named = (*question.whole.publishers, *(period.words for period in question.whole.periods))
    return set(terms(" ".join((article.body, *told, *article.bylines, article.published[:4], *named))))


def _strangeness(question: Question, article: Article) -> float:
    """Which share of the question's names and years the article does not know."""
    known = _known(question, article)
    asked = [terms(name) for name in names(question.text)]
    asked += [[token] for token in tokens(question.text) if token.isdigit() and len(token) == 4]
    asked = [name for name in asked if name]
    missing = sum(not any(term in known for term in name) for name in asked)
    return missing / len(asked) if asked else 0.0


class _Meanings:
    """The cosines of a question, whole and clause by clause, with the sentences of hits as read within their passages."""

    def __init__(self, question: Question, hits: Sequence[Hit], searcher: Searcher) -> None:
        texts = list(dict.fromkeys([question.text, *(clause.text for clause in clauses_of(question))]))
        self._asked = searcher.embedder.vectors(texts)
        self._vectors = searcher.archive.sentence_vectors([hit.passage.id for hit in hits])
        missing = [h for h in hits if h.passage.id not in self._vectors and _still_holds(h, searcher)]
        self._vectors |= _read_now(missing, searcher)

    def of(self, hit: Hit, place: int) -> tuple[int, float]:
        """The number of the clause (0 is the whole question) that is nearest to a sentence, and its cosine. 0 for a sentence
        without a vector: its article was replaced since the search, or an older splitter parted it."""
        vectors = self._vectors.get(hit.passage.id)
        if vectors is None or place >= len(vectors):
            return 0, 0.0
        cosines = self._asked @ vectors[place]
        best = int(cosines.argmax())
        return best, float(cosines[best])


def _read_now(hits: Sequence[Hit], searcher: Searcher) -> dict[str, np.ndarray]:
    """The sentence vectors of passages that were not cut at ingest: of an earlier version, or widened."""
    readings = readings_of(((hit.article, hit.passage) for hit in hits), searcher.embedder)
    return {hit.passage.id: readings[embedding_key(hit.article, hit.passage)].parts for hit in hits}


def _still_holds(hit: Hit, searcher: Searcher) -> bool:
    """Whether the version was neither erased since the search nor, unless it was asked for as it stood, replaced."""
    if hit.reason.as_of:
        return searcher.archive.input_of(hit.passage.revision) is not None
    current = searcher.archive.article(hit.article.id)
    return current is not None and current.revision == hit.passage.revision
