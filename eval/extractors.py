"""The extractors that saved pages are given to, side by side: our reader, trafilatura and newspaper4k. Each gets the
bytes or words of a page with the address it stood under, and no connection."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.readers.html_page import HtmlPage
from ingest.source import Source
from rag.article import Article
from rag.errors import MissingExtra, ReaderError

from .figures import DATELINE

TRAFILATURA, NEWSPAPER = "trafilatura", "newspaper4k"
# Its own requirements name an older python-dateutil than chromadb's: pip can only install both without looking.
_NEWSPAPER_PACKAGES = (
    "newspaper4k==0.9.6' --no-deps beautifulsoup4 feedparser feedparser-sgmllib jieba nltk requests-file soupsieve "
    "tldextract 'w3lib"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What an extractor makes of a page. ``published`` is an instant, or a day where it tells no more."""

    headline: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    standfirst: str = ""
    body: str = ""


Extractor = Callable[[str, str], Found]
"""(html, address) -> Found; a page in which it finds no story makes an empty one."""


def installed() -> dict[str, Extractor]:
    """Dateline, and what is here of those that it is compared with; a warning names what is missing."""
    found: dict[str, Extractor] = {DATELINE: dateline}
    for name, make in ((TRAFILATURA, trafilatura), (NEWSPAPER, newspaper4k)):
        try:
            found[name] = make()
        except MissingExtra as reason:
            logging.getLogger(__name__).warning("%s", reason)
    return found


def dateline(html: str, address: str) -> Found:
    """The reader that is shipped."""
    try:
        read = next(iter(HtmlPage().read(Source("page.html", html.encode(), address))), None)
    except ReaderError:
        return Found()
    return _of_article(read) if isinstance(read, Article) else Found()


def _of_article(article: Article) -> Found:
    published = article.first_published.instant if article.first_published else None
    return Found(article.headline, article.publisher, article.bylines, published, article.standfirst, article.body)


def trafilatura() -> Extractor:
    from trafilatura import bare_extraction

    def extract(html: str, address: str) -> Found:
        found = bare_extraction(html, url=address, with_metadata=True, include_comments=False)
        if found is None:
            return Found()
        return Found(
            found.title or "",
            found.sitename or "",
            tuple(filter(None, re.split(r";\s*", found.author or ""))),
            date.fromisoformat(found.date) if found.date else None,
            found.description or "",
            found.text or "",
        )

    return extract


def newspaper4k() -> Extractor:
    try:
        with warnings.catch_warnings(action="ignore"):  # of what it would need to summarise
            import newspaper
    except ImportError as error:
        raise MissingExtra("To compare with newspaper4k", _NEWSPAPER_PACKAGES) from error

    def parsed(html: str, address: str, **language: object) -> newspaper.Article:
        article = newspaper.Article(address, fetch_images=False, memorize_articles=False, **language)
        article.download(input_html=html)
        return article.parse()

    def extract(html: str, address: str) -> Found:
        try:
            article = parsed(html, address)
        except (LookupError, ImportError):
            # Its Korean and a few others need data that it would download: then it reads them as English.
            article = parsed(html, address, language="en")
        return Found(
            article.title or "",
            article.meta_site_name or "",
            tuple(article.authors),
            article.publish_date,
            article.meta_description or "",
            article.text or "",
        )

    return extract


def day_of(published: datetime | date | None) -> date | None:
    """The day in UTC; of a time without a zone, the day that it names."""
    if isinstance(published, datetime):
        return published.astimezone(UTC).date() if published.tzinfo else published.date()
    return published
