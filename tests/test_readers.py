"""What every reader owes: one contract for all of them, also for the three-line one, and the walk in the docs."""

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.lead import Lead
from ingest.parsing.parser import Parser
from ingest.readers import READERS, reader_for
from ingest.readers.reader import Reader
from ingest.source import Source
from rag.address import web_address
from rag.article import Article
from rag.errors import ReaderError

WALK = Path(__file__).resolve().parents[1] / "docs" / "add-a-reader.md"


class FirstLine:
    name = "first line"

    def accepts(self, source):
        return source.name.endswith(".slug")

    def read(self, source):
        headline, _, body = source.text.strip().partition("\n")
        if not (headline.strip() and body.strip()):
            raise ReaderError("no body below the first line: add it.")
        yield Article(identity=headline, headline=headline.strip(), body=body.strip())


def parquet(columns: dict[str, list]) -> bytes:
    from pyarrow import parquet, table

    parquet.write_table(table(columns), written := io.BytesIO())
    return written.getvalue()


GOOD = {
    "html": (
        "a.html",
        "<!doctype html><html><body><article><h1>Ferry late</h1>" + "<p>The ferry ran late on Tuesday.</p>" * 9,
    ),
    "json": (
        "a.json",
        json.dumps([{"title": "Ferry late", "body": "The ferry ran late.", "date": "2026-03-04", "by": "Ann"}] * 2),
    ),
    "csv": ("a.csv", "title,text,date,author\nFerry late,The ferry ran late.,2026-03-04,Ann\nBus,It came.,,\n"),
    "markdown": ("a.md", "---\ndate: 2026-03-04\n---\n# Ferry late\n\n*By Ann Lee*\n\nThe [ferry](a) ran late.\n"),
    "parquet": ("a.parquet", parquet({"title": ["Ferry late"] * 2, "text": ["The ferry ran late.", "It sank."]})),
    "text": ("a.txt", "Ferry late\nAgain\n\nBy Ann Lee\nHARLOW BAY\nThe ferry ran late.\nCopyright 2026 The Post"),
    "newsml-g2": (
        "a.xml",
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:post:1" version="2"><itemMeta><itemClass '
        'qcode="ninat:text"/><provider><name>The Post</name></provider><pubStatus qcode="stat:usable"/></itemMeta>'
        "<contentMeta><headline>Ferry late</headline></contentMeta><contentSet><inlineXML>"
        "<p>The ferry ran late.</p><p>Again.</p></inlineXML></contentSet></newsItem>",
    ),
    "nitf": (
        "a.xml",
        '<nitf><head><docdata><doc-id id-string="1"/></docdata></head><body><body.head><hedline><hl1>Ferry late</hl1>'
        "</hedline></body.head><body.content><p>The ferry ran late.</p></body.content></body></nitf>",
    ),
    "ninjs": (
        "a.json",
        '{"uri": "urn:post:1", "pubStatus": "usable", "headlines": [{"role": "main", "value": "Ferry late"}], '
        '"bodies": [{"value": "The ferry ran late."}]}',
    ),
    "media-api": (
        "a.json",
        '{"data": {"items": [{"item": {"altids": {"itemid": "1"}, "headline": "Ferry late", '
        '"body_nitf": "<p>The ferry ran late.</p>"}}]}}',
    ),
    "feed": (
        "a.xml",
        '<rss version="2.0"><channel><title>The Post</title><item><title>Ferry late</title><link>https://post.example/1'
        "</link><description>The ferry &amp; the bus ran late.</description></item></channel></rss>",
    ),
    "json-feed": (
        "a.json",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "The Post", "items": [{"id": "1", "title": "Ferry late", '
        '"url": "https://post.example/1", "content_text": "The ferry ran late."}]}',
    ),
    "sitemap": ("a.xml", "<urlset><url><loc>https://post.example/1</loc></url></urlset>"),
    "opml": ("a.opml", '<opml version="2.0"><body><outline xmlUrl="https://post.example/rss"/></body></opml>'),
    "first line": ("a.slug", "Ferry late\nThe ferry ran late."),
}
NASTY = [
    "",
    "\x00",
    "\ufeff",
    "\u202e\u200b\U000e0041",
    "</p>",
    "<p>",
    "[[",
    "{",
    "}",
    '"',
    "\\ud800",
    "&#0;",
    "]]>",
    "<!--",
    "\r",
    ":",
]
NASTY = [words.encode("utf-8", "surrogatepass") for words in NASTY]


def sample(name: str) -> tuple[str, bytes]:
    """The name and the bytes of a good source; Parquet alone is no text."""
    location, told = GOOD[name]
    return location, told if isinstance(told, bytes) else told.encode()


SLOW_START = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("reader", [*READERS, FirstLine()], ids=lambda reader: reader.name)
class TestEveryReader:
    def read(self, reader: Reader, data: bytes, name: str = "a") -> list:
        try:
            items = list(reader.read(Source(name, data)))
        except ReaderError as reason:
            items = [reason]
        for item in items:
            self.check(item)
        return items

    def check(self, item: Article | Lead | ReaderError) -> None:
        if isinstance(item, ReaderError):
            assert str(item).strip() and "\n" not in str(item)
        elif isinstance(item, Lead):
            assert web_address(item.address) == item.address
            if item.told:
                self.check(item.told)
        else:
            assert item.headline.strip() and item.identity
            assert item.body and item.body == item.body.strip()
            assert Article.from_json(item.to_json()) == item

    def test_keeps_the_contract(self, reader):
        assert isinstance(reader, Reader)

    def test_accepts_and_reads_its_own_format(self, reader):
        name, good = sample(reader.name)
        assert reader.accepts(Source(name, good))
        items = self.read(reader, good, name)
        assert items and all(isinstance(item, Article | Lead) for item in items)

    @SLOW_START
    @given(data=st.binary(max_size=400))
    def test_any_bytes_end_in_articles_or_reasons(self, reader, data):
        reader.accepts(Source("a", data))
        self.read(reader, data)

    @SLOW_START
    @given(data=st.data())
    def test_a_changed_input_ends_in_articles_or_reasons(self, reader, data):
        name, good = sample(reader.name)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(good)))
            until = at + data.draw(st.integers(0, 12))
            good = good[:at] + data.draw(st.sampled_from(NASTY)) + good[until:]
        self.read(reader, good, name)

    def test_an_input_cut_anywhere_ends_in_articles_or_reasons(self, reader):
        name, good = sample(reader.name)
        for end in range(0, len(good), 7):
            self.read(reader, good[:end], name)


@pytest.mark.parametrize("name", ["html", "json", "csv", "markdown", "parquet", "text"])
def test_the_content_decides_before_the_name(name):
    _, good = sample(name)
    assert reader_for(Source("unnamed", good)).name == name


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\xef\xbb\xbf", "empty"), (b"\0\1\2\3" * 50, "binary"), (b"%PDF-1.7 x", "PDF"),
     (b"PK\x03\x04abc", "ZIP"),
     (b"<svg xmlns='x'></svg>", "neither")],
)  # fmt: skip
def test_what_no_reader_takes_says_why_and_what_to_do(data, reason):
    with pytest.raises(ReaderError, match=rf"^in/x: no reader for this: .*{reason}.*docs/add-a-reader.md\)\.$"):
        reader_for(Source("in/x", data))


def test_an_article_that_utf_8_cannot_write_is_a_reason_and_no_crash():
    [error] = Parser().records(Source("\udcff.txt", b"Ferry late\n\nThe ferry ran late."))
    assert isinstance(error, ReaderError) and b"The ferry ran late." in error.raw


def test_a_reader_of_ones_own_is_an_argument():
    assert reader_for(Source("a.slug", b"x"), (FirstLine(), *READERS)).name == "first line"


def test_the_walk_in_the_docs_works():
    code = "\n".join(re.findall(r"```python\n(.*?)```", WALK.read_text(), re.DOTALL))
    exec(compile(code, str(WALK), "exec"), {"__name__": "walk"})
