"""Lead: an article (or a further feed) that a feed, a list of feeds or a sitemap points to."""

from __future__ import annotations

from dataclasses import dataclass

from rag.article import Article


@dataclass(frozen=True, slots=True)
class Lead:
    """``address`` is where it stands; ``told`` is what the pointing source itself tells of it, an Article with
    ``excerpt`` set where that is only a summary, or None where it tells nothing that makes an article.

    Whoever follows a lead reads what lies at the address like any other source, fills the gaps of that article from
    ``told``, and keeps ``told`` where the address cannot be read. ``hint`` fills gaps like ``told``, but has no body
    and so is never kept: the little that a news sitemap says.
    """

    address: str
    told: Article | None = None
    hint: Article | None = None
