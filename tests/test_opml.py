"""OPML: a list of feeds becomes a lead for each."""

import pytest

from ingest.lead import Lead
from ingest.readers import reader_for
from ingest.source import Source
from rag.errors import ReaderError

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>My feeds</title></head><body>
<outline text="News"><outline text="Post" type="rss" xmlUrl="https://post.example/rss" htmlUrl="https://post.example/"/>
<outline text="Deeper"><outline text="Bell" xmlurl=" https://bell.example/atom?a=1&amp;b=2 "/></outline></outline>
<outline text="A page" type="link" url="https://post.example/about"/>
</body></opml>"""


def read(text: str, address: str = "") -> list:
    source = Source("in/feeds.opml", text.encode(), address)
    reader = reader_for(source)
    assert reader.name == "opml"
    return list(reader.read(source))


def addresses(text: str, address: str = "") -> list[str]:
    return [item.address for item in read(text, address) if isinstance(item, Lead)]


def test_every_feed_however_deep():
    assert read(LIST) == [Lead("https://post.example/rss"), Lead("https://bell.example/atom?a=1&b=2")]


def test_only_the_web_is_an_address():
    [error] = read(LIST.replace("https://post.example/rss", "javascript:alert(1)"))[:1]
    assert isinstance(error, ReaderError) and error.raw == b"javascript:alert(1)"


def test_relative_addresses_are_those_of_the_list():
    assert (
        addresses(LIST.replace("https://post.example/rss", "/rss"), "https://desk.example/a.opml")[0]
        == "https://desk.example/rss"
    )


def test_cut_anywhere_it_never_takes_a_part_of_an_address():
    whole = addresses(LIST)
    for end in range(LIST.index("<outline"), len(LIST) - 1):
        *leads, error = read(LIST[:end])
        assert [lead.address for lead in leads] == whole[: len(leads)]
        assert isinstance(error, ReaderError) and "cut off" in str(error)
    assert len(leads) == 2


def test_unescaped_ampersands_are_read_as_meant():
    assert addresses(LIST.replace("&amp;", "&")) == addresses(LIST)


def test_a_list_of_nothing_and_a_doctype():
    assert str(read("<opml><body><outline text='a'/></body></opml>")[0]).startswith("no feeds in this OPML")
    with pytest.raises(ReaderError, match="DOCTYPE"):
        read(LIST.replace("<opml ", '<!DOCTYPE opml [<!ENTITY a "b">]><opml ', 1))


def test_deep_nesting():
    with pytest.raises(ReaderError, match="nested too deeply"):
        read("<opml>" + "<outline>" * 100_000)
