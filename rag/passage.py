"""Passage: a quotable stretch of an article with its place in the text. Hit: a passage that a search found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from langchain_core.documents import Document

from .article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """``article.body[start:end] == text``; offsets count characters; ``position`` counts passages from 0."""

    article_id: str
    revision: str
    position: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """32 hexadecimal digits: article, revision and place; a new version never shares ids with the old one."""
        place = f"{self.article_id}\x1f{self.revision}\x1f{self.start}\x1f{self.end}"
        return hashlib.sha256(place.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, the article that it stands in, its score (higher is better) and why it was found.

    ``ranks`` holds the rank (from 1) in each list that found it, such as ``{"dense": 3, "lexical": 1}``;
    ``carried_by`` names the other publishers that carried the same story text.
    """

    passage: Passage
    article: Article
    score: float
    ranks: dict[str, int]
    carried_by: tuple[str, ...] = ()

    def to_document(self) -> Document:
        """The LangChain form: the passage as ``page_content``, everything to cite it as metadata."""
        return Document(id=self.passage.id, page_content=self.passage.text, metadata=self.metadata())

    def metadata(self) -> dict[str, Any]:
        article = self.article
        return {
            "article_id": article.id,
            "headline": article.headline,
            "publisher": article.publisher,
            "originator": article.originator,
            "carried_by": ", ".join(self.carried_by),
            "bylines": ", ".join(article.bylines),
            "url": article.url,
            "published": article.published,
            "updated": article.updated,
            "kind": article.kind.value,
            "correction": article.correction,
            "corrected_on": article.corrected_on.day if article.corrected_on else "",
            "excerpt": article.excerpt,
            "start": self.passage.start,
            "end": self.passage.end,
            "score": self.score,
        }
