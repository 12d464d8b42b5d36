"""Articles that nobody wrote, as many as wanted, that cost an index what real ones cost.

The vectors are a mixture of topics, articles and passages whose cosines and spectrum are those of MiniLM over 814 articles
of MultiHop-RAG and Reuters (3,340 passages); the words follow Zipf's law (1949), a part of them the topic's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from rag.article import Article, NewsTime
from rag.embedder import Reading
from rag.passage import Passage

DIMENSIONS = 384
PASSAGES_AN_ARTICLE = 4
# Measured: two random passages have a cosine of .10, the tenth nearest of 3,340 one of .58, neighbours in one article .75.
_COMMON, _TOPIC, _ARTICLE = 0.09, 0.36, 0.30
_PASSAGE = 1 - _COMMON - _TOPIC - _ARTICLE
# A question and the passage that answers it; a clause says less than the whole.
_ASKED = 0.7
# Measured: the first 10, 50, 100, 200 directions hold .30, .64, .81, .95 of the variance.
_SPECTRUM = 1 / (np.arange(DIMENSIONS) + 20.0) ** 1.5
_ARTICLES_A_TOPIC = 25
_VOCABULARY, _TOPIC_WORDS = 120_000, 150
_WORDS, _SENTENCES = 65, 6
_SHORT = "the of and to in a is that for it was on with as by at from has an be".split()
_FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC)
_DAYS = 3_650
# So many publishers, each with a smaller share than the one before; the shares by which filters are chosen.
SHARES = {"Daily Half": 0.5, "Twentieth Post": 0.05, "Thousandth Star": 0.001}


@dataclass(frozen=True, slots=True)
class Written:
    """One article, its passages, and what a model would make of each."""

    article: Article
    passages: list[Passage]
    readings: list[Reading]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of several matters: the texts of the whole and its clauses, and a vector for each (float32, length 1)."""

    text: str
    vectors: np.ndarray


class Newsroom:
    """The same articles for the same ``seed`` and number of ``passages``."""

    def __init__(self, passages: int, seed: int = 5) -> None:
        self.passages = passages
        self._chance = np.random.default_rng(seed)
        self._topics = max(4, passages // PASSAGES_AN_ARTICLE // _ARTICLES_A_TOPIC)
        self._scale = np.sqrt(_SPECTRUM / _SPECTRUM.sum()).astype(np.float32)
        self._common = self._drawn(1, _COMMON)[0]
        self._centres = self._common + self._drawn(self._topics, _TOPIC)
        self._words = _vocabulary(self._chance)
        self._zipf = np.cumsum(1 / (np.arange(_VOCABULARY) + 20.0))
        self._names = [*SHARES, *(f"Gazette {n}" for n in range(100))]
        self._share = np.array([*SHARES.values(), *[(1 - sum(SHARES.values())) / 100] * 100])

    def articles(self) -> Iterator[Written]:
        for number in range(self.passages // PASSAGES_AN_ARTICLE):
            yield self._article(number)

    def question(self, clauses: int = 4) -> Asked:
        """A question whose clauses each turn to another article of some topic."""
        topics = self._chance.integers(self._topics, size=clauses)
        parts = [" ".join(self._drawn_words(topic, 7)) for topic in topics]
        meant = self._centres[topics] + self._drawn(clauses, _ARTICLE + _PASSAGE)
        asked = np.sqrt(_ASKED) * _unit(meant) + self._drawn(clauses, 1 - _ASKED)
        return Asked(", while ".join(parts) + "?", _unit(np.vstack([asked.mean(axis=0), asked])))

    def _article(self, number: int) -> Written:
        topic = int(self._chance.integers(self._topics))
        texts = [self._text(topic) for _ in range(PASSAGES_AN_ARTICLE)]
        day = _FIRST_DAY + timedelta(days=float(self._chance.random() * _DAYS))
        time = NewsTime(day.replace(microsecond=0), "", "made")
        article = Article(
            identity=f"https://made.example/{number}",
            url=f"https://made.example/{number}",
            headline=" ".join(self._drawn_words(topic, 8)).capitalize(),
            body="\n\n".join(texts),
            publisher=str(self._chance.choice(self._names, p=self._share)),
            bylines=("Ada Quist",),
            first_published=time,
            this_version=time,
        )
        revision, article_id = article.revision, article.id
        starts = np.cumsum([0, *(len(text) + 2 for text in texts)])
        passages = [
            Passage(article_id, revision, n, int(start), int(start) + len(text), text)
            for n, (start, text) in enumerate(zip(starts, texts, strict=False))
        ]
        return Written(article, passages, self._readings(topic))

    def _readings(self, topic: int) -> list[Reading]:
        base = self._centres[topic] + self._drawn(1, _ARTICLE)
        vectors = _unit(base + self._drawn(PASSAGES_AN_ARTICLE, _PASSAGE))
        parts = _unit(np.repeat(vectors, _SENTENCES, axis=0) + self._drawn(PASSAGES_AN_ARTICLE * _SENTENCES, 0.8))
        return [Reading(v, p) for v, p in zip(vectors, np.split(parts, PASSAGES_AN_ARTICLE), strict=True)]

    def _drawn(self, many: int, variance: float) -> np.ndarray:
        """Gaussian vectors of this mean square length, with the spectrum of the real ones."""
        noise = self._chance.standard_normal((many, DIMENSIONS), dtype=np.float32)
        return noise * (self._scale * np.float32(np.sqrt(variance)))

    def _drawn_words(self, topic: int, many: int) -> list[str]:
        common = np.searchsorted(self._zipf, self._chance.random(many) * self._zipf[-1])
        # A topic's own words are rarer ones, the first of them the most used.
        own = 500 + (topic * 7919 + (self._chance.pareto(1.0, many) * 8).astype(int) % _TOPIC_WORDS * 31) % 100_000
        return [self._words[n] for n in np.where(self._chance.random(many) < 0.35, own, common)]

    def _text(self, topic: int) -> str:
        """Every second word a short one, as in English, of which the index takes none."""
        long = self._drawn_words(topic, _WORDS)
        short = self._chance.integers(len(_SHORT), size=_WORDS).tolist()
        pairs = [f"{_SHORT[n]} {word}" for n, word in zip(short, long, strict=True)]
        step = _WORDS // _SENTENCES
        return " ".join(" ".join(pairs[n : n + step]).capitalize() + "." for n in range(0, _WORDS, step))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _vocabulary(chance: np.random.Generator) -> list[str]:
    """Words of two to four syllables that nobody wrote, each once."""
    syllables = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "l")]
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        picked = chance.integers(len(syllables), size=(_VOCABULARY, 4))
        lengths = chance.integers(2, 5, size=_VOCABULARY)
        found |= {"".join(syllables[n] for n in row[:size]): None for row, size in zip(picked, lengths, strict=True)}
    return list(found)[:_VOCABULARY]
