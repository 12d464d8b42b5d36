"""robots.txt: whose rules are ours, what a missing or broken one means, and that a hostile one costs little."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.robots import Robots, rules_of
from rag.errors import FetchError

SITE = "https://bell.example"


def allows(text: str, path: str) -> bool:
    return rules_of(text.encode(), "Dateline").allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: DATELINE\nDisallow: /", "/a", False),
        ("User-agent: dateline/2.0\nDisallow: /", "/a", False),
        ("User-agent: date\nDisallow: /", "/a", True),
        ("User-agent: line\nDisallow: /", "/a", True),
        ("User-agent: datelines\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: dateline\nAllow: /", "/a", True),
        ("User-agent: one\nUser-agent: dateline\nUser-agent: two\nDisallow: /x", "/x", False),
        ("User-agent: one\nDisallow: /x\nUser-agent: two\nDisallow: /y", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: * # everybody\nDisallow: /a # this", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("user agent *\ndisallow /a", "/a", False),
        ("<!doctype html><title>Not found</title>", "/a", True),
    ],
)
def test_rules(text, path, allowed):
    assert allows(text, path) is allowed


def test_the_wish_for_slowness_is_of_our_group_only():
    text = b"User-agent: *\nCrawl-delay: 7\n\nUser-agent: other\nCrawl-delay: 100"
    assert rules_of(text, "Dateline").delay == 7
    assert rules_of(b"User-agent: *\nCrawl-delay: soon", "Dateline").delay == 0


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(15000)) + "Disallow: /a\n" * 15000,
        "".join(f"User agent a{n}\n" for n in range(15000)) + "Disallow: /a\n" * 15000,
        "User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*b\n" * 10000,
        "User-agent: *\nDisallow: /" + "*a" * 200_000,
        "User-agent: *\nDisallow: /" + "$" * 400_000,
        "User-agent:" + " " * 400_000 + "x",
        "user" + " " * 400_000,
        "%" * 400_000,
    ],
    ids="agents agents-2 stars star dollars blanks user percents".split(),
)
def test_a_hostile_file_costs_little(text):
    start = time.perf_counter()
    rules_of(text.encode(), "Dateline").allows(f"{SITE}/{'a' * 1900}")
    assert time.perf_counter() - start < 10


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_rules(data):
    rules = rules_of(data, "Dateline")
    assert rules.allows(SITE + "/robots.txt")
    assert rules.delay >= 0


class Site:
    """Answers for a robots.txt: bytes, or the status of an error."""

    def __init__(self, answer: bytes | int) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.now = 0.0
        self.robots = Robots("Dateline", self.read, clock=lambda: self.now)

    def read(self, address: str) -> bytes:
        self.asked.append(address)
        if isinstance(self.answer, int):
            raise FetchError("it did not work: try again later.", self.answer)
        return self.answer

    def allowed(self) -> bool:
        return self.robots.rules(SITE).allows(SITE + "/a")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(400, True), (401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (0, False)],
)  # fmt: skip
def test_none_to_be_had(status, allowed):
    """RFC 9309, 2.3.1.3 and 2.3.1.4."""
    assert Site(status).allowed() is allowed


def test_it_is_read_once_a_day_and_sooner_where_the_site_was_down():
    site = Site(b"User-agent: *\nDisallow: /")
    for site.now in (0, 3600, 86399):
        assert not site.allowed()
    assert site.asked == [f"{SITE}/robots.txt"]
    site.now, site.answer = 86400, 503
    assert not site.allowed()
    site.now, site.answer = 86400 + 601, b""
    assert site.allowed()
    assert len(site.asked) == 3


def test_each_site_has_its_own():
    site = Site(b"")
    for other in (SITE, "http://bell.example", "https://bell.example:8443", SITE):
        site.robots.rules(other)
    assert len(site.asked) == 3
