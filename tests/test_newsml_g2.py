"""NewsML-G2: what a desk would list from it, with its times, states and credits; and what holds no article says so."""

import pytest
from conftest import SHARED

from ingest.readers import reader_for
from ingest.readers.newsml_g2 import NewsmlG2
from ingest.source import Source
from rag.article import Article, Kind, Status
from rag.errors import ReaderError

NS = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
NITF = """<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><hedline><hl1>Ferry late</hl1></hedline>
<byline>By Ann Lee, <byttl>Staff Reporter</byttl></byline></body.head><body.content><p>The ferry ran late.</p>
<p>It was <em>foggy</em>.</p></body.content></body></nitf>"""
ITEM = """<newsItem {ns} guid="urn:newsml:wire.example:20260304:FERRY" version="3" xml:lang="en-GB">
  <rightsInfo>
    <copyrightHolder><name>Harlow Wire Ltd</name></copyrightHolder>
    <copyrightNotice>Copyright 2026 Harlow Wire</copyrightNotice><usageTerms>Not for resale</usageTerms>
  </rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:{medium}"/>
    <provider qcode="nprov:HW"><name>Harlow Wire</name></provider>
    <versionCreated>2026-03-04T14:05:00+01:00 </versionCreated>
    <firstCreated>2026-03-03T09:00:00Z</firstCreated>
    {embargo}
    <pubStatus qcode="{status}"/>
    <edNote>{note}</edNote>
    {signal}
  </itemMeta>
  <contentMeta>
    <located qcode="geo:1"><name>Harlow Bay</name></located>
    <creator><name>Harlow Desk Systems</name></creator>
    <infoSource qcode="is:REUTERS"><name>Reuters</name></infoSource>
    <language tag="en"/>
    <genre qcode="genre:Opinion"/>
    <subject type="cpnat:person" qcode="p:1"><name>Omar Haddad</name></subject>
    <subject type="cpnat:abstract" qcode="medtop:1"><name xml:lang="de">Verkehr</name>
      <name xml:lang="en">transport</name></subject>
    <slugline>ferry-late</slugline>
    {headline}
    <description role="drol:summary">{told}</description>
  </contentMeta>
  <contentSet>{content}</contentSet>
</newsItem>"""
DEFAULTS = {
    "ns": NS,
    "medium": "text",
    "embargo": "",
    "status": "stat:usable",
    "note": "",
    "signal": "",
    "headline": '<headline role="hldrole:sub">Fog again</headline><headline>Ferry late</headline>',
    "told": "Fog kept the ferry at its berth for most of Tuesday morning.",
    "content": f'<inlineXML contenttype="application/nitf+xml">{NITF}</inlineXML>',
}


def item(**changes: str) -> str:
    return ITEM.format(**DEFAULTS | changes)


def read(text: str) -> list:
    source = Source("in/ferry.xml", text.encode())
    assert reader_for(source).name == "newsml-g2"
    return list(NewsmlG2().read(source))


def article(**changes: str) -> Article:
    [found] = read(item(**changes))
    if isinstance(found, ReaderError):
        raise found
    return found


def test_what_makes_news_news_is_kept():
    ferry = article()
    assert ferry.identity == "harlow wire#urn:newsml:wire.example:20260304:FERRY"
    assert (ferry.headline, ferry.standfirst) == ("Ferry late", "Fog again")
    assert ferry.body == "The ferry ran late.\n\nIt was foggy."
    assert (ferry.bylines, ferry.publisher, ferry.originator) == (("Ann Lee",), "Harlow Wire", "Reuters")
    assert (ferry.section, ferry.language, ferry.dateline) == ("transport", "en", "Harlow Bay")
    assert (ferry.kind, ferry.status, ferry.version) == (Kind.OPINION, Status.USABLE, 3)
    assert (ferry.published, ferry.updated) == ("2026-03-03T09:00:00Z", "2026-03-04T13:05:00Z")
    assert ferry.this_version.known_by == "newsml-g2 versionCreated"
    assert ferry.credit == "Copyright 2026 Harlow Wire Not for resale"


@pytest.mark.parametrize(
    "content",
    [
        f"<inlineXML>{NITF}</inlineXML>",
        '<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>The ferry ran late.'
        "</p><p>It was <i>foggy</i>.</p></body></html></inlineXML>",
        "<inlineXML><p>The ferry ran late.</p><p>It was foggy.</p></inlineXML>",
        '<inlineData contenttype="text/plain">The ferry ran late.\n\nIt was foggy.</inlineData>',
        '<inlineData contenttype="text/html">&lt;p>The ferry ran late.&lt;/p>&lt;p>It was foggy.&lt;/p></inlineData>',
        '<inlineData contenttype="application/nitf+xml"><![CDATA[' + NITF + "]]></inlineData>",
        '<remoteContent href="a.jpg"/><inlineXML/><inlineXML><p>The ferry ran late.</p><p>It was foggy.</p></inlineXML>',
    ],
    ids=["nitf", "xhtml", "paragraphs", "plain", "html data", "nitf data", "after what is empty"],
)
def test_the_text_comes_in_many_forms(content):
    assert article(content=content).body == "The ferry ran late.\n\nIt was foggy."


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"status": "stat:withheld"}, Status.WITHHELD), ({"status": "stat:canceled"}, Status.CANCELLED),
     ({"status": "http://cv.iptc.org/newscodes/pubstatusg2/canceled"}, Status.CANCELLED),
     ({"note": "KILL: legal"}, Status.CANCELLED), ({"note": "CORRECTS day in paragraph 1"}, Status.CORRECTED),
     ({"signal": '<signal qcode="sig:correction"/>'}, Status.CORRECTED),
     ({"embargo": "<embargoed>2026-03-05T12:00:00Z</embargoed>"}, Status.EMBARGOED),
     ({"embargo": "<embargoed/>"}, Status.EMBARGOED)],
)  # fmt: skip
def test_states(changes, status):
    assert article(**changes).status is status


def test_an_empty_embargo_holds_until_further_notice():
    assert article(embargo="<embargoed/>").usable_from.startswith("9999")
    assert article(embargo="<embargoed>2026-03-05T12:00:00Z</embargoed>").usable_from == "2026-03-05T12:00:00Z"


def test_a_kill_without_text_still_ends_the_story():
    kill = article(status="stat:canceled", headline="", told="", content="")
    assert kill.status is Status.CANCELLED and kill.identity == article().identity


def test_a_state_that_is_none_is_refused():
    with pytest.raises(ReaderError, match="publishing status 'perhaps' is not known: use usable"):
        article(status="stat:perhaps")


def test_a_picture_is_its_caption_and_a_text_that_did_not_come_an_excerpt():
    picture = article(medium="picture", content='<remoteContent href="a.jpg"/>')
    assert picture.body.startswith("Fog kept the ferry") and not picture.excerpt
    text = article(content="<inlineXML/>")
    assert text.body == picture.body and text.excerpt
    with pytest.raises(ReaderError, match="no body text"):
        article(medium="picture", told="Ferry at berth", content="")


@pytest.mark.parametrize(
    "content",
    ["<inlineXML><sports-content><team><name>Harlow</name></team></sports-content></inlineXML>",
     '<inlineData contenttype="image/jpeg">VGhlIGZlcnJ5</inlineData>',
     '<inlineData contenttype="text/plain" encoding="base64">VGhlIGZlcnJ5</inlineData>'],
)  # fmt: skip
def test_results_and_pictures_are_no_text(content):
    with pytest.raises(ReaderError, match="no body text"):
        article(content=content, told="")


def test_a_message_carries_many_and_each_stands_for_itself():
    other = item().replace("FERRY", "BUS").replace("Ferry late", "Bus late")
    message = (
        f"<newsMessage {NS}><header/><itemSet>{item()}<packageItem><x/></packageItem><newsItem>…</newsItem>{other}"
    )
    first, package, empty, last = read(f"{message}</itemSet></newsMessage>")
    assert [first.headline, last.headline] == ["Ferry late", "Bus late"]
    assert str(package) == "a package that only points to items: give the items." and b"packageItem" in package.raw
    assert "no body text" in str(empty)


@pytest.mark.parametrize("root", ["conceptItem", "knowledgeItem", "planningItem", "packageItem", "catalogItem"])
def test_what_holds_no_article_says_what_it_is_and_what_to_do(root):
    [reason] = read(f'<?xml version="1.0"?><!-- desk --><{root} {NS} guid="a"><itemMeta/></{root}>')
    assert isinstance(reason, ReaderError) and ": " in str(reason) and str(reason).endswith(".")


def test_damage_is_refused_at_every_cut():
    whole = item().encode()
    for end in range(0, len(whole), 17):
        with pytest.raises(ReaderError):
            list(NewsmlG2().read(Source("a", whole[:end])))


@pytest.mark.parametrize(
    "data",
    ['<!DOCTYPE newsItem [<!ENTITY x SYSTEM "file:///etc/passwd">]><newsItem>&x;</newsItem>',
     '<!DOCTYPE newsItem SYSTEM "http://127.0.0.1/x.dtd"><newsItem/>',
     "<newsItem>" + "<a>" * 3000 + "</a>" * 3000 + "</newsItem>", "<newsMessage><itemSet/></newsMessage>"],
    ids=["file", "dtd", "deep", "empty"],
)  # fmt: skip
def test_hostile_documents_are_refused(data):
    with pytest.raises(ReaderError):
        list(NewsmlG2().read(Source("a", data.encode())))


def shared() -> dict[str, list]:
    folder = SHARED / "data" / "formats" / "newsml_g2" / "iptc_examples"
    if not folder.is_dir():
        pytest.skip("../shared is not here")
    return {file.stem: list(NewsmlG2().read(Source(file.name, file.read_bytes()))) for file in sorted(folder.iterdir())}


def test_the_examples_of_the_iptc():
    found = shared()
    articles = {name: item for name, items in found.items() for item in items if isinstance(item, Article)}
    assert len(found) == 35
    numbers = sorted(name.split("_")[1] if name.startswith("LISTING") else name for name in articles)
    assert numbers == ["2", "22", "25", "26", "27", "3", "3A", "5", "Receiver View"]
    assert sum(isinstance(item, ReaderError) for items in found.values() for item in items) == 30
    assert len(found["LISTING_24_News_Message_conveying_a_complete_News_Package"]) == 5


def test_the_fields_of_the_examples_of_the_iptc():
    found = {name.split("_")[1]: items[0] for name, items in shared().items() if name.startswith("LISTING")}
    story, photo, film, results = (found[n] for n in ("2", "3", "5", "27"))
    assert story.headline == 'Fed to halt QE to avert "bubble"' and story.body.count("\n\n") == 1
    assert (story.bylines, story.originator) == (("Meredith Jameson",), "Associated Press")
    assert (story.dateline, story.section) == ("New York, NY", "economy, business and finance")
    assert (story.publisher, story.version, story.updated) == ("acmenews.com", 11, "2018-11-21T21:25:32Z")
    assert (photo.publisher, photo.bylines, photo.section) == ("Getty Images Inc.", ("Spencer Platt",), "labour market")
    assert (photo.published, len(photo.body)) == ("2010-10-20T20:58:00Z", 699)
    assert film.headline == "Loriot retrospective" and film.dateline == "Berlin"
    assert results.excerpt and results.published == "2016-10-19T13:15:00Z"
    assert len(found["22"].body.split("\n\n")) == 6 and found["22"].section == "sport"
