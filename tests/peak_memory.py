"""How much memory reading takes, in a process of its own: what this one has used before counts too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import ROOT

_CODE = """
import resource, sys; from ingest.sources import find_sources
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum({each} for source in find_sources(sys.argv[1:]))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def read_in_a_process(file: Path, each: str) -> tuple[int, int]:
    """The sum of ``each`` (an expression of ``source``) over the sources of a file, and the growth in bytes."""
    command = [sys.executable, "-c", _CODE.format(each=each), str(file)]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    count, kib = map(int, out.split())
    return count, kib * 1024
