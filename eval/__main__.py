"""python -m eval sample | multihop | extraction | throughput | floors"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.embedder import Embedder, embedder_named

from . import extraction, extractors, floors, multihop, sample, summary, throughput
from .figures import DATELINE
from .question import SAMPLE_QUESTIONS, digest_of, sample_questions
from .saved_pages import SETS, Page, pages, truth
from .workplace import Workplace

_MULTIHOP = Path("../shared/data/multihop_news")
_PAGES = Path("../shared/data")
_REUTERS = Path("../shared/data/reuters21578/reut2.tar.xz")


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    return given.run(given, Workplace(given.work, embedder_named()))


def _sample(given: argparse.Namespace, workplace: Workplace) -> int:
    asked = _ask_sample(workplace, workplace.kept if given.remember else workplace.embedder)
    _print(summary.to_json(asked) if given.json else summary.shown(asked), given.json)
    if given.failures:
        print(f"\nFailures of the half for tuning:\n\n{summary.failures(asked)}")
    return 0


def _multihop(given: argparse.Namespace, workplace: Workplace) -> int:
    lines = multihop.lines(multihop.run(given.data, workplace, given.distractors))
    _print(multihop.to_json(lines) if given.json else multihop.shown(lines), given.json)
    return 0


def _extraction(given: argparse.Namespace, workplace: Workplace) -> int:
    measured = {name: _beside(pages(given.data / name)) for name in SETS}
    tables = "\n\n".join(f"{name}\n{extraction.shown(lines)}" for name, lines in measured.items())
    _print({k: extraction.to_json(v) for k, v in measured.items()} if given.json else tables, given.json)
    return 0


def _beside(held: Sequence[Page]) -> list[extraction.Line]:
    """Our reader's lines, and those of every other extractor that is installed."""
    ran = {name: extraction.run(held, extract) for name, extract in extractors.installed().items()}
    return [line for name, scored in ran.items() for line in extraction.lines(name, scored)]


def _throughput(given: argparse.Namespace, workplace: Workplace) -> int:
    runs = throughput.run(given.tarball, workplace.directory / "throughput", given.files)
    _print(throughput.to_json(runs) if given.json else throughput.shown(runs), given.json)
    return 0


def _floors(given: argparse.Namespace, workplace: Workplace) -> int:
    asked = _ask_sample(workplace, workplace.kept)
    figures, digests = floors.of_sample(asked), {"sample": digest_of(SAMPLE_QUESTIONS)}
    if (given.data / "corpus.json").is_file():
        figures += floors.of_multihop(multihop.lines(multihop.run(given.data, workplace, baselines=False)))
        digests["multihop"] = digest_of(given.data / "questions.jsonl")
    else:
        print(f"Not measured: MultiHop-RAG is not at {given.data}.")
    for name in SETS:
        if truth(given.pages / name).is_file():
            scored = extraction.run(pages(given.pages / name), extractors.dateline)
            figures += floors.of_extraction(name, extraction.lines(DATELINE, scored))
            digests[name] = digest_of(truth(given.pages / name))
    return _pin(figures, digests) if given.pin else _check(figures, digests)


def _check(figures: Sequence[floors.Figure], digests: dict[str, str]) -> int:
    held = floors.read()
    if not floors.agree(held, digests):
        print("The floors belong to other questions: pin them anew with 'python -m eval floors --pin'.")
        return 1
    lower = floors.shortfalls(held, figures)
    without = sum(not floors.has_floor(held, figure) for figure in figures)
    print("\n".join(lower) or f"No figure of {len(figures)} is below its floor; {without} have none yet.")
    return int(bool(lower))


def _pin(figures: Sequence[floors.Figure], digests: dict[str, str]) -> int:
    try:
        floors.write(floors.pinned(floors.read(), figures, digests))
    except floors.FloorLowered as reason:
        print(f"Nothing was pinned, a floor is never lowered: {reason}.")
        return 1
    print(f"{floors.FLOORS} holds the floors of {len(figures)} figures.")
    return 0


def _ask_sample(workplace: Workplace, embedder: Embedder) -> list[sample.Asked]:
    directory, _ = workplace.archive("sample", [sample.SAMPLE_NEWS])
    assistant = Assistant.open(directory, embedder=embedder)
    try:
        return sample.ask_all(assistant, sample_questions())
    finally:
        assistant.close()


def _print(what: Any, as_json: bool) -> None:
    print(json.dumps(what, indent=2) if as_json else what)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Is it any good?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, what in (
        ("sample", _sample, "our questions about the sample news, answered without a model"),
        ("multihop", _multihop, "the retrieval on MultiHop-RAG, beside a plain LangChain chain"),
        ("extraction", _extraction, "our reader of web pages, beside trafilatura and newspaper4k"),
        ("throughput", _throughput, "how fast and in how much memory news is read, beside a plain LangChain chain"),
        ("floors", _floors, "all, without what they are compared with, and an exit status of 1 below eval/floors.json"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(run=run)
        command.add_argument(
            "--work", type=Path, default=Path("build/eval"), help="where archives are built (%(default)s)"
        )
        _add_options(command, name)
    return parser


def _add_options(command: argparse.ArgumentParser, name: str) -> None:
    if name != "floors":
        command.add_argument("--json", action="store_true", help="print JSON instead of tables")
    if name == "extraction":
        command.add_argument("--data", type=Path, default=_PAGES, help=f"holds {' and '.join(SETS)} (%(default)s)")
    if name in ("multihop", "floors"):
        command.add_argument(
            "--data", type=Path, default=_MULTIHOP, help="corpus.json and questions.jsonl (%(default)s)"
        )
    if name == "sample":
        command.add_argument(
            "--remember", action="store_true", help="compute no text twice: fast, but times mean nothing"
        )
        command.add_argument("--failures", action="store_true", help="list what failed on the half for tuning")
    if name == "multihop":
        what = "ask again among these too: news to ingest, or the Reuters-21578 tarball"
        command.add_argument("--distractors", type=Path, nargs="+", default=(), metavar="SOURCE", help=what)
    if name == "throughput":
        command.add_argument("--tarball", type=Path, default=_REUTERS, help="Reuters-21578 (%(default)s)")
        command.add_argument("--files", type=int, default=22, help="how many of its 22 files of 1,000 stories (22)")
    if name == "floors":
        command.add_argument("--pages", type=Path, default=_PAGES, help=f"holds {' and '.join(SETS)} (%(default)s)")
        command.add_argument("--pin", action="store_true", help="raise the floors, never lower one")


if __name__ == "__main__":
    sys.exit(main())
