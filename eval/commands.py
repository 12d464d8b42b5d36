"""What each command of ``python -m eval`` does: ask, print a table, write the runs."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.assistant import Assistant
from rag.embedder import embedder_named
from rag.entailment import nli
from rag.errors import WrongUse
from rag.llm import chat_model

from . import (
    ablation,
    benchmarks,
    extraction,
    extractors,
    fitting,
    floors,
    judge,
    opinions,
    plain,
    record,
    summary,
    trec,
)
from . import compare as comparing
from . import feedback as fed_back
from . import planted as planting
from . import report as reporting
from . import throughput as reading
from .benchmarks import REUTERS, Benchmark
from .figures import DATELINE
from .measures.entailment import words_carry
from .question import Split
from .question_files import SAMPLE_QUESTIONS, digest_of, questions_of
from .record import Run
from .run import Progress, evaluate
from .saved_pages import SETS, Page, pages, truth
from .scoring import MEASURES as MEASURED
from .workplace import Workplace

MULTIHOP = Path("../shared/data/multihop_news")
SQUAD = Path("../shared/data/squad2_sample500")
PAGES = Path("../shared/data")
# What a judging model adds is shown where one was asked.
MEASURES = (*MEASURED, *judge.MEASURES)
_BY_KIND = ("hits@10", "mrr@10", "facts@10", "gold_quoted", "answer_found", "rightly_answered", "refusal_recall")


def run(given: argparse.Namespace) -> int:
    questions = questions_of(given.questions)
    if given.half:
        questions = [question for question in questions if question.split == given.half]
    assistant = Assistant.open(given.archive, given.model, base_url=given.base_url)
    try:
        entails = nli(given.entailment) if given.entailment else words_carry
        asked = evaluate(assistant, questions, name=given.name, entails=entails, progress=_progress(given.name))
        held = [asked]
        if given.peers:
            workplace = Workplace(given.work, assistant.searcher.embedder)
            held += benchmarks.of_peers(assistant, questions, workplace.kept, _progress)
        held = [replace(one, questions=str(given.questions)) for one in held]
    finally:
        assistant.close()
    if given.judge:
        held = [opinions.judged(held[0], chat_model(given.judge, given.base_url), given.judge), *held[1:]]
    return _shown(given, held, given.work / "runs")


def sample(given: argparse.Namespace) -> int:
    return _benchmark(given, lambda workplace: [benchmarks.sample()])


def multihop(given: argparse.Namespace) -> int:
    def chosen(workplace: Workplace) -> list[Benchmark]:
        alone = benchmarks.multihop(given.data)
        return [alone, benchmarks.among(alone, given.distractors, workplace)] if given.distractors else [alone]

    return _benchmark(given, chosen)


def squad(given: argparse.Namespace) -> int:
    return _benchmark(given, lambda workplace: [benchmarks.squad(given.data, workplace)])


def headlines(given: argparse.Namespace) -> int:
    return _benchmark(given, lambda workplace: benchmarks.headlines(given.tarball, workplace))


def ablate(given: argparse.Namespace) -> int:
    """The ranking without each of its parts, on one benchmark; MultiHop-RAG's among the distractors."""
    workplace = Workplace(given.work, embedder_named())
    chosen = {
        "sample": lambda: [benchmarks.sample()],
        "multihop": lambda: [benchmarks.among(benchmarks.multihop(MULTIHOP), given.distractors, workplace)],
        "squad": lambda: [benchmarks.squad(SQUAD, workplace)],
        "headlines": lambda: benchmarks.headlines(REUTERS, workplace)[:1],  # printed in capitals ranks the same
    }
    for benchmark in chosen[given.benchmark]():
        held = ablation.run(benchmark, workplace, Split(given.half), given.reranker, _progress)
        for one in held:
            _kept(one, given.work / "runs" / f"{benchmark.name}-ablation")
        told = f"{benchmark.name}, {given.half}: {len(held[0].outcomes)} questions"
        _print(summary.to_json(held, MEASURES) if given.json else f"\n{told}\n\n{ablation.shown(held)}", given.json)
    return 0


def fit(given: argparse.Namespace) -> int:
    """Prints the weights as the code has them, and what they reach on folds that they were not fitted to."""
    workplace = Workplace(given.work, embedder_named())
    sets = [benchmarks.sample(), benchmarks.squad(SQUAD, workplace), benchmarks.multihop(MULTIHOP)]
    print(fitting.shown(fitting.fitted(fitting.collected(sets, workplace, _progress))))
    return 0


def planted(given: argparse.Namespace) -> int:
    workplace = Workplace(given.work, embedder_named())
    found = _planted(workplace)
    print(planting.shown(found, Split.TUNE if given.missed else None))
    return 0


def _planted(workplace: Workplace) -> dict[tuple[str, Split], planting.Found]:
    archive = Archive.open(workplace.archive("sample", benchmarks.sample().news))
    try:
        return planting.measured(planting.planted(archive), workplace.embedder)
    finally:
        archive.close()


def compare(given: argparse.Namespace) -> int:
    if len(given.runs) < 2:
        raise WrongUse("One run alone is compared with nothing: name two or more.")
    held = [record.read(place) for place in given.runs]
    if given.half:
        held = [one.half(Split(given.half)) for one in held]
    if not held[0].outcomes:
        raise WrongUse(f"{given.runs[0]} asked no question of this half: leave out --half.")
    print(comparing.shown(held, MEASURES))
    if given.judge:
        for other in held[1:]:
            print(opinions.preferred(held[0], other, chat_model(given.judge)))
    return 0


def report(given: argparse.Namespace) -> int:
    held = [record.read(place) for place in given.runs]
    halves = tuple(Split) if given.all_questions else (Split.TUNE,)
    page = reporting.report(held, MEASURES, halves=halves)
    try:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(page, "utf-8")
    except OSError as error:
        raise WrongUse(f"{given.out} cannot be written ({error.strerror}): give another file with --out.") from error
    print(f"{given.out} shows {len(held)} run{'s' if len(held) > 1 else ''}.")
    return 0


def feedback(given: argparse.Namespace) -> int:
    Archive.open(given.archive).close()  # a folder without one has no feedback either, but for another reason
    print("\n".join([f"{given.out}:", *fed_back.export(given.archive, given.out).lines()]))
    return 0


def extraction_of_pages(given: argparse.Namespace) -> int:
    measured = {name: _beside(pages(given.data / name)) for name in SETS}
    tables = "\n\n".join(f"{name}\n{extraction.shown(lines)}" for name, lines in measured.items())
    _print({k: extraction.to_json(v) for k, v in measured.items()} if given.json else tables, given.json)
    return 0


def throughput(given: argparse.Namespace) -> int:
    runs = reading.run(given.tarball, given.work / "throughput", given.files)
    _print(reading.to_json(runs) if given.json else reading.shown(runs), given.json)
    return 0


def check_floors(given: argparse.Namespace) -> int:
    figures, digests = _measured(given)
    if not given.pin:
        return _check(figures, digests)
    try:
        floors.write(floors.pinned(floors.read(), figures, digests, given.because))
    except floors.FloorLowered as reason:
        print(f"Nothing was pinned: {reason}. Mend it, or say why it may be lower with --because.")
        return 1
    print(f"{floors.FLOORS} holds the floors of {len(figures)} figures.")
    return 0


def _measured(given: argparse.Namespace) -> tuple[list[floors.Figure], dict[str, str]]:
    """Our own figures of all sets that are here, without the peers, and the digests of what was asked."""
    workplace = Workplace(given.work, embedder_named())
    (asked,) = benchmarks.run(benchmarks.sample(), workplace, embedder=workplace.kept, peers=False)
    chosen = {question.id for question in floors.quick([outcome.question for outcome in asked.outcomes])}
    figures = floors.of_run("sample", asked) + floors.of_run("quick", asked.of_ids(chosen))
    digests = {"sample": digest_of(SAMPLE_QUESTIONS)}
    figures += floors.of_planted(_planted(workplace))
    if (given.data / "corpus.json").is_file():
        (asked,) = benchmarks.run(benchmarks.multihop(given.data), workplace, embedder=workplace.kept, peers=False)
        figures += floors.of_run("multihop", asked)
        digests["multihop"] = digest_of(given.data / "questions.jsonl")
    else:
        print(f"Not measured: MultiHop-RAG is not at {given.data}.")
    for name in SETS:
        if truth(given.pages / name).is_file():
            scored = extraction.run(pages(given.pages / name), extractors.dateline)
            figures += floors.of_extraction(name, extraction.lines(DATELINE, scored))
            digests[name] = digest_of(truth(given.pages / name))
    return figures, digests


def _check(figures: Sequence[floors.Figure], digests: dict[str, str]) -> int:
    held = floors.read()
    if not floors.agree(held, digests):
        print("The floors belong to other questions: pin them anew with 'python -m eval floors --pin'.")
        return 1
    lower = floors.shortfalls(held, figures)
    without = sum(not floors.has_floor(held, figure) for figure in figures)
    print("\n".join(lower) or f"No figure of {len(figures)} is below its floor; {without} have none yet.")
    return int(bool(lower))


def _benchmark(given: argparse.Namespace, chosen: Any) -> int:
    workplace = Workplace(given.work, embedder_named())
    for benchmark in chosen(workplace):
        embedder = workplace.kept if given.remember else workplace.embedder
        half = Split(given.half) if given.half else None
        held = benchmarks.run(
            benchmark, workplace, embedder=embedder, peers=not given.alone, half=half, progress=_progress
        )
        _shown(given, held, given.work / "runs" / benchmark.name)
    return 0


def _shown(given: argparse.Namespace, held: Sequence[Run], folder: Path) -> int:
    """Writes the runs, each into a folder of its name, and prints what they come to, half by half."""
    for one in held:
        _kept(one, folder)
    if given.json:
        _print(summary.to_json(held, MEASURES), True)
        return 0
    for half in Split:
        halved = [one.half(half) for one in held]
        if halved[0].outcomes:
            print(f"\n{held[0].questions}, {half}: {len(halved[0].outcomes)} questions\n")
            print(summary.shown(halved, [measure for measure in MEASURES if measure.unit != "s"]))
            print("\n" + summary.by_kind(halved[0], [measure for measure in MEASURES if measure.name in _BY_KIND]))
            curve = summary.refused_by_threshold(halved[0]) if half is Split.TUNE else ""
            for more in (plain.shown(halved), summary.telling_apart(halved), curve):
                print(f"\n{more}" if more else "", end="\n" if more else "")
    print("\n" + summary.latency(held))
    print(f"\nWritten to {folder}; look at it with 'python -m eval report {folder}/*'.")
    return 0


def _kept(one: Run, folder: Path) -> None:
    """Writes a run into a folder of its name."""
    place = folder / (re.sub(r"[^\w.-]+", "-", one.name).strip(".-").casefold() or "run")
    record.write(one, place)
    trec.write(one, place)


def _beside(held: Sequence[Page]) -> list[extraction.Line]:
    """Our reader's lines, and those of every other extractor that is installed."""
    ran = {name: extraction.run(held, extract) for name, extract in extractors.installed().items()}
    return [line for name, scored in ran.items() for line in extraction.lines(name, scored)]


def _progress(name: str) -> Progress:
    """A line on a terminal that says how far a run is."""

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{name}: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return told


def _print(what: Any, as_json: bool) -> None:
    print(json.dumps(what, indent=2) if as_json else what)
