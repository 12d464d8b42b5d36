"""Is the answer right? Worked examples, the published ones of SQuAD, and what must hold of any text; and what it costs."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures import cost
from eval.measures.answers import MEASURES, exact, is_right, is_short, number_match, says_the_same, scores, token_f1
from eval.measures.named_days import date_match
from eval.outcome import CitedPassage, Outcome, SaidSentence, Source
from eval.question import EvalQuestion, GoldFact, Split

FACT = "The ferry Teal will cost 52 million crowns."
LATER = "It is not going to sail before February 2027, the yard said."
ASKED_ON = date(2026, 5, 30)
TEXTS = st.text(st.sampled_from("ab the 12 .,“"), max_size=12)


def asked(facts=(FACT,), answer="52 million crowns", **more) -> EvalQuestion:
    gold = tuple(GoldFact("https://courier.example/teal", fact) for fact in facts)
    known = {"id": "q", "text": "What will the Teal cost?", "asked_on": ASKED_ON, "kind": "number", "split": Split.TUNE}
    return EvalQuestion(**known | {"gold": gold, "answer": answer} | more)


def said(*sentences: str, question: EvalQuestion | None = None, day: str = "2026-05-27", **more) -> Outcome:
    cited = CitedPassage(number=1, quote="", passage="", source=Source(article="a", published=f"{day}T08:00:00+00:00"))
    spoken = tuple(SaidSentence(text=text, citations=(1,)) for text in sentences)
    known = {"answers": True, "sentences": spoken, "citations": (cited,), "question": question or asked()}
    return Outcome(**known | more)


@pytest.mark.parametrize(
    ("sentence", "fact", "same"),
    [
        (FACT, FACT, True),
        ("The ferry  Teal will\ncost 52 million crowns.", FACT, True),
        (f"{FACT} So the auditors say.", FACT, True),
        (FACT, f"“{FACT}” she said.", True),
        ("It will.", "It will.", True),
        ("It will.", "It will. So they say, and nobody else does.", False),
        ("52 million crowns.", FACT, False),
    ],
)
def test_two_sentences_are_the_same(sentence, fact, same):
    assert says_the_same(sentence, fact) is same
    assert scores(said("Nothing.", sentence, question=asked([fact])))["gold_quoted"] == same


@pytest.mark.parametrize(
    ("answer", "short"),
    [("4,918", True), ("Not before February 2027", True), ("Yes, in May", False), ("No", False), ("", False)]
    + [("Because the gauge at the weir had failed", False)],
)
def test_short_answers_are_those_that_the_news_would_say_so(answer, short):
    assert is_short(answer) is short
    assert ("answer_found" in scores(said(FACT, question=asked(answer=answer)))) is short


def test_a_short_answer_is_found_as_whole_words():
    assert scores(said("It cost 52 million crowns."))["answer_found"] == 1
    assert scores(said("It cost 152 million crowns."))["answer_found"] == 0


def test_all_that_is_measured_of_one_answer():
    together = asked([FACT, LATER], "52 million crowns", together=True)
    assert scores(said("Nothing else is known.", FACT, question=together)) == {
        "sentences": 2, "words": 12, "wrongly_refused": 0,
        "gold_quoted": 1, "gold_first": 0, "all_gold_quoted": 0,
        "exact": 0, "token_f1": pytest.approx(2 * 3 / (7 + 3)), "number_match": 1, "answer_found": 1,
    }  # fmt: skip
    assert scores(said(LATER, FACT, question=together))["all_gold_quoted"] == 1


def test_a_refusal_of_what_can_be_answered_counts_nothing_in_every_measure_of_quality():
    told = scores(said(FACT, refused=True, question=asked(answer="Tuesday 26 May, 52 million")))
    assert told.pop("wrongly_refused") == 1
    assert "sentences" not in told and "date_match" in told and "number_match" in told
    assert set(told.values()) == {0.0}


def test_what_cannot_be_asked_is_left_out():
    assert scores(said(FACT, answers=False)) == {}
    assert set(scores(said(FACT, question=asked([], "")))) == {"sentences", "words"}
    whole = scores(said(FACT, question=asked([""], "")))  # a whole article is gold, and nobody wrote a reference
    assert set(whole) == {"sentences", "words", "wrongly_refused"}
    assert set(scores(said(FACT, question=asked(answer="The yard")))) & {"number_match", "date_match"} == set()


def test_where_a_whole_article_is_gold_citing_it_is_right():
    question = asked([""])
    cited = CitedPassage(number=1, quote="", passage="", source=Source(article="a", url="http://courier.example/teal/"))
    assert is_right(said(FACT, question=question, citations=(cited,)))
    assert not is_right(said(FACT, question=question))
    assert not is_right(said(FACT, question=question, citations=(cited,), refused=True))


# Exact match and F1 after SQuAD: the first three are those of the metric card of Hugging Face's `evaluate` (f1 66.67).
@pytest.mark.parametrize(
    ("answer", "reference", "is_exact", "f1"),
    [
        ("1976", "1976", True, 1.0),
        ("Beyonce", "Beyoncé and Bruno Mars", False, 0.0),
        ("climate change", "climate change", True, 1.0),
        ("The Denver Broncos!", "denver broncos", True, 1.0),  # articles, case and punctuation do not count
        ("Denver Broncos of Colorado", "the Denver Broncos", False, 2 / 3),  # precision 2/4, recall 2/2
        ("the the the", "a an", True, 1.0),  # nothing is left of either (evaluate-v2.0.py)
        ("", "Denver", False, 0.0),
        ("to be or not to be", "to be", False, 2 * 2 / (6 + 2)),  # a word counts as often as both have it
    ],
)
def test_squad(answer, reference, is_exact, f1):
    assert exact(answer, reference) is is_exact
    assert token_f1(answer, reference) == pytest.approx(f1)


@given(TEXTS, TEXTS)
def test_f1_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one, other) == token_f1(other, one)
    assert token_f1(one, one) == 1 and exact(one, one)
    assert exact(one, other) <= (token_f1(one, other) == 1)


@given(st.lists(st.sampled_from("kay ell em".split()), min_size=1), st.lists(st.sampled_from("kay ell em".split())))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(said_words, wanted):
    common = (Counter(said_words) & Counter(wanted)).total()
    precision, recall = common / len(said_words), common / max(1, len(wanted))
    expected = 2 * precision * recall / (precision + recall) if common else 0.0
    assert token_f1(" ".join(said_words), " ".join(wanted)) == pytest.approx(expected)


@given(st.lists(TEXTS, max_size=4), TEXTS, st.booleans())
def test_figures_of_any_answer_are_shares(sentences, reference, refused):
    told = scores(said(*sentences, refused=refused, question=asked(answer=reference)))
    known = {measure.name: measure for measure in MEASURES}
    assert set(told) <= set(known)
    assert all(0 <= value <= 1 for name, value in told.items() if not known[name].unit)


@pytest.mark.parametrize(
    ("answer", "reference", "matches"),
    [
        ("It will cost 52,000,000 crowns.", "52 million crowns", True),
        ("It will cost 52m.", "52 million crowns", True),
        ("It will cost 52 million euros.", "52 million crowns", False),
        ("It will cost 53 million crowns.", "52 million crowns", False),
        ("About 620 had to leave.", "About 600", False),
        ("Turnout was 71 percent.", "71 per cent", True),
        ("Turnout was 71 percent.", "71", True),
        ("Seventy-one voted.", "71 per cent", False),
        ("He was jailed for three years and four months.", "Three years and four months", True),
        ("He was jailed for three years.", "Three years and four months", False),
        ("They won 2–1.", "2–1", True),
        ("It was agreed on 5 May.", "5", False),  # a day is no count
        ("It ends in May 2031.", "At least 500 until 2031", False),
        ("At least 500 people until May 2031.", "At least 500 until 2031", True),
        ("On Tuesday.", "Tuesday 26 May 2026", None),
        ("Nobody knows.", "one of them", None),
        ("", "52 million", False),
    ],
)
def test_numbers_match_by_their_value(answer, reference, matches):
    assert number_match(answer, reference) is matches


@pytest.mark.parametrize(
    ("answer", "published", "reference", "matches"),
    [
        ("He took the oath on Tuesday.", "2026-05-27", "Tuesday 26 May 2026, at noon", True),
        ("He takes the oath on Tuesday.", "2026-05-22", "Tuesday 26 May 2026", True),  # the coming one
        ("He takes the oath today.", "2026-05-26", "26 May 2026", True),
        ("He takes the oath tomorrow.", "2026-05-25", "26 May 2026", True),
        ("He took the oath yesterday.", "2026-05-26", "26 May 2026", False),
        ("The oath will be taken on May 26.", "2026-05-15", "Tuesday 26 May 2026", True),
        ("The oath was taken on 26 May 2025.", "2026-05-15", "26 May 2026", False),
        ("The ward closes on 30 September.", "2026-04-02", "30 September", True),  # after the asking, without a year
        ("The ward closes by 30 September 2026.", "2026-04-02", "30 September", True),
        ("The ward closes on 29 September.", "2026-04-02", "30 September", False),
        ("It sails not before February 2027.", "2026-05-20", "Not before February 2027", True),
        ("It sails on 3 February 2027.", "2026-05-20", "February 2027", True),  # a day of that month
        ("It sails in February 2027.", "2026-05-20", "3 February 2027", False),  # not the day that was asked
        ("It opens on 4 May and closes on 6 May.", "2026-05-20", "From 4 May to 6 May", True),
        ("It opens on 4 May.", "2026-05-20", "From 4 May to 6 May", False),
        ("Nobody knows.", "2026-05-20", "4 May", False),
        ("It opens on 4 May.", "2026-05-20", "soon", None),
    ],
)
def test_days_match_in_whatever_words(answer, published, reference, matches):
    assert date_match([(answer, [date.fromisoformat(published)])], reference, ASKED_ON) is matches
    told = scores(said(answer, day=published, question=asked(answer=reference)))
    assert told.get("date_match") == matches


def test_without_a_day_of_publication_days_count_from_the_asking():
    assert date_match([("It was yesterday.", [])], "29 May 2026", ASKED_ON) is True
    assert scores(said("It was yesterday.", day="", question=asked(answer="29 May 2026")))["date_match"] == 1


def test_seconds_by_stage_and_their_percentiles():
    timed = [said(FACT, seconds={"search": n / 100, "first words": 1.0}) for n in range(1, 101)]
    assert cost.scores(timed[0]) == {"seconds_search": 0.01, "seconds_first_words": 1.0}
    assert set(cost.scores(timed[0])) < {measure.name for measure in cost.MEASURES}
    assert cost.latency([*timed, said(FACT)]) == {"search": (0.5, 0.95), "first words": (1.0, 1.0)}
    assert cost.latency([]) == {}
