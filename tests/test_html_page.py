"""Saved pages: the story without its surroundings, and the facts about it. How well that goes on real pages:
test_extraction.py."""

import json
import time

import pytest

from ingest.readers.html_page import HtmlPage
from ingest.source import Source
from rag.article import Article, Kind, Status
from rag.errors import ReaderError

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


def read(html: str | bytes, address: str = "") -> Article:
    data = html if isinstance(html, bytes) else html.encode()
    return next(iter(HtmlPage().read(Source("page.html", data, address))))


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


ADDRESS = "https://www.post.example/2026/03/04/bridge-shut"


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("", ADDRESS),
        ("<link rel='canonical' href='/local/bridge'>", "https://www.post.example/local/bridge"),
        ("<link rel='canonical' href='https://post.example/local/bridge'>", "https://post.example/local/bridge"),
        ("<link rel='canonical' href='https://www.post.example/'>", ADDRESS),
        ("<link rel='canonical' href='https://other.example/bridge'>", ADDRESS),
        ("<link rel='canonical' href='http://['>", ADDRESS),
        ("<meta property='og:url' content='https://post.example/b?id=4'>", "https://post.example/b?id=4"),
        ("<link rel='canonical' href='/'><meta property='og:url' content='/local/bridge'>",
         "https://www.post.example/local/bridge"),
    ],
)  # fmt: skip
def test_a_page_is_known_by_its_own_address_or_the_one_it_was_found_under(canonical, url):
    assert read(page(canonical), ADDRESS).url == url


def test_a_copy_in_a_web_archive_is_known_by_what_it_calls_itself():
    kept = "https://web.archive.org/web/20260304140500/https://post.example/bridge"
    assert read(page("<link rel='canonical' href='https://post.example/bridge'>"), kept).url == (
        "https://post.example/bridge"
    )


def test_a_front_page_is_nobodys_address():
    article = read(page("<link rel='canonical' href='https://post.example/'>"))
    assert (article.url, article.identity.startswith("http")) == ("", False)


def test_an_address_tells_the_site_and_the_day_where_nothing_else_does():
    article = read(page(), ADDRESS)
    assert article.publisher == "post.example"
    assert (article.first_published.day, article.first_published.known_by.split(" (")[0]) == (
        "2026-03-04",
        "address published",
    )
    told = read(page(linked()), ADDRESS)
    assert (told.publisher, told.first_published.known_by) == ("The Harlow Post", "json-ld datePublished")


def test_the_site_is_named_as_the_title_ends_where_the_address_agrees():
    assert read(page(), "https://theharlowpost.example/bridge").publisher == "The Harlow Post"


@pytest.mark.parametrize(
    "signed",
    [
        "<p class='article-byline'>By <a rel='author' href='/a'>Ann Lee</a> and <a rel='author' href='/o'>Omar Haddad</a>",
        "<div class='meta authors'><span class='authors__brand'>Capital</span><ul><li class='authors__item'>Ann Lee</li>"
        "<li class='authors__item'>Omar Haddad</li></ul></div>",
        "<p>By Ann Lee and Omar Haddad</p>",
    ],
)
def test_people_from_the_visible_byline_and_never_from_its_surroundings(signed):
    article = read(page(before=signed, after="<aside><span class='author'>Eve Stone</span></aside>"))
    assert article.bylines == ("Ann Lee", "Omar Haddad")
    assert article.body.split("\n\n") == STORY


def test_the_first_entry_of_a_live_page_is_not_the_page():
    live = {
        "@type": "LiveBlogPosting",
        "headline": "Harlow bridge live",
        "datePublished": "2026-03-04T08:00:00Z",
        "liveBlogUpdate": [
            LINKED_DATA["@graph"][-1] | {"headline": "Divers arrive", "articleBody": "Divers came.", "publisher": "x"}
        ],
    }
    article = read(page(linked(live)))
    assert (article.headline, article.kind) == ("Harlow bridge live", Kind.LIVE)
    assert article.first_published.raw == "2026-03-04T08:00:00Z"


def test_a_correction_beside_the_story_is_kept_with_its_day():
    note = "This article was amended on 5 March 2026. An earlier version gave the wrong year."
    article = read(page().replace("</article>", f"</article><div class='correction'>{note}</div>"))
    assert (article.status, article.correction, article.corrected_on.day) == (Status.CORRECTED, note, "2026-03-05")
    assert "amended" not in article.body


def test_the_correction_of_another_story_is_no_correction_of_this_one():
    teaser = "<a href='/ferry'><h3>Ferry sinks</h3><p>Correction: The ferry sank on Monday, not on Tuesday.</p></a>"
    assert read(page(after=teaser)).status is Status.USABLE


def test_linked_data_tells_what_was_corrected_and_when():
    data = LINKED_DATA["@graph"][-1] | {
        "correction": {"@type": "CorrectionComment", "text": "The year was wrong.", "datePublished": "2026-03-06"}
    }
    article = read(page(linked(data)))
    assert (article.correction, article.corrected_on.known_by.split(" (")[0]) == (
        "The year was wrong.",
        "json-ld correctedOn",
    )
    assert article.corrected_on.day == "2026-03-06"


def test_a_meta_tag_for_caches_is_no_end_of_the_story():
    assert read(page("<meta name='Expires' content='2026-03-05T00:00:00Z'>")).expires is None


def test_a_paragraph_of_links_among_those_of_the_story_stays():
    linking = (
        "The <a href='/a'>port authority</a> and the <a href='/b'>harbour master</a> of "
        "<a href='/c'>Harlow Bay</a> have asked <a href='/d'>the ministry</a> for help."
    )
    plain = "The port authority and the harbour master of Harlow Bay have asked the ministry for help."
    for place in range(1, len(STORY)):
        assert plain in read(page(story=[*STORY[:place], linking, *STORY[place:]])).body.split("\n\n")


def test_cards_that_lead_to_other_stories_are_no_part_of_it():
    told = "The ferry to the islands sank on Monday night with no one aboard, the police of Harlow Bay said."
    card = f"<a href='/ferry'><h2>Ferry sinks in storm</h2><p>{told}</p></a>"
    item = f"<ul><li><h3><a href='/ferry'>Ferry sinks</a></h3><p>{told}</p></li></ul>"
    assert read(page(after=card + item)).body.split("\n\n") == STORY


@pytest.mark.parametrize("inside", ["<span class=author>x</span>" * 8000, "<div class=author>" * 200 + "</div>" * 200])
def test_a_page_of_bylines_that_name_nobody_ends(inside):
    begun = time.perf_counter()
    assert read(page(before=f"<div class='authors'>{inside}</div>")).bylines == ()
    assert time.perf_counter() - begun < 30
