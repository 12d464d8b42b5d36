"""ninjs 1, 2 and 3: one story whichever way it is spelled; what is not valid is refused with its fault."""

import json
import re

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import READERS, reader_for
from ingest.readers.json_values import json_values
from ingest.readers.ninjs import Ninjs
from ingest.readers.ninjs_fields import fault_of
from ingest.source import Source
from rag.article import Article, Kind, Status
from rag.errors import ReaderError

HTML = "<p>The ferry ran late.</p><p>It was <i>foggy</i>.</p>"
ONE = {
    "uri": "urn:wire.example:ferry", "type": "text", "version": "3", "pubstatus": "usable",
    "firstcreated": "2026-03-03T09:00:00Z", "versioncreated": "2026-03-04T14:05:00+01:00", "language": "en-GB",
    "headline": "Ferry late", "headline_sub": "Fog again", "byline": "By Ann Lee", "located": "Harlow Bay",
    "body_text": "The ferry ran late. It was foggy.", "body_xhtml": HTML, "copyrightholder": "Harlow Wire",
    "copyrightnotice": "Copyright 2026 Harlow Wire", "usageterms": "Not for resale", "expires": "2027-03-04T00:00:00Z",
    "infosource": [{"name": "Reuters"}], "subject": [{"name": "transport"}], "genre": [{"code": "Opinion"}],
}  # fmt: skip
TWO = {
    "uri": "urn:wire.example:ferry", "type": "text", "version": "3", "pubstatus": "usable",
    "firstcreated": "2026-03-03T09:00:00Z", "versioncreated": "2026-03-04T14:05:00+01:00", "language": "en-GB",
    "headlines": [{"role": "sub", "value": "Fog again"}, {"role": "main", "value": "Ferry late"}],
    "bodies": [{"contenttype": "text/plain", "value": "The ferry ran late. It was foggy."},
               {"role": "vendornitf", "contenttype": "application/xml", "value": "<X/>"},
               {"contenttype": "text/html", "value": HTML}],
    "by": "By Ann Lee", "located": "Harlow Bay", "copyrightholder": "Harlow Wire", "usageterms": "Not for resale",
    "copyrightnotice": "Copyright 2026 Harlow Wire", "expires": "2027-03-04T00:00:00Z",
    "infosources": [{"name": "Reuters"}], "subjects": [{"name": "transport"}],
    "genres": [{"uri": "http://cv.iptc.org/newscodes/genre/Opinion"}],
}  # fmt: skip
CAPITALS = {"pubstatus": "pubStatus", "firstcreated": "firstCreated", "versioncreated": "versionCreated",
            "copyrightholder": "copyrightHolder", "copyrightnotice": "copyrightNotice", "usageterms": "usageTerms",
            "infosources": "infoSources", "contenttype": "contentType"}  # fmt: skip
THREE = json.loads(re.sub(r'"(\w+)":', lambda found: f'"{CAPITALS.get(found[1], found[1])}":', json.dumps(TWO)))
VERSIONS = {"1": ONE, "2": TWO, "3": THREE}


def read(value: object) -> list:
    return list(Ninjs().read(Source("in/a.json", json.dumps(value).encode())))


def article(**changes: object) -> Article:
    [found] = read({key: value for key, value in (THREE | changes).items() if value is not None})
    if isinstance(found, ReaderError):
        raise found
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_tells_the_same_story(version):
    source = Source("in/a.json", json.dumps(VERSIONS[version]).encode())
    assert reader_for(source).name == "ninjs"
    [ferry] = Ninjs().read(source)
    assert ferry.identity == "harlow wire#urn:wire.example:ferry"
    assert (ferry.headline, ferry.standfirst) == ("Ferry late", "Fog again")
    assert ferry.body == "The ferry ran late.\n\nIt was foggy."
    assert (ferry.bylines, ferry.publisher, ferry.originator) == (("Ann Lee",), "Harlow Wire", "Reuters")
    assert (ferry.section, ferry.language, ferry.dateline) == ("transport", "en-gb", "Harlow Bay")
    assert (ferry.kind, ferry.status, ferry.version) == (Kind.OPINION, Status.USABLE, 3)
    assert (ferry.published, ferry.updated) == ("2026-03-03T09:00:00Z", "2026-03-04T13:05:00Z")
    assert ferry.first_published.known_by.lower() == "ninjs firstcreated"
    assert ferry.credit == "Copyright 2026 Harlow Wire Not for resale" and ferry.expires.instant.year == 2027


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"pubStatus": "withheld"}, Status.WITHHELD), ({"pubStatus": "canceled"}, Status.CANCELLED),
     ({"edNote": "KILL: legal"}, Status.CANCELLED), ({"edNote": "CORRECTS day"}, Status.CORRECTED),
     ({"embargoedUntil": "2026-03-05T12:00:00Z"}, Status.EMBARGOED)],
)  # fmt: skip
def test_states(changes, status):
    assert article(**changes).status is status


@pytest.mark.parametrize(("version", "name"), [("1", "embargoed"), ("2", "embargoed"), ("3", "embargoedUntil")])
def test_the_embargo_under_both_names(version, name):
    [held] = read(VERSIONS[version] | {name: "2026-03-05T12:00:00Z"})
    assert held.usable_from == "2026-03-05T12:00:00Z"


def test_a_kill_without_text_still_ends_the_story():
    kill = article(pubStatus="canceled", bodies=None, headlines=None)
    assert kill.status is Status.CANCELLED and kill.identity == article().identity


def test_a_picture_is_its_caption_and_a_text_that_did_not_come_an_excerpt():
    told = [
        {"role": "creditline", "value": "Harlow"},
        {"role": "caption", "value": "Fog kept the ferry at its berth on Tuesday morning."},
    ]
    picture = article(type="picture", bodies=None, descriptions=told)
    assert picture.body.startswith("Fog kept") and not picture.excerpt and picture.credit.startswith("Harlow ")
    assert article(bodies=None, descriptions=told).excerpt
    with pytest.raises(ReaderError, match="no body text"):
        article(bodies=[{"value": " [ … ] "}], descriptions=[{"value": "Ferry at berth"}])


def test_nitf_in_a_body():
    nitf = "<nitf><body><body.content><p>The ferry ran late.</p><p>Again.</p></body.content></body></nitf>"
    assert (
        article(bodies=[{"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": nitf}]).body
        == "The ferry ran late.\n\nAgain."
    )


def test_a_package_brings_its_texts_along_with_its_state():
    text = {
        "uri": "urn:2",
        "name": "side",
        "headlines": [{"value": "Bus late"}],
        "bodies": [{"value": "The bus was late."}],
    }
    photo = {"uri": "urn:3", "name": "pic", "type": "picture", "headlines": [{"value": "Fog"}],
             "descriptions": [{"role": "caption", "value": "Fog kept the ferry at its berth on Tuesday morning."}]}  # fmt: skip
    withheld = read(THREE | {"associations": [text, photo], "pubStatus": "withheld"})
    assert [item.headline for item in withheld] == ["Ferry late", "Bus late"]
    assert {item.status for item in withheld} == {Status.WITHHELD} and withheld[1].publisher == "Harlow Wire"
    bare = {key: value for key, value in THREE.items() if key != "bodies"} | {"type": "composite"}
    assert [item.headline for item in read(bare | {"associations": [photo]})] == ["Fog"]
    [reason] = read(bare | {"associations": []})
    assert "no body text" in str(reason) and b"urn:wire" in reason.raw


@pytest.mark.parametrize("event", [{"type": "event"}, {"type": "planning"}, {"eventDetails": {"dates": {}}}])
def test_an_event_is_no_article(event):
    with pytest.raises(ReaderError, match="^an event or a plan of coverage, not news: give the items"):
        article(**event)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"uri": None}, "no uri"), ({"uri": 7}, "uri cannot be '7'"), ({"pubStatus": "replaced"}, "pubStatus"),
     ({"pubStatus": "cancelled"}, "pubStatus"), ({"version": 1.2}, "version"), ({"versionCreated": 2026}, "versionCreated"),
     ({"edNote": {"text": "x"}}, "edNote"), ({"headlines": [{"role": "main"}]}, "headlines"), ({"bodies": "x"}, "bodies"),
     ({"urgency": 0.1}, "urgency"), ({"urgency": True}, "urgency"), ({"type": "story"}, "type"), ({"genres": "x"}, "genres"),
     ({"rightsInfo": {"linkedRights": "a", "encodedRights": "b"}}, "rightsInfo"),
     ({"embargoReason": "x"}, "no field 'embargoReason'"),
     ({"places": [{"name": "x", "geoJSON": {"type": "Foo"}}]}, "places"), ({"digitalSourceType": "bad"}, "digitalSourceType"),
     ({"associations": [{"uri": "a"}]}, "has no name"), ({"associations": [{"name": "a"}]}, "no uri"),
     ({"associations": [{"name": "a", "uri": "b", "odd": 1}]}, "no field 'odd'"), ({"associations": ["x"]}, "no object")],
)  # fmt: skip
def test_what_is_not_valid_is_refused_with_its_fault(changes, fault):
    with pytest.raises(
        ReaderError, match=rf"^this is no valid ninjs: .*{fault}.*; have it corrected by its provider\.$"
    ):
        article(**changes, standard={"name": "ninjs", "version": "3.1"})


def test_an_extension_may_add_names_and_no_more():
    told = {"name": "HARLOWNINJS", "version": "3.0"}
    assert article(tide="low", standard=told).headline == "Ferry late"
    with pytest.raises(ReaderError, match="pubStatus"):
        article(tide="low", standard=told, pubStatus="gone")


@pytest.mark.parametrize(
    "record",
    [{"title": "Ferry late", "body": "It ran late."},
     {"uri": "a", "title": "Ferry late", "text": "It ran late.", "version": "1"},
     {"uri": "a", "title": "Ferry late", "tide": "low", "body_text": "It ran late.", "pubstatus": "usable"}],
)  # fmt: skip
def test_other_json_is_left_to_the_others(record):
    assert reader_for(Source("a.json", json.dumps(record).encode())).name == "json"


def test_arrays_and_lines_of_them_and_what_is_broken_between():
    lines = "\n".join((json.dumps(ONE), '{"uri": "x", broken', json.dumps(TWO), "7"))
    first, broken, second, number = Ninjs().read(Source("a.jsonl", lines.encode()))
    assert first.headline == second.headline == "Ferry late"
    assert str(broken).startswith("a record is not valid JSON") and broken.raw == b'{"uri": "x", broken'
    assert str(number) == "a record is no ninjs object: give objects with a uri."
    assert len(read([ONE, TWO, THREE])) == 3
    *whole, cut = Ninjs().read(Source("a.json", json.dumps([ONE, TWO])[:-1].encode()))
    assert len(whole) == 2 and "cut off" in str(cut)


def test_a_file_of_broken_records_ends_soon():
    items = list(Ninjs().read(Source("a.jsonl", b'{"uri": "x", "a": "\n{"' * 20_000)))
    assert len(items) == 50 and all(isinstance(item, ReaderError) for item in items)


def test_deep_nesting_ends_in_a_reason():
    deep = '{"uri": "a", "pubstatus": ' + "[" * 200_000
    [error] = json_values(deep)
    assert isinstance(error, ReaderError)
    nested = THREE | {"associations": json.loads('[{"uri":"a","name":"b","associations":' * 300 + "[]" + "}]" * 300)}
    assert [item.headline for item in read(nested)] == ["Ferry late"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda part: st.lists(part, max_size=3)
                    | st.dictionaries(st.sampled_from([*THREE, *ONE]), part, max_size=4)),
       st.sampled_from([*THREE, "associations", "descriptions", "eventDetails"]))  # fmt: skip
def test_any_value_in_any_field_ends_in_articles_or_reasons(value, field):
    items = read(THREE | {field: value})
    assert items and all(isinstance(item, Article) or "\n" not in str(item) for item in items)


def shared(part: str) -> dict[str, bytes]:
    folder = SHARED / "data" / "formats" / "ninjs" / "iptc"
    if not folder.is_dir():
        pytest.skip("../shared is not here")
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*.json"))
            if part in str(f) and "schema.json" not in f.name}  # fmt: skip


def outcome(files: dict[str, bytes]) -> list[Article | ReaderError]:
    sources = [Source(name, data) for name, data in files.items()]
    return [item for source in sources for item in reader_for(source, READERS).read(source)]


def test_all_that_should_pass_is_valid():
    files = shared("should_pass")
    assert len(files) == 154
    assert {name: fault for name, data in files.items() if (fault := fault_of(json.loads(data)))} == {}
    articles = [item for item in outcome(files) if isinstance(item, Article)]
    assert [item.status for item in articles].count(Status.USABLE) == 5  # the others are fields without a text
    assert {item.headline for item in articles if item.status is Status.USABLE} == {"Turkey Islamic State"}
    assert {item.status for item in articles} == {Status.USABLE, Status.WITHHELD, Status.CANCELLED}


def test_nothing_that_should_fail_becomes_an_article():
    files = shared("should_fail")
    assert len(files) == 70
    assert not [item for item in outcome(files) if isinstance(item, Article)]
    faultless = {name.split("test_suite/")[1] for name, data in files.items() if not fault(data)}
    # Valid since 1.2, and they do not say that they are older: refused only for their want of a text.
    assert faultless == {"1.0/should_fail/014_type_component.json", "1.0/should_fail/016_infosource.json",
                         "1.1/should_fail/001_type_component.json", "1.1/should_fail/002_infosource.json"}  # fmt: skip


def fault(data: bytes) -> str:
    try:
        return fault_of(json.loads(data))
    except ValueError:
        return "no JSON"


def test_the_examples_of_the_iptc():
    files = {name: data for name, data in shared("examples/").items() if "not-valid" not in name}
    items = outcome(files)
    articles = [item for item in items if isinstance(item, Article)]
    assert (len(files), len(articles), len(items) - len(articles)) == (64, 50, 27)
    assert sum(item.excerpt for item in articles) == 2 and all(item.identity for item in articles)
    by_name = {name: outcome({name: data})[0] for name, data in files.items()}
    dpa, ap = by_name["examples/3.0/dpa_text.json"], by_name["examples/2.1/ap_image.json"]
    assert (dpa.publisher, dpa.bylines, dpa.language) == ("dpa", ("Christian Hollmann",), "de")
    assert (dpa.updated, dpa.version, len(dpa.body.split("\n\n"))) == ("2019-05-10T14:02:28Z", 2, 9)
    assert (ap.headline, ap.section, ap.published) == (
        "Turkey Islamic State",
        "International News",
        "2019-11-15T13:39:59Z",
    )
    assert by_name["examples/3.0/ap_video.json"].originator == "Associated Press"
    nitf = next(item for name, item in by_name.items() if name.endswith("ninjs-nitf.json"))
    assert (nitf.dateline, nitf.section, len(nitf.body)) == ("Oslo, Norway", "Sport", 3202)
