"""What every reader owes: one contract for all of them, also for the three-line one, and the walk in the docs."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.ingestor import _records
from ingest.readers import READERS, reader_for
from ingest.readers.reader import Reader
from ingest.source import Source
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


GOOD = {
    "html": (
        "a.html",
        "<!doctype html><html><body><article><h1>Ferry late</h1>" + "<p>The ferry ran late on Tuesday.</p>" * 9,
    ),
    "json": (
        "a.json",
        json.dumps([{"title": "Ferry late", "body": "The ferry ran late.", "date": "2026-03-04", "by": "Ann"}] * 2),
    ),
    "text": ("a.txt", "Ferry late\nAgain\n\nBy Ann Lee\nHARLOW BAY\nThe ferry ran late.\nCopyright 2026 The Post"),
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

    def check(self, item: Article | ReaderError) -> None:
        if isinstance(item, ReaderError):
            assert str(item).strip() and "\n" not in str(item)
        else:
            assert item.headline.strip() and item.identity
            assert item.body and item.body == item.body.strip()
            assert Article.from_json(item.to_json()) == item

    def test_keeps_the_contract(self, reader):
        assert isinstance(reader, Reader)

    def test_accepts_and_reads_its_own_format(self, reader):
        name, text = GOOD[reader.name]
        assert reader.accepts(Source(name, text.encode()))
        items = self.read(reader, text.encode(), name)
        assert items and all(isinstance(item, Article) for item in items)

    @SLOW_START
    @given(data=st.binary(max_size=400))
    def test_any_bytes_end_in_articles_or_reasons(self, reader, data):
        reader.accepts(Source("a", data))
        self.read(reader, data)

    @SLOW_START
    @given(data=st.data())
    def test_a_changed_input_ends_in_articles_or_reasons(self, reader, data):
        name, text = GOOD[reader.name]
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(text)))
            until = at + data.draw(st.integers(0, 12))
            text = text[:at] + data.draw(st.sampled_from(NASTY)) + text[until:]
        self.read(reader, text.encode("utf-8", "surrogatepass"), name)

    def test_an_input_cut_anywhere_ends_in_articles_or_reasons(self, reader):
        name, text = GOOD[reader.name]
        for end in range(0, len(text), 7):
            self.read(reader, text[:end].encode(), name)


@pytest.mark.parametrize("name", ["html", "json", "text"])
def test_the_content_decides_before_the_name(name):
    _, text = GOOD[name]
    assert reader_for(Source("unnamed", text.encode())).name == name


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\xef\xbb\xbf", "empty"), (b"\0\1\2\3" * 50, "binary"), (b"%PDF-1.7 x", "PDF"),
     (b"PK\x03\x04abc", "ZIP"),
     (b"<?xml version='1.0'?><rss></rss>", "neither")],
)  # fmt: skip
def test_what_no_reader_takes_says_why_and_what_to_do(data, reason):
    with pytest.raises(ReaderError, match=rf"^in/x: no reader for this: .*{reason}.*docs/add-a-reader.md\)\.$"):
        reader_for(Source("in/x", data))


def test_an_article_that_utf_8_cannot_write_is_a_reason_and_no_crash():
    [error] = _records(Source("\udcff.txt", b"Ferry late\n\nThe ferry ran late."))
    assert isinstance(error, ReaderError) and b"The ferry ran late." in error.raw


def test_a_reader_of_ones_own_is_an_argument():
    assert reader_for(Source("a.slug", b"x"), (FirstLine(), *READERS)).name == "first line"


def test_the_walk_in_the_docs_works():
    code = "\n".join(re.findall(r"```python\n(.*?)```", WALK.read_text(), re.DOTALL))
    exec(compile(code, str(WALK), "exec"), {"__name__": "walk"})
