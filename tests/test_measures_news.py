"""What the figures of news count, one small outcome each: times, versions, copies, and what cannot be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.news import MEASURES, scores
from eval.outcome import CitedPassage, FoundPassage, Outcome, SaidSentence, Source
from eval.question import EvalQuestion, GoldFact, Split

OLD = "Nine people were hurt when the crane fell, the police in Morrow said."
NEW = "Eleven people were hurt when the crane fell, the police in Morrow said later."
NEWS, MONDAY, LATER = "https://gull.example/crane", "https://gull.example/monday", "https://tern.example/later"


def asked(text: str = "How many were hurt when the crane fell?", **fields) -> EvalQuestion:
    given_ = {"asked_on": date(2026, 5, 8), "kind": "fact", "split": Split.TUNE, "gold": (GoldFact(NEWS, NEW),)}
    return EvalQuestion(id="crane", text=text, **given_ | fields)


def source(url: str = NEWS, published: str = "2026-05-06T08:00:00Z", **fields) -> Source:
    return Source(article=url, url=url, published=published, **{"updated": published} | fields)


def found(*sources: Source, texts: tuple[str, ...] = ()) -> tuple[FoundPassage, ...]:
    told = texts or tuple(f"Words of place {n}." for n in range(len(sources)))
    return tuple(FoundPassage(id=f"p{n}", text=t, source=s) for n, (s, t) in enumerate(zip(sources, told, strict=True)))


def answer(question: EvalQuestion, *cited: tuple[str, Source], **fields) -> Outcome:
    """An answer that quotes these words of these sources."""
    citations = tuple(CitedPassage(number=n, quote=q, passage=q, source=s) for n, (q, s) in enumerate(cited, start=1))
    sentences = tuple(SaidSentence(text=c.quote, citations=(c.number,)) for c in citations)
    return Outcome(question=question, answers=True, sentences=sentences, citations=citations, **fields)


def figure(name: str, outcome: Outcome) -> float | None:
    return scores(outcome).get(name)


# -- time -----------------------------------------------------------------------------------------------------------------

WEEK = (date(2026, 5, 4), date(2026, 5, 6))


@pytest.mark.parametrize(
    ("published", "right"),
    [
        ("2026-05-04T00:00:00Z", 1),
        ("2026-05-06T23:59:59Z", 1),
        ("2026-05-03T23:59:59Z", 0),
        ("2026-05-07T00:00:00Z", 0),
        ("2026-05-07T01:00:00+02:00", 1),  # still the 6th in UTC
        ("2026-05-05", 1),
        ("", 0),
        ("last Tuesday", 0),
        ("0001-01-01T00:00:00+14:00", 0),
    ],
)
def test_the_days_of_a_period_are_counted_in_by_utc(published, right):
    cited = source(published=published, updated="2026-05-05T12:00:00Z")
    assert figure("temporal_accuracy", answer(asked(period=WEEK), (NEW, cited))) == right
    assert figure("temporal_found@4", Outcome(question=asked(period=WEEK), found=found(cited))) == right


def test_a_cited_article_counts_once_and_found_passages_each_up_to_the_fourth():
    early, late = source(MONDAY, "2026-04-01T08:00:00Z"), source()
    outcome = answer(asked(period=WEEK), (NEW, late), (OLD, late), ("Old words.", early))
    assert figure("temporal_accuracy", outcome) == 0.5
    shown = found(late, late, late, early, early, early)
    assert figure("temporal_found@4", replace(outcome, found=shown)) == 0.75


def test_an_article_of_another_time_is_nobodys_fault_where_no_time_was_asked_or_the_answer_was_refused():
    early = source(MONDAY, "2026-04-01T08:00:00Z")
    assert figure("temporal_accuracy", answer(asked(), (NEW, early))) is None
    assert figure("temporal_accuracy", answer(asked(period=WEEK, gold=()), (NEW, early))) is None
    assert figure("temporal_accuracy", answer(asked(period=WEEK), (NEW, early), refused=True)) is None


@pytest.mark.parametrize(
    ("words", "published", "updated", "right"),
    [
        (NEW, "2026-05-06T08:00:00Z", "2026-05-06T08:00:00Z", 1),
        (OLD, "2026-05-06T08:00:00Z", "2026-05-06T08:00:00Z", 0),
        (NEW, "2026-05-07T08:00:00Z", "2026-05-07T08:00:00Z", 0),
        (NEW, "2026-05-06T08:00:00Z", "2026-05-07T08:00:00Z", 0),  # only its version is later
        (NEW, "", "", 1),
    ],
)
def test_as_of_a_day_nothing_later_is_known(words, published, updated, right):
    question = asked(as_of=date(2026, 5, 6))
    outcome = answer(question, (words, source(published=published, updated=updated)))
    assert figure("as_of_accuracy", outcome) == right


def test_as_of_a_day_a_refusal_of_what_was_known_is_wrong_and_an_old_version_is_right():
    question = asked(as_of=date(2026, 5, 6), stale=(GoldFact(NEWS, OLD),))
    assert figure("as_of_accuracy", answer(question, refused=True)) == 0
    told = scores(answer(question, (NEW, source(is_current=False))))
    assert told["as_of_accuracy"] == 1
    assert not {"stale_citation", "superseded_citation", "revision_accuracy", "fresh"} & told.keys()


def test_the_latest_is_as_new_as_the_gold_that_the_outcome_tells_of():
    latest = asked("What is the latest on the crane?")
    monday, gold = source(MONDAY, "2026-05-04T08:00:00Z"), source()
    assert figure("fresh", answer(latest, (NEW, gold), (OLD, monday))) == 1
    assert figure("fresh", answer(latest, (OLD, monday), found=found(gold, monday))) == 0
    assert figure("fresh", answer(latest, (OLD, source(LATER, "2026-05-07T08:00:00Z")), found=found(gold))) == 1
    assert figure("fresh", answer(latest, (OLD, monday))) is None  # how new the gold is, nobody told
    assert figure("fresh", answer(asked(), (NEW, gold))) is None


def test_each_of_several_gold_articles_is_new_enough_unless_they_are_wanted_together():
    gold = (GoldFact(NEWS, NEW), GoldFact(LATER, OLD))
    outcome = answer(asked("How many now?", gold=gold), (NEW, source()))
    outcome = replace(outcome, found=found(source(), source(LATER, "2026-05-07T08:00:00Z")))
    assert figure("fresh", outcome) == 1
    assert figure("fresh", replace(outcome, question=replace(outcome.question, together=True))) == 0


def test_what_was_overtaken_is_old_even_where_the_gold_was_never_found():
    question = asked(stale=(GoldFact(MONDAY, OLD),))
    assert figure("fresh", answer(question, (OLD, source(MONDAY, "2026-05-04T08:00:00Z")))) == 0
    versions = asked(stale=(GoldFact(NEWS, OLD),))
    assert figure("fresh", answer(versions, (OLD, source(is_current=False)))) == 0


def test_age_counts_from_the_newest_article_cited():
    outcome = answer(asked(), (NEW, source()), (OLD, source(MONDAY, "2026-05-01T23:00:00Z")), (OLD, source(LATER, "")))
    assert figure("age_days", outcome) == 2


# -- versions -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "stale", "right"),
    [
        ([NEW], 0, 1),
        ([OLD], 1, 0),
        ([NEW, OLD], 0.5, 0),
        ([f"{NEW} {OLD}"], 1, 0),
        (["The crane was sixty years old."], 0, 0),
        (["crane fell, the police in Morrow said"], 0, 1),  # stands in both: no words of the old alone
    ],
)
def test_overtaken_words_are_told_from_those_that_replaced_them(words, stale, right):
    outcome = answer(asked(stale=(GoldFact(MONDAY, OLD),)), *((quote, source()) for quote in words))
    assert figure("stale_citation", outcome) == stale
    assert figure("revision_accuracy", outcome) == right


def test_a_correction_may_repeat_what_it_corrects():
    corrected = f"{OLD[:-1]}; in truth it was eleven, they said on Friday."
    question = asked(gold=(GoldFact(NEWS, corrected),), stale=(GoldFact(MONDAY, OLD[:-1]),))
    assert figure("stale_citation", answer(question, (corrected, source()))) == 0
    assert figure("revision_accuracy", answer(question, (corrected, source()))) == 1
    assert figure("stale_citation", answer(question, (f"{corrected} Nobody else was asked.", source()))) == 0
    assert figure("stale_citation", answer(question, (OLD, source(MONDAY)))) == 1


def test_an_old_version_is_stale_whatever_it_says():
    current, old = source(is_current=True), source(MONDAY, is_current=False)
    outcome = answer(asked(stale=(GoldFact(MONDAY, OLD),)), (NEW, current), ("Other words of it.", old))
    assert figure("stale_citation", outcome) == figure("superseded_citation", outcome) == 0.5
    assert figure("revision_accuracy", outcome) == 0
    unasked = replace(outcome, question=asked())
    assert figure("stale_citation", unasked) is None
    assert figure("superseded_citation", unasked) == 0.5
    assert figure("superseded_citation", answer(asked(), (NEW, source()))) is None  # no archive told


def test_a_refusal_cites_nothing_stale_and_misses_the_revision():
    told = scores(answer(asked(stale=(GoldFact(MONDAY, OLD),)), refused=True))
    assert "stale_citation" not in told
    assert told["revision_accuracy"] == 0


def test_where_nothing_answers_any_more_overtaken_words_are_stale_and_no_revision_is_missed():
    told = scores(answer(asked(gold=(), stale=(GoldFact(MONDAY, OLD),)), (OLD, source(MONDAY))))
    assert told["stale_citation"] == 1
    assert "revision_accuracy" not in told


def test_whole_articles_may_be_gold_and_stale():
    question = asked(gold=(GoldFact(NEWS, ""),), stale=(GoldFact(MONDAY, ""), GoldFact(NEWS, "")))
    assert figure("revision_accuracy", answer(question, ("Any words.", source(NEWS + "?utm_source=x")))) == 1
    assert figure("stale_citation", answer(question, ("Any words.", source(MONDAY)))) == 1
    named = asked(gold=(GoldFact("crane.txt", ""),), stale=(GoldFact(MONDAY, ""),))
    assert figure("revision_accuracy", answer(named, ("Any words.", source("/news/crane.txt")))) == 1
    assert figure("revision_accuracy", answer(question, ("Any words.", source(MONDAY)))) == 0


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["Nothing.", NEW, OLD], 1),
        ([OLD, NEW], 0),
        ([f"{OLD} {NEW}"], 1),
        (["Nothing."], 0),
        (["Nothing."] * 10 + [NEW], 0),
    ],
)
def test_what_replaced_the_old_is_found_before_it(texts, first):
    shown = found(*(source(f"{NEWS}/{n}") for n in range(len(texts))), texts=tuple(texts))
    assert figure("revised_first@10", Outcome(question=asked(stale=(GoldFact(MONDAY, OLD),)), found=shown)) == first


def test_the_right_words_in_an_old_version_are_no_revision():
    shown = found(source(is_current=False), source(), texts=(NEW, NEW))
    assert figure("revised_first@10", Outcome(question=asked(stale=(GoldFact(MONDAY, OLD),)), found=shown)) == 0


# -- copies ---------------------------------------------------------------------------------------------------------------

WIRE = source("https://wire.example/1", cluster="w", originates=True, publisher="Wire Desk")
COPY = source("https://gull.example/1", cluster="w", publisher="The Gull")
OTHER = source("https://tern.example/2", cluster="t", publisher="The Tern")
LONG = "The harbour office closed the quay at Lund for 14 days after a crane fell on Monday."


@pytest.mark.parametrize(
    ("sources", "waste"),
    [
        ([WIRE, COPY, OTHER, source()], 0.25),
        ([WIRE, WIRE, source(), source()], 0),  # further stretches of one article
        ([COPY, WIRE], 0.5),  # whoever comes second repeats
        ([WIRE] * 10 + [COPY], 0),
        ([], None),
    ],
)
def test_copies_of_what_was_shown_are_waste(sources, waste):
    assert figure("duplicate_waste@10", Outcome(question=asked(), found=found(*sources))) == waste


@pytest.mark.parametrize(
    ("text", "waste"),
    [
        (LONG, 0.5),
        (LONG.replace("office", "board"), 0.5),
        (LONG.replace("14", "15"), 0),  # a new figure in the old words
        ("The crane fell on Monday.", 0),  # too short to tell
    ],
)
def test_without_an_archive_the_words_tell(text, waste):
    shown = found(source(NEWS), source(LATER), texts=(LONG, text))
    assert figure("duplicate_waste@10", Outcome(question=asked(), found=shown)) == waste


def test_a_passage_listed_twice_is_waste_and_unnamed_articles_are_not_one():
    nameless = Source(article="")
    first, second = found(nameless, nameless)
    assert figure("duplicate_waste@10", Outcome(question=asked(), found=(first, second))) == 0
    assert figure("duplicate_waste@10", Outcome(question=asked(), found=(first, first))) == 0.5
    alike = found(nameless, nameless, texts=(LONG, LONG))
    assert figure("duplicate_waste@10", Outcome(question=asked(), found=alike)) == 0.5


def test_the_credit_is_counted_by_citation_and_by_story():
    outcome = answer(asked(), ("a", WIRE), ("b", COPY), ("c", COPY), ("d", source()))
    outcome = replace(outcome, found=found(source(), WIRE, COPY, OTHER))
    assert figure("originator_rate", outcome) == pytest.approx(1 / 3)
    assert figure("originator_found@10", outcome) == 0.5
    assert figure("originator_found@10", replace(outcome, found=found(COPY, WIRE))) == 0
    assert figure("originator_rate", answer(asked(), ("d", source()))) is None


def test_a_paper_that_is_asked_for_by_name_is_cited_rightly():
    named = asked("What did the Gull say of the crane?")
    outcome = answer(named, ("b", COPY), found=found(COPY))
    assert not {"originator_rate", "originator_found@10"} & scores(outcome).keys()


def test_copies_are_one_source_and_comment_is_counted():
    comment = source(MONDAY, kind="opinion")
    outcome = answer(asked(), ("a", WIRE), ("b", COPY), ("c", comment), ("d", replace(comment, url="", article="")))
    assert figure("independent_sources", outcome) == 2
    assert figure("comment_cited", outcome) == 1  # of the two of which the kind is known


# -- all of them ----------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["", OLD, NEW, LONG, f"{OLD} {NEW}"])
TIMES = st.sampled_from(["", "soon", "2026-05-04", "2026-05-06T08:00:00Z", "9999-12-31T23:59:59-14:00"])
SOURCES = st.builds(
    Source, article=st.sampled_from(["", NEWS, MONDAY]), url=st.sampled_from(["", NEWS, MONDAY, "crane.txt"]),
    publisher=st.sampled_from(["", "The Gull"]), published=TIMES, updated=TIMES,
    cluster=st.sampled_from(["", "w"]), originates=st.booleans(), is_current=st.sampled_from([None, True, False]),
)  # fmt: skip
FACTS = st.lists(st.builds(GoldFact, st.sampled_from([NEWS, MONDAY, "crane.txt", ""]), WORDS), max_size=2).map(tuple)
QUESTIONS = st.builds(
    asked, st.sampled_from(["", "the latest on the crane at The Gull"]), gold=FACTS, stale=FACTS,
    period=st.sampled_from([None, WEEK]), as_of=st.sampled_from([None, date(2026, 5, 5)]), together=st.booleans(),
)  # fmt: skip


@given(QUESTIONS, st.lists(st.tuples(WORDS, SOURCES), max_size=4), st.lists(SOURCES, max_size=12), st.booleans())
def test_every_outcome_has_figures_that_are_named_and_within_bounds(question, cited, shown, refused):
    outcome = answer(question, *cited, refused=refused, found=found(*shown))
    told = scores(outcome)
    named = {measure.name: measure for measure in MEASURES}
    assert told.keys() <= named.keys()
    assert len(named) == len(MEASURES)
    assert all(0 <= value <= 1 for name, value in told.items() if not named[name].unit)
    only_found = {name for name in told if "@" in name}
    assert scores(replace(outcome, answers=False, citations=(), sentences=())).keys() == only_found
