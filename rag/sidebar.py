"""Sidebar: what is computed beside an answer, from its citations, its hits and the archive, and never by a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .archive import Archive
from .article import Article
from .as_of import carried_then
from .clock import utc_now
from .copies import Cluster, clusters_of
from .coverage_line import CoverageLine, coverage_line
from .figures import Figures, figures
from .filter import Filter
from .hidden import HiddenBy, hidden_by
from .independence import Independence, independence
from .matter import matter_of
from .passage import Hit
from .period import end_of_day
from .question import Question
from .quoting import select
from .timeline import Timeline, asks_for_timeline, timeline
from .withdrawn import SaidOtherwise, Withdrawal, said_otherwise, withdrawals
from .words import terms

if TYPE_CHECKING:
    from .answer import Answer
    from .search import Searcher

_HITS = 10
_HITS_OF_A_STORY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidebar:
    """What stands beside a complete answer. What there is not is None or empty; a refusal has the coverage, and the
    filters that stand in the way."""

    coverage: CoverageLine
    independence: Independence | None = None
    withdrawn: tuple[Withdrawal, ...] = ()
    said_otherwise: tuple[SaidOtherwise, ...] = ()
    figures: Figures | None = None
    timeline: Timeline | None = None
    hidden: tuple[HiddenBy, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "coverage": self.coverage.to_json(),
            "independence": self.independence.to_json() if self.independence else None,
            "withdrawn": [one.to_json() for one in self.withdrawn],
            "said_otherwise": [one.to_json() for one in self.said_otherwise],
            "figures": self.figures.to_json() if self.figures else [],
            "timeline": self.timeline.to_json() if self.timeline else None,
            "hidden_by": [one.to_json() for one in self.hidden],
        }


def sidebar_of(question: Question, answer: Answer, searcher: Searcher, only: Filter = Filter()) -> Sidebar:
    """Of a complete answer to ``question``. Milliseconds; one search more for a story's timeline, and for a refusal that
    filters may be the cause of."""
    archive, cited = searcher.archive, [citation.article.updated for citation in answer.citations]
    coverage = coverage_line(question, cited, answer.hits, archive, only.as_of)
    if answer.refused:
        return Sidebar(coverage=coverage, hidden=_hidden(question, answer, searcher, only))
    rarity = {term: searcher.rarity(term) for term in set(terms(question.text))}
    clusters = _clusters(
        [*(c.article.id for c in answer.citations), *(h.article.id for h in answer.hits)], archive, only
    )
    matter = matter_of(question, rarity)
    return Sidebar(
        coverage=coverage,
        independence=independence(answer.citations, answer.hits, clusters, archive),
        withdrawn=withdrawals(answer.citations, archive, only.as_of),
        said_otherwise=said_otherwise(answer.citations, archive),
        figures=figures(matter, _versions(answer.hits, archive, only.as_of)) if matter else None,
        timeline=_timeline(question, answer.hits, rarity, searcher, only),
    )


def _clusters(article_ids: Sequence[str], archive: Archive, only: Filter) -> dict[str, Cluster]:
    clusters = clusters_of(archive, article_ids)
    return carried_then(clusters, only.as_of, archive) if only.as_of else clusters


def _versions(hits: Sequence[Hit], archive: Archive, as_of: date | None) -> dict[str, list[Article]]:
    """The usable versions of the articles of the hits, oldest first, up to the one that was found."""
    found: dict[str, list[Article]] = {}
    for article in {hit.article.id: hit.article for hit in hits}.values():
        earlier = (a for a in archive.revisions(article.id) if article.supersedes(a) and _was_out(a, as_of))
        found[article.id] = [*earlier, article]
    return found


def _was_out(article: Article, as_of: date | None) -> bool:
    return article.usable_from <= utc_now() and (as_of is None or article.updated <= end_of_day(as_of))


def _timeline(
    question: Question, hits: Sequence[Hit], rarity: Mapping[str, float], searcher: Searcher, only: Filter
) -> Timeline | None:
    if asks_for_timeline(question):
        hits = searcher.search(question, _HITS_OF_A_STORY, only)
    archive = searcher.archive
    clusters = _clusters([hit.article.id for hit in hits], archive, only)
    # Within filters the copy itself is shown: what it came from may be what they shut out.
    wanted = () if only else {cluster.originator_id for cluster in clusters.values()}
    originals = {i: article for i in wanted if (article := archive.article(i))}
    return timeline(question, hits, rarity, clusters, originals)


def _hidden(question: Question, answer: Answer, searcher: Searcher, only: Filter) -> tuple[HiddenBy, ...]:
    if not only:
        return ()
    without = searcher.search(question, _HITS) if terms(question.text) else []
    answers = select(question, without, searcher).answers if without else False
    return hidden_by(only, answer.hits, without, answers, searcher.archive)
