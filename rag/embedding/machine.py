"""What this machine is: its processor, as far as it decides what computes vectors fastest and whether they agree."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from pathlib import Path

_BF16 = {"avx512_bf16", "amx_bf16"}


def cores() -> int:
    """The processor cores that this process may use; OMP_NUM_THREADS sets it lower."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, int(wanted)) if wanted.isdecimal() and int(wanted) else allowed


def computes_in_bf16() -> bool:
    return bool(_BF16 & set(_processor()[1].split()))


@cache
def kind() -> str:
    """12 hexadecimal digits, the same for machines with the same processor."""
    return hashlib.sha256(f"{platform.machine()} {_processor()}".encode()).hexdigest()[:12]


@cache
def _processor() -> tuple[str, str]:
    """The name of the first processor and its abilities; Linux tells both, others the name at most."""
    try:
        lines = [line.partition(":") for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()]
    except OSError:
        return platform.processor(), ""
    told = {name.strip(): value.strip() for name, _, value in reversed(lines)}
    return told.get("model name", ""), told.get("flags", "")
