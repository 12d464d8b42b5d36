"""A saved web page: the story by trafilatura, what is known about it from JSON-LD, meta tags and the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from rag.article import Article
from rag.errors import ReaderError

from ..credit import is_byline
from ..markup import parsed
from ..source import Source
from .fields import Voice, heard
from .page_facts import facts_of
from .page_story import story_of
from .writing import article_of

MAX_PAGE = 8 * 1024 * 1024
# The largest of 239 real pages has 3,200; the time to find the story grows with the elements.
MAX_ELEMENTS = 50_000
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|article|meta|title|main)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|newsItem|nitf|newsMessage)\b")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)


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
        facts = facts_of(page, source.address)
        told = "\n\n".join(text for _, found in heard(facts[:1], "body") for text in found)
        # Left in, trafilatura would take the story from there itself, without its paragraphs.
        for unseen in page.xpath("//script | //style"):
            unseen.drop_tree()
        story = story_of(page, told)
        # Its names are among the facts; before it may stand the headline and the standfirst.
        story = [words for words in story[:3] if not is_byline(words)] + story[3:]
        yield article_of((Voice("page text", {"body": "\n\n".join(story)}), *facts))


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
