"""Mutated inputs of every format (faults I1 to I10): each ends as articles or reasons, in time, and nothing is lost.

A format is one line in FORMATS. 25 cases of each run by default, 500 with `make test-fuzz` (CASES=10000 for more); a
case is made from the name of its format and its number alone, which a failure tells.
"""

import io
import json
import os
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ingest import ingest
from ingest.lead import Lead
from ingest.parsing.parser import Parser
from ingest.readers import READERS
from ingest.source import Source
from rag.archive import Archive
from rag.article import Article
from rag.embedder import WordHashEmbedder
from rag.errors import ReaderError

FEW, MANY = 25, int(os.environ.get("CASES", "500"))
STORY = "The ferry to Orle ran late on Tuesday, Captain Mina Tarn said. “We waited for the tide,” she said. Nobody was hurt."


@dataclass(frozen=True)
class Format:
    """``record`` is one article, with ``#`` where its number goes; ``bad`` is one that makes none. A format without
    ``between`` holds one article."""

    name: str
    file: str
    head: str
    record: str
    tail: str = ""
    between: str | None = None
    bad: str = ""
    write: Callable[[str], bytes] = str.encode

    def made(self, count: int, bad_at: int = -1) -> bytes:
        records = [self.bad if n == bad_at else self.record.replace("#", str(n)) for n in range(count)]
        records = records if self.between is not None else [self.record]
        return self.write(self.head + (self.between or "").join(records) + self.tail)

    @property
    def sample(self) -> bytes:
        return self.made(1 if self.between is None else 3)

    def source(self, data: bytes, number: int = 0) -> Source:
        return Source(f"{number}/{self.file}", data)


def as_parquet(lines: str) -> bytes:
    from pyarrow import Table, parquet

    rows = [json.loads(line) for line in lines.split("\n")]
    parquet.write_table(Table.from_pylist(rows), written := io.BytesIO(), row_group_size=10)
    return written.getvalue()


RECORD = (
    '{"title": "Ferry # late", "body": "' + STORY + ' (#)", "date": "2026-03-04T14:05:00Z", "byline": "By Ann Lee", '
    '"url": "https://bell.example/#", "publisher": "The Orle Bell"}'
)
NO_TEXT = '{"title": "Ferry", "url": "https://bell.example/x"}'
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry late | The Orle Bell</title>'
    '<meta property="article:published_time" content="2026-03-04T14:05:00Z">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry late", "author": {"name": "Ann Lee"}}'
    f"</script></head><body><article><h1>Ferry late</h1><p>{STORY}</p><p>Again &amp; again. {STORY}</p></article></body></html>"
)
RSS = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>The Orle Bell</title>'
RSS_ITEM = (
    "<item><title>Ferry # late</title><link>https://bell.example/#</link><guid>bell-#</guid>"
    f"<pubDate>Wed, 04 Mar 2026 14:05:00 GMT</pubDate><description>{STORY} &amp; &lt;b&gt;#&lt;/b&gt;</description></item>"
)
ATOM_ENTRY = (
    '<entry><title>Ferry # late</title><link href="https://bell.example/#"/><id>urn:bell:#</id>'
    f"<updated>2026-03-04T14:05:00Z</updated><content type='html'>&lt;p&gt;{STORY} #&lt;/p&gt;</content></entry>"
)
NEWSML_ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:bell:#" version="2"><itemMeta><itemClass '
    'qcode="ninat:text"/><provider><name>The Orle Bell</name></provider><versionCreated>2026-03-04T14:05:00Z'
    '</versionCreated><pubStatus qcode="stat:usable"/></itemMeta><contentMeta><headline>Ferry # late</headline>'
    f"</contentMeta><contentSet><inlineXML><p>{STORY} #</p></inlineXML></contentSet></newsItem>"
)
NITF = (
    '<?xml version="1.0" encoding="UTF-8"?><nitf><head><docdata><date.issue norm="20260304T140500Z"/><doc-id '
    'id-string="1"/></docdata></head><body><body.head><hedline><hl1>Ferry late</hl1></hedline><byline>By Ann Lee'
    f"</byline></body.head><body.content><p>{STORY}</p><p>{STORY}</p></body.content></body></nitf>"
)
NINJS = (
    '{"uri": "urn:bell:#", "pubStatus": "usable", "versionCreated": "2026-03-04T14:05:00Z", "headlines": [{"role": '
    f'"main", "value": "Ferry # late"}}], "bodies": [{{"value": "{STORY} #"}}]}}'
)
MEDIA_ITEM = (
    '{"item": {"altids": {"itemid": "bell#"}, "version": 1, "headline": "Ferry # late", '
    f'"firstcreated": "2026-03-04T14:05:00Z", "body_nitf": "<p>{STORY} #</p>"}}}}'
)
MEDIA = '{"data": {"items": ['
FEED_ITEM = (
    '{"id": "https://bell.example/#", "url": "https://bell.example/#", "title": "Ferry # late", '
    f'"date_published": "2026-03-04T14:05:00Z", "content_html": "<p>{STORY} #</p>"}}'
)
URL = "<url><loc>https://bell.example/#</loc><lastmod>2026-03-04</lastmod></url>"
MARKDOWN = (
    "---\ntitle: Ferry late\ndate: 2026-03-04T14:05:00Z\nauthor: Ann Lee\n---\n\n# Ferry late\n\n"
    f"The *ferry* to [Orle](https://bell.example/orle). {STORY}\n\n> “We waited.”\n\n| Day | Hours |\n|---|---|\n| One | 2 |\n"
)
WIRE = f"Ferry late\nThe tide was low\n\nBy Ann Lee\n4 March 2026, 14:05 GMT\nHARLOW BAY\n{STORY}\n\nCopyright 2026 The Post\n"
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
OPML = '<opml version="2.0"><head><title>Feeds</title></head><body><outline text="News">'
MESSAGE = '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
JSON_FEED = '{"version": "https://jsonfeed.org/version/1.1", "title": "The Orle Bell", "items": ['

FORMATS = [
    Format("html", "a.html", "", PAGE),
    Format("text", "a.txt", "", WIRE),
    Format("markdown", "a.md", "", MARKDOWN),
    Format("json", "a.json", "[", RECORD, "]", ",\n", NO_TEXT),
    Format("json wrapped", "a.json", '{"status": "ok", "articles": [', RECORD, "]}", ", ", NO_TEXT),
    Format("jsonl", "a.jsonl", "", RECORD, "\n", "\n", NO_TEXT),
    Format("csv", "a.csv", "title,text,date,author\n", f'Ferry # late,"{STORY} #",2026-03-04,Ann', "\n", "\n", "Ferry,,,"),
    Format("tsv", "a.tsv", "title\ttext\n", f"Ferry # late\t{STORY} #", "\n", "\n", "Ferry\t"),
    Format("parquet", "a.parquet", "", RECORD, "", "\n", RECORD.replace(STORY + " (#)", ""), as_parquet),
    Format("rss", "a.xml", RSS, RSS_ITEM, "</channel></rss>", "\n", "<item><description></description></item>"),
    Format("atom", "a.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>Bell</title>', ATOM_ENTRY, "</feed>", "\n",
           "<entry><title></title></entry>"),
    Format("json feed", "a.json", JSON_FEED, FEED_ITEM, "]}", ",", "7"),
    Format("sitemap", "a.xml", SITEMAP, URL, "</urlset>", "\n", "<url><loc>no address</loc></url>"),
    Format("sitemap text", "sitemap.txt", "", "https://bell.example/#", "\n", "\n", "https://"),
    Format("opml", "a.opml", OPML, '<outline type="rss" xmlUrl="https://bell.example/#.xml"/>', "</outline></body></opml>",
           "\n", '<outline type="rss" xmlUrl="no address"/>'),
    Format("newsml-g2", "a.xml", MESSAGE, NEWSML_ITEM, "</itemSet></newsMessage>", "\n", "<newsItem/>"),
    Format("nitf", "a.xml", "", NITF),
    Format("ninjs", "a.json", "[", NINJS, "]", ",\n", '{"uri": "urn:bell:x", "pubStatus": "usable"}'),
    Format("media-api", "a.json", MEDIA, MEDIA_ITEM, "]}}", ",", '{"item": {"altids": {"itemid": "x"}, "headline": "Ferry"}}'),
]  # fmt: skip
# Read whole or not at all: Parquet keeps its table of contents at its end, and an answer of the Media API is one value.
CUT_COSTS_ALL = ("parquet", "media-api")
HOLDING_MANY = [form for form in FORMATS if form.between is not None]


def ids(form: Format) -> str:
    return form.name.replace(" ", "-")


# --- what befalls an input

Change = Callable[[random.Random, bytes], bytes]
HIDDEN = [*map(chr, (0, 1, 7, 8, 11, 12, 27, 127, 0x85, 0xAD)), "\u200b", "\u202e", "\u2066", "\ufeff", "\u2028", "\ufffe",
          "\U000e0041", "\u0301" * 40, "\u200d", "\r", "\ud800"]  # fmt: skip
ENCODINGS = "utf-16 utf-16-le utf-32 utf-7 utf-8-sig cp1252 cp037 koi8-r shift_jis gb18030".split()
DECLARED = "utf-16 utf-7 punycode idna unicode_escape cp037 hex zlib rot13 undefined UTF-8 iso-8859-1 none".split()
OPENINGS = [
    "[",
    '{"a":',
    "<div>",
    "<b>",
    "<p><ul><li>",
    "<!--",
    "<![CDATA[",
    "(",
    "> ",
    "- ",
    '"',
    "<table><tr><td>",
    "&lt;b&gt;",
]
RUNS = [" ", "\n", "a", "<", "-", "\t,", "=", "“", "@a.", "&#", '\\"', "1,", "By A, ", "A (", "<a ", "</p>", "*a", "[a](",
        "# a\n", ": ", "http://"]  # fmt: skip
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = [
    f'<!DOCTYPE x [<!ENTITY e0 "ha">{BOMB}]>',
    '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE x [<!ENTITY e9 SYSTEM "http://127.0.0.1:9/">]>',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    f'<!DOCTYPE x [<!ENTITY e9 "{"a" * 50_000}">]>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
]
ENTITIES = ["&e9;" * 2_000, "&amp;" * 5_000, "&#0;", "&#xD800;", "&#1114112;", "&nosuch;", "&", "]]>",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>']  # fmt: skip
TIMES = "1970-01-01 9999-12-31T23:59:59Z 2026-03-29T02:30:00 0000-00-00 2/3/2024 99999999999999 -1 2026-02-30 1e400 NaN".split()


def somewhere(rng: random.Random, data: bytes) -> int:
    return rng.randint(0, len(data))


def put(rng: random.Random, data: bytes, words: str) -> bytes:
    at = somewhere(rng, data)
    return data[:at] + words.encode("utf-8", "surrogatepass") + data[at:]


def flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: somewhere(rng, data)] if rng.random() < 0.8 else data[somewhere(rng, data) :]


def drop(rng: random.Random, data: bytes) -> bytes:
    at = somewhere(rng, data)
    return data[:at] + data[at + rng.randint(1, 200) :]


def repeat(rng: random.Random, data: bytes) -> bytes:
    at, times = somewhere(rng, data), rng.choice((1, 2, 50))
    return data[:at] + data[at : at + rng.randint(1, 300)] * times + data[at:]


def shuffle(rng: random.Random, data: bytes) -> bytes:
    parts = re.split(rb'(?<=[>,}"\n])', data)
    at = rng.randrange(len(parts))
    return b"".join(parts[:at] + rng.sample(parts[at : at + 12], len(parts[at : at + 12])) + parts[at + 12 :])


def hide(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 8)):
        data = put(rng, data, rng.choice(HIDDEN) * rng.choice((1, 1, 300)))
    return data


def encode(rng: random.Random, data: bytes) -> bytes:
    if rng.random() < 0.5:
        said = rng.choice(DECLARED).encode()
        data = re.sub(rb'(charset=|encoding=)(["\']?)[\w-]+', rb"\1\2" + said, data, flags=re.IGNORECASE)
        return data if said in data else b'<?xml version="1.0" encoding="' + said + b'"?>' + data
    bom = rng.choice((b"", b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0"))
    return bom + data.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "ignore")


def nest(rng: random.Random, data: bytes) -> bytes:
    depth = rng.choice((100, 100, 255, 1_000, 10_000, 100_000))
    return put(rng, data, rng.choice(OPENINGS) * depth)


def declare(rng: random.Random, data: bytes) -> bytes:
    at = data.find(b"?>") + 2 if b"?>" in data else 0
    return put(rng, data[:at] + rng.choice(DOCTYPES).encode() + data[at:], rng.choice(ENTITIES))


def refer(rng: random.Random, data: bytes) -> bytes:
    return put(rng, data, rng.choice(ENTITIES))


def date(rng: random.Random, data: bytes) -> bytes:
    return re.sub(rb"2026-03-04(T14:05:00Z)?|Wed, 04 Mar 2026 14:05:00 GMT", rng.choice(TIMES).encode(), data)


def widen(rng: random.Random, data: bytes) -> bytes:
    """A run of what patterns like to walk over again and again."""
    return put(rng, data, rng.choice(RUNS) * 20_000)


CHANGES: list[Change] = [flip, cut, drop, repeat, shuffle, hide, encode, nest, declare, refer, date, widen]


def case(form: Format, number: int) -> tuple[str, bytes]:
    """What befell the input, and what is left of it; the first cases are one change each."""
    rng = random.Random(zlib.crc32(f"{form.name} {number}".encode()))
    chosen = [CHANGES[number]] if number < len(CHANGES) else rng.choices(CHANGES, k=rng.randint(1, 3))
    data = form.sample
    for change in chosen:
        data = change(rng, data)
    return "+".join(change.__name__ for change in chosen), data


# --- what must hold of it


# Six times the limit of a run, which a busy machine needs; what is quadratic takes longer still.
PATIENT = Parser(seconds=60)
# markdown-it takes 20 s for a megabyte of "[": in a run the time limit refuses that.
SLOW = "reading took longer than 60 s"


def fault(items: list[Article | Lead | ReaderError], form: Format) -> str:
    """What is wrong with the outcome of a source, or an empty string."""
    if form.name == "markdown":
        items = [item for item in items if not str(item).startswith(SLOW)] or [ReaderError("too slow")]
    if not items:
        return "it vanished"
    for item in items:
        if isinstance(item, ReaderError):
            reason = str(item)
            if reason.startswith(("the reader failed", "reading took", "reading it ended")):
                return reason
            if "\n" in reason or not reason.strip():
                return f"a reason of no or several lines: {reason!r}"
        elif isinstance(item, Article) and not (item.headline.strip() and item.body.strip() and item.identity):
            return f"an article without its parts: {item}"
    return ""


def faults(form: Format, cases: range) -> list[str]:
    made = {number: case(form, number) for number in cases}
    found: dict[str, list] = {f"{number}/{form.file}": [] for number in cases}
    sources = (form.source(data, number) for number, (_, data) in made.items())
    for source, _, item in PATIENT.parsed(sources):
        found[source.location].append(item)
    outcomes = zip(made.items(), found.values(), strict=True)
    return [f"case {n} ({how}): {wrong}" for (n, (how, _)), items in outcomes if (wrong := fault(items, form))]


def test_every_reader_has_a_format_here():
    with_reader = {next(r.name for r in READERS if r.accepts(form.source(form.sample))) for form in FORMATS}
    assert with_reader == {reader.name for reader in READERS}


@pytest.mark.parametrize("form", FORMATS, ids=ids)
def test_the_samples_are_good(form):
    items = list(PATIENT.records(form.source(form.sample)))
    assert len(items) == (1 if form.between is None else 3) and not any(isinstance(item, ReaderError) for item in items)


@pytest.mark.parametrize("form", FORMATS, ids=ids)
def test_a_mutated_input_ends_in_articles_or_reasons(form):
    assert faults(form, range(FEW)) == []


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", FORMATS, ids=ids)
def test_many_mutated_inputs_end_in_articles_or_reasons(form):
    assert faults(form, range(FEW, MANY)) == []


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", FORMATS, ids=ids)
def test_a_megabyte_of_one_thing_ends_in_time(form):
    """I5, and what is quadratic: in the middle of the words, and in front of everything."""
    data, found = form.sample, {}
    for run in (*OPENINGS, *RUNS):
        for at in (data.find(b"Captain") if b"Captain" in data else len(data) // 2, 0):
            words = run.encode() * (1_000_000 // len(run))
            items = list(PATIENT.records(form.source(data[:at] + words + data[at:])))
            found[f"{run!r} at {at}"] = fault(items, form)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("form", HOLDING_MANY, ids=ids)
def test_one_bad_record_costs_itself_alone(form):
    """I2: wherever it stands among 99 good ones."""
    for position in (0, 1, 50, 98, 99):
        items = list(PATIENT.records(form.source(form.made(100, position))))
        refused = [n for n, item in enumerate(items) if isinstance(item, ReaderError)]
        assert refused == [position] and len(items) == 100, f"bad at {position}: {[str(items[n]) for n in refused]}"


@pytest.mark.parametrize("form", [form for form in HOLDING_MANY if form.name not in CUT_COSTS_ALL], ids=ids)
def test_a_cut_costs_no_complete_record(form):
    """I3: what stands whole before the cut is there, and the cut is told."""
    whole = form.made(40)
    for number in random.Random(3).sample(range(5, 35), 5):
        until = form.made(number + 1).rfind(form.tail.encode()) if form.tail else len(form.made(number + 1))
        middle = until + len((form.between or "").encode()) + len(form.record) // 2
        items = list(PATIENT.records(form.source(whole[:middle])))
        good = [item for item in items if not isinstance(item, ReaderError)]
        assert len(good) >= number + 1, (
            f"{len(good)} of {number + 1}: {[str(i) for i in items if isinstance(i, ReaderError)]}"
        )
        assert len(good) > number + 1 or isinstance(items[-1], ReaderError), "the cut is not told"


@pytest.mark.parametrize("form", [form for form in HOLDING_MANY if form.name in CUT_COSTS_ALL], ids=ids)
def test_a_cut_that_costs_all_is_told(form):
    whole = form.made(40)
    [error] = PATIENT.records(form.source(whole[: len(whole) // 2]))
    assert isinstance(error, ReaderError)


def test_a_mixed_batch_is_accounted_for(tmp_path):
    """Every input is stored, unchanged, a duplicate or in quarantine; and a second run finds nothing new."""
    sources = [Source(f"{form.name}/{n}/{form.file}", case(form, n)[1]) for form in FORMATS for n in range(100, 104)]
    sources += [Source(f"{form.name}/good/{form.file}", form.sample) for form in FORMATS]
    expected = sum(1 for _ in PATIENT.parsed(sources))
    report = ingest(sources, tmp_path / "a", embedder=WordHashEmbedder())
    assert report.inputs == expected
    archive = Archive.open(tmp_path / "a")
    assert sum(1 for _ in archive.ledger()) == expected
    archive.close()
    again = ingest(sources, tmp_path / "a", embedder=WordHashEmbedder())
    assert (again.inputs, again.stored, len(again.quarantined)) == (expected, 0, len(report.quarantined))
