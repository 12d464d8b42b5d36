"""The files of TREC, read back by ir_measures: trec_eval gives the figures that we give."""

from dataclasses import replace
from datetime import date

import ir_measures
import pytest
from ir_measures import AP, RR, R, nDCG

from eval.measures.retrieval import scores
from eval.outcome import FoundPassage, Outcome, Source
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run
from eval.trec import write

FACT = "The ferry is late."
MEASURES = {"recall@10": R @ 10, "map@10": AP @ 10, "ndcg@10": nDCG @ 10, "mrr@10": RR @ 10}


def outcome(number: int, found: str, gold: str, relevant: int | None) -> Outcome:
    """``found`` has a letter for each passage: its article; a capital holds the fact. ``gold`` are articles."""
    facts = tuple(GoldFact(f"https://courier.example/{letter}", FACT) for letter in gold)
    question = EvalQuestion(
        id=f"question {number}", text="When?", asked_on=date(2026, 3, 8), kind="single", split=Split.TUNE, gold=facts
    )
    passages = tuple(
        FoundPassage(
            id=f"passage {letter}\u2003{rank} 5%",
            text=FACT if letter.isupper() else "No.",
            source=Source(article=f"id {letter.lower()}", url=f"https://courier.example/{letter.lower()}"),
            score=0.5,
        )
        for rank, letter in enumerate(found)
    )
    return Outcome(question=question, found=passages, relevant=relevant)


@pytest.fixture
def run() -> Run:
    outcomes = (
        outcome(1, "aBacCde", "bcx", 7),
        outcome(2, "abcdefghijKl", "kz", 1),
        outcome(3, "abc", "z", 0),
        outcome(4, "", "ab", 3),
        outcome(5, "ab", "", None),
        outcome(6, "AAAA", "a", 4),
    )
    return Run(
        name="our own run", system="test", begun="", questions="", digest="", outcomes=outcomes,
        scores=tuple(scores(one) for one in outcomes),
    )  # fmt: skip


@pytest.mark.parametrize("of", ["article", "passage"])
def test_trec_eval_gives_our_figures(run, of, tmp_path):
    write(run, tmp_path)
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / f"{of}s.qrels")))
    ranked = list(ir_measures.read_trec_run(str(tmp_path / f"{of}s.run")))
    named = {f"{of}_{name}": measure for name, measure in MEASURES.items()}
    theirs = {(m.query_id, str(m.measure)): m.value for m in ir_measures.iter_calc(named.values(), qrels, ranked)}
    checked = 0
    for asked, ours in zip(run.outcomes, run.scores, strict=True):
        for name, measure in named.items():
            if name in ours:
                value = theirs[asked.question.id.replace(" ", "%20"), str(measure)]
                assert ours[name] == pytest.approx(value, abs=1e-9), (asked.question.id, name)
                checked += 1
    assert checked == (20 if of == "article" else 15)  # five questions; passages have no mrr of their own


def test_trec_eval_gives_our_means(run, tmp_path):
    write(run, tmp_path)
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "articles.qrels")))
    ranked = list(ir_measures.read_trec_run(str(tmp_path / "articles.run")))
    ours = [one["article_ndcg@10"] for one in run.scores if one]
    assert ir_measures.calc_aggregate([nDCG @ 10], qrels, ranked)[nDCG @ 10] == pytest.approx(sum(ours) / len(ours))


def test_every_line_has_the_columns_of_trec_and_scores_fall(run, tmp_path):
    files = write(run, tmp_path)
    assert sorted(file.name for file in files) == ["articles.qrels", "articles.run", "passages.qrels", "passages.run"]
    for file in files:
        lines = [line.split() for line in file.read_text("ascii").splitlines()]
        assert lines and {len(line) for line in lines} == {6 if file.suffix == ".run" else 4}, file
        by_question = {}
        for line in lines if file.suffix == ".run" else ():
            by_question.setdefault(line[0], []).append((int(line[3]), float(line[4])))
        for ranked in by_question.values():
            assert [rank for rank, _ in ranked] == list(range(1, len(ranked) + 1))
            assert all(before > after for (_, before), (_, after) in zip(ranked, ranked[1:], strict=False))


def test_equal_scores_keep_our_order(run, tmp_path):
    """All passages of the fixture score 0.5; trec_eval would sort them by id."""
    write(run, tmp_path)
    first = ir_measures.read_trec_run(str(tmp_path / "passages.run"))
    best = max((scored for scored in first if scored.query_id == "question%201"), key=lambda scored: scored.score)
    assert best.doc_id.startswith("passage%20a%E2%80%830")


def test_relevant_passages_that_were_not_found_are_in_the_judgements(run, tmp_path):
    write(run, tmp_path)
    lines = (tmp_path / "passages.qrels").read_text().splitlines()
    assert [line for line in lines if line.startswith("question%204 ")] == [
        f"question%204 0 not-found-{n} 1" for n in (1, 2, 3)
    ]
    uncounted = replace(run, outcomes=(replace(run.outcomes[0], relevant=None),), scores=run.scores[:1])
    write(uncounted, tmp_path)
    assert "not-found" not in (tmp_path / "passages.qrels").read_text()


def test_a_name_that_nobody_gave_still_fills_its_column(tmp_path, run):
    nameless = FoundPassage(id="", text="No.", source=Source(article=""))
    write(replace(run, name="", outcomes=(replace(run.outcomes[0], found=(nameless,)),), scores=({},)), tmp_path)
    assert (tmp_path / "passages.run").read_text() == "question%201 Q0 - 1 1 -\n"
