"""The answer without any model: the few verbatim sentences of the hits that answer the question, or none.

Each sentence of the hits is weighed by its meaning (cosine), by the share of the question's rare words that it and its
surroundings hold, by whether it holds the kind of words that the question expects (`rag.expectation`), by who speaks
in it, and by the rank of its passage.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .expectation import Expectation, expected, fit, names
from .passage import Hit
from .question import Question
from .reading import embedding_key, readings_of
from .search import Searcher
from .sentences import Span, sentences
from .speaker import speaker_at
from .words import terms, tokens

# Weights tuned on the tuning half of eval/data/sample_questions.jsonl; the other half is reported.
_MEANING, _WORDS, _NEARBY, _FITS, _SPEAKER, _RANK = 0.75, 0.2, 0.1, 0.3, 0.4, 0.55
# The confidence of an answer: a logistic curve over the best meaning, the best share of words nearby, the share of the
# question's names that the article does not know, and whether the one asked about speaks; fitted on the same half.
_CONFIDENCE = {"meaning": 13.0, "nearby": 0.5, "strange": -2.0, "spoken": 1.0, "bias": -6.3}
LEAST_CONFIDENCE = 0.5
MOST_SENTENCES = 3
_CLOSE_TO_BEST = 0.85


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence of one hit: ``hit.article.body[span.start:span.end]``."""

    hit: Hit
    span: Span
    speaker: str
    score: float
    meaning: float
    nearby: float
    strange: float
    fit: float

    @property
    def text(self) -> str:
        return self.span.of(self.hit.article.body)


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences that answer, in the order to show them, and how sure that is (0 to 1)."""

    quotes: tuple[Quote, ...]
    confidence: float

    @property
    def answers(self) -> bool:
        return bool(self.quotes) and self.confidence >= LEAST_CONFIDENCE


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sentence before its meaning is weighed; ``place`` counts the sentences of its passage from 0."""

    hit: Hit
    span: Span
    place: int
    speaker: str
    words: float
    nearby: float
    strange: float
    fit: float
    rank: float

    @property
    def first_weight(self) -> float:
        return _WORDS * self.words + _NEARBY * self.nearby + _FITS * self.fit + _RANK * self.rank


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


def select(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Selection:
    """Picks the sentences to quote from hits that are sorted best first."""
    drafts = _drafts(question, hits, searcher)
    if not drafts:
        return Selection((), 0.0)
    quotes = _weighed(question, drafts, searcher)
    chosen = _chosen(quotes)
    if expected(question.text) is Expectation.IDENTITY:
        return Selection(_in_order(chosen), float(chosen[0].fit >= 1 and not chosen[0].strange))
    return Selection(_in_order(chosen), _confidence(quotes))


def _drafts(question: Question, hits: Sequence[Hit], searcher: Searcher) -> list[_Draft]:
    """Every sentence of the hits, a sentence that stands in several once."""
    asked = _Asked.of(question, searcher)
    top = max(hits[0].score, 1e-9) if hits else 1.0
    drafts: dict[str, _Draft] = {}
    for hit in hits:
        for draft in _drafts_of(hit, asked, rank=hit.score / top):
            drafts.setdefault(draft.span.of(hit.article.body), draft)
    return list(drafts.values())


def _drafts_of(hit: Hit, asked: _Asked, rank: float) -> Iterator[_Draft]:
    article, body = hit.article, hit.article.body
    about = set(terms(f"{article.headline} {article.standfirst} {article.dateline}"))
    strange = _strangeness(asked.question, hit)
    spans = sentences(body, Span(hit.passage.start, hit.passage.end))
    held = [set(terms(span.of(body))) for span in spans]
    for place, span in enumerate(spans):
        around = set().union(about, *held[max(0, place - 1) : place + 2])
        speaker = speaker_at(body, span.start)
        words, nearby = asked.share(held[place]), asked.share(around)
        yield _Draft(hit, span, place, speaker, words, nearby, strange, _fit(asked, span.of(body), speaker, body), rank)


def _fit(asked: _Asked, text: str, speaker: str, body: str) -> float:
    """1 where the sentence holds what is expected; more where it quotes the very person who is asked about."""
    held = fit(asked.expects, text, asked.question.text)
    spoken = asked.expects is Expectation.QUOTE and _is_asked_about(speaker, asked.names, asked.question.text, body)
    return held + _SPEAKER / _FITS * spoken


def _is_asked_about(speaker: str, asked_names: Sequence[str], question: str, body: str) -> bool:
    """Whether the speaker is the one whom the question names, or calls by an office ("the education minister")."""
    if not speaker:
        return False
    surname = speaker.split()[-1]
    if any(surname in name.split() for name in asked_names):
        return True
    first = body.find(surname)
    office = set(terms(body[max(0, first - 60) : first + len(surname) + 60])) if first >= 0 else set()
    return len(office & set(terms(question))) >= 2


def _strangeness(question: Question, hit: Hit) -> float:
    """Which share of the question's names and years the article does not know."""
    article = hit.article
    known = set(tokens(f"{article.body} {article.headline} {article.standfirst} {article.dateline} {article.section}"))
    known |= set(
        tokens(f"{article.publisher} {article.originator} {' '.join(article.bylines)} {article.published[:4]}")
    )
    known |= set(tokens(" ".join((*question.whole.publishers, *(period.words for period in question.whole.periods)))))
    stems = {term for token in known for term in terms(token)}
    asked = [terms(name) for name in names(question.text)]
    asked += [[token] for token in tokens(question.text) if token.isdigit() and len(token) == 4]
    asked = [name for name in asked if name]
    missing = sum(not any(term in stems for term in name) for name in asked)
    return missing / len(asked) if asked else 0.0


def _weighed(question: Question, drafts: list[_Draft], searcher: Searcher) -> list[Quote]:
    meanings = _meanings(question, drafts, searcher)
    quotes = [
        Quote(d.hit, d.span, d.speaker, d.first_weight + _MEANING * m, m, d.nearby, d.strange, d.fit)
        for d, m in zip(drafts, meanings, strict=True)
    ]
    return sorted(quotes, key=lambda quote: -(quote.score - 0.3 * quote.strange))


def _meanings(question: Question, drafts: list[_Draft], searcher: Searcher) -> list[float]:
    """The cosine of the question and each sentence, the sentence as it was read within its passage."""
    asked = searcher.embedder.vectors([question.text])[0]
    hits = {draft.hit.passage.id: draft.hit for draft in drafts}
    vectors = searcher.archive.sentence_vectors(list(hits))
    vectors |= _read_now([hit for i, hit in hits.items() if i not in vectors and _still_holds(hit, searcher)], searcher)
    return [_cosine(vectors.get(draft.hit.passage.id), draft.place, asked) for draft in drafts]


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


def _cosine(vectors: np.ndarray | None, place: int, asked: np.ndarray) -> float:
    """0 for a sentence without a vector: its article was replaced since the search, or an older splitter parted it."""
    return float(vectors[place] @ asked) if vectors is not None and place < len(vectors) else 0.0


def _chosen(quotes: list[Quote]) -> list[Quote]:
    """The best, and up to two more that come close to it, hold what is expected if it does, and say something else."""
    chosen: list[Quote] = []
    for quote in quotes:
        close = not chosen or (quote.score >= _CLOSE_TO_BEST * chosen[0].score and quote.fit >= min(1.0, chosen[0].fit))
        if close and not any(_repeats(quote.text, other.text) for other in chosen):
            chosen.append(quote)
        if len(chosen) == MOST_SENTENCES:
            break
    return chosen


def _repeats(text: str, other: str) -> bool:
    """Whether two sentences share most of their words (the shorter in the longer)."""
    first, second = set(terms(text)), set(terms(other))
    return len(first & second) >= 0.7 * max(1, min(len(first), len(second)))


def _in_order(quotes: list[Quote]) -> tuple[Quote, ...]:
    """The best first; sentences of one article stay together in the order of its text."""
    articles = list(dict.fromkeys(quote.hit.article.id for quote in quotes))
    return tuple(sorted(quotes, key=lambda quote: (articles.index(quote.hit.article.id), quote.span.start)))


def _confidence(quotes: list[Quote]) -> float:
    best = quotes[:MOST_SENTENCES]
    weight = (
        _CONFIDENCE["bias"]
        + _CONFIDENCE["meaning"] * max(quote.meaning for quote in quotes)
        + _CONFIDENCE["nearby"] * max(quote.nearby for quote in best)
        + _CONFIDENCE["strange"] * min(quote.strange for quote in best)
        + _CONFIDENCE["spoken"] * (best[0].fit > 1)
    )
    return 1 / (1 + math.exp(-weight))
