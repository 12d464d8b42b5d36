"""The commands as a user types them: what they print, and that wrong use is one line and exit 2."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import ROOT, TOWN, write_articles

from ingest.__main__ import main as ingest_main
from rag.__main__ import main as rag_main


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)


def test_ask_prints_one_object_with_everything_to_check_it(town):
    done = command("rag", "ask", "How many people come to the library on a Sunday?", "--archive", str(town), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {"refused", "sentences", "citations"} <= set(answer)
    assert all({"text", "citations", "verdict"} <= set(sentence) for sentence in answer["sentences"])
    needed = {"number", "article_id", "headline", "publisher", "published", "url", "quote", "start", "end"}
    assert all(needed <= set(citation) for citation in answer["citations"])


def test_search_prints_a_list_of_passages(town):
    done = command("rag", "search", "the price of the bridge", "--archive", str(town), "-k", "2", "--json")
    hits = json.loads(done.stdout)
    assert [hit["rank"] for hit in hits] == [1, 2]
    needed = {"rank", "score", "article_id", "headline", "publisher", "published", "url", "text", "start", "end"}
    assert all(needed <= set(hit) for hit in hits)


def test_verify_and_repair_say_what_they_found(town):
    assert "All agree." in command("rag", "verify", "--archive", str(town)).stdout
    done = command("rag", "repair", "--archive", str(town))
    assert done.stdout.strip() == "Both indexes hold the archive's 3 passages again."


def test_ingest_prints_a_closing_table_with_the_reasons(tmp_path):
    write_articles(tmp_path / "n", TOWN)
    (tmp_path / "n" / "broken.json").write_text("{")
    arguments = (str(tmp_path / "n"), "--archive", str(tmp_path / "a"), "--embedder", "word-hash")
    done = command("ingest", *arguments)
    assert done.returncode == 0
    table = dict(line.split() for line in done.stdout.splitlines() if len(line.split()) == 2)
    assert table == {"inputs": "4", "stored": "3", "unchanged": "0", "duplicate": "0", "quarantined": "1"}
    assert "broken.json" in done.stdout
    report = json.loads(command("ingest", *arguments, "--json").stdout)
    assert (report["unchanged"], report["quarantined"]) == (3, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rag",),
        ("rag", "ask"),
        ("rag", "ask", "what?", "--archive", "/nowhere/at/all"),
        ("rag", "ask", "what?", "--asked-on", "tomorrow"),
        ("rag", "ask", "what?", "--model", "nonsense", "--archive", "{town}"),
        ("rag", "search", "what?", "-k", "0"),
        ("rag", "fly"),
        ("ingest",),
        ("ingest", "/nowhere/at/all", "--archive", "{tmp}"),
        ("ingest", "README.md", "--archive", "/proc/nowhere"),
        ("ingest", "README.md", "--chroma", "ftp://x", "--archive", "{tmp}"),
        ("ingest", "README.md", "--map", "headline", "--archive", "{tmp}"),
        ("ingest", "README.md", "--map", "colour=x", "--archive", "{tmp}"),
        ("ingest", "README.md", "--reader", "nowhere.py:X", "--archive", "{tmp}"),
        ("ingest", "/nowhere", "--watch", "--archive", "{tmp}"),
        ("ingest", "--watch", "--every", "0", "README.md"),
        ("ingest", "--quarantine", "--archive", "/nowhere/at/all"),
        ("rag", "erase", "--archive", "{town}"),
        ("rag", "redact", "--archive", "{town}"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(arguments, town, tmp_path, capsys):
    module, *rest = (a.format(town=town, tmp=tmp_path / "new") for a in arguments)
    try:
        code = {"rag": rag_main, "ingest": ingest_main}[module](rest)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == 2, said
    assert len(said.strip().splitlines()) == 1, said


def test_wrong_use_ends_a_real_process_without_a_traceback(tmp_path):
    done = command("ingest", "/nowhere/at/all", "--archive", str(tmp_path / "new"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
