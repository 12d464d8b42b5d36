"""The figures of eval/retrieval.py against examples worked by hand, and what must hold for all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.retrieval import fact_recall_at, hits_at, reciprocal_rank, relevances, score

FERRY, PRICE = "The ferry is late.", "It will cost 52 million crowns."
OTHER = "Nothing to do with it."
PASSAGES = [OTHER, OTHER, f"Ahead. {PRICE} Behind.", OTHER, f"{FERRY} {OTHER}"]


def test_spaces_and_newlines_do_not_matter_and_everything_else_does():
    assert relevances(["the\nferry is\n\nlate ."], ["the ferry is late."]) == [True]
    assert relevances(["The ferry is late", "the ferry is late.", "The ferry\tis late."], [FERRY]) == [False] * 3


@pytest.mark.parametrize(
    ("passages", "facts", "expected"),
    [
        (PASSAGES, [FERRY, PRICE], (1.0, 1.0, 1 / 3, 1.0)),
        (PASSAGES, [FERRY], (0.0, 1.0, 1 / 5, 1.0)),
        (PASSAGES, [PRICE, "The yard is shut."], (1.0, 1.0, 1 / 3, 0.5)),
        (PASSAGES, ["The yard is shut."], (0.0, 0.0, 0.0, 0.0)),
        ([OTHER] * 10 + [FERRY], [FERRY], (0.0, 0.0, 0.0, 0.0)),
        ([OTHER] * 9 + [FERRY], [FERRY], (0.0, 1.0, 0.1, 1.0)),
        ([FERRY + PRICE], [FERRY, PRICE], (1.0, 1.0, 1.0, 1.0)),
        ([], [FERRY], (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_worked_by_hand(passages, facts, expected):
    held = score(passages, facts)
    assert (held.hits_at_4, held.hits_at_10, held.mrr_at_10, held.fact_recall_at_10) == pytest.approx(expected)


def test_the_same_fact_in_two_articles_counts_once():
    assert fact_recall_at(10, [FERRY], [FERRY, FERRY, PRICE]) == 0.5


texts = st.lists(st.text("ab \n", max_size=6), max_size=12)
facts = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4)


@settings(deadline=None)
@given(texts, facts)
def test_figures_lie_between_0_and_1_and_agree_with_each_other(passages, wanted):
    held = score(passages, wanted)
    assert 0 <= held.hits_at_4 <= held.hits_at_10 <= 1
    assert held.mrr_at_10 <= held.hits_at_10
    assert (held.mrr_at_10 >= 1 / 4) == bool(held.hits_at_4)
    assert (held.fact_recall_at_10 > 0) == bool(held.hits_at_10)


@settings(deadline=None)
@given(texts, facts, st.integers(1, 10))
def test_a_longer_list_is_never_worse(passages, wanted, k):
    for figure in (hits_at, reciprocal_rank, fact_recall_at):
        assert figure(k, passages, wanted) <= figure(k + 1, passages, wanted)


@settings(deadline=None)
@given(texts, facts, st.randoms())
def test_the_order_of_the_facts_does_not_matter(passages, wanted, random):
    assert score(passages, random.sample(wanted, len(wanted))) == score(passages, wanted)


@settings(deadline=None)
@given(texts, facts)
def test_a_relevant_passage_put_first_makes_everything_but_recall_perfect(passages, wanted):
    held = score([wanted[0], *passages], wanted)
    assert (held.hits_at_4, held.hits_at_10, held.mrr_at_10) == (1, 1, 1)
