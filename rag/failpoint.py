"""Places where a test can kill the process, to prove that what comes after a kill is right.

``DATELINE_FAILPOINT=after-commit`` dies at the first pass, ``after-commit:3`` at the third, as by kill -9.
"""

from __future__ import annotations

import os
import signal

_passes: dict[str, int] = {}


def failpoint(name: str) -> None:
    armed, _, count = os.environ.get("DATELINE_FAILPOINT", "").partition(":")
    if armed != name:
        return
    _passes[name] = _passes.get(name, 0) + 1
    if _passes[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
