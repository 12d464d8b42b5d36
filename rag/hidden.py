"""The filter that stands in the way of an answer: which one hides passages that come nearer than what it lets through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .archive import Archive
from .article import Article
from .as_of import standing
from .filter import Filter
from .passage import Hit


@dataclass(frozen=True, slots=True)
class HiddenBy:
    """``filter`` in words with ISO days ("From 2026-05-01"); ``passages`` counts what it hides, the ``nearest`` first;
    ``answers`` is whether the question has an answer without the filters."""

    filter: str
    passages: int
    nearest: Article
    answers: bool

    def to_json(self) -> dict[str, Any]:
        article = self.nearest
        return {
            "filter": self.filter,
            "passages": self.passages,
            "answers_without": self.answers,
            "nearest": {"headline": article.headline, "publisher": article.publisher, "published": article.published}
            | {"article_id": article.id, "url": article.url},
        }


def hidden_by(
    only: Filter, shown: Sequence[Hit], without: Sequence[Hit], answers: bool, archive: Archive
) -> tuple[HiddenBy, ...]:
    """``shown`` are the hits within the filters, ``without`` those of the same question without any, best first."""
    best = shown[0].score if shown else 0.0
    behind: dict[str, list[Hit]] = {}
    for hit in without:
        if hit.score > best:
            for name in _barriers(only, hit.article, archive):
                behind.setdefault(name, []).append(hit)
    return tuple(HiddenBy(name, len(hits), hits[0].article, answers) for name, hits in behind.items())


def _barriers(only: Filter, article: Article, archive: Archive) -> Iterator[str]:
    """Each filter that this article does not pass."""
    day = article.published[:10]
    if only.publishers and article.publisher not in only.publishers:
        yield f"Publishers {', '.join(sorted(only.publishers))}"
    if only.first and not (day and day >= only.first.isoformat()):
        yield f"From {only.first}"
    if only.last and not (day and day <= only.last.isoformat()):
        yield f"To {only.last}"
    if only.as_of and standing(article, only.as_of, archive) is None:
        yield f"As of {only.as_of}"
