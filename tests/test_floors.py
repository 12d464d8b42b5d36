"""Floors: which way they may move, what goes when the questions change, and which questions are asked quickly."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import floors
from eval.extraction import Line
from eval.floors import Figure, FloorLowered, agree, has_floor, of_extraction, of_run, pinned, quick, shortfalls
from eval.outcome import Outcome
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run
from eval.scoring import MEASURES

DIGESTS = {"sample": "s", "multihop": "m", "news_pages": "n", "article_pages": "a"}
HELD = {
    "note": "",
    "data": DIGESTS,
    "sample": {"hits@4": 0.8, "stale_citation": 0.2},
    "quick": {"hits@4": 0.7},
    "multihop": {"hits@4": 0.6},
    "extraction": {"news_pages_body_f1": 0.9, "article_pages_body_f1": 0.95},
}
shares = st.floats(0, 1)


def figure(value: float, group="sample", name="hits@4", n=10, **more) -> Figure:
    return Figure(group, name, value, n, **more)


@given(shares, st.integers(1, 1000), st.booleans())
def test_a_figure_never_misses_the_floor_that_it_gave(value, n, is_ceiling):
    measured = figure(value, n=n, is_ceiling=is_ceiling)
    assert 0 <= measured.floor <= 1
    assert not measured.misses(measured.floor)
    two_worse = value + (2 if is_ceiling else -2) * (1 / n + 0.001)
    if 0 <= two_worse <= 1:
        assert replace(measured, value=two_worse).misses(measured.floor), "two questions more are told"


def test_three_digits_are_rounded_away_from_the_figure():
    assert figure(2 / 3).floor == 0.566
    assert figure(1 / 3, is_ceiling=True).floor == 0.434


def test_citations_that_hold_have_no_margin():
    assert figure(1.0, name="citations_hold").floor == 1
    assert shortfalls({"sample": {"citations_hold": 1.0}}, [figure(0.999, name="citations_hold")])


@given(shares, shares, st.integers(1, 100), st.booleans())
def test_without_a_reason_no_floor_moves_the_wrong_way(held, value, n, is_ceiling):
    before = {"data": {"sample": "s"}, "sample": {"hits@4": held}}
    measured = figure(value, n=n, is_ceiling=is_ceiling)
    if measured.misses(held):
        with pytest.raises(FloorLowered):
            pinned(before, [measured], {"sample": "s"})
    else:
        after = pinned(before, [measured], {"sample": "s"})["sample"]["hits@4"]
        assert after <= held if is_ceiling else after >= held


def test_reasons_are_kept_one_after_the_other_and_of_the_lowered_alone():
    once = pinned(HELD, [figure(0.7), figure(0.9, "multihop")], DIGESTS, because="copies count once")
    (told,) = once["lowered"]
    assert (told["figure"], told["was"], told["is"]) == ("sample hits@4", 0.8, 0.6)
    assert date.fromisoformat(told["on"])
    assert once["multihop"]["hits@4"] == 0.8, "raised as ever"
    twice = pinned(once, [figure(0.3)], DIGESTS, because="half of the news went")
    assert [entry["because"] for entry in twice["lowered"]] == ["copies count once", "half of the news went"]


def test_a_ceiling_is_lowered_freely_and_raised_for_a_reason():
    better = figure(0.05, name="stale_citation", n=20, is_ceiling=True)
    assert pinned(HELD, [better], DIGESTS)["sample"]["stale_citation"] == 0.1
    worse = replace(better, value=0.3)
    with pytest.raises(FloorLowered, match="stale_citation: 0.300 is above the ceiling 0.2"):
        pinned(HELD, [worse], DIGESTS)
    assert pinned(HELD, [worse], DIGESTS, because="more are asked")["sample"]["stale_citation"] == 0.35


def test_what_is_refused_changes_nothing():
    before = copy.deepcopy(HELD)
    with pytest.raises(FloorLowered):
        pinned(HELD, [figure(0.1), figure(1.0, "multihop")], DIGESTS)
    pinned(HELD, [figure(0.1)], DIGESTS, because="a try")
    assert before == HELD


def test_changed_questions_drop_all_floors_of_their_group_and_of_its_quick_ones():
    changed = DIGESTS | {"sample": "other"}
    assert not agree(HELD, changed)
    after = pinned(HELD, [figure(0.5), figure(0.5, "quick")], changed)
    assert after["sample"] == {"hits@4": 0.4}, "the ceiling of the old questions went, too"
    assert after["quick"] == {"hits@4": 0.4}
    assert (after["multihop"], after["extraction"]) == (HELD["multihop"], HELD["extraction"])
    assert agree(after, changed) and "lowered" not in after


def test_of_the_extraction_only_the_changed_pages_lose_theirs():
    changed = DIGESTS | {"news_pages": "other"}
    low = [figure(0.5, "extraction", f"{pages}_body_f1") for pages in ("news_pages", "article_pages")]
    with pytest.raises(FloorLowered, match="article_pages_body_f1") as error:
        pinned(HELD, low, changed)
    assert "news_pages_body_f1" not in str(error.value)
    after = pinned(HELD, low[:1], changed)
    assert after["extraction"] == {"news_pages_body_f1": 0.4, "article_pages_body_f1": 0.95}
    assert after["sample"] == HELD["sample"]


def test_a_figure_without_a_floor_is_no_shortfall_and_gets_one():
    fresh = figure(0.5, name="mrr@10")
    assert shortfalls(HELD, [fresh]) == [] and not has_floor(HELD, fresh)
    assert has_floor(pinned(HELD, [fresh], DIGESTS), fresh)


def test_floors_are_written_as_they_are_read(tmp_path):
    floors.write(HELD, tmp_path / "floors.json")
    assert floors.read(tmp_path / "floors.json") == HELD
    assert set(floors.read()["data"]) == set(DIGESTS), "those that are shipped"


# -- what they are made of ---------------------------------------------------------------------------------------------


def question(number: int, split: Split) -> EvalQuestion:
    gold = (GoldFact("https://bell.example/ferry", "It sails at six."),)
    return EvalQuestion(
        id=f"q{number:03}", text="When?", asked_on=date(2026, 3, 3), kind="time", split=split, gold=gold
    )


@pytest.mark.parametrize(("held", "asked"), [(200, 40), (57, 40), (40, 40), (3, 3), (0, 0)])
def test_quick_questions_are_spread_over_the_report_half(held, asked):
    questions = [question(n, split) for n in range(held) for split in (Split.TUNE, Split.REPORT)]
    chosen = quick(questions)
    assert len(set(chosen)) == len(chosen) == asked
    assert {q.split for q in chosen} <= {Split.REPORT}
    places = [int(q.id[1:]) for q in chosen]
    assert max((b - a for a, b in zip(places, places[1:], strict=False)), default=0) <= held / max(asked, 1) + 1


def test_the_report_half_of_a_run_is_pinned_and_only_what_is_held_to():
    asked = [question(0, Split.REPORT), question(1, Split.REPORT), question(2, Split.TUNE)]
    scores = ({"hits@4": 1.0, "words": 9.0}, {"hits@4": 0.0, "stale_citation": 1.0}, {"hits@4": 0.0})
    outcomes = tuple(Outcome(question=q) for q in asked)
    run = Run(name="r", system="", begun="", questions="", digest="", outcomes=outcomes, scores=scores)
    hits, stale = of_run("sample", run)
    assert (hits.name, hits.value, hits.n, hits.is_ceiling) == ("hits@4", 0.5, 2, False)
    assert (stale.name, stale.value, stale.n, stale.is_ceiling) == ("stale_citation", 1.0, 1, True)


def test_of_the_extractors_our_own_is_held_to_and_to_what_it_was_asked():
    line = Line("Dateline", Split.REPORT, 20, None, None, None, None, None, 0.9, 0.9, 0.9, 0.8, 1.0, 5.0)
    others = [replace(line, split=Split.TUNE, f1=0.1), replace(line, extractor="trafilatura", f1=0.99)]
    (body,) = of_extraction("article_pages", [*others, line])
    assert (body.group, body.name, body.value, body.n) == ("extraction", "article_pages_body_f1", 0.9, 20)


def test_what_is_pinned_are_measures_that_there_are():
    assert set(floors.PINNED) <= {measure.name for measure in MEASURES}


FLOORS = {"data": {"sample": "d"}, "sample": {"hits@4": 0.8, "stale_citation": 0.2}, "extraction": {}}
GOOD = [Figure("sample", "hits@4", 0.9, 10), Figure("sample", "stale_citation", 0.1, 10, is_ceiling=True)]
BAD = [Figure("sample", "hits@4", 0.7, 10), Figure("sample", "stale_citation", 0.3, 10, is_ceiling=True)]


def test_what_lies_below_its_floor_or_above_its_ceiling_is_told():
    assert shortfalls(FLOORS, GOOD) == []
    low, high = shortfalls(FLOORS, BAD)
    assert "below the floor 0.8" in low and "above the ceiling 0.2" in high


def test_a_floor_is_raised_and_never_lowered_without_a_reason():
    raised = pinned(FLOORS, [Figure("sample", "hits@4", 0.95, 100)], {"sample": "d"})
    assert raised["sample"]["hits@4"] == 0.94
    assert pinned(FLOORS, GOOD, {"sample": "d"})["sample"] == FLOORS["sample"], "less a question is no lower"
    with pytest.raises(FloorLowered, match="hits@4: 0.700 is below"):
        pinned(FLOORS, BAD, {"sample": "d"})
    lowered = pinned(FLOORS, BAD[:1], {"sample": "d"}, because="the old figure counted copies")
    assert lowered["sample"]["hits@4"] == 0.6
    assert lowered["lowered"][0]["because"] == "the old figure counted copies"


def test_floors_of_other_questions_say_nothing():
    assert not agree(FLOORS, {"sample": "other"})
    assert pinned(FLOORS, BAD[:1], {"sample": "other"})["sample"] == {"hits@4": 0.6}
