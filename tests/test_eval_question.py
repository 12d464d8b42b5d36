"""The questions: both sets are read, halved by the rule, and every gold fact of ours stands in the sample news."""

import hashlib
import json

import pytest

from eval.floors import QUICK, quick
from eval.question import SAMPLE_QUESTIONS, Split, digest_of, halves, multihop_questions, sample_questions
from eval.retrieval import relevances
from eval.sample import SAMPLE_NEWS
from ingest import ingest
from rag.archive import Archive
from rag.embedder import WordHashEmbedder

FACTS = [{"url": "u", "fact": "A."}]
MULTIHOP = [
    {"id": "a", "query": "A?", "evidence_list": FACTS, "question_type": "inference_query", "answer": "A"},
    {"id": "b", "query": "B?", "evidence_list": FACTS, "question_type": "temporal_query", "answer": "Yes"},
    {
        "id": "c",
        "query": "C?",
        "evidence_list": [],
        "question_type": "null_query",
        "answer": "Insufficient information.",
    },
]


def test_halves_take_turns_in_the_order_of_the_digest():
    ids = ["zc0", "zc1", "zc2", "zc3", "zc4"]
    by_digest = sorted(ids, key=lambda i: hashlib.md5(i.encode()).hexdigest())
    assert [i for i, split in halves(ids).items() if split is Split.TUNE] == by_digest[::2]
    assert halves(reversed(ids)) == halves(ids)


def test_multihop_questions_that_have_no_evidence_are_not_answerable_and_halved_apart(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, MULTIHOP)) + "\n")
    a, b, c = multihop_questions(file)
    assert [q.answerable for q in (a, b, c)] == [True, True, False]
    assert {a.split, b.split} == set(Split) and c.split is Split.TUNE
    assert (a.kind, a.facts, a.gold[0].article) == ("inference", ["A."], "u")


def test_sample_questions_are_told_apart_and_those_without_gold_want_a_refusal():
    questions = sample_questions()
    assert len({question.id for question in questions}) == len(questions) >= 200
    assert {q.kind for q in questions if not q.answerable} == {"absent", "nearby"}
    assert all(q.answer for q in questions if q.answerable)


def test_every_gold_fact_stands_in_the_sample_news(tmp_path):
    ingest([SAMPLE_NEWS], into=tmp_path, embedder=WordHashEmbedder())
    archive = Archive.open(tmp_path)
    bodies = [article.body for article in archive.articles()]
    archive.close()
    facts = {fact for question in sample_questions() for fact in question.facts}
    assert not [fact for fact in facts if not any(relevances(bodies, [fact]))]


def test_the_quick_questions_are_of_the_report_half_and_spread_over_it():
    chosen = quick(sample_questions())
    assert len({question.id for question in chosen}) == QUICK
    assert {question.split for question in chosen} == {Split.REPORT}
    assert len({question.kind for question in chosen}) >= 8


def test_a_digest_belongs_to_the_very_bytes(tmp_path):
    changed = tmp_path / "questions.jsonl"
    changed.write_bytes(SAMPLE_QUESTIONS.read_bytes() + b"\n")
    assert digest_of(changed) != digest_of(SAMPLE_QUESTIONS)


@pytest.mark.parametrize("split", list(Split))
def test_neither_half_is_much_smaller_than_the_other(split):
    questions = sample_questions()
    assert sum(q.split is split for q in questions) >= 0.45 * len(questions)
