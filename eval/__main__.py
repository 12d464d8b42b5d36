"""python -m eval: is it any good, and is it better than yesterday?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.errors import DatelineError

from . import commands
from .bench import command as bench
from .benchmarks import REUTERS
from .commands import MULTIHOP, PAGES, SQUAD
from .compare import RunsDiffer
from .question_files import QuestionsUnreadable
from .record import RunUnreadable

_COMMANDS = {
    "run": (commands.run, "any questions asked of any archive, of Dateline alone or beside its peers; writes a run"),
    "compare": (commands.compare, "one run beside others: gain or loss with its interval and p-value"),
    "report": (commands.report, "runs as one HTML file"),
    "sample": (commands.sample, "our questions about the sample news, of Dateline and its peers"),
    "multihop": (commands.multihop, "MultiHop-RAG, of Dateline and its peers"),
    "squad": (commands.squad, "SQuAD 2.0, every paragraph an article, of Dateline and its peers"),
    "headlines": (commands.headlines, "headlines of Reuters stories as questions, of Dateline and its indexes alone"),
    "ablation": (commands.ablate, "the ranking without each of its parts, and what that costs"),
    "planted": (commands.planted, "faults planted in honest sentences: how many the check finds, and whom it wrongs"),
    "fit": (commands.fit, "the weights of quoting and of its confidence, from the tune halves alone"),
    "floors": (
        commands.check_floors,
        "all quality figures, and an exit status of 1 if one is on the wrong side of eval/floors.json",
    ),
    "extraction": (commands.extraction_of_pages, "our reader of web pages, beside trafilatura and newspaper4k"),
    "throughput": (commands.throughput, "how fast and in how much memory news is read, beside a plain LangChain chain"),
    "bench": (bench.run, "what a question costs by the size of the archive, how fast each backend embeds, how fast we ingest"),
    "feedback": (commands.feedback, "what readers thought of answers in the chat, as a file of questions"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return given.run(given)
    except (DatelineError, QuestionsUnreadable, RunUnreadable, RunsDiffer) as error:
        print(error, file=sys.stderr)
    except FileNotFoundError as error:
        print(f"{error.filename} is not there: say where it lies with --data or --tarball.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Is it any good, and better than yesterday?")
    named = parser.add_subparsers(required=True, metavar="COMMAND")
    added = {name: named.add_parser(name, help=what, description=what) for name, (_, what) in _COMMANDS.items()}
    for name, (run, _) in _COMMANDS.items():
        added[name].set_defaults(run=run)
    _add_run(added["run"])
    for name in ("sample", "multihop", "squad", "headlines"):
        _add_benchmark(added[name], name)
    _add_ablation(added["ablation"])
    _add_compare(added["compare"])
    added["report"].add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder or file of a run")
    added["report"].add_argument("--out", type=Path, default=Path("report.html"), help="(%(default)s)")
    added["report"].add_argument("--all-questions", action="store_true", help="show failures of the report half too")
    _add_work(added["fit"])
    _add_work(added["planted"])
    added["planted"].add_argument("--missed", action="store_true", help="list what went wrong on the half for tuning")
    _add_floors(added["floors"])
    _add_work(added["extraction"], json=True)
    added["extraction"].add_argument("--data", type=Path, default=PAGES, help="holds the sets of pages (%(default)s)")
    _add_work(added["throughput"], json=True)
    added["throughput"].add_argument("--tarball", type=Path, default=REUTERS, help="Reuters-21578 (%(default)s)")
    added["throughput"].add_argument("--files", type=int, default=22, help="how many of its 22 files (22)")
    _add_work(added["bench"])
    added["bench"].add_argument("--tarball", type=Path, default=REUTERS, help="ingest: Reuters-21578 (%(default)s)")
    added["bench"].add_argument("--files", type=int, default=22, help="ingest: how many of its 22 files (22)")
    bench.add(added["bench"])
    added["feedback"].add_argument("--archive", type=Path, required=True, help="the archive that was asked")
    added["feedback"].add_argument("--out", type=Path, required=True, help="the file of questions to write")
    return parser


def _add_work(command: argparse.ArgumentParser, json: bool = False) -> None:
    where = "where archives are built and runs are written (%(default)s)"
    command.add_argument("--work", type=Path, default=Path("build/eval"), help=where)
    if json:
        command.add_argument("--json", action="store_true", help="print JSON instead of tables")


def _add_run(command: argparse.ArgumentParser) -> None:
    _add_work(command, json=True)
    command.add_argument("--questions", type=Path, required=True, help="our JSON lines, MultiHop-RAG's or SQuAD's form")
    command.add_argument("--archive", type=Path, required=True, help="the archive to ask")
    command.add_argument("--model", help="a chat model, such as ollama:llama3.2; without one the archive is quoted")
    command.add_argument("--base-url", help="where the chat model's server is")
    command.add_argument("--name", default="run", help="the run's name (%(default)s)")
    command.add_argument("--peers", action="store_true", help="ask the peers as well")
    command.add_argument("--entailment", help="a natural-language-inference model by name or path (our own check)")
    command.add_argument("--judge", help="a chat model that judges how faithful and helpful each answer is")
    command.add_argument("--half", choices=("tune", "report"), help="ask this half only")


def _add_benchmark(command: argparse.ArgumentParser, name: str) -> None:
    _add_work(command, json=True)
    command.add_argument("--alone", action="store_true", help="without the peers")
    command.add_argument(
        "--remember", action="store_true", help="compute no vector twice: fast, but times mean nothing"
    )
    command.add_argument("--half", choices=("tune", "report"), help="ask this half only")
    if name == "headlines":
        command.add_argument("--tarball", type=Path, default=REUTERS, help="Reuters-21578 (%(default)s)")
    if name == "multihop":
        command.add_argument("--data", type=Path, default=MULTIHOP, help="corpus.json, questions.jsonl (%(default)s)")
        what = "ask again among these too: 'sample', 'reuters' or its tarball (619 stories), or any news"
        command.add_argument("--distractors", type=Path, nargs="+", default=(), metavar="SOURCE", help=what)
    if name == "squad":
        command.add_argument("--data", type=Path, default=SQUAD, help="queries.json, ground_truth.json (%(default)s)")


def _add_ablation(command: argparse.ArgumentParser) -> None:
    _add_work(command, json=True)
    command.add_argument("benchmark", choices=("multihop", "sample", "squad", "headlines"))
    command.add_argument("--half", choices=("tune", "report"), default="tune", help="which half is asked (%(default)s)")
    command.add_argument("--reranker", default="", help="a cross-encoder (folder or hub's id) whose worth is shown too")
    where = ("reuters", "sample")
    what = "multihop: the news that stands around (%(default)s)"
    command.add_argument("--distractors", type=Path, nargs="+", default=where, metavar="SOURCE", help=what)


def _add_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="folder or file of a run; the first is the base"
    )
    command.add_argument("--half", choices=("tune", "report"), help="compare on this half only")
    command.add_argument("--judge", help="a chat model that says which of two answers is better, in both orders")


def _add_floors(command: argparse.ArgumentParser) -> None:
    _add_work(command)
    command.add_argument("--data", type=Path, default=MULTIHOP, help="MultiHop-RAG (%(default)s)")
    command.add_argument("--pages", type=Path, default=PAGES, help="holds the sets of pages (%(default)s)")
    command.add_argument("--pin", action="store_true", help="raise the floors")
    command.add_argument("--because", default="", help="the reason why a floor may be lowered; it is kept")


if __name__ == "__main__":
    sys.exit(main())
