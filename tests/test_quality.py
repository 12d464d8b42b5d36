"""The floors of eval/floors.json, with the real embedding model: 40 report questions in every run, all on demand."""

from pathlib import Path

import pytest

from eval import benchmarks, floors
from eval.question_files import SAMPLE_QUESTIONS, digest_of, questions_of
from eval.run import evaluate
from eval.workplace import Workplace
from rag.assistant import Assistant
from rag.embedder import embedder_named

MULTIHOP = Path(__file__).resolve().parents[2] / "shared" / "data" / "multihop_news"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    workplace = Workplace(tmp_path_factory.mktemp("quality"), embedder_named())
    directory = workplace.archive("sample", benchmarks.sample().news)
    opened = Assistant.open(directory, embedder=workplace.kept)
    yield opened
    opened.close()


def test_the_floors_belong_to_these_questions():
    assert floors.agree(floors.read(), {"sample": digest_of(SAMPLE_QUESTIONS)}), "python -m eval floors --pin"


@pytest.mark.timeout(600)
def test_40_report_questions_on_the_sample_news(assistant):
    asked = evaluate(assistant, floors.quick(questions_of(SAMPLE_QUESTIONS)))
    assert not floors.shortfalls(floors.read(), floors.of_run("quick", asked))


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_all_report_questions_on_the_sample_news(assistant):
    asked = evaluate(assistant, questions_of(SAMPLE_QUESTIONS))
    assert not floors.shortfalls(floors.read(), floors.of_run("sample", asked))


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_multihop_rag(tmp_path):
    if not MULTIHOP.is_dir():
        pytest.skip(f"MultiHop-RAG is not at {MULTIHOP}")
    (asked,) = benchmarks.run(benchmarks.multihop(MULTIHOP), Workplace(tmp_path, embedder_named()), peers=False)
    assert not floors.shortfalls(floors.read(), floors.of_run("multihop", asked))
