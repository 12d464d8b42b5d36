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
from .search import Filter, Searcher


class NewsRetriever(BaseRetriever):
    """Finds the ``k`` passages that a question needs, best first, from several articles.

    ``page_content`` is the passage word for word; the metadata holds ``article_id, headline, publisher, url,
    published, start, end, score`` (offsets into the article's body, times in ISO 8601 UTC) and more, see
    `rag.passage.Hit.metadata`. ``publishers``, ``first`` and ``last`` are hard filters; ``asked_on`` is the day from
    which "yesterday" counts (today).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Any
    k: int = 10
    asked_on: date | None = None
    publishers: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @classmethod
    def from_archive(cls, directory: str | Path, *, embedder: Embedder | None = None, **options: Any) -> NewsRetriever:
        """Opens the archive in ``directory`` with the embedder that made it. ArchiveNotFound, EmbedderMismatch."""
        return cls(searcher=Searcher.open(directory, embedder), **options)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        question = self.searcher.understand(query, self.asked_on)
        only = Filter(frozenset(self.publishers), self.first, self.last)
        return [hit.to_document() for hit in self.searcher.search(question, self.k, only)]
