"""Every Python snippet of README and docs runs, and every command in them does what it says, over the sample news."""

from __future__ import annotations

import json
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
    return sorted(
        {line.split("  #")[0].strip() for line in lines if line.startswith("python -m ") and not _needs_more(line)}
    )


def _needs_more(line: str) -> bool:
    """Commands that never end, ask the network, or need a file of the reader's own."""
    return any(word in line for word in ("--watch", "http", "--map", "--reader"))


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


# One process for all of them, since each would import torch anew (8 s); what is printed goes to files.
RUNNER = """
import contextlib, io, json, runpy, sys
for arguments in json.loads(sys.argv[1]):
    sys.argv, out, err, code = arguments, io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_module(arguments[0], run_name="__main__", alter_sys=False)
        except SystemExit as ended:
            code = ended.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]), file=sys.__stdout__)
"""


@pytest.fixture(scope="module")
def ran(desk) -> dict[str, tuple[int, str, str]]:
    """Command -> exit code, stdout, stderr."""
    wanted = [shlex.split(command)[2:] for command in commands()]
    done = run(desk, ["-c", RUNNER, json.dumps(wanted)])
    assert done.returncode == 0, done.stderr
    return dict(zip(commands(), map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_docs_runs(ran, command):
    code, out, err = ran[command]
    assert not code, err
    assert out.strip()
