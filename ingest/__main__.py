"""python -m ingest PLACE… [--archive DIR] [--watch] [--json] | --quarantine | --retry"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

from rag.command_line import DEFAULT_ARCHIVE, OneLineParser, print_json, run
from rag.errors import WrongUse

from .closing_table import entry_line, print_table, print_watched
from .report import Report


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return run(lambda: _chosen(options)(options))


def _chosen(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    if options.quarantine:
        return _quarantine
    if options.retry:
        return _retry
    if not options.locations:
        raise WrongUse("nothing to read: give files, folders, globs or web addresses.")
    return _watch if options.watch else _ingest


def _ingest(options: argparse.Namespace) -> int:
    from . import ingest

    with _interrupts() as stop, _progress(options.json) as progress:
        report = ingest(
            options.locations,
            options.archive,
            embedder=_embedder(options),
            chroma_url=options.chroma,
            progress=progress,
            stop=stop.is_set,
            **_reading(options),
        )
    return _closed(report, options)


def _retry(options: argparse.Namespace) -> int:
    from . import retry

    with _interrupts() as stop, _progress(options.json) as progress:
        report = retry(options.archive, progress=progress, stop=stop.is_set, **_reading(options))
    return _closed(report, options)


def _quarantine(options: argparse.Namespace) -> int:
    from rag.archive import Archive
    from rag.ledger import Outcome

    refused = list(Archive.open(options.archive).ledger(Outcome.QUARANTINED))
    if options.json:
        kept = [{"bytes": len(entry.raw or b"")} for entry in refused]
        told = [{"location": e.location, "record": e.position, "reason": e.reason} for e in refused]
        print_json([entry | raw for entry, raw in zip(told, kept, strict=True)])
    else:
        print("\n".join(map(entry_line, refused)) or "The quarantine is empty.")
    return 0


def _watch(options: argparse.Namespace) -> int:
    from rag.archive import Archive
    from rag.embedder import embedder_named

    from . import ingest
    from .watcher import Watcher

    # Loaded once: each arrival is read by a run of its own, so that others may write in between.
    archive = Archive.create(options.archive)
    embedder = _embedder(options) or embedder_named(archive.embedder_name)
    archive.close()
    with _interrupts("Stopping.") as stop:
        read = partial(
            ingest,
            into=options.archive,
            embedder=embedder,
            chroma_url=options.chroma,
            stop=stop.is_set,
            **_reading(options),
        )
        for report in Watcher(options.locations, read, feeds_every=options.every).reports(stop):
            print_watched(report, options.json)
    return 0


def _closed(report: Report, options: argparse.Namespace) -> int:
    if options.json:
        print_json(report.to_json())
    else:
        print_table(report, options.archive)
    return 130 if report.stopped else 0


def _embedder(options: argparse.Namespace):
    from rag.embedder import embedder_named

    return embedder_named(options.embedder) if options.embedder else None


def _reading(options: argparse.Namespace) -> dict:
    from .fetching.fetcher import Fetcher
    from .field_map import FieldMap

    return {
        "readers": options.reader,
        "columns": FieldMap.parse(options.map) if options.map else None,
        "follow": options.fetch,
        "fetcher": Fetcher(allow_private=options.allow_private),
    }


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="python -m ingest",
        description="Reads news into an archive: files, folders, globs and web addresses, in every form that has a reader.",
    )
    parser.add_argument("locations", nargs="*", metavar="PLACE", help="a file, a folder, a glob or a web address")
    parser.add_argument(
        "--archive", default=DEFAULT_ARCHIVE, metavar="DIR", help=f"the archive's folder ({DEFAULT_ARCHIVE})"
    )
    parser.add_argument("--embedder", help="for a new archive: a sentence-transformers model by name or path (minilm)")
    parser.add_argument(
        "--chroma",
        metavar="URL",
        help="a Chroma server for the vectors, such as http://127.0.0.1:8000; none: in the archive again",
    )
    reading = parser.add_argument_group("how it is read")
    reading.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="your own name for a field, such as headline=Kop; may be given several times",
    )
    reading.add_argument(
        "--reader",
        action="append",
        default=[],
        metavar="SPEC",
        help="a reader of your own: file.py:Class or module:Class",
    )
    reading.add_argument(
        "--fetch", action="store_true", help="fetch the articles that feeds and sitemaps found in files point to"
    )
    reading.add_argument("--allow-private", action="store_true", help="let addresses of your own network be fetched")
    parser.add_argument("--watch", action="store_true", help="go on: follow the folders and feeds until Ctrl-C")
    parser.add_argument(
        "--every",
        type=_seconds,
        default=300.0,
        metavar="S",
        help="with --watch: seconds between two looks at a feed (300)",
    )
    parser.add_argument("--quarantine", action="store_true", help="list the refused inputs with their reasons")
    parser.add_argument("--retry", action="store_true", help="read the refused inputs once more")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is no time: give seconds from 1 to 86400")
    return seconds


@contextmanager
def _interrupts(words: str = "Stopping after this batch; the next run goes on from here.") -> Iterator[Event]:
    """The first Ctrl-C stops after the record at hand and what is pending; a second one stops at once."""
    asked = Event()

    def hear(number: int, frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        print(f"\n{words}", file=sys.stderr)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Report], None]]:
    """A line on stderr that tells records, rate and the time left; silent where nobody looks (JSON, a pipe)."""
    if quiet or not sys.stderr.isatty():
        yield lambda report: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None, rate="")

        def told(report: Report) -> None:
            words = f"{report.stored} stored, {report.unchanged} unchanged, {len(report.quarantined)} quarantined"
            elapsed = bar.tasks[task].elapsed or 0.0
            rate = f"{report.inputs / elapsed:.0f}/s" if elapsed > 1 else ""
            bar.update(
                task, completed=report.bytes_read, total=report.bytes_found or None, description=words, rate=rate
            )

        yield told


if __name__ == "__main__":
    sys.exit(main())
