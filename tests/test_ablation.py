"""Ablation: a row for every weight and every other part, each asked the same questions of one archive."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from eval import ablation
from eval.ablation import WHOLE, shown, variants, weights_without
from eval.benchmarks import Benchmark
from eval.question import Split
from eval.workplace import Workplace
from rag.embedder import WordHashEmbedder
from rag.ranking import Weights

COST = "The new bridge at Orle will cost 12 million crowns"
CHAMBER = "The bridge at Orle will cost 15 million crowns"
ASKED = [
    {"id": "cost", "text": "What will the bridge at Orle cost, as The Orle Bell says?", "split": "tune",
     "gold": [{"url": "https://bell.example/bridge", "fact": COST}]},
    {"id": "price", "text": "What does the Northern Post say that the bridge costs?", "split": "tune",
     "gold": [{"url": "https://post.example/bridge", "fact": CHAMBER}]},
    {"id": "follows", "text": "Who says so?", "split": "tune", "history": ["What will the bridge cost?"],
     "gold": [{"url": "https://bell.example/bridge", "fact": COST}]},
    {"id": "nobody", "text": "Who won the regatta?", "split": "tune"},
    {"id": "votes", "text": "How did the council vote on the library?", "split": "report",
     "gold": [{"url": "https://bell.example/library", "fact": "by 14 votes to 9"}]},
]  # fmt: skip
LONG = {
    "url": "https://bell.example/regatta",
    "headline": "The bridge is full for the regatta at Orle",
    "publisher": "The Orle Bell",
    "published": "2026-03-08T08:00:00+00:00",
    "body": " ".join(
        f"Boat {n} passed the bridge at Orle in lane {n % 7} and cost its crew much sweat." for n in range(60)
    ),
}


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "work", WordHashEmbedder())


@pytest.fixture
def town_benchmark(tmp_path: Path) -> Benchmark:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(q | {"asked_on": "2026-03-10"}) + "\n" for q in ASKED), "utf-8")
    return Benchmark("town", questions, (write_articles(tmp_path / "news", [*TOWN, LONG]),), "town")


def test_every_weight_has_a_row_that_leaves_it_out():
    left_out = dict(weights_without(Weights()))
    for field in fields(Weights):
        if getattr(Weights(), field.name):
            weights = left_out[f"{field.name} = 0"]
            changed = [f.name for f in fields(Weights) if getattr(weights, f.name) != getattr(Weights(), f.name)]
            assert changed == [field.name] and not getattr(weights, field.name)


def test_every_way_of_ranking_is_asked_the_answerable_questions_of_the_half(workplace, town_benchmark):
    runs = ablation.run(town_benchmark, workplace)
    assert runs[0].name == WHOLE
    assert {"no clauses", "no share a story", "neighbours = 1", "lexical alone", "dense alone"} <= {
        r.name for r in runs
    }
    assert len({run.name for run in runs}) == len(runs)
    assert all([o.question.id for o in run.outcomes] == ["cost", "price"] for run in runs)
    reported = ablation.run(town_benchmark, workplace, Split.REPORT)
    assert [o.question.id for o in reported[0].outcomes] == ["votes"]


def test_a_part_that_is_left_out_is_missed(workplace, town_benchmark):
    by_name = {run.name: run for run in ablation.run(town_benchmark, workplace)}
    (first, *_), (without, *_) = ([o.found[0] for o in by_name[n].outcomes] for n in (WHOLE, "publisher = 0"))
    assert first.source.publisher == "The Orle Bell"
    assert first.score > without.score, "the publisher that the question names no longer counts"
    longest = [max(len(p.text) for o in by_name[n].outcomes for p in o.found) for n in (WHOLE, "neighbours = 1")]
    assert longest[0] < longest[1]


def test_the_table_has_the_whole_and_a_difference_for_every_other_row(workplace, town_benchmark):
    runs = ablation.run(town_benchmark, workplace)
    lines = shown(runs).splitlines()
    assert len(lines) == 2 + len(runs)
    assert lines[2].startswith(WHOLE) and "[" not in lines[2]
    assert all(line.count("[") == 4 for line in lines[3:])


def test_the_searcher_that_is_ablated_keeps_its_weights(searcher):
    before = searcher.weights
    assert [name for name, _ in variants(searcher)][0] == WHOLE
    assert searcher.weights == before
