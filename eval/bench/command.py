"""python -m eval bench: what is measured, with which options, and where the figures go."""

from __future__ import annotations

import argparse

from .search import QUESTIONS, SIZES

WHAT = ("search", "steps", "embedding", "ingest")


def add(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "what", choices=WHAT, help="search: time, memory and disk by size; steps of a question; embedding; ingest"
    )
    command.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="search, steps: numbers of passages (%(default)s)"
    )
    command.add_argument("--questions", type=int, default=QUESTIONS, help="search, steps: questions a size (%(default)s)")


def run(given: argparse.Namespace) -> int:
    if given.what == "embedding":
        from . import embedding

        print(embedding.printed(embedding.measure()))
        return 0
    if given.what == "ingest":
        from .. import throughput

        print(throughput.shown(throughput.run(given.tarball, given.work / "throughput", given.files)))
        return 0
    folder = given.work / "bench"
    if given.what == "steps":
        from . import steps

        for size in sorted(set(given.sizes)):
            print(f"{size:,} passages:\n\n{steps.shown(steps.measure(folder / 'archives', size, given.questions))}\n")
        return 0
    from . import search

    found = search.run(folder / "archives", sorted(set(given.sizes)), given.questions)
    search.written(found, folder)
    print(search.shown(found))
    return 0
