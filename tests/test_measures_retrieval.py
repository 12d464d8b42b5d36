"""The figures of what was found: beside trec_eval on random runs, beside examples worked by hand, and what must always hold."""

import random
from datetime import date

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from eval.measures.ranking import average_precision, hit, ndcg, recall, reciprocal_rank
from eval.measures.retrieval import MEASURES, scores
from eval.outcome import FoundPassage, Outcome, Source
from eval.question import EvalQuestion, GoldFact, Split

FERRY, PRICE, YARD = "The ferry is late.", "It will cost 52 million crowns.", "The yard is shut."
OTHER = "Nothing to do with it."
HARBOUR = "https://courier.example/harbour"
SUCCESS, AP10, NDCG10, RECALL10 = Success @ 4, AP @ 10, nDCG @ 10, R @ 10


def question(*gold: tuple[str, str], together: bool = False) -> EvalQuestion:
    facts = tuple(GoldFact(article, text) for article, text in gold)
    asked_on = date(2026, 3, 8)
    return EvalQuestion(
        id="q1", text="When?", asked_on=asked_on, kind="single", split=Split.TUNE, gold=facts, together=together
    )


def asked(texts, facts, together=True, relevant=None) -> Outcome:
    found = tuple(
        FoundPassage(id=f"p{n}", text=text, source=Source(article=f"a{n}", url=f"https://courier.example/{n}"))
        for n, text in enumerate(texts)
    )
    gold = [(HARBOUR, fact) for fact in facts]
    return Outcome(question=question(*gold, together=together), found=found, relevant=relevant)


def of_articles(sources, *gold: tuple[str, str], together: bool = True) -> dict[str, float]:
    found = tuple(FoundPassage(id=f"p{n}", text=OTHER, source=source) for n, source in enumerate(sources))
    return scores(Outcome(question=question(*gold, together=together), found=found))


# Beside trec_eval


def random_runs(count: int):
    """Rankings of 0 to 14 things, relevant or not, with up to 12 relevant ones that were not found."""
    random_of = random.Random(4)
    for _ in range(count):
        share = random_of.random()
        relevances = [random_of.random() < share for _ in range(random_of.randint(0, 14))]
        yield relevances, sum(relevances) + random_of.choice((0, 0, 1, 2, 5, 12))


def test_300_random_rankings_come_out_as_in_trec_eval():
    runs = [(relevances, relevant) for relevances, relevant in random_runs(300) if relevant]
    qrels, ranked = [], []
    for q, (relevances, relevant) in enumerate(runs):
        missing = relevant - sum(relevances)
        qrels += [ir_measures.Qrel(f"q{q}", f"d{n}", int(is_relevant)) for n, is_relevant in enumerate(relevances)]
        qrels += [ir_measures.Qrel(f"q{q}", f"missing{n}", 1) for n in range(missing)]
        ranked += [ir_measures.ScoredDoc(f"q{q}", f"d{n}", 100.0 - n) for n in range(len(relevances))]
    measured = ir_measures.iter_calc([SUCCESS, AP10, NDCG10, RECALL10, RR @ 10], qrels, ranked)
    theirs = {(metric.query_id, str(metric.measure)): metric.value for metric in measured}
    assert len(runs) >= 200
    for q, (relevances, relevant) in enumerate(runs):
        ours = {
            "Success@4": hit(relevances, 4),
            "AP@10": average_precision(relevances, relevant, 10),
            "nDCG@10": ndcg(relevances, relevant, 10),
            "R@10": recall(relevances, relevant, 10),
            "RR@10": reciprocal_rank(relevances, 10),
        }
        for name, value in ours.items():
            assert value == pytest.approx(theirs[f"q{q}", name], abs=1e-9), (name, relevances, relevant)


# By facts


@pytest.mark.parametrize(
    ("passages", "facts", "hits_at_4", "hits_at_10", "mrr", "of_facts"),
    [
        ([OTHER, OTHER, f"Ahead. {PRICE}", OTHER, f"{FERRY} {OTHER}"], [FERRY, PRICE], 1, 1, 1 / 3, 1),
        ([OTHER, OTHER, PRICE, OTHER, FERRY], [FERRY], 0, 1, 1 / 5, 1),
        ([OTHER, OTHER, PRICE], [PRICE, YARD], 1, 1, 1 / 3, 0.5),
        ([OTHER, PRICE], [YARD], 0, 0, 0, 0),
        ([OTHER] * 10 + [FERRY], [FERRY], 0, 0, 0, 0),
        ([OTHER] * 9 + [FERRY], [FERRY], 0, 1, 0.1, 1),
        ([FERRY + PRICE], [FERRY, PRICE], 1, 1, 1, 1),
        ([], [FERRY], 0, 0, 0, 0),
        ([FERRY], [FERRY, FERRY, PRICE], 1, 1, 1, 0.5),
    ],
)
def test_worked_by_hand(passages, facts, hits_at_4, hits_at_10, mrr, of_facts):
    held = scores(asked(passages, facts))
    figures = [held[name] for name in ("hits@4", "hits@10", "mrr@10", "facts@10", "all_facts@10")]
    assert figures == pytest.approx([hits_at_4, hits_at_10, mrr, of_facts, int(of_facts)])


def test_where_any_fact_answers_one_is_enough():
    held = scores(asked([OTHER, PRICE], [FERRY, PRICE, YARD], together=False))
    assert (held["facts@10"], held["all_facts@10"]) == (1, 1)
    assert scores(asked([OTHER], [FERRY, PRICE], together=False))["facts@10"] == 0


def test_spaces_and_newlines_do_not_matter_and_everything_else_does():
    for passage, expected in (("The\nferry is\n\nlate .", 1), ("the ferry is late.", 0), ("The ferry\tis late.", 0)):
        assert scores(asked([passage], [FERRY]))["hits@4"] == expected, passage


def test_a_question_without_gold_has_no_figures():
    assert scores(asked([FERRY], [])) == {}


@pytest.mark.parametrize(
    ("passages", "facts", "expected"),
    [
        # Two facts at ranks 1 and 2: 1/1 + 1/2 over 2 facts. Standard AP would be (1/1 + 2/2) / 2 = 1.
        ([FERRY, PRICE], [FERRY, PRICE], 0.75),
        # Both at rank 2: 2/2 over 2.
        ([OTHER, FERRY + PRICE], [FERRY, PRICE], 0.5),
        # The same fact again adds nothing: 1/1 over 2.
        ([FERRY, FERRY, FERRY], [FERRY, PRICE], 0.5),
        # A fact given twice is found once and counted twice below the line: 1/1 over 2.
        ([FERRY], [FERRY, FERRY], 0.5),
        # Rank 11 does not count.
        ([OTHER] * 10 + [FERRY], [FERRY], 0),
        # 1/3 + 1/10 over 3.
        ([OTHER, OTHER, YARD, *[OTHER] * 6, FERRY], [FERRY, PRICE, YARD], (1 / 3 + 1 / 10) / 3),
        # Twelve facts, all at rank 1: 12/1 over min(12, 10); yes, it can exceed 1.
        (["".join(f"Fact number {n}." for n in range(12))], [f"Fact number {n}." for n in range(12)], 1.2),
    ],
)
def test_the_map_of_multihop_rag_worked_by_hand(passages, facts, expected):
    assert scores(asked(passages, facts))["multihop_map@10"] == pytest.approx(expected)


def test_its_name_says_that_it_is_not_standard():
    says = {measure.name: measure.says for measure in MEASURES}
    assert "not standard MAP" in says["multihop_map@10"]


# By articles


def test_articles_rank_by_their_first_passage():
    a, b, c = (Source(article=f"{n:016x}", url=f"https://courier.example/{n}") for n in range(3))
    held = of_articles([a, a, b, a, c], (b.url, FERRY), (c.url, FERRY), (HARBOUR, FERRY))
    assert held["article_mrr@10"] == pytest.approx(1 / 2)
    assert held["article_recall@10"] == pytest.approx(2 / 3)
    assert held["article_map@10"] == pytest.approx((1 / 2 + 2 / 3) / 3)


def test_articles_that_each_alone_answer_are_one():
    """Four copies of a story that are shown once miss nothing, and shown first they gain nothing."""
    a, b, c = (Source(article=f"{n:016x}", url=f"https://courier.example/{n}") for n in range(3))
    once = of_articles([a, b], (b.url, FERRY), (c.url, FERRY), together=False)
    thrice = of_articles([a, b, c], (b.url, FERRY), (c.url, FERRY), together=False)
    assert once["article_recall@10"] == thrice["article_recall@10"] == 1
    assert once["article_ndcg@10"] == thrice["article_ndcg@10"]


@pytest.mark.parametrize(
    ("gold", "source"),
    [
        (HARBOUR, Source(article="0123456789abcdef", url=HARBOUR)),
        (HARBOUR, Source(article="0123456789abcdef", url="http://www.courier.example/harbour/?utm_source=rss")),
        (HARBOUR, Source(article=HARBOUR)),
        ("0123456789abcdef", Source(article="0123456789abcdef", url=HARBOUR)),
        ("wire-ferry.txt", Source(article="0123456789abcdef", url="wire-ferry.txt")),
        ("wire-ferry.txt", Source(article="0123456789abcdef", url="/home/desk/news/wire-ferry.txt")),
        ("wire-ferry.txt", Source(article="news/wire-ferry.txt")),
    ],
)
def test_a_gold_article_is_known_by_its_address_its_id_or_its_file_name(gold, source):
    assert of_articles([source], (gold, FERRY))["article_recall@10"] == 1


def test_another_article_is_not_taken_for_it():
    sources = [
        Source(article="0123456789abcdef", url=f"{HARBOUR}-2"),
        Source(article="b", url="other-wire-ferry.txt"),
        Source(article=""),
    ]
    assert of_articles(sources, (HARBOUR, FERRY), ("wire-ferry.txt", FERRY))["article_recall@10"] == 0


def test_a_gold_article_counts_once_however_often_it_was_given_or_spelled():
    held = of_articles([Source(article="a", url=HARBOUR)], (HARBOUR, FERRY), (f"{HARBOUR}/", PRICE))
    assert (held["article_recall@10"], held["article_ndcg@10"]) == (1, 1)


def test_gold_without_words_is_any_passage_of_its_article():
    held = of_articles(
        [Source(article="a", url="https://x.example/1"), Source(article="b", url=HARBOUR)], (HARBOUR, "")
    )
    assert (held["mrr@10"], held["facts@10"], held["multihop_map@10"]) == (0.5, 1, 0.5)


# By passages


def test_passages_are_measured_only_where_the_relevant_ones_were_counted():
    assert not any(name.startswith("passage_") for name in scores(asked([FERRY], [FERRY])))
    held = scores(asked([OTHER, FERRY], [FERRY], relevant=4))
    assert held["passage_recall@10"] == 1 / 4
    assert held["passage_map@10"] == pytest.approx(1 / 2 / 4)


def test_a_fact_that_no_passage_of_the_archive_holds_whole_is_not_found():
    held = scores(asked([OTHER], [FERRY], relevant=0))
    assert (held["passage_recall@10"], held["passage_map@10"], held["passage_ndcg@10"]) == (0, 0, 0)


def test_a_passage_listed_twice_counts_once():
    outcome = asked([FERRY], [FERRY], relevant=2)
    twice = Outcome(question=outcome.question, found=outcome.found * 2, relevant=2)
    assert scores(twice)["passage_recall@10"] == 0.5


# What must always hold

texts = st.lists(st.text("ab \n", max_size=6), max_size=12)
facts = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4)


@settings(deadline=None)
@given(texts, facts, st.booleans(), st.none() | st.integers(0, 15))
def test_figures_lie_between_0_and_1_and_agree_with_each_other(passages, wanted, together, relevant):
    held = scores(asked(passages, wanted, together, relevant))
    assert all(0 <= value <= 1 for value in held.values())
    assert set(held) <= {measure.name for measure in MEASURES}
    assert held["hits@4"] <= held["hits@10"]
    assert held["mrr@10"] <= held["hits@10"] and (held["mrr@10"] >= 1 / 4) == bool(held["hits@4"])
    assert held["all_facts@10"] <= held["facts@10"] <= held["hits@10"]
    assert held["multihop_map@10"] <= held["hits@10"]


@settings(deadline=None)
@given(texts, facts, st.booleans())
def test_a_relevant_passage_put_first_is_never_worse(passages, wanted, together):
    before, after = (scores(asked(list_, wanted, together)) for list_ in (passages, [wanted[0], *passages[:9]]))
    assert (after["hits@4"], after["mrr@10"]) == (1, 1)
    assert after["multihop_map@10"] > 0 and after["hits@10"] >= before["hits@10"]


@settings(deadline=None)
@given(texts, facts, st.randoms())
def test_the_order_of_the_facts_does_not_matter(passages, wanted, shuffled):
    assert scores(asked(passages, shuffled.sample(wanted, len(wanted)))) == scores(asked(passages, wanted))
