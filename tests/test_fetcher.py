"""Fetching from real servers on the loopback: redirects, limits, bombs, slowness, politeness, and what has not changed."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import httpcore
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from news_server import NewsServer, Page

from ingest.fetching import exchange as exchanging
from ingest.fetching.body import read_body
from ingest.fetching.door import Door
from ingest.fetching.fetcher import Fetched, Fetcher
from ingest.fetching.hop import hop_of
from ingest.fetching.pace import Pace
from ingest.fetching.robots import Robots
from rag.errors import FetchError
from rag.input_book import Remembered

STORY = b"<p>The ferry to Orle ran two hours late on Monday.</p>"
SMALL = exchanging.Limits(body=50_000)
HASTY = exchanging.Limits(body=50_000, read=0.3, total=0.6)


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def site():
    with NewsServer() as server:
        yield server


def intranet(delay: float = 0, limits: exchanging.Limits = SMALL, **others) -> Fetcher:
    return Fetcher(allow_private=True, delay=delay, limits=limits, **others)


def refused(site: NewsServer, path: str = "/a", **others) -> str:
    """The one line that tells why."""
    with pytest.raises(FetchError) as told, intranet(**others) as fetcher:
        fetcher.fetch(site.url + path)
    line = str(told.value)
    assert line.startswith(site.url + path)
    assert line.endswith(".")
    assert "\n" not in line
    return line


def to(location: str, status: int = 302, body: bytes = b"") -> Page:
    return Page(body, status, {"Location": location})


def raw(*parts: bytes, pause: float = 0.0) -> Page:
    def send(handler) -> None:
        for part in parts:
            handler.wfile.write(part)
            time.sleep(pause)

    return Page(send=send)


def test_a_page(site):
    site.pages["/news/b%C3%A4r?n=1&m=%20"] = Page(STORY, headers={"Content-Type": 'text/html; charset="ISO-8859-1"'})
    with intranet() as fetcher:
        fetched = fetcher.fetch(f"  {site.url}/news/bär?n=1&m=%20#top ")
    assert fetched == Fetched(f"{site.url}/news/b%C3%A4r?n=1&m=%20", STORY, 'text/html; charset="ISO-8859-1"')
    assert fetched.charset == "iso-8859-1"


def test_what_is_said_of_us_and_what_is_not(site):
    site.pages |= {"/a": to("/b"), "/b": Page(STORY, headers={"Set-Cookie": "id=1"})}
    with intranet() as fetcher:
        fetcher.fetch(site.url + "/a")
        fetcher.fetch(site.url + "/b")
    for _, headers in site.requests:
        assert headers == {
            "host": f"127.0.0.1:{site.port}",
            "user-agent": "Dateline/0.1 (news archive; python-httpcore)",
            "accept": "*/*",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }


def test_the_environment_names_no_proxy_for_us(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/a"] = Page(STORY)
    assert intranet().fetch(site.url + "/a").data == STORY


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site, status):
    site.pages |= {"/a": to("b?x=1", status), "/b?x=1": Page(STORY)}
    assert intranet().fetch(site.url + "/a") == Fetched(site.url + "/b?x=1", STORY)


def test_five_redirects_and_no_more(site):
    site.pages |= {f"/{n}": to(f"/{n + 1}") for n in range(6)} | {"/6": Page(STORY)}
    assert intranet().fetch(site.url + "/1").data == STORY
    assert "more than 5 times" in refused(site, "/0")


@pytest.mark.parametrize("location", ["/a", "/b", "", "#x"])
def test_a_circle(site, location):
    site.pages |= {"/a": to(location), "/b": to("/a")}
    assert "in a circle" in refused(site)
    assert len(site.paths) <= 2


@pytest.mark.parametrize(
    "location",
    """file:///etc/passwd FILE:///etc/passwd ftp://example.org/a data:text/html,x javascript:alert(1) gopher://x.example/
    http://169.254.169.254/latest/meta-data/ http://[::ffff:169.254.169.254]/ http://2852039166/ //169.254.169.254/x
    http://[64:ff9b::7f00:1]/ http://0.0.0.0/ http://user:word@127.0.0.1/ http://127.0.0.1:22/ http://127.1/ http:///x
    /\\\\evil.example/ http://127.0.0.1:6379/""".split(),
)
def test_a_redirect_to_what_may_not_be_asked(site, location):
    site.pages["/a"] = to(location)
    connected = []

    def connect(address: str, port: int, seconds: float):
        connected.append((address, port))
        return httpcore.SyncBackend().connect_tcp(address, port, seconds)

    refused(site, door=Door(connect=connect))
    assert set(connected) == {("127.0.0.1", site.port)}


def public(site: NewsServer, *hosts: str, **others) -> tuple[Fetcher, list[str]]:
    """A fetcher for public addresses only; the hosts' public addresses are all served by ``site``."""
    connected = []

    def connect(address: str, port: int, seconds: float):
        connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", site.port, seconds)

    names = {host: [f"93.184.215.{n}"] for n, host in enumerate(hosts, 1)} | {"inside.example": ["10.0.0.1"]}
    door = Door(resolve=lambda host, port: names.get(host, []), connect=connect)
    return Fetcher(delay=0, limits=SMALL, door=door, **others), connected


def test_a_public_host_sends_nobody_into_the_private_net(site):
    fetcher, connected = public(site, "bell.example", "post.example")
    site.pages |= {"/a": to("http://post.example/b"), "/b": Page(STORY), "/c": to("http://inside.example/d")}
    assert fetcher.fetch("http://bell.example/a").address == "http://post.example/b"
    assert set(connected) == {"93.184.215.1", "93.184.215.2"}
    with pytest.raises(FetchError, match=r"inside.example \(10.0.0.1\) is not a public address: give --allow-private"):
        fetcher.fetch("http://bell.example/c")
    site.pages["/e"] = to(f"{site.url}/b")
    with pytest.raises(FetchError, match="127.0.0.1 is not a public address"):
        fetcher.fetch("http://bell.example/e")
    assert set(connected) == {"93.184.215.1", "93.184.215.2"}


def test_a_robots_txt_that_leads_into_the_private_net_is_not_followed(site):
    fetcher, connected = public(site, "bell.example")
    site.pages |= {"/robots.txt": to("http://169.254.169.254/"), "/a": Page(STORY)}
    with pytest.raises(FetchError, match="robots.txt of http://bell.example cannot be read: .*169.254.169.254"):
        fetcher.fetch("http://bell.example/a")
    assert connected == ["93.184.215.1"]


def test_the_next_checked_address_serves_where_the_first_does_not(site):
    site.pages["/a"] = Page(STORY)
    tried = []

    def connect(address: str, port: int, seconds: float):
        tried.append(address)
        if address == "1.1.1.1":
            raise httpcore.ConnectError("refused")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", site.port, seconds)

    door = Door(resolve=lambda host, port: ["1.1.1.1", "8.8.8.8"], connect=connect)
    assert Fetcher(delay=0, door=door).fetch("http://bell.example/a").data == STORY
    assert tried == ["1.1.1.1", "8.8.8.8"] * 2


def test_the_way_down_from_https_is_closed():
    hop = hop_of("https://bell.example/a")
    assert hop.next("//post.example/b") == hop_of("https://post.example/b")
    assert hop_of("http://bell.example/a").next("https://bell.example/a") == hop
    with pytest.raises(FetchError, match="from https to http"):
        hop.next("http://bell.example/a")


def test_tls_and_host_header_keep_the_name(tmp_path, monkeypatch):
    """Though the connection goes to an IP address; and a certificate for another name is refused."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bell.example -addext"
    names = ["subjectAltName=DNS:bell.example", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make.split(), *names], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    exchanging._tls.cache_clear()
    tls, heard = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), []
    tls.load_cert_chain(certificate, key)
    tls.sni_callback = lambda sock, name, context: heard.append(name)
    with NewsServer(tls) as site:
        site.pages["/a"] = Page(STORY)
        fetcher, connected = public(site, "bell.example", "post.example")
        assert fetcher.fetch("https://bell.example/a").data == STORY
        assert (heard, connected) == (["bell.example"] * 2, ["93.184.215.1"] * 2)
        assert {headers["host"] for _, headers in site.requests} == {"bell.example"}
        with pytest.raises(FetchError, match="no connection to post.example .*CERTIFICATE"):
            fetcher.fetch("https://post.example/a")
    exchanging._tls.cache_clear()


# Sizes


def test_up_to_the_limit_and_not_beyond(site):
    site.pages |= {"/a": Page(b"x" * 50_000), "/b": Page(b"x" * 50_001)}
    assert len(intranet().fetch(site.url + "/a").data) == 50_000
    assert "larger than 50000 bytes" in refused(site, "/b")


def test_a_length_that_is_told_beforehand_is_not_waited_for(site):
    site.pages["/a"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", pause=0.1)
    assert "larger than" in refused(site)


def test_a_body_without_end_and_without_length(site):
    def send(handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 10_000)

    site.pages["/a"] = Page(send=send)
    assert "larger than" in refused(site)


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "GZIP", "deflate", "raw deflate"])
def test_a_packed_page(site, packing):
    packed = {"d": zlib.compress(STORY), "r": zlib.compress(STORY)[2:-4]}.get(packing[0], gzip.compress(STORY))
    site.pages["/a"] = Page(packed, headers={"Content-Encoding": packing.removeprefix("raw ")})
    assert intranet().fetch(site.url + "/a").data == STORY


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


def test_a_bomb_does_not_go_off(site):
    packed = bomb(40 << 20)
    assert len(packed) * 1000 < 42 << 20
    site.pages["/a"] = Page(packed, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 1 MiB"):
            intranet(limits=exchanging.Limits(body=1 << 20)).fetch(site.url + "/a")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def test_a_bomb_in_a_redirect_is_not_even_read(site):
    sent = []

    def send(handler) -> None:
        head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Encoding: gzip\r\nContent-Length: 50000000\r\n\r\n"
        handler.wfile.write(head)
        for _ in range(500):
            handler.wfile.write(bytes(100_000))
            sent.append(1)

    site.pages |= {"/a": Page(send=send), "/b": Page(STORY)}
    assert intranet().fetch(site.url + "/a").data == STORY
    assert len(sent) < 500


@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, gzip", "aes128gcm", "x" * 500])
def test_a_packing_not_asked_for(site, packing):
    site.pages["/a"] = Page(STORY, headers={"Content-Encoding": packing})
    assert "not asked for" in refused(site)


@given(st.binary(max_size=2000), st.integers(1, 300), st.sampled_from(["gzip", "deflate", ""]), st.integers(1, 3))
def test_a_body_is_the_same_however_it_is_cut(data, size, packing, members):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "": bytes}[packing]
    body = pack(data) * members if packing == "gzip" else pack(data)
    pieces = [body[n : n + size] for n in range(0, len(body), size)]
    whole = data * members if packing == "gzip" else data
    assert read_body(pieces, packing, 10_000) == whole
    assert read_body([*pieces, b"\0\0\0"], packing, 10_000) == (whole if packing else whole + b"\0\0\0")
    if packing:
        for end in {1, len(pack(data)) // 2, len(pack(data)) - 1}:
            with pytest.raises(FetchError, match="cut off|damaged"):
                read_body([body[:end]], packing, 10_000)


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_read_or_refused(data, packing):
    try:
        assert len(read_body([data], packing, 1000)) <= 1000
    except FetchError as refusal:
        assert str(refusal).endswith(".")


def test_large_and_packed_is_whole():
    data = bytes(range(256)) * 12_000
    assert read_body([gzip.compress(data)], "gzip", len(data)) == data
    with pytest.raises(FetchError, match="larger than 2 MiB"):
        read_body([gzip.compress(data)], "gzip", len(data) - 1)
    for size in range((1 << 18) + 1, (1 << 18) + 300, 7):  # its last byte is read before all that it stands for is out
        bare = zlib.compress(bytes(size), 9)[2:-4]
        assert read_body([bare], "deflate", size) == bytes(size)


def test_what_inflates_to_nothing_is_capped_too():
    with pytest.raises(FetchError, match="larger than 1000 bytes"):
        read_body([gzip.compress(b"")] * 100, "gzip", 1000)


@pytest.mark.parametrize(
    "head",
    [b"X: " + b"x" * 200_000 + b"\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(30_000))],
    ids=["one long", "many"],
)
def test_headers_without_measure(site, head):
    site.pages["/a"] = raw(b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 2\r\n\r\nok")
    assert "no HTTP" in refused(site)


# Slowness and cuts


@pytest.mark.parametrize(
    ("parts", "pause"),
    [
        ((b"",), 1.5),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",), 1.5),
        ((b"HTTP/1.1 200 OK\r\n", *(b"X-%d: y\r\n" % n for n in range(40))), 0.1),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", *[b"x"] * 40), 0.1),
        ((*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 40,), 0.1),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 40), 0.1),
    ],
    ids="silent stops headers body continue chunks".split(),
)
def test_a_slow_answer_is_not_waited_for(site, parts, pause):
    site.pages["/a"] = raw(*parts, pause=pause)
    start = time.monotonic()
    assert "too slow" in refused(site, limits=HASTY)
    assert time.monotonic() - start < 10


def test_the_deadline_holds_where_single_reads_may_be_slow(site):
    site.pages["/a"] = raw(b"HTTP/1.1 200 OK\r\n", pause=15)
    start = time.monotonic()
    assert "too slow" in refused(site, limits=exchanging.Limits(read=60, total=0.4))
    assert time.monotonic() - start < 10


def test_redirects_share_one_deadline(site):
    def slowly(handler) -> None:
        time.sleep(0.2)
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: %s1\r\n\r\n" % handler.path.encode())

    site.pages |= {"/" + "1" * n: Page(send=slowly) for n in range(1, 7)}
    assert "too slow" in refused(site, "/1", limits=HASTY)
    assert len(site.paths) <= 4


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(STORY)[:-12],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n" * 1000,
        b"\x00\xff" * 60_000,
        b"",
    ],
)
def test_a_broken_answer_is_reported_and_not_taken_for_whole(site, answer):
    site.pages["/a"] = raw(answer)
    line = refused(site)
    assert "cut off" in line or "damaged" in line
    assert len(line) < 500


@pytest.mark.parametrize(
    ("status", "cure"),
    [(404, "check the address"), (410, "check the address"), (500, "try again later"), (503, "try again later"),
     (403, "save the page"), (401, "save the page"), (451, "save the page"), (206, "save the page"), (204, "save the page"),
     (304, "save the page"), (300, "save the page")],
)  # fmt: skip
def test_a_status_that_is_no_page(site, status, cure):
    site.pages["/a"] = Page(b"" if status in (204, 304) else STORY, status)
    with pytest.raises(FetchError, match=cure) as told:
        intranet().fetch(site.url + "/a")
    assert told.value.status == status


def test_nobody_there():
    with NewsServer() as gone:
        pass
    with pytest.raises(FetchError, match="no connection to 127.0.0.1"):
        intranet().fetch(gone.url + "/a")
    with pytest.raises(FetchError, match="the host nowhere.example is not known"):
        Fetcher(door=Door(resolve=lambda host, port: [])).fetch("http://nowhere.example/")


# What has not changed


def test_what_has_not_changed_is_not_sent_again(site):
    dated = {"ETag": '"v1"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}
    site.pages["/feed"] = [Page(STORY, headers=dated), Page(status=304), Page(status=304, headers={"ETag": '"v2"'})]
    with intranet() as fetcher:
        first = fetcher.fetch(site.url + "/feed")
        second = fetcher.fetch(site.url + "/feed", first.remembered)
        third = fetcher.fetch(site.url + "/feed", second.remembered)
    assert (first.data, first.not_modified) == (STORY, False)
    assert (second.data, second.not_modified, second.remembered) == (b"", True, first.remembered)
    assert third.remembered == Remembered(site.url + "/feed", '"v2"', dated["Last-Modified"])
    asked = site.requests[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', dated["Last-Modified"])


def test_an_etag_goes_back_to_its_own_address_only(site):
    site.pages |= {"/old": to("/feed"), "/feed": [Page(STORY, headers={"ETag": '"v1"'}), Page(status=304)]}
    with intranet() as fetcher:
        first = fetcher.fetch(site.url + "/old")
        assert fetcher.fetch(site.url + "/old", first.remembered).not_modified
    told = [(path, headers.get("if-none-match")) for path, headers in site.requests[1:]]
    assert told == [("/old", None), ("/feed", None), ("/old", None), ("/feed", '"v1"')]


# Politeness


def test_robots_txt_is_read_once_and_heeded_at_every_hop(site):
    rules = b"User-agent: *\nDisallow: /private\nUser-agent: Dateline\nDisallow: /closed"
    site.pages |= {"/robots.txt": Page(rules), "/private": Page(STORY), "/closed": Page(STORY), "/a": to("/closed")}
    with intranet() as fetcher:
        assert fetcher.fetch(site.url + "/private").data == STORY
        for path in ("/closed", "/a"):
            with pytest.raises(FetchError, match="asks robots to leave it: save the page"):
                fetcher.fetch(site.url + path)
    assert [path for path, _ in site.requests] == ["/robots.txt", "/private", "/a"]


def test_a_site_whose_robots_txt_fails_is_left_alone(site):
    site.pages |= {"/robots.txt": Page(status=500), "/a": Page(STORY)}
    assert "cannot be read" in refused(site)
    assert site.paths == []


def test_two_requests_to_one_host_are_a_second_apart(site):
    clock = Clock()
    site.pages |= {"/a": to("/b"), "/b": Page(STORY)}
    with intranet(delay=1, clock=clock, sleep=clock.sleep) as fetcher:
        fetcher.fetch(site.url + "/a")
        assert clock.slept == [1, 1]
        clock.now += 0.75
        fetcher.fetch(site.url + "/b")
        assert clock.slept == [1, 1, 0.25]
        clock.now += 60
        fetcher.fetch(site.url + "/b")
        assert len(clock.slept) == 3


def test_a_site_may_ask_for_more_time_within_reason(site):
    for asked, given_ in ((5, 5), (86400, 30)):
        clock = Clock()
        site.pages |= {"/robots.txt": Page(b"User-agent: *\nCrawl-delay: %d" % asked), "/a": Page(STORY)}
        with intranet(delay=1, clock=clock, sleep=clock.sleep) as fetcher:
            fetcher.fetch(site.url + "/a")
            fetcher.fetch(site.url + "/a")
        assert clock.slept == [1, given_]


def test_hosts_do_not_wait_for_each_other():
    clock = Clock()
    pace = Pace(1, clock, clock.sleep)
    for n in range(1500):
        pace.wait(f"{n}.example")
    assert clock.slept == []
    pace.wait("1499.example")
    assert clock.slept == [1]


def test_threads_get_moments_of_their_own():
    slept = []
    pace = Pace(1, lambda: time.sleep(0.002) or 0.0, slept.append)  # long enough for another thread to come between
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pace.wait, ["bell.example"] * 8))
    assert sorted(slept) == [1, 2, 3, 4, 5, 6, 7]


def test_one_fetcher_serves_many_threads(site):
    site.pages |= {f"/{n}": Page(b"%d" % n) for n in range(40)}
    site.pages["/robots.txt"] = raw(b"HTTP/1.1 404 Not Found\r\n", b"\r\n", pause=0.1)
    with intranet(limits=exchanging.Limits()) as fetcher, ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda n: fetcher.fetch(f"{site.url}/{n}").data, range(40)))
    assert bodies == [b"%d" % n for n in range(40)]
    assert [path for path, _ in site.requests].count("/robots.txt") == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_to_come_back(site, status):
    clock = Clock()
    site.pages["/a"] = [Page(status=status, headers={"Retry-After": "7"}), Page(STORY)]
    with intranet(clock=clock, sleep=clock.sleep) as fetcher:
        assert fetcher.fetch(site.url + "/a").data == STORY
    assert clock.slept == [7]


@pytest.mark.parametrize(
    ("told", "asked"),
    # Names of their own: xdist's processes collect in different seconds.
    [
        ("7", 2),
        pytest.param(formatdate(time.time() + 20, usegmt=True), 2, id="soon enough"),
        ("31", 1),
        ("9" * 400, 1),
        ("soon", 1),
        ("²", 1),
        ("", 1),
        ("-5", 1),
        pytest.param(formatdate(time.time() + 9999, usegmt=True), 1, id="hours away"),
        ("Mon, 02 Mar 0000 99:00:00 GMT", 1),
    ],
)
def test_it_is_asked_once_more_and_not_for_ever(site, told, asked):
    clock = Clock()
    head = f"HTTP/1.1 429 Slow down\r\nRetry-After: {told}\r\nContent-Length: 0\r\n\r\n"
    site.pages["/a"] = raw(head.encode())
    with pytest.raises(FetchError, match="try again later") as failed:
        intranet(clock=clock, sleep=clock.sleep).fetch(site.url + "/a")
    assert failed.value.status == 429
    assert len(site.paths) == asked
    assert sum(clock.slept) <= 30


def test_closing_wakes_who_waits(site):
    site.pages["/a"] = Page(STORY)
    fetcher = intranet(delay=3600, limits=exchanging.Limits())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(fetcher.fetch, site.url + "/a")
        while not site.requests:
            time.sleep(0.01)
        threading.Timer(0.05, fetcher.close).start()
        with pytest.raises(FetchError, match="fetching was stopped"):
            waiting.result(timeout=10)
    assert site.paths == []


def test_importing_it_is_cheap():
    heavy = ("httpcore", "httpx", "protego", "h11")
    code = f"import sys; from ingest.fetching import fetcher; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_robots_of_a_site_stand_for_all_its_pages():
    robots = Robots("Dateline", lambda address: b"User-agent: *\nDisallow: /a?b")
    rules = robots.rules("https://bell.example")
    assert [rules.allows(f"https://bell.example{path}") for path in ("/a", "/a?b=1", "/a?c")] == [True, False, True]
