"""Sitemaps: pages, news, indexes and plain text; and what becomes of damaged ones."""

import gzip

import pytest
from conftest import SHARED

from ingest.lead import Lead
from ingest.readers import reader_for
from ingest.source import Source
from rag.errors import ReaderError

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>
 https://post.example/ferry?a=1&amp;b=2 </loc><lastmod>2026-03-05</lastmod>
<n:news><n:publication><n:name>The Harlow Post</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2026-03-04T14:05:00+01:00</n:publication_date>
<n:title>Ferry late &lt;i&gt;again&lt;/i&gt;</n:title></n:news>
<image:image><image:loc>https://post.example/a.jpg</image:loc></image:image>
<xhtml:link rel="alternate" hreflang="de" href="https://post.example/de/ferry"/></url>
<url><loc><![CDATA[https://post.example/library]]></loc><lastmod>2026-03-05</lastmod></url>
</urlset>"""


def read(text: str | bytes, name: str = "in/a.xml", address: str = "") -> list:
    source = Source(name, text if isinstance(text, bytes) else text.encode(), address)
    reader = reader_for(source)
    assert reader.name == "sitemap"
    return list(reader.read(source))


def test_one_lead_for_each_page_and_none_for_pictures_and_translations():
    news, plain = read(NEWS)
    assert news.address == "https://post.example/ferry?a=1&b=2"
    assert plain == Lead("https://post.example/library")


def test_what_a_news_sitemap_says_is_a_hint_and_no_article():
    news, _ = read(NEWS)
    hint = news.hint
    assert news.told is None and hint.body == ""
    assert (hint.headline, hint.publisher, hint.language) == ("Ferry late again", "The Harlow Post", "en")
    assert hint.published == "2026-03-04T13:05:00Z"
    assert hint.first_published.known_by == "news sitemap publication_date"


def test_an_index_leads_to_sitemaps():
    index = "<sitemapindex><sitemap><loc>/news.xml.gz</loc></sitemap><sitemap>https://b.example/2.xml</sitemap></sitemapindex>"
    leads = read(index, address="https://post.example/sitemap.xml")
    assert [lead.address for lead in leads] == ["https://post.example/news.xml.gz", "https://b.example/2.xml"]


def test_plain_text_only_where_the_name_says_so():
    lines = "\ufeffhttps://post.example/1\r\n\r\nhttps://post.example/2\njavascript:alert(1)\n"
    first, second, error = read(lines, "in/Sitemap-news.txt")
    assert (first.address, second.address) == ("https://post.example/1", "https://post.example/2")
    assert isinstance(error, ReaderError) and error.raw == b"javascript:alert(1)"
    assert reader_for(Source("in/letter.txt", lines.encode())).name == "text"


def test_only_the_web_is_an_address():
    [error] = read("<urlset><url><loc>file:///etc/passwd</loc></url></urlset>")
    assert isinstance(error, ReaderError) and b"file:///etc/passwd" in error.raw


def test_cut_anywhere_it_never_takes_a_part_of_an_address():
    for end in range(NEWS.index("<urlset"), len(NEWS) - 1):
        try:
            *leads, error = read(NEWS[:end])
        except ReaderError as reason:
            leads, error = [], reason
        assert [lead.address for lead in leads] == [
            "https://post.example/ferry?a=1&b=2",
            "https://post.example/library",
        ][: len(leads)]
        assert isinstance(error, ReaderError)
    assert len(leads) == 2 and "cut off in line 12" in str(error)


def test_unescaped_ampersands_are_read_as_meant():
    news, plain, error = read(NEWS.replace("a=1&amp;b", "a=1&b"))
    assert news.address == "https://post.example/ferry?a=1&b=2" and news.hint.headline == "Ferry late again"
    assert "broken" in str(error) and "line 5" in str(error)


@pytest.mark.parametrize("subset", ["", '[<!ENTITY a "b">]', '[<!ENTITY a SYSTEM "file:///etc/passwd">]'])
def test_any_doctype_is_refused(subset):
    with pytest.raises(ReaderError, match="DOCTYPE"):
        read(NEWS.replace("<urlset", f"<!DOCTYPE urlset {subset}><urlset"))


def test_too_many_addresses_are_said():
    url = "<url><loc>https://post.example/1</loc></url>"
    *leads, error = read(f"<urlset>{url * 50_001}</urlset>")
    assert len(leads) == 50_000 and "more than 50,000" in str(error)


def test_a_sitemap_of_nothing():
    assert str(read("<urlset></urlset>")[0]).startswith("no addresses in this sitemap")


REAL = {
    "feeds/trafilatura/sitemap-hreflang.xml": 4, "feeds/trafilatura/sitemap.xml": 84,
    "feeds/trafilatura/sitemap.xml.gz": 84, "feeds/trafilatura/sitemap2.xml": 2,
    "sitemaps/crawler-commons/sitemaps/extension/hebdenbridgetimes-articles-sitemap.xml": 74,
    "sitemaps/crawler-commons/sitemaps/extension/pagemaps-sitemap.xml": 2,
    "sitemaps/crawler-commons/sitemaps/extension/shinpaideshou-news-sitemap.xml": 3,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-images.xml": 1,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-links.xml": 3,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-mobile.xml": 3,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-news.xml": 2,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-videos-tvshow.xml": 1,
    "sitemaps/crawler-commons/sitemaps/extension/sitemap-videos.xml": 3,
    "sitemaps/crawler-commons/sitemaps/sitemap-with-bom.txt": 2,
    "sitemaps/crawler-commons/sitemaps/sitemap.badns.xml": 2,
    "sitemaps/crawler-commons/sitemaps/sitemap.index.xml": 15,
    "sitemaps/crawler-commons/sitemaps/sitemap.ns.xml": 2,
    "sitemaps/crawler-commons/sitemaps/sitemap.txt": 2, "sitemaps/crawler-commons/sitemaps/sitemap.txt.gz": 5,
    "sitemaps/crawler-commons/sitemaps/xmlSitemap.gz": 5, "sitemaps/news-crawl/sitemap-news.xml": 1,
}  # fmt: skip
FEEDS_BESIDE = {
    "crawler-commons/rss/feed.rss": 4, "crawler-commons/rss/xmlRss_pubDate.xml": 7,
    "crawler-commons/sitemaps/atom.xml": 1, "news-crawl/feed-with-sitemap-namespace.xml": 2,
}  # fmt: skip
FORMATS = SHARED / "data" / "formats"


def shared(name: str) -> Source:
    if not FORMATS.is_dir():
        pytest.skip("../shared is not here")
    data = (FORMATS / name).read_bytes()
    return Source(name, gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)


@pytest.mark.parametrize("name", REAL)
def test_every_address_of_the_real_ones_is_listed(name):
    leads = read(shared(name).data, name)
    assert len(leads) == REAL[name] and all(isinstance(lead, Lead) for lead in leads)
    assert sum(bool(lead.hint) for lead in leads) == (REAL[name] if "news" in name else 0)


@pytest.mark.parametrize("name", FEEDS_BESIDE)
def test_feeds_that_serve_as_sitemaps(name):
    source = shared(f"sitemaps/{name}")
    reader = reader_for(source)
    leads = list(reader.read(source))
    assert reader.name == "feed" and len(leads) == FEEDS_BESIDE[name]
    assert all(isinstance(lead, Lead) for lead in leads)
