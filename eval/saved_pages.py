"""Saved pages of which it is known what stands in them, in two halves.

``news_pages`` are the pages with which fundus (MIT) tests its parsers: title, authors, date and text.
``article_pages`` is scrapinghub's article-extraction-benchmark (MIT), text alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from .question import Split

SETS = ("news_pages", "article_pages")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is true of it; ``authors`` and ``published`` are None where the set does not say."""

    name: str
    split: Split
    html: str
    address: str
    body: str
    headline: str = ""
    publisher: str = ""
    authors: tuple[str, ...] | None = None
    published: datetime | None = None


def pages(folder: Path) -> list[Page]:
    """The pages of a set, by name; of each two neighbours the first is for tuning, the second for the report."""
    found = (_news_pages if truth(folder).suffix == ".jsonl" else _article_pages)(folder)
    found = sorted(found, key=lambda page: page.name)
    return [replace(page, split=Split.REPORT if n % 2 else Split.TUNE) for n, page in enumerate(found)]


def truth(folder: Path) -> Path:
    """The file that says what is true."""
    lines = folder / "ground_truth.jsonl"
    return lines if lines.is_file() else folder / "ground-truth.json"


def _news_pages(folder: Path) -> Iterator[Page]:
    for row in map(json.loads, (folder / "ground_truth.jsonl").read_text("utf-8").splitlines()):
        yield Page(
            row["file"],
            Split.TUNE,
            _html(folder / row["file"]),
            row["url"] or "",
            row["body"],
            row["title"],
            row["publisher"],
            tuple(row["authors"]) if row["authors"] else None,
            _instant(row["publishing_date"]),
        )


def _article_pages(folder: Path) -> Iterator[Page]:
    for name, row in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        html = _html(folder / "html" / f"{name}.html.gz")
        yield Page(name, Split.TUNE, html, row.get("url") or "", row["articleBody"])


def _html(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode("utf-8", "replace")


def _instant(words: str) -> datetime:
    read = datetime.fromisoformat(words)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
