"""The floors of eval/floors.json, with the real embedding model: 40 report questions in every run, all on demand."""

from pathlib import Path

import pytest

from eval import floors, multihop
from eval.question import SAMPLE_QUESTIONS, digest_of, sample_questions
from eval.sample import SAMPLE_NEWS, ask_all
from eval.workplace import Workplace
from rag.assistant import Assistant
from rag.embedder import embedder_named

MULTIHOP = Path(__file__).resolve().parents[2] / "shared" / "data" / "multihop_news"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    workplace = Workplace(tmp_path_factory.mktemp("quality"), embedder_named())
    directory, _ = workplace.archive("sample", [SAMPLE_NEWS])
    opened = Assistant.open(directory, embedder=workplace.kept)
    yield opened
    opened.close()


def test_the_floors_belong_to_these_questions():
    assert floors.agree(floors.read(), {"sample": digest_of(SAMPLE_QUESTIONS)}), "python -m eval floors --pin"


@pytest.mark.timeout(600)
def test_40_report_questions_on_the_sample_news(assistant):
    asked = ask_all(assistant, floors.quick(sample_questions()))
    assert not floors.shortfalls(floors.read(), floors.of_quick(asked))


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_all_report_questions_on_the_sample_news(assistant):
    assert not floors.shortfalls(floors.read(), floors.of_sample(ask_all(assistant, sample_questions())))


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_multihop_rag(tmp_path):
    if not MULTIHOP.is_dir():
        pytest.skip(f"MultiHop-RAG is not at {MULTIHOP}")
    measured = multihop.lines(multihop.run(MULTIHOP, Workplace(tmp_path, embedder_named()), baselines=False))
    assert not floors.shortfalls(floors.read(), floors.of_multihop(measured))
