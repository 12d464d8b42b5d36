"""What arrives in a watched folder or feed is answerable within seconds, while others ask and write."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT, TOWN, write_articles

from ingest import ingest
from ingest.report import Report
from ingest.watcher import Watcher
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse
from rag.index.pair import IndexPair
from rag.search import Searcher

EMBEDDER = WordHashEmbedder()


class Watching:
    """A watcher in a thread of its own, and what it reported."""

    def __init__(self, places: list[str], archive: Path, **settings) -> None:
        self.reports: list[Report] = []
        self._stop = threading.Event()
        read = partial(ingest, into=archive, embedder=EMBEDDER)
        self._watcher = Watcher(places, read, settled=0.3, **settings)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        for report in self._watcher.reports(self._stop):
            self.reports.append(report)

    def __enter__(self) -> Watching:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def stored(self) -> int:
        return sum(report.stored for report in self.reports)


def until(holds, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_articles(tmp_path / "inbox", TOWN[:1], "first.jsonl")
    return tmp_path / "inbox"


def test_what_is_there_and_what_arrives_is_read(folder, tmp_path):
    with Watching([str(folder)], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        searcher = Searcher.open(tmp_path / "archive", EMBEDDER)
        (folder / "desk").mkdir()
        write_articles(folder / "desk", TOWN[1:2], "second.jsonl")
        assert until(lambda: watching.stored() == 2)
        hits = searcher.search(searcher.understand("What do engineers say about the price of the bridge?"))
        assert TOWN[1]["headline"] in {hit.article.headline for hit in hits}
        searcher.close()


def test_a_changed_file_is_a_new_version(folder, tmp_path):
    with Watching([str(folder)], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        write_articles(folder, [TOWN[0] | {"body": "It will cost 13 million crowns."}], "first.jsonl")
        assert until(lambda: watching.stored() == 2)
    (article,) = Archive.open(tmp_path / "archive").articles()
    assert "13 million" in article.body


def test_a_glob_takes_only_what_matches(folder, tmp_path):
    with Watching([str(folder / "*.jsonl")], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        write_articles(folder, TOWN[1:2], "second.json.part")
        write_articles(folder, TOWN[2:3], "third.jsonl")
        assert until(lambda: watching.stored() == 2)
    assert {a.url for a in Archive.open(tmp_path / "archive").articles()} == {TOWN[0]["url"], TOWN[2]["url"]}


def test_what_comes_while_another_writes_is_read_afterwards(folder, tmp_path):
    with Watching([str(folder)], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        writer = IndexPair.for_writing(Archive.open(tmp_path / "archive"))
        write_articles(folder, TOWN[1:2], "second.jsonl")
        time.sleep(1.5)
        assert watching.stored() == 1
        writer.close()
        assert until(lambda: watching.stored() == 2)


def test_our_own_archive_and_what_reading_passes_over_is_not_read(folder, tmp_path):
    with Watching([str(tmp_path)], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        (folder / "README.md").write_text("# Read me\n\nThis is no news at all.\n")
        write_articles(folder, TOWN[1:2], "second.jsonl")
        assert until(lambda: watching.stored() == 2)
        time.sleep(2)
    assert [(r.inputs, r.stored) for r in watching.reports] == [(1, 1), (1, 1)]


def test_a_folder_below_a_hidden_one_is_followed(tmp_path):
    folder = tmp_path / ".desk" / "in"
    write_articles(folder, TOWN[:1], "first.jsonl")
    with Watching([str(folder)], tmp_path / "archive") as watching:
        assert until(lambda: watching.stored() == 1)
        write_articles(folder, TOWN[1:2], "second.jsonl")
        assert until(lambda: watching.stored() == 2)


def test_a_glob_that_matches_nothing_yet_waits(folder, tmp_path):
    with Watching([str(folder / "*.html")], tmp_path / "archive") as watching:
        time.sleep(0.6)
        (folder / "new.html").write_text(
            "<html><body><h1>Storm</h1><p>The storm over Lund has ended on Monday.</p></body></html>"
        )
        assert until(lambda: watching.stored() == 1)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WrongUse, match="no such folder to watch"):
        next(Watcher([str(tmp_path / "nowhere")], lambda places: Report()).reports(threading.Event()))


@pytest.fixture
def watching_process(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = ["--watch", "--json", "--embedder", "word-hash", "--archive", str(tmp_path / "archive"), str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def test_from_the_command_line_until_ctrl_c(watching_process, folder):
    assert json.loads(watching_process.stdout.readline())["stored"] == 1
    write_articles(folder, TOWN[1:2], "second.jsonl")
    assert json.loads(watching_process.stdout.readline())["stored"] == 1
    watching_process.send_signal(signal.SIGINT)
    assert watching_process.wait(20) == 0
    assert watching_process.stderr.read().strip() == "Stopping."
