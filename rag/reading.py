"""What is embedded of a passage: its words after their headline, publisher and day, and each sentence within them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from .article import Article
from .embedder import Embedder, Reading
from .passage import Passage
from .sentences import Span, sentences


def embedding_text(article: Article, text: str) -> str:
    """A stretch of an article with its context. The context is never quotable; it tells a passage that says "she
    added" what it is about."""
    day = article.first_published.day if article.first_published else ""
    credit = ", ".join(part for part in (article.publisher, day) if part)
    return "\n".join(part for part in (article.headline, credit, text) if part)


def embedding_key(article: Article, passage: Passage) -> str:
    """32 hexadecimal digits under which the archive keeps what was embedded: never computed twice."""
    text = embedding_text(article, passage.text)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def readings_of(passages: Iterable[tuple[Article, Passage]], embedder: Embedder) -> dict[str, Reading]:
    """By key, the vectors of passages and of their sentences; passages with the same words are read once."""
    by_key = {embedding_key(article, passage): (article, passage) for article, passage in passages}
    texts = [embedding_text(article, passage.text) for article, passage in by_key.values()]
    spans = [_sentences_within(text, passage) for text, (_, passage) in zip(texts, by_key.values(), strict=True)]
    return dict(zip(by_key, embedder.readings(texts, spans), strict=True)) if texts else {}


def _sentences_within(text: str, passage: Passage) -> list[Span]:
    shift = len(text) - len(passage.text)
    return [Span(span.start + shift, span.end + shift) for span in sentences(passage.text)]
