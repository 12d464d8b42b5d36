"""python -m ingest PATH… [--archive DIR] [--json]"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.command_line import DEFAULT_ARCHIVE, OneLineParser, print_json, run

from .report import Report

_REASONS = 20  # quarantined inputs that the closing table names


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return run(lambda: _ingest(options))


def _ingest(options: argparse.Namespace) -> int:
    from rag.embedder import embedder_named

    from . import ingest

    with _interrupts() as stop, _progress(options.json) as progress:
        report = ingest(
            options.locations,
            options.archive,
            embedder=embedder_named(options.embedder) if options.embedder else None,
            chroma_url=options.chroma,
            progress=progress,
            stop=stop,
        )
    if options.json:
        print_json(report.to_json())
    else:
        _print_table(report, options.archive)
    return 130 if report.stopped else 0


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="python -m ingest",
        description="Reads news into an archive: files, folders and globs of plain text, JSON, JSONL and saved HTML.",
    )
    parser.add_argument("locations", nargs="+", metavar="PATH", help="a file, a folder or a glob")
    parser.add_argument(
        "--archive", default=DEFAULT_ARCHIVE, metavar="DIR", help=f"the archive's folder ({DEFAULT_ARCHIVE})"
    )
    parser.add_argument("--embedder", help="for a new archive: a sentence-transformers model by name or path (minilm)")
    parser.add_argument(
        "--chroma",
        metavar="URL",
        help="a Chroma server for the vectors, such as http://127.0.0.1:8000; none: in the archive again",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C stops after the record at hand and what is pending; a second one stops at once."""
    asked: list[bool] = []

    def hear(number: int, frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)
        print("\nStopping after this batch; the next run goes on from here.", file=sys.stderr)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Report], None]]:
    """A line on stderr that tells records and rate; silent where nobody looks (JSON, a pipe)."""
    if quiet or not sys.stderr.isatty():
        yield lambda report: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    from rich.console import Console

    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)

        def told(report: Report) -> None:
            words = f"{report.stored} stored, {report.unchanged} unchanged, {len(report.quarantined)} quarantined"
            bar.update(task, completed=report.inputs, description=words)

        yield told


def _print_table(report: Report, archive: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for name, count in report.to_json().items():
        if name not in ("stopped", "reasons", "passages"):
            table.add_row(name, str(count))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    console.print(f"{report.passages} new passages in {archive}", markup=False)
    for entry in report.quarantined[:_REASONS]:
        console.print(f"quarantined: {entry.location} (record {entry.position + 1}): {entry.reason}", markup=False)
    if len(report.quarantined) > _REASONS:
        console.print(f"… and {len(report.quarantined) - _REASONS} more; '--json' lists them all.", markup=False)


if __name__ == "__main__":
    sys.exit(main())
