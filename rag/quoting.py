"""The answer without any model: the few verbatim sentences of the hits that answer the question, or none.

Each sentence of the hits is weighed by its meaning (cosine), by the share of the question's rare words that it and its
surroundings hold, by whether it holds the kind of words that the question expects (`rag.expectation`), by who speaks
in it, and by the rank of its passage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .embedder import Embedder
from .expectation import Expectation, expected, fit, names
from .passage import Hit
from .question import Question
from .search import Searcher
from .sentences import Span, sentences
from .speaker import speaker_at
from .words import terms, tokens

# Weights tuned on the tuning half of eval/data/sample_questions.jsonl; the other half is reported.
_MEANING, _WORDS, _NEARBY, _FITS, _SPEAKER, _RANK = 0.6, 0.3, 0.3, 0.25, 0.4, 0.6
# The confidence of an answer: a logistic curve over the best meaning, the best share of words nearby and the share of
# the question's names that the article does not know, fitted on the same half.
_CONFIDENCE = {"meaning": 9.0, "nearby": 4.0, "strange": -4.0, "bias": -5.4}
LEAST_CONFIDENCE = 0.5
MOST_SENTENCES = 3
_CLOSE_TO_BEST = 0.85
_WEIGHED = 48  # sentences whose meaning is computed, the likeliest by words and rank


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
    fits: bool

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
    hit: Hit
    span: Span
    speaker: str
    words: float
    nearby: float
    strange: float
    fit: float
    rank: float

    @property
    def fits(self) -> bool:
        return self.fit >= 1

    @property
    def first_weight(self) -> float:
        return _WORDS * self.words + _NEARBY * self.nearby + _FITS * self.fit + _RANK * self.rank


def select(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Selection:
    """Picks the sentences to quote from hits that are sorted best first."""
    drafts = sorted(_drafts(question, hits, searcher), key=lambda d: -d.first_weight)[:_WEIGHED]
    if not drafts:
        return Selection((), 0.0)
    quotes = _weighed(question, drafts, searcher.embedder)
    return Selection(_in_order(_chosen(quotes)), _confidence(quotes))


def _drafts(question: Question, hits: Sequence[Hit], searcher: Searcher) -> list[_Draft]:
    wanted = {term: searcher.rarity(term) for term in set(terms(question.text))}
    expects, asked_names = expected(question.text), names(question.text)
    top = hits[0].score if hits else 1.0
    seen: set[str] = set()
    drafts = []
    for hit in hits:
        body, article = hit.article.body, hit.article
        spans = sentences(body, Span(hit.passage.start, hit.passage.end))
        about = set(terms(f"{article.headline} {article.standfirst} {article.dateline}"))
        strange = _strangeness(question, hit)
        for place, span in enumerate(spans):
            text = span.of(body)
            if text in seen:
                continue
            seen.add(text)
            own = set(terms(text))
            around = set(terms(" ".join(s.of(body) for s in spans[max(0, place - 1) : place + 2])))
            speaker = speaker_at(body, span.start)
            drafts.append(
                _Draft(
                    hit,
                    span,
                    speaker,
                    _share(wanted, own),
                    _share(wanted, own | around | about),
                    strange,
                    _fit(expects, text, speaker, question.text, asked_names, body),
                    hit.score / top if top > 0 else 0.0,
                )
            )
    return drafts


def _fit(expects: Expectation, text: str, speaker: str, question: str, asked_names: list[str], body: str) -> float:
    """1 where the sentence holds what is expected; more where it quotes the very person who is asked about."""
    held = fit(expects, text, question)
    return held + _SPEAKER / _FITS * (
        expects is Expectation.QUOTE and _is_asked_about(speaker, asked_names, question, body)
    )


def _is_asked_about(speaker: str, asked_names: list[str], question: str, body: str) -> bool:
    """Whether the speaker is the one whom the question names, or calls by an office ("the education minister")."""
    if not speaker:
        return False
    surname = speaker.split()[-1]
    if any(surname in name.split() for name in asked_names):
        return True
    first = body.find(surname)
    office = set(terms(body[max(0, first - 60) : first + len(surname) + 60])) if first >= 0 else set()
    return len(office & set(terms(question))) >= 2


def _share(wanted: dict[str, float], held: set[str]) -> float:
    """Which share of the question's words is held, each weighed by its rarity."""
    total = sum(wanted.values())
    return sum(weight for term, weight in wanted.items() if term in held) / total if total else 0.0


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


def _weighed(question: Question, drafts: list[_Draft], embedder: Embedder) -> list[Quote]:
    texts = [draft.span.of(draft.hit.article.body) for draft in drafts]
    vectors = embedder.vectors([question.text, *texts])
    meanings = vectors[1:] @ vectors[0]
    quotes = [
        Quote(d.hit, d.span, d.speaker, d.first_weight + _MEANING * float(m), float(m), d.nearby, d.strange, d.fits)
        for d, m in zip(drafts, meanings, strict=True)
    ]
    return sorted(quotes, key=lambda quote: -(quote.score - 0.3 * quote.strange))


def _chosen(quotes: list[Quote]) -> list[Quote]:
    """The best, and up to two more that come close to it, hold what is expected if it does, and say something else."""
    chosen: list[Quote] = []
    for quote in quotes:
        close = not chosen or (quote.score >= _CLOSE_TO_BEST * chosen[0].score and quote.fits >= chosen[0].fits)
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
    )
    return 1 / (1 + math.exp(-weight))
