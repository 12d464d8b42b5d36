"""From addresses, feeds and sitemaps to articles: what is fetched, what is not, and what becomes of it the second time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from news_server import NewsServer, Page

from ingest import Fetcher, Report, Source, ingest, retry
from ingest.__main__ import main as command
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import ArchiveNotFound
from rag.ledger import Outcome

EMBEDDER = WordHashEmbedder()


def page(headline: str, published: str = "2026-03-02T08:00:00Z", updated: str = "") -> bytes:
    modified = f'<meta property="article:modified_time" content="{updated}">' if updated else ""
    times = f'<meta property="article:published_time" content="{published}">{modified}' if published else ""
    text = f"{headline} is what the harbour office in Lund said on Monday, after a night in which nobody slept much."
    more = "The harbour master Ida Brekke said that the ferries would run again when the wind had turned to the west."
    return (
        f'<html lang="en"><head><title>{headline}</title>{times}<meta property="og:site_name" content="Lund Bell"></head>'
        f"<body><article><h1>{headline}</h1><p>{text}</p><p>{more}</p></article></body></html>"
    ).encode()


def feed(site: NewsServer, *paths: str, updated: str = "Mon, 02 Mar 2026 08:00:00 GMT") -> Page:
    items = "".join(
        f"<item><title>Feed title {path}</title><link>{site.url}{path}</link><pubDate>{updated}</pubDate>"
        f"<description>What the feed itself says of {path}, in a sentence or so.</description></item>"
        for path in paths
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lund Bell</title>{items}</channel></rss>'
    return Page(body.encode(), headers={"Content-Type": "application/rss+xml"})


def read(archive: Path, *places, **settings) -> Report:
    fetcher = Fetcher(allow_private=True, delay=0)
    return ingest(places, archive, embedder=EMBEDDER, fetcher=fetcher, **settings)


def headlines(archive: Path) -> set[str]:
    return {article.headline for article in Archive.open(archive).articles()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def test_an_address_is_one_article_and_not_fetched_anew_without_need(archive):
    changed = {"ETag": '"1"', "Content-Type": "text/html"}
    with NewsServer() as site:
        site.pages["/storm"] = [Page(page("Storm"), headers=changed), Page(status=304)]
        assert read(archive, f"{site.url}/storm").stored == 1
        again = read(archive, f"{site.url}/storm")
        assert (again.unchanged, again.inputs) == (1, 1)
        assert site.requests[-1][1]["if-none-match"] == '"1"'
    (article,) = Archive.open(archive).articles()
    assert (article.headline, article.publisher, article.url) == ("Storm", "Lund Bell", f"{site.url}/storm")


def test_the_articles_behind_a_feed_are_read(archive):
    with NewsServer() as site:
        site.pages |= {
            "/feed": feed(site, "/storm", "/calm"),
            "/storm": Page(page("Storm")),
            "/calm": Page(page("Calm")),
        }
        assert read(archive, f"{site.url}/feed").stored == 2
        assert headlines(archive) == {"Storm", "Calm"}
        assert not any(article.excerpt for article in Archive.open(archive).articles())
        asked = len(site.paths)
        again = read(archive, f"{site.url}/feed")
        assert (again.stored, again.unchanged, again.quarantined) == (0, 2, [])
        assert site.paths[asked:] == ["/feed"]  # what the feed does not call newer is not asked for


def test_where_the_article_cannot_be_read_the_summary_is_kept_and_says_so(archive):
    with NewsServer() as site:
        site.pages |= {"/feed": feed(site, "/storm", "/gone"), "/storm": Page(page("Storm"))}
        assert read(archive, f"{site.url}/feed").stored == 2
        excerpts = {a.headline: a.excerpt for a in Archive.open(archive).articles()}
        assert excerpts == {"Storm": False, "Feed title /gone": True}
        site.pages["/gone"] = Page(page("Found again"))
        read(archive, f"{site.url}/feed")
        assert headlines(archive) == {"Storm", "Found again"}
        site.pages["/gone"] = Page(status=404)
        read(archive, f"{site.url}/feed")
        assert headlines(archive) == {"Storm", "Found again"}  # a summary never takes the place of the text


def test_a_page_without_a_date_has_it_from_the_feed(archive):
    with NewsServer() as site:
        site.pages |= {"/feed": feed(site, "/storm"), "/storm": Page(page("Storm", published=""))}
        read(archive, f"{site.url}/feed")
    (article,) = Archive.open(archive).articles()
    assert article.published == "2026-03-02T08:00:00Z"


def test_a_newer_version_of_a_known_article_is_fetched(archive):
    with NewsServer() as site:
        newer = feed(site, "/storm", updated="Tue, 03 Mar 2026 09:00:00 GMT")
        site.pages |= {"/feed": [feed(site, "/storm"), newer], "/storm": Page(page("Storm"))}
        read(archive, f"{site.url}/feed")
        site.pages["/storm"] = Page(page("Storm over", updated="2026-03-03T09:00:00Z"))
        assert read(archive, f"{site.url}/feed").stored == 1
        assert headlines(archive) == {"Storm over"}


def test_lists_of_feeds_and_sitemaps_are_followed_and_circles_end(archive):
    with NewsServer() as site:
        places = "".join(f"<sitemap><loc>{site.url}{path}</loc></sitemap>" for path in ("/index.xml", "/map.xml"))
        index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</sitemapindex>'
        found = f"<url><loc>{site.url}/calm</loc></url>"
        site_map = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</urlset>'
        opml = f'<opml version="2.0"><body><outline type="rss" xmlUrl="{site.url}/feed"/></body></opml>'
        site.pages |= {
            "/index.xml": Page(index.encode()), "/map.xml": Page(site_map.encode()), "/feeds.opml": Page(opml.encode()),
            "/feed": feed(site, "/storm"), "/storm": Page(page("Storm")), "/calm": Page(page("Calm")),
        }  # fmt: skip
        report = read(archive, f"{site.url}/index.xml", f"{site.url}/feeds.opml")
        assert (report.stored, report.quarantined) == (2, [])
        assert headlines(archive) == {"Storm", "Calm"}
        assert site.paths.count("/index.xml") == 1


def test_a_feed_in_a_file_is_followed_only_when_asked(archive, tmp_path):
    with NewsServer() as site:
        site.pages["/storm"] = Page(page("Storm"))
        (tmp_path / "feed.xml").write_bytes(feed(site, "/storm").body)
        (tmp_path / "map.xml").write_text(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{site.url}/calm</loc></url></urlset>'
        )
        report = read(archive, tmp_path / "feed.xml", tmp_path / "map.xml")
        assert site.requests == []
        assert headlines(archive) == {"Feed title /storm"}
        assert "add --fetch" in report.quarantined[0].reason
        read(archive, tmp_path / "feed.xml", follow=True)
        assert headlines(archive) == {"Storm"}


def test_an_address_that_cannot_be_read_is_a_reason(archive):
    with NewsServer() as site:
        report = read(archive, f"{site.url}/nothing", "http://169.254.169.254/latest/meta-data")
    missing, metadata = report.quarantined
    assert "404" in missing.reason and missing.location == f"{site.url}/nothing"
    assert metadata.raw in (None, b"")


def test_the_encoding_that_a_server_names_is_heard(archive):
    text = "Sturm in Köln\n\nDer Sturm in Köln hat größere Schäden angerichtet, sagte die Bürgermeisterin für Straßen."
    with NewsServer() as site:
        site.pages["/sturm.txt"] = Page(
            text.encode("cp1252"), headers={"Content-Type": "text/plain; charset=windows-1252"}
        )
        read(archive, f"{site.url}/sturm.txt")
    assert headlines(archive) == {"Sturm in Köln"}


def test_a_feed_of_which_something_failed_is_read_again(archive):
    with NewsServer() as site:
        tagged = feed(site, "/storm")
        site.pages["/feed"] = Page(tagged.body, headers=tagged.headers | {"ETag": '"1"'})
        read(archive, f"{site.url}/feed")
        site.pages["/storm"] = Page(page("Storm"))
        read(archive, f"{site.url}/feed")
    assert headlines(archive) == {"Storm"}


class TestKillsFromTheWeb:
    def kill(self, url: str) -> Page:
        record = {"url": url, "headline": "KILL", "body": "Kill.", "pubstatus": "canceled"}
        return Page(json.dumps(record).encode(), headers={"Content-Type": "application/json"})

    def test_of_its_own_site_is_obeyed(self, archive):
        with NewsServer() as site:
            site.pages |= {"/storm": Page(page("Storm")), "/kill": self.kill(f"{site.url}/storm")}
            read(archive, f"{site.url}/storm")
            assert read(archive, f"{site.url}/kill").killed == 1
        assert headlines(archive) == set()

    def test_of_another_site_is_refused(self, archive, tmp_path):
        (tmp_path / "bell.json").write_text(
            json.dumps({"url": "https://bell.example/1", "headline": "A", "body": "B c."})
        )
        read(archive, tmp_path / "bell.json")
        with NewsServer() as site:
            site.pages["/kill"] = self.kill("https://bell.example/1")
            report = read(archive, f"{site.url}/kill")
        assert report.killed == 0 and "python -m rag erase" in report.quarantined[0].reason
        assert headlines(archive) == {"A"}

    def test_what_anybody_may_add_never_kills(self, archive):
        read(archive, Source("a", b'{"url": "https://bell.example/1", "headline": "A", "body": "B c."}'))
        pasted = Source("b", self.kill("https://bell.example/1").body)
        assert read(archive, pasted, kills=False).killed == 0
        assert headlines(archive) == {"A"}


class TestQuarantine:
    def test_a_file_that_was_mended_is_read_at_the_next_try(self, archive, tmp_path, capsys):
        file = tmp_path / "story.json"
        file.write_text('{"headline": "Storm", "body": ')
        assert len(read(archive, file).quarantined) == 1
        assert command(["--quarantine", "--archive", str(archive)]) == 0
        assert "story.json (record 1): " in capsys.readouterr().out
        file.write_text('{"headline": "Storm", "body": "The storm is over."}')
        assert retry(archive).stored == 1
        assert list(Archive.open(archive).ledger(Outcome.QUARANTINED)) == []
        assert command(["--quarantine", "--archive", str(archive)]) == 0
        assert capsys.readouterr().out.strip() == "The quarantine is empty."

    def test_where_the_file_is_gone_the_kept_bytes_are_read(self, archive, tmp_path):
        file = tmp_path / "two.jsonl"
        file.write_text(
            '{"headline": "Calm", "body": "It is calm."}\n{"Kop": "Storm", "Tekst": "The storm is over."}\n'
        )
        assert len(read(archive, file).quarantined) == 1
        file.unlink()
        assert len(retry(archive).quarantined) == 1
        from ingest import FieldMap

        assert retry(archive, columns=FieldMap.parse(["headline=Kop", "body=Tekst"])).stored == 1
        assert headlines(archive) == {"Calm", "Storm"}
        assert list(Archive.open(archive).ledger(Outcome.QUARANTINED)) == []

    def test_what_is_still_bad_stays(self, archive, tmp_path):
        (tmp_path / "bad.json").write_text("{")
        read(archive, tmp_path / "bad.json")
        report = retry(archive)
        assert (report.inputs, len(report.quarantined)) == (1, 1)


def test_a_source_that_is_there_already_is_read(archive):
    assert read(archive, Source("desk note", b"Storm over\n\nThe storm over Lund has ended.")).stored == 1


def test_a_sign_in_a_folders_name_parts_nothing(archive, tmp_path):
    folder = tmp_path / "Wow!"
    folder.mkdir()
    (folder / "bad.json").write_text("{")
    (folder / "good.json").write_text('{"headline": "Storm", "body": "The storm is over."}')
    read(archive, folder)
    read(archive, folder / "good.json")
    assert [e.location for e in Archive.open(archive).ledger(Outcome.QUARANTINED)] == [str(folder / "bad.json")]


def test_a_retry_makes_no_archive(tmp_path):
    with pytest.raises(ArchiveNotFound):
        retry(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
