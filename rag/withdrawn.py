"""What was taken back beside an answer: articles that told the same and were withdrawn, versions that said otherwise.

Nothing of them is quoted. A kill leaves no trace in the archive and so none here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .archive import Archive
from .article import NEVER, Article, Status
from .citation import Citation
from .independence import tells_the_same
from .period import end_of_day
from .quantity import quantities, without_source
from .same_story import likeness
from .sentences import sentences
from .words import terms

_MOST = 200  # withdrawn articles that are looked at, the newest
_CLOSE = 0.6  # of a sentence's words stand in the earlier one too


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A publisher withdrew an article on a day (YYYY-MM-DD, or empty) that told what the answer says."""

    publisher: str
    day: str

    def to_json(self) -> dict[str, Any]:
        return {"publisher": self.publisher, "day": self.day}


@dataclass(frozen=True, slots=True)
class SaidOtherwise:
    """Until a day (YYYY-MM-DD, or empty) the article of this citation had another number in the cited sentence."""

    number: int
    day: str

    def to_json(self) -> dict[str, Any]:
        return {"citation": self.number, "day": self.day}


def withdrawals(citations: Sequence[Citation], archive: Archive, as_of: date | None) -> tuple[Withdrawal, ...]:
    """Of those articles that may never be used, the ones that the publisher withdrew after they told the same."""
    if not citations:
        return ()
    rows = archive.rows(
        "SELECT article_id FROM revision WHERE current = 1 AND usable_from = ? ORDER BY published DESC LIMIT ?",
        [NEVER, _MOST],
    )
    gone = (article for (i,) in rows if (article := archive.article(i)))
    found = (a for a in gone if _was_withdrawn(a, as_of) and _told_the_same(a, citations, archive))
    return tuple(Withdrawal(article.publisher, article.updated[:10]) for article in found)


def said_otherwise(citations: Sequence[Citation], archive: Archive) -> tuple[SaidOtherwise, ...]:
    """The cited articles of which an earlier version gave another number in the sentence that is cited, each once."""
    found: dict[str, SaidOtherwise] = {}
    for citation in citations:
        if citation.article.id not in found and any(
            _otherwise(citation.quote, a.body) for a in _earlier(citation, archive)
        ):
            found[citation.article.id] = SaidOtherwise(citation.number, citation.article.updated[:10])
    return tuple(found.values())


def _was_withdrawn(article: Article, as_of: date | None) -> bool:
    """An embargo withdraws nothing."""
    known = as_of is None or article.updated <= end_of_day(as_of)
    return article.status in (Status.WITHHELD, Status.CANCELLED) and known


def _told_the_same(article: Article, citations: Sequence[Citation], archive: Archive) -> bool:
    """Only what was out before can have been withdrawn: its usable versions are compared."""
    versions = [version for version in archive.revisions(article.id) if version.usable_from != NEVER]
    return any(
        likeness(version, c.article) or tells_the_same(c.quote, version.body) for version in versions for c in citations
    )


def _earlier(citation: Citation, archive: Archive) -> Iterator[Article]:
    """The usable versions before the cited one, without those that hold the very words."""
    for version in archive.revisions(citation.article.id):
        if version.revision == citation.article.revision:
            return
        if version.usable_from != NEVER and citation.quote not in version.body:
            yield version


def _otherwise(quote: str, body: str) -> bool:
    """Whether a sentence has most of the words of the quoted one, and another number where that has one."""
    wanted, numbers = set(terms(quote)), quantities(quote)
    if not numbers:
        return False
    for said in (span.of(body) for span in sentences(body)):
        if len(wanted & set(terms(said))) >= _CLOSE * len(wanted) and without_source(quantities(said), numbers):
            return True
    return False
