"""Citation: a number beside a sentence and the exact words of the archive that it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .article import Article
from .passage import Passage

# [1], [1, 3], [1][3], also 【1】 and [^1], which models write unasked.
_MARKER = re.compile(r"[ \t]*[\[【]\^?(\d{1,3}(?:\s*[,;]\s*\^?\d{1,3})*)[\]】]")


@dataclass(frozen=True, slots=True)
class Citation:
    """``article.body[start:end] == quote``; the quote lies within the passage. ``speaker`` says whose words they are."""

    number: int
    article: Article
    passage: Passage
    start: int
    end: int
    speaker: str = ""

    @property
    def quote(self) -> str:
        return self.article.body[self.start : self.end]

    def to_json(self) -> dict[str, Any]:
        article = self.article
        return {
            "number": self.number,
            "article_id": article.id,
            "headline": article.headline,
            "publisher": article.publisher,
            "originator": article.originator,
            "bylines": list(article.bylines),
            "kind": article.kind.value,
            "published": article.published,
            "updated": article.updated,
            "correction": article.correction,
            "url": article.url,
            "speaker": self.speaker,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
        }


def markers_in(text: str) -> list[int]:
    """The numbers that a sentence cites, in order, each once."""
    numbers = [int(n) for match in _MARKER.finditer(text) for n in re.findall(r"\d+", match[1])]
    return list(dict.fromkeys(numbers))


def without_markers(text: str) -> str:
    """The sentence without its citation marks."""
    return _MARKER.sub("", text).strip()
