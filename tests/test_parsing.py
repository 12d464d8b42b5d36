"""The parser process: what it costs a source to take too long, too much or to crash, and what it must not cost others."""

import dataclasses
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from conftest import ROOT

from ingest.field_map import FieldMap
from ingest.lead import Lead
from ingest.parsing import parcel
from ingest.parsing.parser import Parser
from ingest.source import Source, Unreadable
from rag.article import Article, NewsTime
from rag.errors import ReaderError, WrongUse

# One line of a ``.slug`` source is one thing to do.
OWN_READER = """
import ctypes, os, re, sys, time
from rag.article import Article
from rag.errors import ReaderError
from ingest.lead import Lead


class Slug:
    name = "slug"

    def accepts(self, source):
        return source.name.endswith(".slug")

    def read(self, source):
        held = []
        for line in source.text.strip().split("\\n"):
            verb, _, rest = line.partition(" ")
            match verb:
                case "article": yield Article(identity=rest, headline=rest, body="The ferry ran late.")
                case "lead": yield Lead(rest, Article(identity=rest, headline="x", body="y", excerpt=True))
                case "error": yield ReaderError(rest, b"\\0raw")
                case "raise": raise ValueError(rest)
                case "exit": sys.exit(0)
                case "sleep": time.sleep(float(rest))
                case "spin": re.match(r"(a+)+b", "a" * 60)
                case "take": held.append(bytearray(int(rest) * 1024 * 1024))
                case "many": yield from (Article(identity=str(n), headline="x", body="y" * 2000) for n in range(int(rest)))
                case "print": print("noise", flush=True); os.write(1, b"noise"); sys.stdin.read(1)
                case "abort": os.abort()
                case "segfault": ctypes.string_at(0)
                case "surrogate": yield Article(identity="x", headline="\\udcff", body="y")
                case "large": yield Article(identity="x", headline="x", body="y" * 9_000_000)
                case "loaded": yield Article(identity="x", headline=f"loaded: {sys.modules.keys() & rest.split()}", body="y")
                case "pid": yield Article(identity=str(os.getpid()), headline="x", body="y")


class Demanding(Slug):
    def __init__(self): raise RuntimeError("no\\nkey")

class Nothing: ...
"""


@pytest.fixture(scope="module")
def slug(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("own") / "slug.py"
    file.write_text(OWN_READER)
    return f"{file}:Slug"


@pytest.fixture(scope="module")
def parser(slug):
    with Parser([slug]) as opened:
        yield opened


def source(*lines: str, name: str = "a.slug") -> Source:
    return Source(name, "\n".join(lines).encode())


def told(items) -> list[str]:
    return [str(item) if isinstance(item, ReaderError) else item.headline for item in items]


def test_the_items_are_those_of_the_reader(parser):
    article, lead, error = parser.records(
        source("article Ferry late", "lead https://a.example/1", "error no body: add it.")
    )
    assert article == Article(identity="Ferry late", headline="Ferry late", body="The ferry ran late.")
    assert lead == Lead(
        "https://a.example/1", Article(identity="https://a.example/1", headline="x", body="y", excerpt=True)
    )
    assert (str(error), error.raw) == ("no body: add it.", b"\0raw")


def test_our_own_readers_stand_behind_those_of_the_user(parser):
    [article] = parser.records(Source("a.txt", b"Ferry late\n\nThe ferry ran late."))
    assert article.headline == "Ferry late"


def test_a_source_travels_whole():
    """Every field that a Source has: one that is added later must be added to the parcel too."""
    sent = Source(
        "n\udcff/a.csv", bytes(range(256)) * 9, "https://a.example", FieldMap((("headline", "Kop"),)), "cp1252"
    )
    assert all(getattr(sent, field.name) != field.default for field in dataclasses.fields(Source))
    stream = io.BytesIO()
    parcel.post_source(stream, sent)
    stream.seek(0)
    assert parcel.fetched_source(stream) == sent


def test_a_lead_travels_whole():
    article = Article(identity="1", headline="x", body="y", first_published=NewsTime(None, "today", "rss date"))
    sent = Lead("https://a.example", article, replace(article, identity="2"))
    assert all(getattr(sent, field.name) is not field.default for field in dataclasses.fields(Lead))
    assert parcel.unpacked(*parcel.packed(sent)) == sent


def test_an_input_that_never_became_a_source_is_its_reason():
    [error] = Parser().records(Unreadable("a.gz", "a.gz: cut off: fetch it anew.", b"\x1f\x8b"))
    assert (str(error), error.raw) == ("a.gz: cut off: fetch it anew.", b"\x1f\x8b")


@pytest.mark.parametrize("stuck", ["sleep 60", "spin"])
def test_reading_that_takes_too_long_costs_that_source_alone(slug, stuck):
    """Also in a regular expression, which lets no thread of Python run."""
    parser = Parser([slug], seconds=0.5)
    began = time.monotonic()
    found = [
        (s.location, item)
        for s, _, item in parser.parsed([source("article A", stuck), source("article B", name="b.slug")])
    ]
    assert time.monotonic() - began < 20
    assert [location for location, _ in found] == ["a.slug", "a.slug", "b.slug"]
    assert told(item for _, item in found) == ["A", "reading took longer than 0.5 s: split it or leave it out.", "B"]
    assert found[1][1].raw == source("article A", stuck).data


def test_the_time_counts_from_one_item_to_the_next(slug):
    parser = Parser([slug], seconds=1.2)
    items = parser.records(source(*["sleep 0.4", "article A"] * 4))
    assert told(items) == ["A"] * 4


def test_the_time_that_the_caller_takes_does_not_count(slug):
    parser = Parser([slug], seconds=0.5)
    found = 0
    for _ in parser.records(source("many 3000", "sleep 0.1", "article A")):
        found += 1
        if found == 1:
            time.sleep(1)
    assert found == 3001


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and limits the memory of a process")
def test_reading_that_takes_too_much_memory_costs_that_source_alone(slug):
    parser = Parser([slug], mebibytes=100)
    sources = [
        source("article A", "take 60", "take 60"),
        source("take 60", "article B"),
        source("take 60", "article C"),
    ]
    assert told(item for _, _, item in parser.parsed(sources)) == [
        "A", "reading took more than 100 MiB of memory: split it or leave it out.", "B", "C",
    ]  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="how a process ends is told otherwise there")
@pytest.mark.parametrize(("crash", "how"), [("abort", "SIGABRT"), ("segfault", "SIGSEGV")])
def test_a_crash_costs_that_source_alone(parser, crash, how):
    found = [item for _, _, item in parser.parsed([source("article A", crash, "article X"), source("article B")])]
    assert told(found) == ["A", f"reading it ended the parser process ({how}): repair it or leave it out.", "B"]


def test_what_a_reader_raises_is_a_reason(parser):
    assert told(parser.records(source("article A", "raise no\tsuch  thing"))) == [
        "A",
        "the reader failed: ValueError: no such thing",
    ]
    assert told(parser.records(source("exit"))) == ["the reader failed: SystemExit: 0"]
    assert told(parser.records(Source("a.bin", b"%PDF-1.7 x")))[0].startswith("a.bin: no reader for this: a PDF")


def test_what_no_archive_can_write_is_a_reason_and_no_crash(parser):
    unwritable, large, after = parser.records(source("surrogate", "large", "article A"))
    assert str(unwritable).startswith("a character that UTF-8 cannot write") and rb"\udcff" in unwritable.raw
    assert str(large) == "the article has more than 8 MiB: split it." and len(large.raw) == 1024 * 1024
    assert after.headline == "A"


def test_a_reader_that_prints_does_not_disturb(parser, capfd):
    assert told(parser.records(source("article A", "print", "article B"))) == ["A", "B"]
    assert capfd.readouterr().out == ""


def test_one_bad_among_99_good_in_order(parser):
    sources = [source("abort" if n == 57 else f"article {n}", name=f"{n}.slug") for n in range(100)]
    found = [(s.location, position, item) for s, position, item in parser.parsed(sources)]
    assert [location for location, _, _ in found] == [f"{n}.slug" for n in range(100)]
    assert {position for _, position, _ in found} == {0}
    assert [told([item])[0] for n, (_, _, item) in enumerate(found) if n != 57] == [
        str(n) for n in range(100) if n != 57
    ]
    assert isinstance(found[57][2], ReaderError)


def test_sources_are_read_ahead_but_not_all_of_them(parser):
    taken = []

    def coming():
        for n in range(500):
            taken.append(n)
            yield source(f"article {n}", name=f"{n}.slug")

    parsed = parser.parsed(coming())
    assert next(parsed)[2].headline == "0" and len(taken) == 2
    assert [item.headline for _, _, item in islice(parsed, 199)] == [str(n) for n in range(1, 200)]
    assert 200 < len(taken) < 250
    parsed.close()
    assert len(taken) < 250


def test_large_sources_are_not_held_in_numbers(parser):
    taken = []

    def coming():
        for n in range(8):
            taken.append(n)
            yield Source(f"{n}.slug", b"article x\nignore " + b"." * 10_000_000)

    for number, (_, _, item) in enumerate(parser.parsed(coming())):
        assert item.headline == "x" and len(taken) <= number + 3


@pytest.mark.parametrize("taken", [0, 1, 300])
def test_a_caller_may_stop_early(parser, taken):
    parsed = parser.parsed([source("many 20000"), source("sleep 60"), source("abort")])
    assert len(list(islice(parsed, taken))) == taken
    began = time.monotonic()
    parsed.close()
    assert time.monotonic() - began < 10
    assert told(parser.records(source("article A"))) == ["A"]


def test_two_can_be_read_at_a_time(parser):
    """A page is read while the list of pages is still open."""
    outer = parser.parsed([source("many 500"), source("article B")])
    heard = [next(outer)[2].body]
    for _ in range(5):
        heard += told(parser.records(source("article A")))
    assert heard[1:] == ["A"] * 5 and len(list(outer)) == 500


def test_what_the_sources_raise_reaches_the_caller(parser):
    def coming():
        yield source("article A")
        raise WrongUse("no such folder: give one.")

    with pytest.raises(WrongUse):
        list(parser.parsed(coming()))


def test_an_idle_process_is_used_again(slug):
    pids = {item.identity for _ in range(3) for item in Parser([slug]).records(source("pid"))}
    assert len(pids) == 1


def test_a_process_that_was_ended_from_outside_while_it_was_idle_is_replaced(slug):
    [first] = Parser([slug]).records(source("pid"))
    os.kill(int(first.identity), signal.SIGTERM)
    time.sleep(0.2)
    [second] = Parser([slug]).records(source("pid"))
    assert second.identity != first.identity


@pytest.mark.parametrize(
    ("spec", "why"),
    [("slug.py", "write it as"), (":Slug", "write it as"), ("nowhere.py:Slug", "FileNotFoundError"),
     ("no.such.module:Slug", "No module named 'no'"), ("{slug}:None", "AttributeError"),
     ("{slug}:Demanding", "RuntimeError: no key"), ("{slug}:Nothing", "it lacks name, accepts or read")],
)  # fmt: skip
def test_a_wrong_spec_is_said_at_once(slug, spec, why):
    with pytest.raises(WrongUse) as wrong:
        Parser([spec.format(slug=slug.removesuffix(":Slug"))])
    assert why in str(wrong.value) and "\n" not in str(wrong.value) and str(wrong.value).startswith("--reader ")


def test_a_reader_by_module_and_by_relative_file(slug, monkeypatch):
    folder = Path(slug.removesuffix(":Slug")).parent
    monkeypatch.syspath_prepend(folder)
    assert told(Parser(["slug:Slug"]).records(source("article A"))) == ["A"]
    monkeypatch.chdir(folder)
    relative = Parser(["slug.py:Slug"])
    monkeypatch.chdir(ROOT)
    assert told(relative.records(source("article A"))) == ["A"]


def test_a_reader_that_was_edited_is_loaded_anew(tmp_path):
    file = tmp_path / "own.py"
    for headline in ("First", "Second"):
        file.write_text(OWN_READER.replace("headline=rest", f"headline={headline!r}"))
        os.utime(file, ns=(0, len(headline) * 10**9))
        assert told(Parser([f"{file}:Slug"]).records(source("article A"))) == [headline]


def test_the_public_names_of_the_packages_are_there_for_a_reader(tmp_path):
    """Though the process starts without what their roots import."""
    file = tmp_path / "own.py"
    file.write_text(
        OWN_READER.replace("from rag.article import Article", "from rag import Article\nfrom ingest import Source")
    )
    assert told(Parser([f"{file}:Slug"]).records(source("article A"))) == ["A"]


def test_it_starts_light(slug):
    """What the roots of the packages import takes seconds."""
    heavy = "torch numpy langchain_core pydantic tantivy trafilatura feedparser pyarrow"
    [article] = Parser([slug], mebibytes=511).records(source(f"loaded {heavy}"))
    assert article.headline == "loaded: set()"


PARENT = """
import sys, time
from ingest.parsing.parser import Parser
from ingest.source import Source
open_ones = []
for rest in ("", "\\nsleep 60", "\\nmany 100000"):
    parsed = Parser([sys.argv[1]], seconds=5).parsed([Source("a.slug", b"pid" + rest.encode())])
    print(next(parsed)[2].identity, flush=True)
    open_ones.append(parsed)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whether a process is there")
def test_nothing_is_left_of_it_when_the_parent_is_killed(slug):
    """Whether it waits for a source, hangs in one, or waits to be heard."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, slug], cwd=ROOT, stdout=subprocess.PIPE)
    pids = [int(parent.stdout.readline()) for _ in range(3)]
    assert len(set(pids)) == 3 and is_running(pids[0])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, pids))


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_is_not_for_the_process(parser):
    [article] = parser.records(source("pid"))
    os.kill(int(article.identity), signal.SIGINT)
    assert [item.identity for item in parser.records(source("pid"))] == [article.identity]


def test_what_travels_is_data():
    """S9: neither a pickle nor anything else that a parser was made to send becomes code."""
    for kind, payload in [(parcel.ARTICLE, b'{"lc": 1}'), (parcel.LEAD, b"\x80\x04N."), (b"X", b"[]")]:
        with pytest.raises((ValueError, KeyError, TypeError)):
            parcel.unpacked(kind, payload)
    assert json.loads(parcel.packed(ReaderError("x", b"\xff"))[1]) == {"reason": "x", "raw": "/w=="}
