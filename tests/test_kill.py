"""kill -9 anywhere in an ingest, then ingest again: the same archive as if never killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, TOWN, write_articles
from test_orders import state

MANY = [
    TOWN[n % 3]
    | {
        "url": f"https://bell.example/{n}",
        "headline": f"Story number {n} of the year",
        "body": f"Number {n} begins here.\n\n" + TOWN[n % 3]["body"] + f"\n\nNumber {n} ends here.",
    }
    for n in range(150)
]
# Versions, and a kill of what came before: removing is killed as well.
MANY += [
    MANY[n] | {"version": 2, "body": f"Number {n} is another story now.\n\n" + TOWN[2]["body"]} for n in (7, 70, 140)
]
MANY += [MANY[n] | {"version": 3, "pubstatus": "canceled", "body": "Kill."} for n in (9, 90)]


def command(news, archive) -> list[str]:
    return [sys.executable, "-m", "ingest", str(news), "--archive", str(archive), "--embedder", "word-hash", "--json"]


def run(news, archive, failpoint: str = "") -> int:
    environment = os.environ | {"DATELINE_FAILPOINT": failpoint}
    return subprocess.run(command(news, archive), cwd=ROOT, env=environment, capture_output=True).returncode


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    return write_articles(tmp_path_factory.mktemp("news"), MANY)


@pytest.fixture(scope="module")
def unharmed(news, tmp_path_factory):
    """What the archive holds when nobody kills anything."""
    folder = tmp_path_factory.mktemp("unharmed")
    assert run(news, folder) == 0
    return state(folder)


@pytest.mark.parametrize("failpoint", ["before-commit:2", "after-commit:1", "between-indexes:1"])
def test_a_kill_at_every_failpoint_leaves_nothing_behind(failpoint, news, unharmed, tmp_path):
    assert run(news, tmp_path, failpoint) == -signal.SIGKILL
    assert run(news, tmp_path) == 0
    assert state(tmp_path) == unharmed


def killed_after(seconds: float, news, archive) -> None:
    process = subprocess.Popen(command(news, archive), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


@pytest.mark.kill
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(100))
def test_a_kill_at_a_random_moment(seed, news, unharmed, tmp_path):
    """Up to three kills one after the other, so that recovery is killed as well."""
    moments = random.Random(seed)
    for _ in range(moments.randint(1, 3)):
        killed_after(moments.uniform(0.6, 3.5), news, tmp_path)
    assert run(news, tmp_path) == 0
    assert state(tmp_path) == unharmed
