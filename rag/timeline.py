"""Timeline: what was reported of a story day by day, each development by who told it first, copies counted once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .article import Article, Kind
from .copies import Cluster
from .expectation import names
from .passage import Hit
from .question import Question
from .sentences import Span, sentences
from .words import terms

MOST_ENTRIES = 12
FEWEST_ENTRIES = 3  # less is no story
_TOLD = 0.4  # of the question's words, by rarity, stand in the article
_TOLD_FIRST, _TOLD_FIRST_UNASKED = 0.3, 0.5  # and in its headline and first lines
_FIRST_LINES = 400  # characters
_NEAR = 0.5  # of the best score
_ASKS = re.compile(
    r"\bwhat (?:has |have |had )?(?:ever |since )?(?:happen(?:s|ed)?|become|became)\b|\btimeline\b|\bchronolog|"
    r"\bcourse of events\b|\bsequence of events\b|\bstory so far\b|\bhow (?:did|has) [^?]{1,80}"
    r"\b(?:unfold|come about|develop|begin|start|go on|end)",
    re.IGNORECASE,
)
# What a question about a story says of any story.
_OF_ANY_STORY = frozenset(
    terms("happen happened timeline chronology events story course sequence develop unfold change changed become latest "
          "end final now far start begin become since time so whole history recap summary")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """The first report of a day: ``article.body[start:end]`` is its first sentence; ``others`` told it that day too."""

    article: Article
    start: int
    end: int
    others: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        return self.article.body[self.start : self.end]

    @property
    def day(self) -> str:
        return self.article.published[:10]

    def to_json(self) -> dict[str, Any]:
        article = self.article
        return {
            "published": article.published,
            "publisher": article.publisher,
            "originator": article.originator,
            "headline": article.headline,
            "kind": article.kind.value,
            "article_id": article.id,
            "revision": article.revision,
            "url": article.url,
            "quote": self.lead,
            "start": self.start,
            "end": self.end,
            "also": list(self.others),
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """In the order of time, at least `FEWEST_ENTRIES`; ``asked`` is whether the question wants to see it."""

    entries: tuple[Entry, ...]
    asked: bool

    def to_json(self) -> dict[str, Any]:
        return {"asked": self.asked, "entries": [entry.to_json() for entry in self.entries]}


def asks_for_timeline(question: Question) -> bool:
    return question.wants_change or bool(_ASKS.search(question.text))


def timeline(
    question: Question,
    hits: Sequence[Hit],
    rarity: Mapping[str, float],
    clusters: Mapping[str, Cluster],
    originals: Mapping[str, Article],
) -> Timeline | None:
    """The story of the hits, which are sorted best first; None where it has no three days.

    ``rarity`` weighs the question's words; ``originals`` are the articles that copies came from, by id.
    """
    told: dict[str, Article] = {}
    for article in _of_the_story(question, hits, rarity):
        cluster = clusters.get(article.id)
        first = originals.get(cluster.originator_id, article) if cluster else article
        told.setdefault(first.id, first)
    days = [_entry(reports) for reports in _by_day(list(told.values())[: 2 * MOST_ENTRIES])]
    entries = [entry for entry in days if entry]
    if len(entries) < FEWEST_ENTRIES:
        return None
    return Timeline(tuple(_most_told(entries, list(told))), asks_for_timeline(question))


def _of_the_story(question: Question, hits: Sequence[Hit], rarity: Mapping[str, float]) -> Iterable[Article]:
    """Reports that hold what the question names and most of its rare words; an opinion reports nothing."""
    wanted = {term: weight for term, weight in rarity.items() if term not in _OF_ANY_STORY}
    named = {term for name in names(question.text) for term in terms(name)} & set(wanted)
    total = sum(wanted.values())
    at_first = (_TOLD_FIRST if asks_for_timeline(question) else _TOLD_FIRST_UNASKED) * total
    for hit in hits:
        article = hit.article
        if article.kind is Kind.OPINION or not article.published or hit.score < _NEAR * hits[0].score:
            continue
        first = set(terms(f"{article.headline} {article.standfirst} {article.body[:_FIRST_LINES]}"))
        held = first | set(terms(article.body))
        if named <= held and _weight(wanted, held) >= _TOLD * total and _weight(wanted, first) >= at_first:
            yield article


def _weight(wanted: Mapping[str, float], held: set[str]) -> float:
    return sum(weight for term, weight in wanted.items() if term in held)


def _by_day(articles: Sequence[Article]) -> list[list[Article]]:
    in_time = sorted(articles, key=lambda article: (article.published, article.id))
    return [list(reports) for _, reports in groupby(in_time, key=lambda article: article.published[:10])]


def _entry(reports: Sequence[Article]) -> Entry | None:
    first, *rest = reports
    lead = next(iter(sentences(first.body, Span(0, min(len(first.body), 1_000)))), None)
    others = dict.fromkeys(article.publisher for article in rest if article.publisher not in ("", first.publisher))
    return Entry(first, lead.start, lead.end, tuple(others)) if lead else None


def _most_told(entries: Sequence[Entry], best_first: Sequence[str]) -> list[Entry]:
    """The entries whose articles were found first, in the order of time."""
    kept = sorted(entries, key=lambda entry: best_first.index(entry.article.id))[:MOST_ENTRIES]
    return sorted(kept, key=lambda entry: (entry.article.published, entry.article.id))
