"""What is imported for what: a command answers within seconds since it leaves alone what it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, TOWN, write_articles

from ingest import ingest

MODELS = {"torch", "transformers", "sentence_transformers", "onnx"}
CHAINS = {"langchain", "langchain_core", "langsmith"}
OTHERS = {"gradio", "trafilatura", "scipy", "sklearn", "pandas"}


def imported(code: str) -> set[str]:
    """The packages that a process of its own has imported after ``code``."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys; print('\\n', *{{name.partition('.')[0] for name in sys.modules}})",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return set(told.stdout.splitlines()[-1].split())


@pytest.fixture(scope="module")
def minilm_archive(tmp_path_factory) -> Path:
    """Three articles, embedded by the bundled model; whatever it has to be compiled for is compiled then."""
    folder = tmp_path_factory.mktemp("cold")
    ingest([write_articles(folder / "news", TOWN)], folder / "archive")
    return folder / "archive"


def test_the_packages_themselves_cost_next_to_nothing():
    seen = imported("import rag, ingest")
    assert not seen & (MODELS | CHAINS | OTHERS | {"pydantic", "chromadb", "onnxruntime", "openvino", "tokenizers"})


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_needs_no_torch_and_no_chain(minilm_archive, command):
    question = f"{['What will the bridge cost?', '--archive', str(minilm_archive)]}"
    seen = imported(f"from rag.__main__ import main; assert main(['{command}', *{question}]) == 0")
    assert not seen & (MODELS | CHAINS | OTHERS)


def test_a_retriever_is_there_when_it_is_asked_for():
    seen = imported("from rag import NewsRetriever; assert NewsRetriever.from_archive")
    assert "langchain_core" in seen and not seen & (MODELS | OTHERS)
