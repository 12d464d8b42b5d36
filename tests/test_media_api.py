"""AP's Media API JSON: the item behind its wrappers, its NITF text, its own names."""

import json

import pytest

from ingest.readers import reader_for
from ingest.readers.media_api import MediaApi
from ingest.source import Source
from rag.article import Article, Kind, Status
from rag.errors import ReaderError

ITEM = {
    "altids": {"itemid": "f40b", "etag": "f40b_2a"}, "uri": "https://api.wire.example/f40b?qt=SECRET&et=1", "version": 2,
    "type": "text", "pubstatus": "usable", "firstcreated": "2026-03-03T09:00:00Z", "versioncreated": "2026-03-04T14:05:00Z",
    "title": "EU--Ferry", "headline": "Ferry late", "headline_extended": "Ferry late again in thick fog",
    "bylines": [{"by": "By ANN LEE", "title": "Associated Press"}], "located": "HARLOW BAY",
    "datelinelocation": {"city": "Harlow Bay", "countryname": "Nowhere"}, "provider": "AP", "language": "en",
    "editorialrole": "Analysis", "subject": [{"name": "Transportation", "code": "a"}], "friendlykey": "7",
    "copyrightnotice": "Copyright 2026.", "usageterms": ["Not for resale."], "ednote": "",
    "body_nitf": "<block><p>HARLOW BAY (AP) — The ferry ran late.</p><p>It was foggy.</p></block>",
}  # fmt: skip
WRAPPERS = {
    "an item": lambda item: item,
    "a list": lambda item: [item],
    "a response": lambda item: {"id": "1", "data": {"item": item}},
    "a feed": lambda item: {"api_version": 1, "data": {"items": [{"meta": {"products": []}, "item": item}]}},
}


def read(value: object, mark: bytes = b"") -> list:
    source = Source("in/a.json", mark + json.dumps(value, ensure_ascii=False).encode())
    assert reader_for(source).name == "media-api"
    return list(MediaApi().read(source))


@pytest.mark.parametrize("wrapped", WRAPPERS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
def test_the_item_behind_its_wrappers(wrapped, mark):
    [ferry] = read(WRAPPERS[wrapped](ITEM), mark)
    assert ferry.identity == "ap#f40b" and ferry.url == ""
    assert (ferry.headline, ferry.standfirst) == ("Ferry late", "Ferry late again in thick fog")
    assert ferry.body == "The ferry ran late.\n\nIt was foggy."
    assert (ferry.bylines, ferry.dateline, ferry.originator) == (("ANN LEE",), "HARLOW BAY", "Associated Press")
    assert (ferry.section, ferry.language, ferry.kind) == ("Transportation", "en", Kind.ANALYSIS)
    assert (ferry.published, ferry.updated, ferry.version) == ("2026-03-03T09:00:00Z", "2026-03-04T14:05:00Z", 2)
    assert ferry.credit == "Copyright 2026. Not for resale."
    assert "SECRET" not in ferry.to_json()


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"pubstatus": "withheld"}, Status.WITHHELD), ({"pubstatus": "canceled"}, Status.CANCELLED),
     ({"ednote": "CORRECTS: spelling of Harlow"}, Status.CORRECTED), ({"ednote": "UPDATES: adds fog"}, Status.USABLE),
     ({"embargoed": "2026-03-05T12:00:00Z"}, Status.EMBARGOED)],
)  # fmt: skip
def test_states(changes, status):
    assert read(ITEM | changes)[0].status is status


def test_a_kill_without_text_ends_the_story():
    bare = {key: value for key, value in ITEM.items() if not key.startswith(("body", "headline", "title"))}
    [kill] = read(bare | {"pubstatus": "canceled"})
    assert kill.status is Status.CANCELLED and kill.identity == "ap#f40b"


def test_nitf_that_is_no_xml_keeps_its_words():
    assert (
        read(ITEM | {"body_nitf": "<p>Fish & chips were late.<p>Again."})[0].body == "Fish & chips were late.\n\nAgain."
    )


def test_a_broken_item_costs_itself_alone():
    empty = {"altids": {"itemid": "2"}, "headline": "x"}
    first, second, third = read([ITEM, empty, ITEM | {"pubstatus": "gone"}])
    assert isinstance(first, Article) and isinstance(second, ReaderError) and b'"2"' in second.raw
    assert "publishing status 'gone' is not known" in str(third)


def test_an_answer_without_items_says_so():
    [reason] = MediaApi().read(Source("a.json", b'{"data": {"items": []}}'))
    assert str(reason).startswith("no item in this answer")
