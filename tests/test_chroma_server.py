"""The vectors in a Chroma server by URL: the archive remembers it, and the same questions find the same passages."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse
from rag.search import Searcher
from rag.upkeep import repair, verify


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--port",
        str(port),
        "--path",
        str(tmp_path_factory.mktemp("c")),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


def test_a_served_index_answers_like_an_embedded_one(server, tmp_path):
    file = write_articles(tmp_path / "n", TOWN)
    ingest([file], tmp_path / "served", embedder=WordHashEmbedder(), chroma_url=server)
    ingest([file], tmp_path / "embedded", embedder=WordHashEmbedder())
    assert not (tmp_path / "served" / "chroma").exists()
    found = []
    for folder in ("served", "embedded"):
        searcher = Searcher.open(tmp_path / folder)
        found.append(
            [h.passage.id for h in searcher.search(searcher.understand("What will the bridge at Orle cost?"), 3)]
        )
        searcher.close()
    assert found[0] == found[1]


def test_it_is_verified_and_mended_like_an_embedded_one(server, tmp_path):
    file = write_articles(tmp_path / "n", TOWN)
    ingest([file], tmp_path / "a", embedder=WordHashEmbedder(), chroma_url=server)
    archive = Archive.open(tmp_path / "a")
    assert verify(archive).sound
    newer = [TOWN[0] | {"version": 2, "body": "The bridge is off."}]
    ingest([write_articles(tmp_path / "newer", newer)], tmp_path / "a", embedder=WordHashEmbedder())
    assert verify(archive).sound
    assert repair(archive, lambda *_: None) == 3
    assert verify(archive).sound


def test_no_server_there_is_one_line_with_the_cure(tmp_path):
    file = write_articles(tmp_path / "n", TOWN)
    with pytest.raises(WrongUse, match="chroma run"):
        ingest([file], tmp_path / "a", embedder=WordHashEmbedder(), chroma_url=f"http://127.0.0.1:{free_port()}")
