"""A saved web page: the story by trafilatura, what is known about it from JSON-LD, meta tags and the page itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml.html import HtmlElement

from rag.article import Article
from rag.errors import ReaderError

from ..clean import paragraphs_of
from ..furniture import without_asides
from ..markup import parsed, plain
from ..source import Source
from .fields import Voice, heard
from .page_facts import facts_of
from .writing import article_of

# Its warnings speak of single pages without naming them; what matters is raised here as ReaderError.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MAX_PAGE = 8 * 1024 * 1024
# The largest of 239 real pages has 3,200; the time to find the story grows with the elements.
MAX_ELEMENTS = 50_000
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|article|meta|title|main)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|newsItem|nitf|newsMessage)\b")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_UNSEEN = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_PRUNED = [
    "//figcaption",
    *(f"//*[{_UNSEEN.format(c)}]" for c in ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text")),
]
_HARDLY_ANYTHING = 1000


class HtmlPage:
    name = "html"

    def accepts(self, source: Source) -> bool:
        if not source.head.startswith("<") or _FEED.search(source.head):
            return False
        return bool(_PAGE.search(source.head)) or source.name.endswith((".html", ".htm", ".xhtml"))

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        if len(source.data) > MAX_PAGE:
            raise ReaderError(
                f"the page is larger than {MAX_PAGE // 1024**2} MiB: save it without scripts and pictures."
            )
        page = parsed(_as_utf8(source))
        if page is None:
            raise ReaderError("nothing in this HTML can be parsed: save the page anew.")
        if sum(1 for _ in islice(page.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
            raise ReaderError(f"the page has more than {MAX_ELEMENTS} elements: give the story's page, not an index.")
        facts = facts_of(page)
        told = "\n\n".join(text for _, found in heard(facts[:1], "body") for text in found)
        # Left in, trafilatura would take the story from there itself, without its paragraphs.
        for script in page.xpath("//script"):
            script.drop_tree()
        story = _story(page, told)
        yield article_of((Voice("page text", {"body": "\n\n".join(story)}), *facts))


def _story(page: HtmlElement, told: str) -> list[str]:
    """The paragraphs of the story. ``told`` is what the page's own data gives as its text, often cut or unparted."""
    found = _extracted(page, favor_precision=True)
    if len(found) < _HARDLY_ANYTHING:
        # The careful pass now and then keeps one paragraph of twenty.
        other = _extracted(page, favor_precision=False)
        found = other if len(other) > 2 * len(found) else found
    if len(told) > 1.5 * len(found):
        found = plain(told)
    return without_asides(paragraphs_of(found))


def _extracted(page: HtmlElement, *, favor_precision: bool) -> str:
    import trafilatura  # a second to import, for pages alone

    try:
        found = trafilatura.extract(
            deepcopy(page), favor_precision=favor_precision, include_comments=False, prune_xpath=_PRUNED
        )
    except Exception as cause:  # noqa: BLE001  a heuristic library over strangers' pages: any failure is the page's
        raise ReaderError(f"no story can be found in this page ({type(cause).__name__}): save it anew.") from cause
    return found or ""


def _as_utf8(source: Source) -> bytes:
    """The page in UTF-8: as it says of itself where it is not UTF-8 already."""
    try:
        source.data.decode("utf-8")
        return source.data
    except UnicodeDecodeError:
        declared = _CHARSET.search(source.data[:4096])
    try:
        return source.data.decode(declared[1].decode() if declared else "\0", "replace").encode()
    except (LookupError, ValueError):
        return source.text.encode("utf-8", "replace")
