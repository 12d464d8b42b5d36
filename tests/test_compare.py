"""Two runs beside each other: one made worse on purpose is told, one that is the same is called so."""

import random
from dataclasses import replace
from datetime import date

import pytest

from eval.compare import RunsDiffer, Verdict, compare, compare_all, shown
from eval.measures import retrieval
from eval.measures.measure import Measure
from eval.outcome import FoundPassage, Outcome, Source
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run

N = 60
SECONDS = Measure("seconds", "until the answer is there", unit="s", lower_is_better=True)
WORDS = Measure("words", "of the answer", unit="words", is_plain=True)
REFUSAL = Measure("refusal_precision", "of those refused, those rightly refused")
MEASURES = (*retrieval.MEASURES, SECONDS, WORDS, REFUSAL)


def question(number: int) -> EvalQuestion:
    gold = (GoldFact(f"https://courier.example/{number}", f"Fact {number} of the ferry."),)
    return EvalQuestion(
        id=f"q{number:02}", text="When?", asked_on=date(2026, 3, 8), kind="single", split=Split.TUNE, gold=gold
    )


def found(number: int, rank: int) -> Outcome:
    """Ten passages of ten articles, the right one at this rank (from 1); beyond 10 it is not there."""
    texts = ["Nothing to do with it."] * 10
    if rank <= 10:
        texts[rank - 1] = f"Fact {number} of the ferry."
    passages = tuple(
        FoundPassage(
            id=f"{number}-{place}",
            text=text,
            source=Source(
                article=f"{number}-{place}", url=f"https://courier.example/{number}" if place == rank else ""
            ),
        )
        for place, text in enumerate(texts, start=1)
    )
    return Outcome(question=question(number), found=passages, relevant=1)


def run_of(name: str, ranks: list[int], **more: list[float | None]) -> Run:
    """A run whose right passage for each question stands at its rank; ``more`` are scores of other measures."""
    outcomes = tuple(found(number, rank) for number, rank in enumerate(ranks))
    scores = tuple(
        retrieval.scores(outcome) | {what: row[n] for what, row in more.items() if row[n] is not None}
        for n, outcome in enumerate(outcomes)
    )
    return Run(name=name, system="test", begun="", questions="test", digest="d", outcomes=outcomes, scores=scores)


@pytest.fixture
def ranks() -> list[int]:
    drawn = random.Random(4)
    return [drawn.choice((1, 1, 1, 2, 3)) for _ in range(N)]


def shuffled(ranks: list[int]) -> list[int]:
    drawn = random.Random(5)
    return [drawn.randint(1, 12) for _ in ranks]


def by_name(held) -> dict:
    return {compared.measure.name: compared for compared in held}


def test_a_shuffled_retriever_is_told_worse_with_its_interval_and_p_value(ranks):
    held = by_name(compare(run_of("ours", ranks), run_of("shuffled", shuffled(ranks)), MEASURES))
    for name in ("hits@4", "mrr@10", "article_ndcg@10", "passage_map@10"):
        compared = held[name]
        assert compared.verdict is Verdict.WORSE, name
        assert compared.difference.low <= compared.difference.difference <= compared.difference.high < 0, name
        assert compared.difference.p <= compared.adjusted < 0.05, name
    assert (held["hits@4"].difference.test, held["mrr@10"].difference.test) == ("McNemar", "randomisation")
    back = by_name(compare(run_of("shuffled", shuffled(ranks)), run_of("ours", ranks), MEASURES))
    assert back["mrr@10"].verdict is Verdict.BETTER


def test_equal_runs_are_told_equal(ranks):
    held = compare(run_of("ours", ranks), run_of("again", ranks), MEASURES)
    assert {compared.verdict for compared in held} == {Verdict.SAME}
    assert all((c.difference.difference, c.difference.p, c.adjusted) == (0, 1, 1) for c in held)
    assert "worse" not in shown([run_of("ours", ranks), run_of("again", ranks)], MEASURES)


def test_one_question_does_not_make_a_difference(ranks):
    one_worse = [9, *ranks[1:]]
    held = by_name(compare(run_of("ours", ranks), run_of("other", one_worse), MEASURES))
    assert held["mrr@10"].verdict is Verdict.NOT_TOLD
    assert [change.question for change in held["mrr@10"].changed] == ["q00"]


def test_slower_is_worse_and_longer_is_other(ranks):
    seconds, words = [0.1 + n / 1000 for n in range(N)], [float(20 + n % 7) for n in range(N)]
    base = run_of("ours", ranks, seconds=seconds, words=words)
    slow = run_of("slow", ranks, seconds=[2 * s for s in seconds], words=[w + 9 for w in words])
    held = by_name(compare(base, slow, MEASURES))
    assert (held["seconds"].verdict, held["words"].verdict) == (Verdict.WORSE, Verdict.OTHER)
    assert by_name(compare(slow, base, MEASURES))["seconds"].verdict is Verdict.BETTER


def test_a_measure_that_each_run_has_of_other_questions_is_compared_as_each_run_has_it(ranks):
    base = run_of("ours", ranks, refusal_precision=[1.0 if n < 20 else None for n in range(N)])
    other = run_of("hasty", ranks, refusal_precision=[float(n < 20) if n < 40 else None for n in range(N)])
    compared = by_name(compare(base, other, MEASURES))["refusal_precision"]
    assert (compared.difference.mean_a, compared.difference.mean_b, compared.difference.n) == (1, 0.5, 40)
    assert compared.verdict is Verdict.WORSE
    assert len(compared.changed) == 20 and compared.changed[0].base is None


def test_a_measure_of_one_run_alone_is_left_out(ranks):
    assert "words" not in by_name(compare(run_of("a", ranks), run_of("b", ranks, words=[5.0] * N), MEASURES))


def test_what_changed_most_comes_first(ranks):
    changed = list(ranks)
    changed[3], changed[7] = 12, ranks[7] + 1
    held = by_name(compare(run_of("ours", ranks), run_of("other", changed), MEASURES))["mrr@10"].changed
    assert [change.question for change in held] == ["q03", "q07"]
    assert held[0].other == 0 and held[0].base == 1 / ranks[3]


def test_the_order_of_the_questions_does_not_matter(ranks):
    base, other = run_of("ours", ranks), run_of("other", shuffled(ranks))
    turned = replace(other, outcomes=other.outcomes[::-1], scores=other.scores[::-1])
    assert compare(base, other, MEASURES) == compare(base, turned, MEASURES)


def test_more_runs_are_each_compared_with_the_first_and_adjusted_together(ranks):
    base, other, third = run_of("ours", ranks), run_of("other", shuffled(ranks)), run_of("third", [9, *ranks[1:]])
    alone, together = compare(base, other, MEASURES), compare_all([base, other, third], MEASURES)
    assert [(c.base, c.other) for c in together] == [("ours", "other")] * len(alone) + [("ours", "third")] * len(alone)
    assert all(a.difference == b.difference for a, b in zip(alone, together, strict=False))
    assert sum(b.adjusted > a.adjusted for a, b in zip(alone, together, strict=False)) >= 5


@pytest.mark.parametrize("wrong", ["digest", "questions"])
def test_runs_that_were_not_asked_the_same_are_refused_in_one_line(ranks, wrong):
    base, other = run_of("ours", ranks), run_of("other", ranks)
    other = replace(other, digest="e") if wrong == "digest" else other.of_kind("none")
    with pytest.raises(RunsDiffer, match="then compare.$") as told:
        compare(base, other, MEASURES)
    assert "\n" not in str(told.value) and "'ours'" in str(told.value)


def test_the_table_shows_every_measure_and_the_questions_asked_for(ranks):
    base, other = run_of("ours", ranks), run_of("shuffled", shuffled(ranks))
    text = shown([base, other, run_of("third", ranks)], MEASURES, changed=2)
    first, second = text.split("\n\n")
    assert first.startswith("shuffled against ours\n") and second.startswith("third against ours\n")
    row = next(line for line in first.splitlines() if line.startswith("mrr@10 "))
    assert row.endswith("worse") and "[-0." in row and "randomisation" in row
    assert sum(line.startswith("mrr@10: q") for line in first.splitlines()) == 1
    assert first.splitlines()[-1].count("q") >= 2
    assert "the same" in second and ": q" not in second
    assert ": q" not in shown([base, other], MEASURES)
