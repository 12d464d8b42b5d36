"""Reference: what the archive itself knows of a source that was found: its copies, its versions, where its words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from rag.archive import Archive
from rag.copies import clusters_of
from rag.ledger import Outcome as Fate
from rag.ledger import file_of

from .measures.retrieval import bare
from .outcome import CitedPassage, Source
from .question import EvalQuestion

# Beyond this many passages looking through all of them for every gold fact takes minutes.
_MOST_PASSAGES = 50_000


class Reference:
    """One archive, looked up for measuring. Sources of somebody else's retriever are known by their address; ``passages``
    are all texts that it could have found, those of the archive if not given."""

    def __init__(self, archive: Archive, passages: Sequence[str] | None = None) -> None:
        self._archive = archive
        self._texts = passages

    def told(self, sources: Iterable[Source]) -> list[Source]:
        """The sources with what the archive adds to them; one that it does not hold stays as it is."""
        held = [replace(source, article=self._id_of(source)) for source in sources]
        clusters = clusters_of(self._archive, (source.article for source in held))
        return [self._with_cluster(source, clusters.get(source.article)) for source in held]

    def holds(self, cited: CitedPassage) -> bool:
        """Whether the words are those of the version cited, at this place, inside the passage."""
        versions = self._archive.revisions(cited.source.article)
        body = next((version.body for version in versions if version.revision == cited.source.revision), None)
        passage_end = cited.passage_start + len(cited.passage)
        return (
            body is not None
            and cited.passage_start <= cited.start < cited.end <= passage_end
            and body[cited.passage_start : passage_end] == cited.passage
            and body[cited.start : cited.end] == cited.quote
        )

    def relevant(self, question: EvalQuestion) -> int | None:
        """How many passages hold a gold fact; None where they are too many to look, where a whole article is gold, or where
        there is no gold."""
        facts = [bare(fact.text) for fact in question.gold]
        if not facts or not all(facts) or self._passages is None:
            return None
        return sum(any(fact in passage for fact in facts) for passage in self._passages)

    def _with_cluster(self, source: Source, cluster) -> Source:
        current = self._archive.article(source.article)
        if current is None:
            return source
        return replace(
            source,
            url=source.url or self._files.get(source.article, ""),
            cluster=cluster.id if cluster else "",
            originates=bool(cluster) and cluster.originator_id == source.article,
            is_current=current.revision == source.revision if source.revision else None,
        )

    def _id_of(self, source: Source) -> str:
        return source.article if source.article in self._ids else self._by_url.get(source.url, source.article)

    @cached_property
    def _ids(self) -> set[str]:
        return self._archive.article_ids()

    @cached_property
    def _by_url(self) -> dict[str, str]:
        return {article.url: article.id for article in self._archive.articles() if article.url}

    @cached_property
    def _files(self) -> dict[str, str]:
        """Article id -> the name of the file that it was read from, which stands for the address of who has none."""
        stored = self._archive.ledger(Fate.STORED)
        return {entry.article_id: file_of(entry.location).rpartition("/")[2] for entry in stored}

    @cached_property
    def _passages(self) -> list[str] | None:
        """Without their spaces, which takes longest and is done once."""
        if self._texts is not None:
            return [bare(text) for text in self._texts]
        if self._archive.size() > _MOST_PASSAGES:
            return None
        return [bare(stored.passage.text) for stored in self._archive.passages_since()]
