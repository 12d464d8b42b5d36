"""Every Python snippet of README and docs runs, and every command in them does what it says, over the sample news."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Its complete example is run by its own test.
PAGES = [page for page in PAGES if page.name != "add-a-reader.md"]


def blocks(language: str) -> list[tuple[str, str]]:
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [(page.name, match[1]) for page in PAGES for match in pattern.finditer(page.read_text(encoding="utf-8"))]


def commands() -> list[str]:
    lines = (line for _, block in blocks("sh") for line in block.splitlines())
    return sorted({line.split("  #")[0].strip() for line in lines if line.startswith("python -m ")})


@pytest.fixture(scope="module")
def desk(sample_archive, tmp_path_factory) -> Path:
    """A folder as the docs suppose it: ``archive`` and ``news`` lie in it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(sample_archive, folder / "archive")
    shutil.copytree(ROOT / "ingest" / "sample" / "news", folder / "news")
    shutil.copytree(ROOT / "ingest" / "sample", folder / "ingest" / "sample")
    return folder


def run(desk: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-P", *arguments], cwd=desk, env=environment, capture_output=True, text=True)


def test_there_is_something_to_run():
    assert len(blocks("python")) >= 4
    assert len(commands()) >= 5


def test_all_snippets_run_one_after_the_other(desk):
    """In one process, since each would load the embedding model anew; names do not leak from one to the next."""
    script = "\n".join(f"exec(compile({code!r}, {name!r}, 'exec'), {{}})" for name, code in blocks("python"))
    done = run(desk, ["-c", script])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_docs_runs(desk, command):
    done = run(desk, shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
