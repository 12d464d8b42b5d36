"""JSON Feed: what becomes of each item, and of feeds that are cut or hostile."""

import json

import pytest
from conftest import SHARED

from ingest.lead import Lead
from ingest.readers import reader_for
from ingest.source import Source
from rag.article import Article
from rag.errors import ReaderError

FERRY = {
    "id": "17",
    "url": "https://post.example/ferry",
    "title": "Ferry late again",
    "content_html": "<p>It was foggy.</p><p>Nobody was hurt.</p>",
    "summary": "Two hours late.",
    "date_published": "2026-03-04T14:05:00+01:00",
    "date_modified": "2026-03-04T15:00:00Z",
    "authors": [{"name": "Ann Lee"}, {"name": "Omar Haddad"}],
    "tags": ["Transport", "Harbour"],
}


def feed(*items: object, **fields: object) -> bytes:
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "The Harlow Post", "language": "en-GB", **fields}
    return json.dumps(told | {"items": list(items)}).encode()


def without(*names: str, **changed: object) -> dict:
    return {name: value for name, value in FERRY.items() if name not in names} | changed


def read(data: bytes, address: str = "") -> list:
    source = Source("in/feed.json", data, address)
    reader = reader_for(source)
    assert reader.name == "json-feed"
    return list(reader.read(source))


def test_the_fields_of_an_item():
    [lead] = read(feed(FERRY))
    assert lead.address == lead.told.url == "https://post.example/ferry"
    told = lead.told
    assert (told.headline, told.standfirst) == ("Ferry late again", "Two hours late.")
    assert (told.body, told.excerpt) == ("It was foggy.\n\nNobody was hurt.", False)
    assert (told.bylines, told.publisher) == (("Ann Lee", "Omar Haddad"), "The Harlow Post")
    assert (told.section, told.language) == ("Transport", "en-gb")
    assert (told.published, told.updated) == ("2026-03-04T13:05:00Z", "2026-03-04T15:00:00Z")
    assert told.first_published.known_by == "json feed date_published"


def test_version_1_has_one_author_and_the_feed_may_have_it():
    own, of_feed = read(
        feed(without("authors", author={"name": "Ivo Brandt"}), without("authors"), author={"name": "Ann Lee"})
    )
    assert (own.told.bylines, of_feed.told.bylines) == (("Ivo Brandt",), ("Ann Lee",))


def test_plain_text_summaries_and_items_without_text():
    text, summary, nothing = read(
        feed(
            without("content_html", content_text="It was foggy."),
            without("content_html"),
            without("content_html", "summary"),
        )
    )
    assert (text.told.body, text.told.excerpt) == ("It was foggy.", False)
    assert (summary.told.body, summary.told.excerpt) == ("Two hours late.", True)
    assert nothing.told is None and nothing.hint.headline == "Ferry late again" and nothing.hint.body == ""


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ({"url": "/ferry"}, "https://post.example/ferry"),
        ({"id": "https://post.example/17"}, "https://post.example/17"),
        ({"external_url": "https://bell.example/1"}, "https://bell.example/1"),
        ({"url": "https://post.example/on-the-bell", "external_url": "https://bell.example/1"}, "https://post.example/on-the-bell"),
        ({"url": "javascript:alert(1)", "id": "https://post.example/17"}, "https://post.example/17"),
    ],
)  # fmt: skip
def test_addresses(item, address):
    [lead] = read(feed(item | {"title": "T"}, home_page_url="https://post.example/"))
    assert lead.address == address


def test_without_an_address_the_item_is_the_article():
    [article] = read(feed(without("url")))
    assert isinstance(article, Article) and article.identity == "the harlow post#17"


@pytest.mark.parametrize("escaped", [False, True])
def test_it_is_known_by_its_version_wherever_that_stands(escaped):
    data = json.dumps({"items": [FERRY] * 30, "version": "https://jsonfeed.org/version/1"}).encode()
    assert len(read(data.replace(b"/", b"\\/") if escaped else data)) == 30


def test_cut_anywhere_it_never_takes_a_part_for_the_whole():
    data = feed(FERRY, without(url="https://post.example/2"))
    begin, first = data.index(b"items"), data.index(b'}, {"id"') + 1
    for end in range(begin, len(data)):
        *leads, error = read(data[:end])
        # Only the brackets of the feed are missing behind the second.
        assert len(leads) == (end >= first) + (end >= len(data) - 2)
        assert isinstance(error, ReaderError) and "breaks off" in str(error)
    assert leads[0].told.publisher == "The Harlow Post"


def test_items_that_are_none_cost_themselves_alone():
    lead, error, other = read(feed(FERRY, "a string", FERRY))
    assert isinstance(lead, Lead) and isinstance(other, Lead) and error.raw == b'"a string"'


def test_strange_types_and_depths_are_reasons():
    assert str(read(feed())[0]).startswith("no items")
    [lead] = read(feed(without("content_html", title=["T"], summary=7, authors="Ann Lee", tags={"a": 1})))
    assert lead.told is None and lead.hint.headline == "T"
    with pytest.raises(ReaderError, match="nested too deeply"):
        read(feed(FERRY)[:-2] + b"," + b"[" * 200_000)


@pytest.mark.parametrize(
    ("name", "items", "dated", "modified", "signed"),
    [
        ("feedjira/json_feed.json", 20, 20, 0, 20),
        ("feedjira/json_feed_with_escaped_uris.json", 30, 30, 30, 30),
        ("trafilatura/feed.json", 25, 25, 22, 20),
    ],
)
def test_real_feeds(name, items, dated, modified, signed):
    file = SHARED / "data" / "formats" / "feeds" / name
    if not file.exists():
        pytest.skip("../shared is not here")
    told = [lead.told for lead in read(file.read_bytes())]
    assert len(told) == items and not any(article.excerpt for article in told)
    assert sum(bool(article.first_published and article.first_published.instant) for article in told) == dated
    assert sum(bool(article.this_version and article.this_version.instant) for article in told) == modified
    assert sum(bool(article.bylines) for article in told) == signed
