"""Why the hits of a search are shown, told from what the question names and from whose place they took."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from .article import Article
from .copies import Cluster
from .passage import Hit
from .question import Question
from .quotation import stands_in
from .recency import days_before, lean

_RECENT = 0.5  # of a lean of 1


def reasoned(
    shown: Sequence[Hit], question: Question, found: Sequence[Hit], clusters: Mapping[str, Cluster]
) -> list[Hit]:
    """The hits that are shown, each with its reason; ``found`` are all that were found, best first."""
    taken = {hit.passage.id for hit in shown}
    return [_with_reason(hit, question, _gave_way(hit, found, taken, clusters.get(hit.article.id))) for hit in shown]


def _with_reason(hit: Hit, question: Question, copy: Hit | None) -> Hit:
    article, clauses = hit.article, (question.whole, *question.clauses)
    named = any(article.publisher in clause.publishers for clause in clauses)
    authors = (name for clause in clauses for name in clause.authors if name in article.bylines)
    periods = (period for clause in clauses for period in clause.periods if period.holds(article.published))
    reason = replace(
        hit.reason,
        publisher=article.publisher if named else "",
        period=next((period.words for period in periods), ""),
        author=next(authors, ""),
        quoted=next((words for words in question.whole.quoted if stands_in(words, hit.passage.text)), ""),
        latest=article.updated if question.wants_latest else "",
        first=article.published if question.wants_first else "",
        days_before=_days_before(article, question),
        copy_at=(copy.article.publisher or "another publisher") if copy else "",
    )
    return replace(hit, reason=reason)


def _days_before(article: Article, question: Question) -> int | None:
    """Told of what is recent enough to have been found for it."""
    recent = question.names_no_time and lean(article.published, question.asked_on) > _RECENT
    return days_before(article.published, question.asked_on) if recent else None


def _gave_way(hit: Hit, found: Sequence[Hit], taken: Collection[str], cluster: Cluster | None) -> Hit | None:
    """The copy whose place the hit took. With the place it took the score (see `rag.places`), by which it is known."""
    if cluster is None:
        return None
    ahead = takewhile(lambda other: other.passage != hit.passage, found)
    copies = (other for other in ahead if other.score == hit.score and other.article.id in cluster.article_ids)
    return next((copy for copy in copies if copy.passage.id not in taken), None)
