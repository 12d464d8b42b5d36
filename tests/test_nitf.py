"""NITF: what a desk marks up arrives where it belongs; a kill reaches the document that it names."""

import pytest

from ingest.readers import reader_for
from ingest.readers.nitf import Nitf, nitf_text
from ingest.source import Source
from rag.article import Kind, Status
from rag.errors import ReaderError

STORY = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "http://www.nitf.example/nitf-3-4.dtd">
<nitf xml:lang="en-GB">
  <head>
    <title>Wires: ferry</title>
    <tobject tobject.type="analysis">
      <tobject.subject tobject.subject.type="Transport" tobject.subject.matter="Ferries"/></tobject>
    <docdata management-status="{status}">
      <doc-id regsrc="HBN" id-string="hbn-ferry-7"/>
      <date.issue norm="20260304T140500Z"/>
      <date.release norm="{release}"/>
      <date.expire norm="20270304T000000Z"/>
      <du-key key="ferry" version="{version}"/>
      <doc.copyright year="2026" holder="Harlow Bay News"/>
      <ed-msg info="{note}"/>
    </docdata>
    <pubdata name="The Harlow Post" date.publication="20260304T120000Z"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Ferry <em>late</em> again</hl1><hl2>Third time this week</hl2></hedline>
      <byline>By <person>Ann Lee</person> and Omar Haddad, <byttl>Chief Tide Watcher</byttl></byline>
      <distributor>Harlow Bay Wire</distributor>
      <dateline><location>HARLOW BAY</location>, <story.date norm="20260304">March 4</story.date></dateline>
    </body.head>
    <body.content>
      <media media-type="image"><media-caption>The ferry at its berth.</media-caption></media>
      <block>
        <p lede="true">The ferry ran forty&nbsp;minutes late on Tuesday, the port said.</p>
        <hl2>No crew</hl2>
        <p>Two of <money>nine</money> sailors were ill.</p>
        <note><p>Desk: check names.</p></note>
      </block>
    </body.content>
    <body.end><tagline>With reporting by Mia Dorn</tagline></body.end>
  </body>
</nitf>"""


def story(status="usable", version="1", release="", note="", text=STORY):
    return text.format(status=status, version=version, release=release, note=note).encode()


def read(data: bytes) -> list:
    source = Source("in/ferry.xml", data)
    assert reader_for(source).name == "nitf"
    return list(Nitf().read(source))


def test_a_document_becomes_an_article():
    [article] = read(story())
    assert article.headline == "Ferry late again"
    assert article.standfirst == "Third time this week"
    assert article.body.split("\n\n") == [
        "The ferry ran forty minutes late on Tuesday, the port said.",
        "No crew",
        "Two of nine sailors were ill.",
    ]
    assert article.bylines == ("Ann Lee", "Omar Haddad")
    assert article.publisher == "The Harlow Post"
    assert (article.dateline, article.language, article.section) == ("HARLOW BAY", "en-gb", "Ferries")
    assert (article.kind, article.status, article.version) == (Kind.ANALYSIS, Status.USABLE, 1)
    assert article.identity == "the harlow post#hbn-ferry-7"
    assert (article.published, article.updated) == ("2026-03-04T12:00:00Z", "2026-03-04T14:05:00Z")
    assert article.first_published.known_by.startswith("nitf ")
    assert article.expires.instant.year == 2027


def test_the_namespace_makes_no_difference():
    spaced = story(text=STORY.replace("<nitf ", '<n:nitf xmlns:n="http://iptc.org/std/NITF/2006-10-18/" '))
    prefixed = spaced.replace(b"</nitf>", b"</n:nitf>")
    default = story(text=STORY.replace("<nitf ", '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/" '))
    [plain], [named] = read(story()), read(default)
    assert plain == named
    assert reader_for(Source("a", prefixed)).name == "nitf"


@pytest.mark.parametrize(
    ("given", "status"),
    [({"status": "withheld"}, Status.WITHHELD), ({"status": "canceled"}, Status.CANCELLED),
     ({"note": "CORRECTS number of sailors"}, Status.CORRECTED), ({"note": "MANDATORY KILL"}, Status.CANCELLED),
     ({"status": "embargoed", "release": "20260305T060000Z"}, Status.EMBARGOED)],
)  # fmt: skip
def test_states(given, status):
    assert read(story(**given))[0].status is status


def test_a_release_after_the_issue_is_an_embargo():
    [article] = read(story(release="20260305T060000+0100"))
    assert article.usable_from == "2026-03-05T05:00:00Z"
    [released] = read(story(release="20260304T140000Z"))
    assert released.usable_from == ""


def test_the_issue_of_a_later_version_is_no_first_publication():
    paper = ' date.publication="20260304T120000Z"'
    [first], [third] = (read(story(version=n, text=STORY.replace(paper, ""))) for n in ("1", "3"))
    assert (first.published, first.updated) == ("2026-03-04T14:05:00Z",) * 2
    assert (third.published, third.updated, third.version) == ("", "2026-03-04T14:05:00Z", 3)


def test_a_state_that_is_none_is_refused():
    with pytest.raises(ReaderError, match="publishing status 'perhaps' is not known: use usable"):
        read(story(status="perhaps"))


def test_a_kill_reaches_the_document_that_it_names():
    kill = """<nitf><head><docdata management-status="usable" management-doc-idref="hbn-ferry-7"
        management-idref-status="canceled"><doc-id id-string="hbn-kill-1"/></docdata>
        <pubdata name="The Harlow Post"/></head><body><body.head/><body.content/></body></nitf>"""
    [ended], [article] = read(kill.encode()), read(story())
    assert ended.status is Status.CANCELLED and ended.identity == article.identity


def test_of_a_picture_alone_the_caption_is_the_text():
    picture = b"<nitf><body><body.head><hedline><hl1>Ferry</hl1></hedline></body.head><body.content><media><media-caption>The"\
              b" ferry at its berth on Tuesday.</media-caption></media></body.content></body></nitf>"  # fmt: skip
    assert read(picture)[0].body == "The ferry at its berth on Tuesday."


def test_nitf_in_a_string_whole_or_only_its_body():
    assert nitf_text("<p>One.</p><p>Two.</p>").split() == ["One.", "Two."]
    assert nitf_text("<block><p>One.</p></block>").strip() == "One."
    assert "Two of nine sailors" in nitf_text(story().decode())
    assert nitf_text("<p>cut") == "<p>cut"


def test_hostile_documents_are_refused_and_no_cut_crashes():
    with pytest.raises(ReaderError, match="entities"):
        read(
            story().replace(
                b'"http://www.nitf.example/nitf-3-4.dtd">', b'"a.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            )
        )
    whole = story()
    for end in range(0, len(whole), 13):
        with pytest.raises(ReaderError):
            list(Nitf().read(Source("a", whole[:end])))
