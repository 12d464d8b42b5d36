"""NewsRetriever: the archive as a LangChain retriever, to put into anybody's chain."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from .embedder import Embedder
from .filter import Filter
from .neighbours import merged, widened
from .reranker import reranker_named
from .search import Searcher


class NewsRetriever(BaseRetriever):
    """Finds the ``k`` passages that a question needs, best first, from several articles.

    ``page_content`` is the passage word for word; the metadata holds ``article_id, headline, publisher, url,
    published, start, end, score`` (offsets into the article's body, times in ISO 8601 UTC) and more, see
    `rag.passage.Hit.metadata`. ``publishers``, ``first`` and ``last`` are hard filters, ``as_of`` gives the archive as it
    stood at the end of that day (UTC); ``asked_on`` is the day from which "yesterday" counts (that of ``as_of``, or else
    today). With ``neighbours`` each passage is widened by so many sentences on either side, and those that then overlap
    are one.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Any
    k: int = 10
    asked_on: date | None = None
    publishers: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    neighbours: int = 0

    @classmethod
    def from_archive(
        cls, directory: str | Path, *, embedder: Embedder | None = None, reranker: str = "", **options: Any
    ) -> NewsRetriever:
        """Opens the archive in ``directory`` with the embedder that made it; ``reranker`` names a cross-encoder by folder
        or hub id (see `rag.reranker`). ArchiveNotFound, EmbedderMismatch, WrongUse."""
        read = reranker_named(reranker) if reranker else None
        return cls(searcher=Searcher.open(directory, embedder, reranker=read), **options)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        question = self.searcher.understand(query, self.asked_on or self.as_of)
        only = Filter(frozenset(self.publishers), self.first, self.last, self.as_of)
        hits = self.searcher.search(question, self.k, only)
        if self.neighbours:
            hits = merged(widened(hit, self.neighbours) for hit in hits)
        return [hit.to_document() for hit in hits]
