"""What a question costs by the size of the archive and by what a filter leaves of it: time, memory and disk.

Each question is asked under every filter before the next one is, beside one bare query to Chroma for ten neighbours of
one vector, so that what else the machine does meets all alike: quote the ratios to that query. pytest-benchmark repeats
one call and gives its mean; here every question is another, none is asked twice, and the p95 is what is promised.
The archives are made (see `synthetic`), and no model is called: embedding a question comes on top.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from rag.filter import Filter
from rag.index.passage_index import Probe
from rag.search import Searcher

from .filled import Answering, filled
from .synthetic import SHARES, Newsroom

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 100
_WARM_UP = 5
_EVERYTHING = "everything"
FILTERS = {
    _EVERYTHING: Filter(),
    **{f"{share:.1%} by publisher": Filter(publishers=frozenset({name})) for name, share in SHARES.items()},
    "a year of ten": Filter(first=date(2018, 1, 1), last=date(2018, 12, 31)),
    "as of the middle": Filter(as_of=date(2020, 12, 31)),
}
_PARTS = ("archive.db", "exact", "chroma", "lexical")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of a question under one filter, and its median in bare Chroma queries."""

    name: str
    median: float
    p95: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: the costs, the recall at 10 of what a question asks the vector index, bytes on disk by part, and how
    many bytes the process grew by while it opened the archive and was asked."""

    passages: int
    costs: tuple[Cost, ...]
    recall: float
    disk: dict[str, int]
    memory: int


def run(work: Path, sizes: Sequence[int] = SIZES, questions: int = QUESTIONS) -> list[Measured]:
    """One size after the other, each in a process of its own; archives that were made before are taken again."""
    found = []
    for size in sizes:
        folder = filled(work / str(size), size)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            found.append(process.submit(measured, folder, size, questions).result())
    return found


def measured(folder: Path, passages: int, questions: int) -> Measured:
    """Asks so many questions under every filter of the archive in ``folder``."""
    import chromadb  # noqa: F401  whose own size is no matter of the archive's

    room, answering = Newsroom(passages), Answering()
    asked = [room.question() for _ in range(_WARM_UP + questions)]
    before = _resident()
    searcher = Searcher.open(folder, answering)
    taken: dict[str, list[float]] = {name: [] for name in ("bare", *FILTERS)}
    for question in asked:
        answering.expect(question)
        probe = Probe(question.text, question.vectors[0])
        taken["bare"].append(_seconds(lambda probe=probe: searcher.indexes.vectors.search(probe, 10)))
        for name, only in FILTERS.items():
            taken[name].append(
                _seconds(lambda q=question, only=only: searcher.search(searcher.understand(q.text), 10, only))
            )
    memory = _resident() - before
    recall = _recall(searcher, [Probe(q.text, vector) for q in asked for vector in q.vectors])
    searcher.close()
    bare = float(np.median(taken.pop("bare")[_WARM_UP:]))
    costs = tuple(_cost(name, seconds[_WARM_UP:], bare) for name, seconds in taken.items())
    return Measured(passages, costs, recall, {part: _bytes(folder / part) for part in _PARTS}, memory)


def shown(found: Sequence[Measured]) -> str:
    """The tables."""
    head = ["| | " + " | ".join(f"{one.passages:,}" for one in found) + " |", "|---" * (len(found) + 1) + "|"]
    rows = [
        f"| {name} | " + " | ".join(f"{c.median:.0f} / {c.p95:.0f} ms, {c.ratio:.1f}" for c in costs) + " |"
        for name, costs in ((name, [_of(one, name) for one in found]) for name in FILTERS)
    ]
    rows.append("| recall@10 of the vector index | " + " | ".join(f"{one.recall:.3f}" for one in found) + " |")
    least = max(found, key=lambda one: one.passages)
    scale = 100_000 / least.passages
    size = [f"| {part} | {n * scale / 1e6:,.0f} MB | {n * scale / 1e7:,.0f} GB |" for part, n in least.disk.items()]
    size.append(f"| memory | {least.memory * scale / 1e6:,.0f} MB | {least.memory * scale / 1e7:,.0f} GB |")
    told = "Median / p95 of a question of four clauses, not embedded, and its median in bare Chroma queries, by passages:"
    rest = f"By the archive of {least.passages:,} passages:"
    disk = ["| | per 100,000 passages | at 10,000,000 |", "|---|---|---|", *size]
    return "\n".join([told, "", *head, *rows, "", rest, "", *disk])


def written(found: Sequence[Measured], folder: Path) -> None:
    """search.json and search.svg in ``folder``."""
    from .plot import cost_by_size

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "search.json").write_text(json.dumps([asdict(one) for one in found], indent=1), "utf-8")
    lines = {name: [(one.passages, _of(one, name).p95) for one in found] for name in FILTERS}
    (folder / "search.svg").write_text(cost_by_size(lines), "utf-8")


def _recall(searcher: Searcher, probes: Sequence[Probe], depth: int = 300) -> float:
    """How many of the ten nearest are the first ten of what a question is given."""
    exact, near = searcher.indexes.exact, searcher.indexes.vectors
    shares = []
    for probe in probes:
        true = {f.passage_id for f in exact.search(probe, 10)}
        shares.append(len(true & {f.passage_id for f in near.search(probe, depth)[:10]}) / max(1, len(true)))
    return float(np.mean(shares))


def _cost(name: str, seconds: Sequence[float], bare: float) -> Cost:
    median, p95 = np.quantile(seconds, (0.5, 0.95))
    return Cost(name, float(median) * 1e3, float(p95) * 1e3, float(median) / bare)


def _of(one: Measured, name: str) -> Cost:
    return next(cost for cost in one.costs if cost.name == name)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _bytes(place: Path) -> int:
    files = [place] if place.is_file() else place.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _resident() -> int:
    """The memory of this process now, mapped pages counted; where there is no /proc, the most that it has had. (On Linux that
    begins with the most of the process that began this one.)"""
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
