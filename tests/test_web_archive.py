"""WARC and ARC: every page is an input with its address, damage costs the record that it is in, a cut is told."""

import gzip
import random
import tempfile
import zlib
from pathlib import Path

import brotli
import pytest
from conftest import SHARED
from peak_memory import read_in_a_process

from ingest.containers.opened import MIB, Limits
from ingest.source import Source, Unreadable
from ingest.sources import find_sources

REAL = SHARED / "data" / "formats" / "warc" / "warcio"


def answer(body: bytes, status: str = "200 OK", kind: str = "text/html", **headers: str) -> bytes:
    fields = {"Content-Type": kind, "Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def record(
    uri: str, block: bytes, kind: str = "response", media_type: str = "application/http", **fields: str
) -> bytes:
    told = {"WARC-Type": kind, "WARC-Target-URI": uri, "Content-Type": media_type, "Content-Length": str(len(block))}
    told |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def html(number: int) -> bytes:
    return f"<p>Story {number}: {random.Random(number).randbytes(200).hex()}</p>".encode()


def page(number: int) -> bytes:
    return record(f"https://bell.example/{number}.html", answer(html(number)))


def read(data: bytes, limits: Limits | None = None) -> list[Source | Unreadable]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "crawl.warc"
        file.write_bytes(data)
        return list(find_sources([str(file)], limits=limits or Limits()))


def sources(items) -> list[Source]:
    return [item for item in items if isinstance(item, Source)]


def reasons(items) -> list[str]:
    return [item.reason.partition("crawl.warc")[2] for item in items if isinstance(item, Unreadable)]


RECORDS = [page(number) for number in range(8)]
WHOLE = b"".join(RECORDS)
FORMS = {
    "whole": WHOLE,
    "gzip of the whole": gzip.compress(WHOLE),
    "gzip by record": b"".join(map(gzip.compress, RECORDS)),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_every_page_is_an_input_with_its_address(data):
    items = read(data)
    assert [item.data for item in items] == [html(number) for number in range(8)]
    assert items[4].address == "https://bell.example/4.html" and items[4].name == "4.html"
    assert items[4].location.endswith("crawl.warc!/5:https://bell.example/4.html")


def test_what_is_no_page_is_passed_over():
    robots = record("https://bell.example/robots.txt", answer(b"User-agent: *", kind="text/plain"))
    others = [
        record("https://bell.example/a", b"GET / HTTP/1.1\r\n\r\n", "request"),
        record("https://bell.example/a", answer(b""), "revisit"),
        record("https://bell.example/a", b"fetchTimeMs: 3", "metadata", "application/warc-fields"),
        record("dns:bell.example", b"20260301 192.0.2.1", "response", "text/dns"),
        record("metadata://bell.example/log.txt", b"log", "resource", "text/plain"),
        robots,
        *(
            record(f"https://bell.example/{s}", answer(b"<p>x</p>", s))
            for s in ("404 No", "301 Moved", "206 Part", "500 Oh")
        ),
        *(
            record("https://bell.example/x", answer(b"<x/>", kind=k))
            for k in ("image/svg+xml", "text/css", "text/javascript")
        ),
        record("https://bell.example/x", answer(b"\x89PNG", kind="")),
        record("https://bell.example/x", answer(b"")),
    ]
    items = read(b"".join([*others, RECORDS[0]]))
    assert [item.data for item in items] == [html(0)]
    [item] = read(b"".join(others))
    assert item.reason.endswith("there is no page in this web archive: give one that holds pages.")


def test_pages_of_every_kind_of_text():
    kinds = ["text/html; charset=ISO-8859-1", "application/xhtml+xml", "application/rss+xml", "application/json"]
    kinds += ["text/plain", ""]
    data = b"".join(record(f"https://bell.example/{n}", answer(b"<p>x</p>", kind=kind)) for n, kind in enumerate(kinds))
    data += record("<https://bell.example/a b>", b"<p>x</p>", "resource", "text/html")
    data += record("file:///home/ann/page.html", b"<p>x</p>", "resource", "text/html")
    items = read(data)
    assert [item.data for item in items] == [b"<p>x</p>"] * 8
    assert (
        items[0].charset == "iso-8859-1" and items[6].address == "https://bell.example/a%20b" and not items[7].address
    )


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


ZLIB, RAW = zlib.compress(html(1)), zlib.compressobj(wbits=-15)
PACKED = {
    "chunked": (chunked(html(1)), {"Transfer_Encoding": "chunked"}),
    "chunked, already joined": (html(1), {"Transfer_Encoding": "chunked"}),
    "gzip": (gzip.compress(html(1)), {"Content_Encoding": "gzip"}),
    "gzip, already unpacked": (html(1), {"Content_Encoding": "gzip"}),
    "gzip, chunked": (chunked(gzip.compress(html(1))), {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
    "deflate": (ZLIB, {"Content_Encoding": "deflate"}),
    "deflate, bare": (RAW.compress(html(1)) + RAW.flush(), {"Content_Encoding": "deflate"}),
    "brotli": (brotli.compress(html(1)), {"Content_Encoding": "br"}),
}


@pytest.mark.parametrize(("body", "headers"), PACKED.values(), ids=PACKED)
def test_a_page_is_as_a_browser_had_it(body, headers):
    assert [item.data for item in read(record("https://bell.example/1", answer(body, **headers)))] == [html(1)]


@pytest.mark.parametrize(("body", "headers"), PACKED.values(), ids=PACKED)
def test_a_page_that_was_cut_costs_itself(body, headers):
    items = read(record("https://bell.example/1", answer(body[:-9], **headers)) + RECORDS[2])
    whole = [item.data for item in sources(items)]
    assert whole[-1] == html(2) and len(items) == 2
    assert len(whole) == 2 or reasons(items)[0].endswith("anew.")


def test_a_page_that_the_crawler_cut_says_so():
    items = read(record("https://bell.example/1", answer(html(1)), WARC_Truncated="length") + RECORDS[2])
    assert (
        reasons(items)[0].endswith("the crawler cut this page off (length): crawl it anew.")
        and len(sources(items)) == 1
    )


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, brotli.compress])
def test_a_packed_page_is_capped_while_it_inflates(pack):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate", brotli.compress: "br"}[pack]
    bomb = record("https://bell.example/1", answer(pack(b"<p>" + bytes(8 * MIB)), Content_Encoding=encoding))
    items = read(bomb + RECORDS[2], Limits(whole=MIB))
    assert "larger than 1 MiB" in reasons(items)[0] and [item.data for item in sources(items)] == [html(2)]


def test_a_page_that_is_too_large_costs_itself_and_a_large_film_nothing():
    large = record("https://bell.example/1", answer(b"<p>" + b"rain " * MIB))
    film = record("https://bell.example/1", answer(bytes(5 * MIB), kind="video/mp4"))
    for data in (film + large + RECORDS[2], gzip.compress(film + large + RECORDS[2])):
        items = read(data, Limits(whole=2 * MIB))
        assert len(reasons(items)) == 1 and [item.data for item in sources(items)] == [html(2)]


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_of_a_cut_archive_the_whole_pages_are_read_and_the_cut_is_told(data):
    ends = [len(b"".join(RECORDS[: n + 1])) for n in range(8)]
    for cut in sorted(random.Random(3).sample(range(len(data) // 20, len(data) - 5), 120)):
        items = read(data[:cut])
        assert [item.data for item in sources(items)] == [html(number) for number in range(len(sources(items)))]
        between = data is WHOLE and any(0 <= cut - end + 4 <= 4 for end in ends)
        assert len(reasons(items)) == 1 or between or cut in boundaries(), (cut, reasons(items))
        if data is WHOLE and not between:
            assert len(sources(items)) == sum(end - 4 <= cut for end in ends)
    assert len(sources(items)) >= 6


def boundaries() -> set[int]:
    """Where an archive of packed records can be cut without a trace."""
    sizes = [len(gzip.compress(one)) for one in RECORDS]
    return {sum(sizes[:n]) for n in range(8)}


@pytest.mark.parametrize("form", ["whole", "gzip by record"])
def test_one_bad_among_99_good(form):
    for damage in ("length", "longer", "line", "bytes"):
        records = [page(number) for number in range(100)]
        bad = records[50]
        if damage == "length":
            bad = bad.replace(b"Content-Length: ", b"Content-Length: x", 1)
        elif damage == "longer":
            bad = bad.replace(b"Content-Length: ", b"Content-Length: 99999", 1)
        elif damage == "line":
            bad = bad.replace(b"WARC/1.0", b"WARP/1.0", 1)
        records[50] = bad
        packed = [gzip.compress(one) if form != "whole" else one for one in records]
        if damage == "bytes":
            packed[50] = packed[50][:30] + bytes(40) + packed[50][70:]
        items = read(b"".join(packed))
        good = {html(number) for number in range(100) if number != 50}
        assert good <= {item.data for item in sources(items)}, (damage, len(items))
        assert 1 <= len(reasons(items)) <= 2 and "51" in reasons(items)[0], reasons(items)


def test_an_old_arc_is_read_too():
    def arc(uri: str, block: bytes, kind: str = "text/html") -> bytes:
        return f"{uri} 192.0.2.1 20060301120000 {kind} {len(block)}\n".encode() + block + b"\n"

    head = b"1 0 Crawl\nURL IP-address Archive-date Content-type Archive-length\n"
    pages = [arc(f"http://bell.example/{n}", answer(html(n))) for n in range(3)]
    data = arc("filedesc://a.arc", head, "text/plain") + arc("dns:bell.example", b"x") + b"".join(pages)
    for packed in (data, gzip.compress(data)):
        items = read(packed)
        assert [item.data for item in items] == [html(0), html(1), html(2)] and items[
            0
        ].address == "http://bell.example/0"
    assert len(sources(read(data[:-30]))) == 2 and len(reasons(read(data[:-30]))) == 1


# What a person would list from each: pages, and whether something is told to be wrong.
LISTED = {
    "bad.arc": (0, 3), "example-bad-non-chunked.warc.gz": (1, 0), "example-bad.warc.gz.bad": (1, 0),
    "example-digest.warc": (0, 1), "example-iana.org-chunked.warc": (1, 0), "example-resource.warc.gz": (1, 0),
    "example-space-in-target-uri.warc.gz": (0, 1), "example-space-in-url.arc": (1, 1), "example-trunc.warc": (0, 2),
    "example-wget-bad-target-uri.warc.gz": (1, 0), "example-wrong-chunks.warc.gz": (1, 0), "example.arc": (1, 0),
    "example.arc.gz": (1, 0), "example.warc": (1, 0), "example.warc.gz": (1, 0), "post-test.warc.gz": (3, 0),
}  # fmt: skip


def test_real_archives_give_what_a_person_would_list():
    if not REAL.is_dir():
        pytest.skip("../shared is not here")
    counts = {}
    for file in sorted(REAL.iterdir()):
        items = list(find_sources([str(file)]))
        counts[file.name] = (len(sources(items)), len(reasons(items)))
        assert all(item.data.lstrip()[:1] in (b"<", b"{") for item in sources(items))
    assert counts == LISTED


def test_a_long_archive_takes_flat_memory(tmp_path):
    """I4."""
    large = gzip.compress(
        b"".join([record("https://bell.example/f", answer(bytes(2 * MIB), kind="video/mp4")), *RECORDS]), 1
    )
    with (tmp_path / "crawl.warc.gz").open("wb") as file:
        for _ in range(120):
            file.write(large)
    count, grown = read_in_a_process(tmp_path / "crawl.warc.gz", "bool(source.address)")
    assert count == 960 and grown < 60 * MIB
