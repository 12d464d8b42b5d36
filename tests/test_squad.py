"""SQuAD 2.0 in both of its forms: gold is the sentence that holds the answer, every paragraph an article once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import SHARED

from eval.question_files import QuestionsUnreadable, questions_of
from eval.run import evaluate
from eval.squad import is_squad, squad_articles
from ingest import ingest
from rag.embedder import WordHashEmbedder
from rag.retriever import NewsRetriever
from rag.search import Searcher

WEIR = "The weir was built in 1911.  It is 40 metres long.\nA mill stood there before."
MILL = "The mill at Teck ground oats until 1874. Its last miller was Jon Aske."
ASKED = [
    ("long", WEIR, "How long is the weir? ", ["40 metres", "40 metres long"]),
    ("built", WEIR, "Who built the weir?", []),
    ("miller", MILL, "Who was the last miller at Teck?", ["Jon Aske", "Aske"]),
]


def official(folder: Path) -> Path:
    paragraphs = [
        {
            "context": context,
            "qas": [
                {"id": i, "question": text, "answers": [{"text": a} for a in answers], "is_impossible": not answers}
                for i, held, text, answers in ASKED
                if held == context
            ],
        }
        for context in (WEIR, MILL)
    ]
    file = folder / "dev-v2.0.json"
    file.write_text(json.dumps({"version": "v2.0", "data": [{"title": "Teck", "paragraphs": paragraphs}]}), "utf-8")
    return file


def sample(folder: Path) -> Path:
    """The form of ../shared: the answers lie beside the questions, an empty one stands for none."""
    file = folder / "queries.json"
    queries = [{"id": i, "context": context, "question": text} for i, context, text, _ in ASKED]
    file.write_text(json.dumps({"task": "squad2", "queries": queries}), "utf-8")
    truth = {i: {"answers": answers or [""]} for i, _, _, answers in ASKED}
    (folder / "ground_truth.json").write_text(json.dumps(truth), "utf-8")
    return file


def test_both_forms_ask_the_same(tmp_path):
    assert questions_of(official(tmp_path)) == questions_of(sample(tmp_path))


@pytest.mark.parametrize("form", [official, sample])
def test_gold_is_the_sentence_with_the_answer(tmp_path, form):
    long, built, miller = questions_of(form(tmp_path))
    assert (long.text, long.facts) == ("How long is the weir?", ["It is 40 metres long."])
    assert (long.answer, miller.answer) == ("40 metres", "Aske"), "the shortest of the answers that were accepted"
    assert miller.facts == ["Its last miller was Jon Aske."]
    assert (built.answerable, built.kind, long.kind) == (False, "squad_unanswerable", "squad")
    assert not long.together


def test_what_is_marked_impossible_has_no_answer_even_where_one_is_given(tmp_path):
    file = official(tmp_path)
    whole = json.loads(file.read_text("utf-8"))
    whole["data"][0]["paragraphs"][0]["qas"][0]["is_impossible"] = True
    file.write_text(json.dumps(whole), "utf-8")
    assert not questions_of(file)[0].answerable


@pytest.mark.parametrize("form", [official, sample])
def test_each_paragraph_is_an_article_once_and_is_found_by_its_address(tmp_path, form):
    file = form(tmp_path)
    articles = squad_articles(file, tmp_path / "articles.jsonl")
    assert len(articles.read_text("utf-8").splitlines()) == 2
    report = ingest([articles], tmp_path / "archive", embedder=WordHashEmbedder())
    assert not report.quarantined
    searcher = Searcher.open(tmp_path / "archive")
    try:
        run = evaluate(NewsRetriever(searcher=searcher), questions_of(file), archive=searcher.archive)
    finally:
        searcher.close()
    assert [scores["facts@10"] for scores in run.scores if "facts@10" in scores] == [1, 1]


@pytest.mark.parametrize("whole", [None, [], "data", 5, {"query": "?"}, {"id": "a", "text": "data"}])
def test_other_files_are_not_taken_for_it(whole):
    assert not is_squad(whole)


def test_the_sample_of_shared_is_read_whole():
    if SHARED is None or not (SHARED / "data" / "squad2_sample500").is_dir():
        pytest.skip("../shared is not here")
    questions = questions_of(SHARED / "data" / "squad2_sample500" / "queries.json")
    assert len({question.id for question in questions}) == 500
    for question in questions:
        assert question.answerable == (question.kind == "squad")
        assert question.answer in " ".join(question.facts)


def test_squads_own_form_is_read(tmp_path):
    paragraph = "The weir was built in 1911. It is 40 metres long."
    asked = {"id": "w", "question": "How long is the weir?", "answers": [{"text": "40 metres", "answer_start": 34}]}
    never = {"id": "n", "question": "Who built it?", "answers": [], "is_impossible": True}
    whole = {"version": "v2.0", "data": [{"paragraphs": [{"context": paragraph, "qas": [asked, never]}]}]}
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(whole), "utf-8")
    long, built = questions_of(file)
    assert long.facts == ["It is 40 metres long."] and long.answer == "40 metres"
    assert not built.answerable


def test_white_space_in_an_answer_does_not_hide_its_sentence(tmp_path):
    file = sample(tmp_path)
    truth = json.loads((tmp_path / "ground_truth.json").read_text("utf-8"))
    truth["long"]["answers"] = ["40  metres"]
    (tmp_path / "ground_truth.json").write_text(json.dumps(truth), "utf-8")
    long = next(question for question in questions_of(file) if question.id == "long")
    assert long.facts == ["It is 40 metres long."]


@pytest.mark.parametrize("fault", ["no truth", "no id", "wrong type", "empty", "twice"])
def test_a_damaged_file_is_told_in_one_line(tmp_path, fault):
    file = sample(tmp_path) if fault in ("no truth", "twice") else official(tmp_path)
    whole = json.loads(file.read_text("utf-8"))
    if fault == "no truth":
        (tmp_path / "ground_truth.json").unlink()
    elif fault == "no id":
        del whole["data"][0]["paragraphs"][0]["qas"][0]["id"]
    elif fault == "twice":
        whole["queries"] *= 2
    else:
        whole["data"] = 5 if fault == "wrong type" else []
    file.write_text(json.dumps(whole), "utf-8")
    with pytest.raises(QuestionsUnreadable) as error:
        questions_of(file)
    assert "\n" not in str(error.value) and str(error.value).endswith(".")
