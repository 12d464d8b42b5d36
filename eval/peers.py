"""What Dateline is compared with, over the same articles in the same run: the plain LangChain chain that every tutorial
builds, and each of our two indexes alone.

Another retriever is one more function of a Haystack: it gives a Peer.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.article import Article
from rag.index.passage_index import Found, Probe
from rag.passage import Hit
from rag.search import Searcher

from .question import EvalQuestion
from .run import Finder

PLACES = 10
LEXICAL, DENSE = "lexical alone", "dense alone"


@dataclass(frozen=True, slots=True)
class Haystack:
    """The articles of an archive opened for searching, and the model that embeds for all."""

    searcher: Searcher
    embeddings: Embeddings


@dataclass(frozen=True, slots=True)
class Peer:
    """``find`` gives ten documents, best first; ``passages`` are all texts that it could have given, None for those of
    the archive itself."""

    name: str
    find: Finder
    passages: Sequence[str] | None = None


def plain_chain(held: Haystack) -> Peer:
    """RecursiveCharacterTextSplitter(1000, 200), the same embedding model, Chroma in memory, the nearest ten."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = [chunk for article in held.searcher.archive.articles() for chunk in _chunks(splitter, article)]
    # All of Chroma's stores in memory are one store: without a name of its own the next chain would find these.
    store = Chroma.from_documents(chunks, held.embeddings, collection_name=f"plain-{uuid.uuid4().hex}")
    return Peer(
        "plain chain",
        lambda question: store.similarity_search(_words(question), k=PLACES),
        [chunk.page_content for chunk in chunks],
    )


def dense_alone(held: Haystack) -> Peer:
    """Our passages by the vector of the whole question."""

    def find(question: EvalQuestion) -> list[Document]:
        words = _words(question)
        probe = Probe(words, held.searcher.embedder.vectors([words])[0])
        return _documents(held.searcher, held.searcher.indexes.dense(probe, PLACES))

    return Peer(DENSE, find)


def lexical_alone(held: Haystack) -> Peer:
    """Our passages by BM25 over the words of the whole question; nothing is embedded."""

    def find(question: EvalQuestion) -> list[Document]:
        probe = Probe(_words(question), np.zeros(0, dtype=np.float32))
        return _documents(held.searcher, held.searcher.indexes.sparse(probe, PLACES))

    return Peer(LEXICAL, find)


PEERS: tuple[Callable[[Haystack], Peer], ...] = (plain_chain, lexical_alone, dense_alone)


def _words(question: EvalQuestion) -> str:
    """Who understands no follow-up is given the whole chat."""
    return " ".join((*question.history, question.text))


def _chunks(splitter: RecursiveCharacterTextSplitter, article: Article) -> Iterable[Document]:
    told = {"article_id": article.id, "url": article.url, "headline": article.headline}
    told |= {"publisher": article.publisher, "published": article.published, "updated": article.updated}
    told |= {"revision": article.revision, "kind": article.kind.value}
    return (Document(page_content=text, metadata=told) for text in splitter.split_text(article.body))


def _documents(searcher: Searcher, found: Sequence[Found]) -> list[Document]:
    stored = searcher.archive.stored([f.passage_id for f in found])
    held = [(stored[f.passage_id], f.score) for f in found if f.passage_id in stored]
    return [Hit(s.passage, s.article, score, {}).to_document() for s, score in held]
