"""Citation: a number beside a sentence and the exact words of the archive that it stands for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .article import Article
from .passage import Passage
from .sentences import Span
from .spoken_days import SpokenDay, spoken_days


@dataclass(frozen=True, slots=True)
class Citation:
    """``article.body[start:end] == quote``; the quote lies within the passage. ``speaker`` says whose words they are,
    ``carried_by`` which other publishers carried the story."""

    number: int
    article: Article
    passage: Passage
    start: int
    end: int
    speaker: str = ""
    carried_by: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        return self.article.body[self.start : self.end]

    @property
    def days(self) -> tuple[SpokenDay, ...]:
        """ "Tuesday" and its like in the quote, with the days that are meant."""
        return spoken_days(self.article, Span(self.start, self.end))

    def to_json(self) -> dict[str, Any]:
        article = self.article
        return {
            "number": self.number,
            "article_id": article.id,
            "headline": article.headline,
            "publisher": article.publisher,
            "originator": article.originator,
            "carried_by": list(self.carried_by),
            "bylines": list(article.bylines),
            "kind": article.kind.value,
            "published": article.published,
            "updated": article.updated,
            "revision": self.passage.revision,
            "status": article.status.value,
            "correction": article.correction,
            "corrected_on": article.corrected_on.day if article.corrected_on else "",
            "url": article.url,
            "speaker": self.speaker,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "days": [asdict(day) for day in self.days],
        }
