"""What Dateline is compared with: the plain LangChain chain that every tutorial builds, and each of our two indexes
alone. A Retriever gives the texts of the ten passages that it finds for a question, best first."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.article import Article
from rag.index.passage_index import Found, Probe
from rag.search import Searcher

from .figures import DATELINE
from .question import EvalQuestion

Retriever = Callable[[EvalQuestion], list[str]]
PLACES = 10


def retrievers(searcher: Searcher, embeddings: Embeddings) -> dict[str, Retriever]:
    """Dateline and all that it is compared with, over the same articles."""
    return {
        DATELINE: dateline(searcher),
        "plain chain": plain_chain(searcher.archive.articles(), embeddings),
        "lexical alone": lexical_alone(searcher),
        "dense alone": dense_alone(searcher),
    }


def dateline(searcher: Searcher) -> Retriever:
    """The retrieval that is shipped."""

    def retrieve(question: EvalQuestion) -> list[str]:
        asked = searcher.understand(question.text, question.asked_on)
        return [hit.passage.text for hit in searcher.search(asked, PLACES)]

    return retrieve


def plain_chain(articles: Iterable[Article], embeddings: Embeddings) -> Retriever:
    """RecursiveCharacterTextSplitter(1000, 200), the same embedding model, Chroma in memory, the nearest ten."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = [chunk for article in articles for chunk in splitter.split_text(article.body)]
    # All of Chroma's stores in memory are one store: without a name of its own the next chain would find these.
    store = Chroma.from_texts(chunks, embeddings, collection_name=f"plain-{uuid.uuid4().hex}")
    return lambda question: [found.page_content for found in store.similarity_search(question.text, k=PLACES)]


def dense_alone(searcher: Searcher) -> Retriever:
    """Our passages by the vector of the whole question."""

    def retrieve(question: EvalQuestion) -> list[str]:
        probe = Probe(question.text, searcher.embedder.vectors([question.text])[0])
        return _texts(searcher, searcher.indexes.dense(probe, PLACES))

    return retrieve


def lexical_alone(searcher: Searcher) -> Retriever:
    """Our passages by BM25 over the words of the whole question; nothing is embedded."""

    def retrieve(question: EvalQuestion) -> list[str]:
        probe = Probe(question.text, np.zeros(0, dtype=np.float32))
        return _texts(searcher, searcher.indexes.sparse(probe, PLACES))

    return retrieve


def _texts(searcher: Searcher, found: Sequence[Found]) -> list[str]:
    stored = searcher.archive.stored([f.passage_id for f in found])
    return [stored[f.passage_id].passage.text for f in found if f.passage_id in stored]
