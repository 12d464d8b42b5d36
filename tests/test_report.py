"""The report of invented runs: one HTML file without outside parts, safe against what it quotes, every link at home."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from eval.outcome import CitedPassage, FoundPassage, Outcome, SaidSentence, Source
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run
from eval.report import report
from eval.report.drawing import Scale
from eval.report.marking import pieces, place_of
from eval.report.wording import between, difference, figure, link_to, probability
from eval.report.worst import fault_of
from eval.scoring import MEASURES, scores
from eval.summary import figure as interval_of
from rag.errors import WrongUse

KINDS = "number conflict follow_up absent".split()
TOWNS = "Orle Teck Wickering Halvern Pellow Marsk Dunholm Sarn Ivel Brack".split()
PAPERS = ("The Orle Bell", "Northern Post", "Sarn Valley Weekly", "Halvern Standard")
MATTERS = ("a bridge", "the ferry Teal", "a school roof", "the flood wall", "a tram line", "the harbour light")
# Each interval costs 10,000 draws: a few measures of every sort are enough.
NAMES = (
    "hits@4",
    "mrr@10",
    "gold_quoted",
    "words",
    "citations_hold",
    "rightly_answered",
    "refusal_recall",
    "seconds_search",
)
SOME = tuple(measure for measure in MEASURES if measure.name in NAMES)
HOSTILE = '</mark></style><script>owned=1</script><img src="https://evil.example/x.png" onerror="owned=1">'


def article(n: int, day: int = 1) -> Source:
    town, matter = TOWNS[n % 10], MATTERS[n % 6]
    return Source(
        article=f"a{n}",
        url=f"https://news.example/{n}/{town.casefold()}",
        headline=f"{town} weighs the price of {matter}",
        publisher=PAPERS[n % 4],
        published=f"2026-03-{1 + day % 28:02d}T08:00:00+00:00",
        cluster="c1" if n % 7 == 0 else "",
        originates=n % 14 == 0,
        is_current=n % 11 != 0,
    )


def fact_of(n: int) -> str:
    return f"{MATTERS[n % 6].capitalize()} at {TOWNS[n % 10]} will cost {12 + n} million crowns, the council said."


def passage(n: int) -> FoundPassage:
    text = (
        f"The council of {TOWNS[n % 10]} met on Monday evening. {fact_of(n)}\n\n"
        "“We have waited thirty years for it,” Mayor Edda Holt said. “We can wait until autumn.”"
    )
    why = {"dense": n % 9 + 1} | ({"lexical": n % 5 + 1} if n % 3 else {}) | ({"sentences": 2} if n % 4 == 0 else {})
    return FoundPassage(id=f"p{n}", text=text, source=article(n, n), end=len(text), score=1 / (n + 1), why=why)


def question(n: int, kind: str = "") -> EvalQuestion:
    kind = kind or KINDS[n % 4]
    return EvalQuestion(
        id=f"town-{n:03d}",
        text=f"What will {MATTERS[n % 6]} at {TOWNS[n % 10]} cost?",
        asked_on=date(2026, 3, 30),
        kind=kind,
        split=Split.REPORT if n // 4 % 2 else Split.TUNE,
        gold=() if kind == "absent" else (GoldFact(article(n).url, fact_of(n)),),
        answer=f"{12 + n} million crowns",
        history=("Who spoke for the council?",) if kind == "follow_up" else (),
    )


def outcome(n: int, skill: float, draw: random.Random, answers: bool = True) -> Outcome:
    """``skill`` is about the share of questions that are answered rightly."""
    asked = question(n)
    found = [passage(n + step) for step in range(40, 50)]
    rank = min(9, int(draw.expovariate(0.5 + skill)))
    if asked.answerable and draw.random() < 0.6 + 0.4 * skill:
        found[rank] = passage(n)
    sure = min(0.99, max(0.02, draw.gauss(0.72 if asked.answerable else 0.38, 0.2 - 0.05 * skill)))
    quoted = found[rank if draw.random() < skill else 9]
    quote = quoted.text.split("evening. ")[1].split("\n")[0]
    place = quoted.text.index(quote)
    seconds = {"search": draw.lognormvariate(-4.2, 0.5)}
    seconds |= {"first words": seconds["search"] + draw.lognormvariate(-3, 0.4)} if answers else {}
    given_ = Outcome(question=asked, found=tuple(found), answers=answers, seconds=seconds, relevant=1)
    if not answers:
        return given_
    if sure < 0.5:
        notice = "The archive does not say; it covers 1 to 30 March 2026."
        return replace(given_, refused=True, confidence=sure, notice=notice)
    cited = CitedPassage(
        number=1,
        quote=quote,
        passage=quoted.text,
        source=quoted.source,
        start=place,
        end=place + len(quote),
        holds=True,
    )
    return replace(
        given_,
        confidence=sure,
        citations=(cited,),
        sentences=(SaidSentence(text=quote, citations=(1,), verdict="verbatim"),),
    )


def run_of(outcomes: list[Outcome], name: str = "Dateline", **told) -> Run:
    return Run(
        **{
            "name": name,
            "system": "Dateline, quoting",
            "begun": "2026-11-24T14:05:00+00:00",
            "questions": "town",
            "digest": "ab" * 32,
        }
        | told,
        outcomes=tuple(outcomes),
        scores=tuple(scores(one) for one in outcomes),
        setting={
            "archive": {"articles": 91, "passages": 412},
            "embedder": "all-MiniLM-L6-v2",
            "k": 10,
            "threshold": 0.5,
        },
    )


@cache
def invented(name: str = "Dateline", skill: float = 0.8, count: int = 60, seed: int = 1, answers: bool = True) -> Run:
    draw = random.Random(seed)
    return run_of([outcome(n, skill, draw, answers) for n in range(count)], name)


@cache
def page(*names: str):
    """The report of invented runs: the first answers best, "plain chain" only finds."""
    skills = {"Dateline": (0.8, True), "yesterday": (0.05, True), "plain chain": (0.3, False)}
    return html.fromstring(report([invented(name, skills[name][0], answers=skills[name][1]) for name in names], SOME))


def spoilt(value):
    """The same with hostile words behind every text, addresses that run code, and half a surrogate pair."""
    if isinstance(value, str):
        return value if value in list(Split) else f"{value}{HOSTILE}\ud800\x07"
    if isinstance(value, tuple):
        return tuple(map(spoilt, value))
    if isinstance(value, dict):
        return {spoilt(name): spoilt(held) for name, held in value.items()}
    if isinstance(value, Source):
        return replace(value, **{name: spoilt(getattr(value, name)) for name in TEXTS}, url="javascript:owned=1")
    if isinstance(value, EvalQuestion | GoldFact | FoundPassage | CitedPassage | SaidSentence | Outcome):
        return replace(value, **{name: spoilt(getattr(value, name)) for name in value.__slots__ if name != "split"})
    return value


TEXTS = ("article", "headline", "publisher", "published", "revision", "kind", "cluster")


def test_one_file_without_outside_parts():
    tree = page("Dateline", "yesterday")
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //form | //base | //@srcset | //@src")
    (style,) = tree.xpath("//style/text()")
    assert "url(" not in style and "@import" not in style and "prefers-color-scheme: dark" in style
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    for link in tree.xpath("//a[not(starts-with(@href, '#'))]"):
        assert link.get("href").startswith("https://news.example/") and "#:~:text=" in link.get("href")
        assert link.get("rel") == "noreferrer noopener"


@pytest.mark.parametrize(
    "names", [("Dateline",), ("Dateline", "yesterday", "plain chain"), ("plain chain", "Dateline")]
)
def test_every_link_is_at_home(names):
    tree = page(*names)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = tree.xpath("//a[starts-with(@href, '#')]/@href")
    assert inner and {href[1:] for href in inner} <= set(ids)
    for case in tree.xpath("//article[@class='case']"):
        passages = case.xpath(".//*[contains(@class, 'text')]/@id")
        assert len(passages) >= 10 and all(anchor.startswith(f"{case.get('id')}-p") for anchor in passages)


def test_what_was_cited_and_what_answers_is_marked_where_the_links_lead():
    tree = page("Dateline")
    cites, facts = tree.xpath("//a[@class='cite']"), tree.xpath("//dd[contains(@class, 'fact gold')]/a")
    assert cites and facts
    for link in cites:
        marked = tree.get_element_by_id(link.get("href")[1:]).xpath(".//mark[contains(@class, 'cited')]")
        assert "".join(mark.text for mark in marked) == link.getparent().xpath("string(span[@dir])")
    for link in facts:
        marked = tree.get_element_by_id(link.get("href")[1:]).xpath(".//mark[contains(@class, 'gold')]")
        assert "".join(mark.text for mark in marked) == link.getparent().xpath("string(q)")


def test_hostile_words_stay_words():
    run = invented(count=24)
    named = {word: spoilt(getattr(run, word)) for word in ("name", "system", "begun", "questions", "digest")}
    run = replace(run, **named, outcomes=tuple(map(spoilt, run.outcomes)), setting=spoilt(dict(run.setting)))
    made = report([run, run], SOME, halves=tuple(Split))
    made.encode("utf-8")
    assert "\x07" not in made
    tree = html.fromstring(made)
    assert tree.xpath("//article[@class='case']") and HOSTILE in tree.xpath("string(//h4)")
    assert not tree.xpath("//script | //img | //@onerror | //@onload")
    assert not [href for href in tree.xpath("//@href") if not href.startswith("#")]
    assert len(tree.xpath("//style")) == 1


def test_tables_hold_the_figures():
    runs = [invented("Dateline", 0.8), invented("yesterday", 0.05)]
    tree = page("Dateline", "yesterday")
    heads = tree.xpath("//table[@class='all']/thead//th[@class='num']/text()")
    assert heads == ["report", "tune", "all"]
    for measure in SOME:
        (body,) = tree.xpath(f"//table[@class='all']/tbody[.//th/text()='{measure.name.replace('_', ' ')}']")
        assert measure.says in body.text_content()
        for row, run in zip(body.xpath("tr"), runs, strict=True):
            assert run.name in row.text_content()
            for cell, half in zip(
                row.xpath("td[@class='num']"), (run.half(Split.REPORT), run.half(Split.TUNE), run), strict=True
            ):
                held = interval_of(half, measure)
                assert cell.xpath("string(b)") == figure(held.mean, measure.unit)
                assert cell.xpath("string(small)").startswith(between(held.low, held.high, measure.unit))
                assert cell.xpath("string(.//span)") == f" · {held.n}"


def test_the_comparison_is_of_the_report_half_and_says_who_is_better():
    tree = page("Dateline", "yesterday")
    (row,) = tree.xpath("//table[@class='compare']//tr[th[starts-with(., 'gold quoted')]]")
    base, other = (
        interval_of(invented(n, s).half(Split.REPORT), GOLD_QUOTED).mean for n, s in (("a", 0.8), ("b", 0.05))
    )
    cells = [cell.xpath("string(b)") or cell.text_content() for cell in row.xpath("td")[1:]]
    assert cells[:3] == [figure(base), figure(other), difference(other - base)]
    assert row.get("class") == "is-worse" and row.xpath(".//*[local-name()='circle' and contains(@class, 'worse')]")
    assert not page("Dateline").xpath("//table[@class='compare']")


GOLD_QUOTED = next(measure for measure in SOME if measure.name == "gold_quoted")


def test_runs_of_other_questions_are_not_compared():
    tree = html.fromstring(report([invented(), replace(invented("other"), digest="cd" * 32)], SOME))
    assert not tree.xpath("//table[@class='compare']") and tree.xpath("//p[@class='warning']")


def test_single_questions_of_the_report_half_are_shown_only_when_asked_for():
    def shown(**told) -> set[str]:
        tree = html.fromstring(report([invented()], SOME, most=99, **told))
        return set(tree.xpath("//article[@class='case']/p[@class='meta']/a/text()"))

    wrong = {half: {o.question.id for o in invented().half(half).outcomes if fault_of(o)} for half in Split}
    assert all(wrong.values())
    assert shown() == wrong[Split.TUNE]
    assert shown(halves=tuple(Split)) == wrong[Split.TUNE] | wrong[Split.REPORT]


def test_sections_stand_where_there_is_something_to_show():
    def sections(*names: str) -> set[str]:
        return set(page(*names).xpath("//section/@id"))

    assert sections("Dateline", "yesterday") - sections("Dateline") == {"comparison"}
    assert "refusing" in sections("Dateline") and "refusing" not in sections("plain chain")
    for tree in (page("Dateline"), page("plain chain"), page("Dateline", "yesterday")):
        assert {a[1:] for a in tree.xpath("//nav/a/@href")} <= set(tree.xpath("//section/@id"))


def test_plots_can_be_told_to_who_does_not_see_them():
    plots = page("Dateline", "yesterday").xpath("//*[local-name()='svg']")
    assert len(plots) > 40
    for plot in plots:
        title = plot.xpath("string(*[local-name()='title'])")
        assert plot.get("aria-hidden") == "true" or (
            plot.get("role") == "img" and title == plot.get("aria-label") != ""
        )


def test_the_threshold_stands_in_the_plots():
    plots = page("Dateline").xpath("//section[@id='refusing']//*[local-name()='svg']")
    told = [plot.xpath("string(.)") for plot in plots]
    assert len(told) == 3 and sum("answers from 0.50" in words for words in told) == 2
    run = invented()
    answered = sum(not outcome.refused for outcome in run.outcomes) / len(run.outcomes)
    assert f"Dateline answers {answered * 100:.0f} %" in told[2]


def test_a_report_of_nothing_is_refused():
    with pytest.raises(WrongUse, match="python -m eval run"):
        report([], SOME)


ASKED = question(3, "number")
CITED = CitedPassage(number=1, quote=fact_of(3), passage=passage(3).text, source=article(3), holds=True)
SAID = SaidSentence(text=fact_of(3), citations=(1,))
GOOD = Outcome(question=ASKED, found=(passage(3),), answers=True, sentences=(SAID,), citations=(CITED,), confidence=0.9)


ABSENT = question(3, "absent")
BOTH = (*ASKED.gold, GoldFact("", fact_of(8)))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("", {}),
        ("Answered what the archive does not say", {"question": ABSENT}),
        ("", {"question": ABSENT, "refused": True}),
        ("Cited words that do not stand there", {"citations": (replace(CITED, holds=False),)}),
        ("Cited what was overtaken", {"question": replace(ASKED, stale=(GoldFact("", fact_of(3)),))}),
        ("Did not find it", {"found": (passage(4),)}),
        ("Refused what the archive does say", {"refused": True, "sentences": (), "citations": ()}),
        ("Found it and said something else", {"sentences": (replace(SAID, text=fact_of(9)),), "citations": ()}),
        ("", {"sentences": (replace(SAID, text="It will be dear."),)}),
        ("Found only a part", {"question": replace(ASKED, gold=BOTH, together=True)}),
        ("Found it late", {"found": (*map(passage, range(10, 14)), passage(3))}),
        ("", {"answers": False}),
        ("Did not find it", {"answers": False, "found": ()}),
        ("", {"question": replace(ASKED, gold=(GoldFact(article(3).url, ""),))}),
    ],
)  # fmt: skip
def test_what_went_wrong_has_a_name(fault, change):
    assert fault_of(replace(GOOD, **change)) == fault


@given(st.text("ab \n\t“”"), st.text("ab \n\t“”"))
def test_words_are_placed_whatever_the_white_space(words, text):
    start, end = place_of(words, text)
    bare = "".join(words.split())
    assert "".join(text[start:end].split()) == (bare if bare and bare in "".join(text.split()) else "")


@given(st.text("ab <&\n", max_size=30), st.text("ab <&\n", max_size=8), st.text("ab <&\n", max_size=8))
def test_a_marked_passage_keeps_its_text(text, fact, quote):
    held = replace(passage(3), text=text)
    cited = (replace(CITED, quote=quote, passage=text),)
    marked = pieces(held, replace(GOOD, question=replace(ASKED, gold=(GoldFact("x", fact),)), citations=cited))
    assert "".join(piece.text for piece in marked) == text


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 9))
def test_ticks_are_round_and_within(low, width, wanted):
    scale = Scale(low, low + width, 0, 100)
    ticks = scale.ticks(wanted)
    assert ticks == sorted(set(ticks)) and len(ticks) <= wanted + 1
    assert all(low - width * 1e-6 <= tick <= low + width * (1 + 1e-6) for tick in ticks)
    assert all(0 <= scale(tick) <= 100 for tick in ticks)


@pytest.mark.parametrize(
    ("said", "form", "arguments"),
    [
        ("0.842", figure, (0.8421,)), ("–", figure, (None,)), ("12 ms", figure, (0.0123, "s")), 
        ("1.35 s", figure, (1.349, "s")),
        ("24.1 words", figure, (24.13, "words")), ("−0.031", difference, (-0.031,)), ("+0.031", difference, (0.031,)),
        ("0.000", difference, (-0.0001,)), ("0.000", difference, (0.0001,)), ("−12 ms", difference, (-0.012, "s")),
        ("< 0.001", probability, (0.0001,)), ("0.050", probability, (0.05,)),
        ("", link_to, ("javascript:alert(1)", "words")), ("", link_to, ("https://me@news.example/", "words")),
        ("https://news.example/a#:~:text=a%2Db%2C%20c%26d", link_to, ("https://news.example/a", "a-b, c&d")),
        ("https://news.example/a#top:~:text=x", link_to, ("https://news.example/a#top", "x")),
        ("https://news.example/a", link_to, ("https://news.example/a", " ")),
    ],
)  # fmt: skip
def test_figures_and_addresses_as_a_reader_sees_them(said: str, form: Callable[..., str], arguments: tuple):
    assert form(*arguments) == said


def test_a_long_quotation_is_linked_by_its_ends():
    words = " ".join(f"w{n}" for n in range(40))
    assert re.search(r"#:~:text=w0(?:%20w\d)+,w34(?:%20w\d\d)+$", link_to("https://news.example/a", words))
