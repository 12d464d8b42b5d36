"""What stands beside an answer: the coverage, who stands behind it, what was taken back, the filter in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.answer import Answer
from rag.article import Kind
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.filter import Filter
from rag.page.sidebar_wording import sidebar_lines
from rag.printed import answer_lines
from rag.sidebar import sidebar_of

COST = "How much will the new bridge at Orle cost?"
WIRE = (
    "The tanker Marlin ran aground off Orle on Tuesday night with 40 tonnes of oil in her tanks, the coast guard said.\n\n"
    "Nobody was hurt. Two tugs from Pellow were on their way, and booms were laid out across the mouth of the harbour before "
    "midnight. The harbour master closed the port to all traffic until the morning, and fishermen were told to stay at home."
)
AGROUND = "How many tonnes of oil were in the tanker Marlin that ran aground?"


def article(n: int, publisher: str, body: str = WIRE, **other) -> dict:
    return {
        "url": f"https://{n}.example/tanker", "headline": f"Tanker aground off Orle ({n})", "publisher": publisher,
        "published": f"2026-03-03T0{n}:00:00+00:00", "body": body,
    } | other  # fmt: skip


@contextmanager
def assistant(folder: Path, *batches: list[dict]) -> Iterator[Assistant]:
    """One that has been given these batches of articles one after the other."""
    for n, batch in enumerate(batches):
        ingest([write_articles(folder / f"news{n}", batch)], folder / "archive", embedder=WordHashEmbedder())
    opened = Assistant.open(folder / "archive")
    yield opened
    opened.close()


def told(answer: Answer) -> str:
    return "\n".join(line.text for line in sidebar_lines(answer.sidebar, answer.refused))


# -- coverage -------------------------------------------------------------------------------------------------------


def test_the_coverage_and_the_newest_match_are_told(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        answer = town.ask(COST, asked_on=date(2026, 3, 10))
    assert "The archive covers 2 March to 9 March 2026; the newest match is of 5 March 2026." in told(answer)


@pytest.mark.parametrize(
    ("question", "asked_on", "warns"),
    [
        ("What does the new bridge at Orle cost now?", date(2026, 3, 12), "is 7 days older"),
        ("What does the new bridge at Orle cost now?", date(2026, 3, 7), ""),
        ("How much does the new bridge at Orle cost?", date(2026, 3, 25), "is 20 days older"),
        ("How much does the new bridge at Orle cost?", date(2026, 3, 12), ""),
        ("How much did the new bridge at Orle cost?", date(2026, 9, 1), ""),
    ],
)
def test_who_asks_about_now_is_told_how_old_the_newest_report_is(tmp_path, question: str, asked_on: date, warns: str):
    with assistant(tmp_path, TOWN) as town:
        lines = told(town.ask(question, asked_on=asked_on))
    assert ("You ask about now; the newest report here" in lines) == bool(warns)
    assert warns in lines


def test_a_period_after_the_last_day_is_told(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        lines = told(town.ask("What did the bridge at Orle cost on 20 March 2026?", asked_on=date(2026, 3, 25)))
    assert "the archive ends on 9 March 2026" in lines


def test_as_of_a_day_the_coverage_ends_there(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        answer = town.ask(COST, only=Filter(as_of=date(2026, 3, 3)))
    assert "The archive covers 2 March 2026; the newest match is of 2 March 2026." in told(answer)


# -- independence ---------------------------------------------------------------------------------------------------


def test_copies_of_a_wire_story_are_one_source(tmp_path: Path):
    copies = [
        article(1, "Halvern Wire", originator="Halvern Wire"),
        article(2, "The Orle Bell", originator="Halvern Wire"),
        article(3, "Northern Post"),
    ]
    own = article(
        4, "Coast Echo", "The tanker Marlin that ran aground had 40 tonnes of oil, a pilot told the Coast Echo."
    )
    with assistant(tmp_path, [*copies, own]) as town:
        answer = town.ask(AGROUND)
    assert (answer.sidebar.independence.articles, len(answer.sidebar.independence.sources)) == (4, 2)
    assert "4 articles, 2 independent sources: " in told(answer)


def test_one_is_one(tmp_path: Path):
    with assistant(tmp_path, [article(1, "The Orle Bell")]) as town:
        assert "1 article, 1 source: The Orle Bell." in told(town.ask(AGROUND))


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Kind.OPINION, "Only an opinion piece says so."),
        (Kind.ANALYSIS, "Only an analysis says so."),
        (Kind.PRESS_RELEASE, "Only a press release says so."),
        (Kind.REPORT, ""),
    ],
)
def test_it_is_told_when_only_labelled_pieces_say_so(tmp_path: Path, kind: Kind, line: str):
    with assistant(tmp_path, [article(1, "The Orle Bell", kind=kind.value)]) as town:
        lines = told(town.ask(AGROUND))
    assert ("Only" in lines) == bool(line)
    assert line in lines


# -- what was taken back --------------------------------------------------------------------------------------------


def test_a_withdrawn_article_is_told_and_not_quoted(tmp_path: Path):
    other = article(
        2, "Northern Post", "The tanker Marlin ran aground with 40 tonnes of oil in her tanks, it was told."
    )
    gone = other | {"version": 2, "pubstatus": "withheld", "updated": "2026-03-05T08:00:00+00:00"}
    with assistant(tmp_path, [article(1, "The Orle Bell"), other], [gone]) as town:
        answer = town.ask(AGROUND)
        before = town.ask(AGROUND, only=Filter(as_of=date(2026, 3, 4)))
    assert "An article of Northern Post that told the same was withdrawn on 5 March 2026." in told(answer)
    assert "it was told" not in str(answer.to_json())
    assert answer.sidebar.independence.articles == 1
    assert "withdrawn" not in told(before)


def test_a_killed_article_leaves_no_trace(tmp_path: Path):
    other = article(2, "Northern Post")
    kill = other | {"version": 2, "pubstatus": "canceled", "updated": "2026-03-05T08:00:00+00:00"}
    with assistant(tmp_path, [article(1, "The Orle Bell"), other], [kill]) as town:
        answer = town.ask(AGROUND)
    assert "Northern Post" not in str(answer.to_json())
    assert answer.sidebar.withdrawn == ()


def test_what_was_never_out_was_not_withdrawn(tmp_path: Path):
    held = article(2, "Northern Post", pubstatus="withheld")
    with assistant(tmp_path, [article(1, "The Orle Bell"), held]) as town:
        assert town.ask(AGROUND).sidebar.withdrawn == ()


def test_an_earlier_version_that_said_otherwise_is_told(tmp_path: Path):
    first = article(1, "The Orle Bell", WIRE.replace("40 tonnes", "70 tonnes"))
    later = article(1, "The Orle Bell", version=2, updated="2026-03-04T09:00:00+00:00")
    with assistant(tmp_path, [first], [later]) as town:
        answer = town.ask(AGROUND)
    assert "An earlier version of [1], until 4 March 2026, gave another number." in told(answer)
    assert "70 tonnes" not in " ".join(s.text for s in answer.sentences)


# -- the filter in the way ------------------------------------------------------------------------------------------


def test_a_refusal_names_the_filter_that_hides_the_answer(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        late = town.ask(COST, only=Filter(first=date(2026, 3, 8)))
        other = town.ask(COST, only=Filter(publishers=frozenset({"No Such Paper"})))
        then = town.ask(COST, only=Filter(as_of=date(2026, 2, 1)))
        nowhere = town.ask("Who won the chess title in Reykjavik?", asked_on=date(2026, 3, 10))
    assert late.refused and "The filter “From 8 March 2026” hides" in told(late)
    assert "“Bridge at Orle to cost 12 million” (The Orle Bell, 2 March 2026)" in told(late)
    assert "Without the filters there is an answer." in told(late)
    assert "The filter “Publishers No Such Paper” hides" in told(other)
    assert "The filter “As of 1 February 2026” hides" in told(then)
    assert nowhere.refused and nowhere.sidebar.hidden == ()


# -- all of it ------------------------------------------------------------------------------------------------------


def test_first_words_do_not_wait_for_it(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        *grown, last = town.stream(COST)
    assert grown[-1].sentences == last.sentences
    assert grown[-1].sidebar is None and not grown[-1].complete
    assert last.sidebar and last.complete


def test_a_terminal_shows_it_after_the_sources(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        lines = list(answer_lines(town.ask(COST, asked_on=date(2026, 3, 10))))
    sources = next(n for n, line in enumerate(lines) if line.startswith("[1]"))
    assert any("The archive covers 2 March to 9 March 2026" in line for line in lines[sources:])


def test_json_has_every_part(tmp_path: Path):
    with assistant(tmp_path, TOWN) as town:
        found = town.ask(COST).to_json()
    parts = {"coverage", "independence", "withdrawn", "said_otherwise", "figures", "timeline", "hidden_by"}
    assert found["sidebar"].keys() == parts
    assert {"status", "correction", "corrected_on"} <= found["citations"][0].keys()


def test_it_is_quick(sample_archive: Path):
    town = Assistant.open(sample_archive)
    times = []
    for text in ("How many houses were damaged by the Sarn flood?", "What happened to Osric Vane?", COST) * 3:
        question = town.searcher.understand(text, date(2026, 5, 31))
        answer = town.ask(text, asked_on=date(2026, 5, 31))
        begun = time.perf_counter()
        sidebar_of(question, answer, town.searcher)
        times.append(time.perf_counter() - begun)
    town.close()
    assert sorted(times)[len(times) // 2] < 0.25  # 0.03 s on a free core; the test machine may be busy
