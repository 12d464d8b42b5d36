"""Saved pages: the story without its surroundings, the facts about it, and how well that goes on real pages."""

import gzip
import json
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest

from ingest.readers.html_page import HtmlPage
from ingest.source import Source
from rag.article import Article, Kind, Status
from rag.errors import ReaderError

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FLOORS = Path(__file__).resolve().parents[1] / "eval" / "floors.json"

STORY = [
    "The harbour bridge will stay shut until June, the port authority said on Tuesday after a survey of its piers.",
    "Engineers found cracks in two more piers, and the repair will cost more than was planned, the authority said.",
    "“We will not take risks,” said the harbour master, Ines Falk, who has run the port of Harlow Bay since 2019.",
    "The bridge had carried nine thousand cars a day, and the detour through the old town takes half an hour longer.",
]
LINKED_DATA = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "@id": "https://post.example/bridge", "name": "The Post"},
        {"@type": "Organization", "@id": "#org", "name": "The Harlow Post"},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        {
            "@type": ["AnalysisNewsArticle"],
            "headline": "Bridge shut until June",
            "datePublished": "2026-03-04T14:05:00+00:00",
            "dateModified": "2026-03-05T08:00:00+00:00",
            "author": [{"@id": "#ann"}, {"@type": "Person", "name": "Omar Haddad"}],
            "publisher": {"@id": "#org"},
            "articleSection": "Local",
            "inLanguage": "en-GB",
            "mainEntityOfPage": {"@id": "https://post.example/bridge"},
        },
    ],
}


def page(head: str = "", story: list[str] = STORY, before: str = "", after: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    return (
        "<!doctype html><html lang='en'><head><title>Bridge shut until June | The Harlow Post</title>"
        f"{head}</head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
        f"<article><h1>Bridge shut until June</h1>{before}{paragraphs}{after}</article>"
        "<aside><p>Related: Ferry sinks in storm</p></aside>"
        "<footer><p>© 2026 The Harlow Post</p></footer></body></html>"
    )


def linked(data: object = LINKED_DATA) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def read(html: str | bytes) -> Article:
    data = html if isinstance(html, bytes) else html.encode()
    return next(iter(HtmlPage().read(Source("page.html", data))))


def test_the_story_alone_in_paragraphs():
    assert read(page()).body.split("\n\n") == STORY


def test_facts_from_linked_data_with_references():
    article = read(page(linked()))
    assert (article.headline, article.publisher, article.section) == (
        "Bridge shut until June",
        "The Harlow Post",
        "Local",
    )
    assert article.bylines == ("Ann Lee", "Omar Haddad")
    assert (article.url, article.language, article.kind) == ("https://post.example/bridge", "en-gb", Kind.ANALYSIS)
    assert (article.first_published.raw, article.first_published.known_by) == (
        "2026-03-04T14:05:00+00:00",
        "json-ld datePublished",
    )
    assert (article.this_version.day, article.this_version.known_by) == ("2026-03-05", "json-ld dateModified")


def test_facts_from_meta_tags():
    article = read(
        page(
            "<meta property='og:title' content='Bridge shut until June - The Harlow Post'>"
            "<meta property='og:site_name' content='The Harlow Post'><meta name='author' content='By Ann Lee'>"
            "<meta property='article:published_time' content='2026-03-04T14:05:00Z'>"
            "<meta property='article:modified_time' content='2026-03-05T14:05:00Z'>"
            "<meta name='description' content='Cracks in two more piers'>"
            "<link rel='canonical' href='https://post.example/bridge'>"
        )
    )
    assert (article.headline, article.publisher, article.bylines) == (
        "Bridge shut until June",
        "The Harlow Post",
        ("Ann Lee",),
    )
    assert article.standfirst == "Cracks in two more piers"
    assert article.first_published.known_by == "meta article:published_time"
    assert article.this_version.known_by == "meta article:modified_time"
    assert article.identity == "https://post.example/bridge"


def test_facts_from_the_visible_page():
    article = read(page(before="<time datetime='2026-03-04T14:05:00Z'>4 March</time>"))
    assert (article.headline, article.language) == ("Bridge shut until June", "en")
    assert article.first_published.known_by == "page published"
    assert article.this_version is None


@pytest.mark.parametrize(
    "note", ["Correction: An earlier version gave the wrong year.", "This article was amended on 5 March 2026."]
)
def test_a_visible_correction_is_taken_out_of_the_text(note):
    article = read(page(after=f"<p>{note}</p>"))
    assert (article.status, article.correction) == (Status.CORRECTED, note)
    assert note not in article.body


def test_text_that_the_page_hides_is_found_in_its_data():
    data = LINKED_DATA["@graph"][-1] | {"articleBody": "\n\n".join(STORY)}
    assert read(page(linked(data), story=STORY[:1])).body.split("\n\n") == STORY


@pytest.mark.parametrize(
    "broken", ["<script type='application/ld+json'>{broken</script>", linked([1, None, {"@type": 7}]), linked({})]
)
def test_broken_linked_data_costs_nothing(broken):
    assert read(page(broken)).body.split("\n\n") == STORY


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "utf-8-sig"])
def test_encodings(encoding):
    html = page(f"<meta charset='{encoding}'>", story=[*STORY, "Zoë Groß paid 5 € for the café’s naïve façade."])
    assert "Zoë Groß paid 5 € for the café’s naïve façade." in read(html.encode(encoding)).body


def test_what_is_no_story_says_why():
    for html in ("<html></html>", "<html><body><h1>Only a headline</h1></body></html>"):
        with pytest.raises(ReaderError, match="no body text"):
            read(html)


def test_deep_nesting_ends():
    try:
        read("<html><body>" + "<div>" * 100_000 + "<p>" + STORY[0])
    except ReaderError as reason:
        assert str(reason)


def test_a_page_with_too_many_elements_is_refused():
    with pytest.raises(ReaderError, match="more than 50000 elements"):
        read(page(after="<br>x" * 50_001))


def test_feeds_are_no_pages():
    assert not HtmlPage().accepts(
        Source("feed.xml", b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>")
    )
    assert HtmlPage().accepts(Source("page", b"\xef\xbb\xbf <!DOCTYPE html><html>"))


# How well it goes on real pages. The reader was tuned on the even ones; the floors are for the odd ones.


def _shingles(text: str) -> Counter:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def _f1(pairs: list[tuple[str, str]]) -> float:
    """F1 of 4-word shingles as article-extraction-benchmark counts it: mean precision with mean recall over pages."""
    counted = [(_shingles(true), _shingles(found)) for true, found in pairs]
    precision = mean((true & found).total() / max(found.total(), 1) for true, found in counted)
    recall = mean((true & found).total() / max(true.total(), 1) for true, found in counted)
    return 2 * precision * recall / (precision + recall)


def _article_in(file: Path) -> Article | None:
    try:
        return read(gzip.decompress(file.read_bytes()))
    except ReaderError:
        return None


def _articles_in(files: list[Path]) -> list[Article | None]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_article_in, files, chunksize=4))


def _floor(name: str) -> float:
    return json.loads(FLOORS.read_text())["extraction"][name]


def test_bodies_of_the_public_benchmark_stay_above_the_floor():
    folder = DATA / "article_pages"
    if not folder.exists():
        pytest.skip(f"{folder} is not here")
    truth = json.loads((folder / "ground-truth.json").read_text())
    odd = sorted(truth)[1::2]
    articles = _articles_in([folder / "html" / f"{key}.html.gz" for key in odd])
    f1 = _f1(
        [
            (truth[key]["articleBody"], article.body if article else "")
            for key, article in zip(odd, articles, strict=True)
        ]
    )
    assert f1 >= _floor("article_pages_body_f1")


def test_facts_and_bodies_of_real_news_pages_stay_above_the_floors():
    folder = DATA / "news_pages"
    if not folder.exists():
        pytest.skip(f"{folder} is not here")
    rows = [json.loads(line) for line in (folder / "ground_truth.jsonl").read_text().splitlines()]
    odd = sorted(rows, key=lambda row: row["file"])[1::2]
    found = list(zip(odd, _articles_in([folder / row["file"] for row in odd]), strict=True))
    assert _f1([(_body_of(row, article), article.body if article else "") for row, article in found]) >= _floor(
        "news_pages_body_f1"
    )
    assert mean(bool(a) and _same(a.headline, row["title"]) for row, a in found) >= _floor("news_pages_headline")
    assert mean(bool(a) and _same_minute(a, row["publishing_date"]) for row, a in found) >= _floor(
        "news_pages_first_published"
    )


def _body_of(row: dict, article: Article | None) -> str:
    """The body by the ground truth, which puts the standfirst in front of it."""
    first, _, rest = row["body"].partition("\n\n")
    return rest if article and rest and " ".join(first.split()) == article.standfirst else row["body"]


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one).casefold() == re.sub(r"\W", "", other).casefold()


def _same_minute(article: Article, words: str) -> bool:
    true = datetime.fromisoformat(words)
    true = true if true.tzinfo else true.replace(tzinfo=UTC)
    known = article.first_published and article.first_published.instant
    return bool(known) and abs((known - true).total_seconds()) <= 60
