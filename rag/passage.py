"""Passage: a quotable stretch of an article with its place in the text. Hit: a passage that a search found, and the Reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .article import Article

if TYPE_CHECKING:
    from langchain_core.documents import Document

_LISTS = {"lexical": "words", "dense": "meaning"}


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
class Reason:
    """What a search knows, beside its ranks, of why it shows a passage: the part of the question that found it ("" is the
    whole), the publisher and the author that the question names, the words that it quotes and that stand here, its words
    for the days, the time of the version where the latest is asked for, that of publication where the first report is, how
    many days before the asking it was published where the question names no time, whose copy gave up the place, and the
    day as of which an article is read that was revised since. What does not apply is empty."""

    clause: str = ""
    publisher: str = ""
    period: str = ""
    latest: str = ""
    copy_at: str = ""
    as_of: date | None = None
    author: str = ""
    quoted: str = ""
    first: str = ""
    days_before: int | None = None

    def parts(self, ranks: Mapping[str, int]) -> Iterator[str]:
        """The reasons one by one; ``ranks`` are the hit's."""
        if places := ", ".join(f"{_ordinal(ranks[name])} by its {by}" for name, by in _LISTS.items() if name in ranks):
            yield f"{places} for “{self.clause}”" if self.clause else places
        if self.publisher:
            yield f"{self.publisher} is named"
        if self.author:
            yield f"{self.author} is named"
        if self.quoted:
            yield f"“{self.quoted}” stands there"
        if self.period:
            yield f"published in the time asked for ({self.period})"
        if self.latest:
            yield f"the latest is asked for, this version is of {self.latest[:10]}"
        if self.first:
            yield f"the first report is asked for, this one is of {self.first[:10]}"
        if self.days_before is not None:
            yield f"published {_days(self.days_before)} the question"
        if self.copy_at:
            yield f"in the place of its copy at {self.copy_at}"
        if self.as_of:
            yield f"as it stood on {self.as_of}, revised since"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, the article that it stands in, its score (higher is better) and why it was found.

    ``ranks`` holds the rank (from 1) in each list that found it, such as ``{"dense": 3, "lexical": 1}``, of the whole
    question or else of the part that ``reason`` names; ``carried_by`` names the other publishers that carried the same
    story text.
    """

    passage: Passage
    article: Article
    score: float
    ranks: dict[str, int]
    carried_by: tuple[str, ...] = ()
    reason: Reason = Reason()

    @property
    def why(self) -> str:
        """Why it is there, in one line: "1st by its words, 3rd by its meaning; The Orle Bell is named"."""
        return "; ".join(self.reason.parts(self.ranks))

    def to_document(self) -> Document:
        """The LangChain form: the passage as ``page_content``, everything to cite it as metadata."""
        from langchain_core.documents import Document

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
            "revision": self.passage.revision,
            "why": self.why,
        }


def _days(before: int) -> str:
    """0 -> "on the day of", 1 -> "1 day before", 3 -> "3 days before"."""
    return f"{before} day{'s' if before > 1 else ''} before" if before else "on the day of"


def _ordinal(number: int) -> str:
    """1 -> "1st", 12 -> "12th", 22 -> "22nd"."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
