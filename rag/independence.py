"""Independence: how many articles tell what an answer says, and how many sources stand behind them.

The copies of one wire story, what names the same agency, and several articles of one publisher are one source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .archive import Archive
from .article import Article, Kind
from .citation import Citation
from .copies import Cluster
from .passage import Hit
from .quantity import quantities, without_source
from .sentences import Span, sentences
from .words import terms

_SAME = 0.6  # of the quoted sentence's words stand in one sentence
_LABELLED = (Kind.OPINION, Kind.ANALYSIS, Kind.PRESS_RELEASE)


@dataclass(frozen=True, slots=True)
class Independence:
    """``articles`` tell what the answer says; ``sources`` are the names of those who stand behind them; ``only`` are the
    labelled kinds where nothing else tells it."""

    articles: int
    sources: tuple[str, ...]
    only: tuple[Kind, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"articles": self.articles, "sources": list(self.sources), "only": [kind.value for kind in self.only]}


def independence(
    citations: Sequence[Citation], hits: Sequence[Hit], clusters: Mapping[str, Cluster], archive: Archive
) -> Independence | None:
    """``clusters`` are those of the articles that are cited or hit, by article id; None where nothing is cited."""
    clusters = {i: cluster for cluster in clusters.values() for i in cluster.article_ids}
    told = {c.article.id: c.article for c in citations}
    quotes = [citation.quote for citation in citations]
    told |= {h.article.id: h.article for h in hits if any(tells_the_same(q, h.passage.text) for q in quotes)}
    for cluster in {clusters[i].id: clusters[i] for i in told if i in clusters}.values():
        told |= {a.id: a for i in cluster.article_ids if i not in told and (a := archive.article(i))}
    if not told:
        return None
    named = {source: name for article in told.values() for source, name in [_source(article, clusters, archive)]}
    return Independence(len(told), tuple(named.values()), _only(told.values()))


def tells_the_same(quote: str, text: str) -> bool:
    """Whether one sentence of the text has most of the words and all the numbers of the quoted one."""
    wanted, numbers = set(terms(quote)), quantities(quote)
    return any(
        len(wanted & set(terms(told))) >= _SAME * max(1, len(wanted)) and not without_source(numbers, quantities(told))
        for told in (span.of(text) for span in sentences(text, Span(0, len(text))))
    )


def source_of(article: Article) -> str:
    """Who wrote it, as a name that compares; an article that names nobody is a source of its own."""
    return _author(article).casefold().removeprefix("the ").strip() or article.id


def _author(article: Article) -> str:
    """The agency before the publisher that carries it; of a press release whoever signed it."""
    if article.kind is Kind.PRESS_RELEASE and article.bylines:
        return article.bylines[0]
    return article.originator or article.publisher


def _source(article: Article, clusters: Mapping[str, Cluster], archive: Archive) -> tuple[str, str]:
    """A copy has the source of the article that it came from, whatever it names itself."""
    cluster = clusters.get(article.id)
    origin = (archive.article(cluster.originator_id) if cluster else None) or article
    return source_of(origin), _author(origin) or "a publisher unknown"


def _only(articles: Iterable[Article]) -> tuple[Kind, ...]:
    kinds = {article.kind for article in articles}
    return tuple(kind for kind in _LABELLED if kind in kinds) if kinds <= set(_LABELLED) else ()
