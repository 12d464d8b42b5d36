"""report: runs in, one HTML file out. What the page says is gathered here; how it looks is page.html and page.css."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.errors import WrongUse
from rag.page.wording import day_words

from ..measures.cost import latency
from ..measures.measure import Measure
from ..question import Split
from ..record import Run
from ..statistics import Interval
from . import wording
from .cases import case_of
from .comparison import comparisons
from .confidence import apart, distribution_plot, risk_plot, threshold_plot
from .plots import bars, mark, ranges, strip
from .tables import ALL, Figures
from .wording import spoken
from .worst import by_question, faults

_HERE = Path(__file__).parent
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What an editor asks first, as far as it was measured: does it answer, rightly, and is silent otherwise; then how it finds.
_KEY = (
    "rightly_answered", "gold_quoted", "refusal_recall", "citations_hold", "hits@4", "mrr@10", "facts@10", "hits@10",
    "article_recall@10", "passage_ndcg@10",
)  # fmt: skip
_BY_KIND = ("gold_quoted", "refusal_recall", "hits@4", "mrr@10")
DEFINITIONS = (
    ("95 % interval", "where the figure would lie in 95 of 100 sets of as many questions like these: drawn anew from the "
     "questions 10,000 times (percentile bootstrap); for shares of 0 or 1 Wilson’s interval."),
    ("p", "how often a difference as large as this would come by chance if both runs were equally good: McNemar’s exact "
     "test between right and wrong, else Fisher’s randomisation test; adjusted by Holm for the number of tests."),
    ("tune, report", "the two halves of the questions. On the first weights are fitted and failures looked at, the second "
     "is only ever measured."),
    ("confidence", "how sure the system says it is that what it found answers, between 0 and 1."),
    ("AUROC", "how often a question that can be answered scores above one that cannot, ties counted half: 1 where a threshold "
     "parts them all, 0.5 where the score tells nothing (Hanley and McNeil 1982)."),
    ("why a passage was found", "its rank, from 1, in each list that found it: by meaning (dense), by words (lexical) and "
     "whatever else the retriever names."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    measure: Measure
    held: Sequence[Interval | None]
    strip: Markup


def report(
    runs: Sequence[Run], measures: Sequence[Measure], *, halves: Collection[Split] = (Split.TUNE,), most: int = 5
) -> str:
    """One HTML document without outside parts or scripts. The first run is looked at, the others are held against it.

    The questions that went wrong are those of ``halves``, with at most ``most`` of each fault; by default nobody is shown
    a single question of the half that is only measured. WrongUse without a run.
    """
    if not runs:
        raise WrongUse("There is no run to report: make one with 'python -m eval run --name NAME'.")
    figures = Figures(runs, measures)
    held = _head(runs) | _measured(figures) | _plots(figures) | _looked_at(runs, measures, halves, most)
    html = _template().render(held, contents=list(_contents(held)))
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", html))


def _template():
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    told = {name: getattr(wording, name) for name in ("figure", "difference", "between", "probability", "spoken")}
    environment.globals.update(told, mark=mark, day_words=day_words)
    return environment.get_template("page.html")


def _head(runs: Sequence[Run]) -> dict[str, Any]:
    told = [list(_told(run)) for run in runs]
    common = [line for line in told[0] if len(runs) > 1 and all(line in lines for lines in told)]
    return {
        "heads": [[line for line in lines if line not in common] for lines in told],
        "common": common,
        "title": f"{runs[0].name}: evaluation report",
        "style": Markup((_HERE / "page.css").read_text("utf-8")),
        "runs": runs,
        "standfirst": _standfirst(runs[0]),
        "definitions": DEFINITIONS,
    }


def _standfirst(run: Run) -> str:
    unanswerable = sum(not outcome.question.answerable for outcome in run.outcomes)
    silent = f", {unanswerable} of them beyond the archive, where the right answer is a refusal" if unanswerable else ""
    return f"{len(run.outcomes)} questions, asked on {day_words(run.begun)}{silent}."


def _measured(figures: Figures) -> dict[str, Any]:
    compared = comparisons(figures.runs, figures.measured, figures.told)
    return {
        "figures": figures,
        "tiles": [_tile(figures, measure) for measure in figures.key(_KEY)],
        "told": f"questions of the {figures.told} half" if figures.told != ALL else "all questions",
        "comparisons": compared or [],
        "same_questions": compared is not None,
    }


def _tile(figures: Figures, measure: Measure) -> Tile:
    held = figures.rows[measure.name][figures.told]
    told = ", ".join(wording.figure(h.mean, measure.unit) for h in held if h)
    return Tile(measure, held, Markup("") if measure.unit else strip(held, f"{spoken(measure.name)}: {told}"))


def _plots(figures: Figures) -> dict[str, Any]:
    shares = [measure for measure in figures.key(_BY_KIND) if not measure.unit]
    rows = sorted(((measure, figures.by_kind(measure)) for measure in shares), key=lambda row: -len(row[1]))
    kinds = [
        (measure, bars(f"{spoken(measure.name)} by kind of question", held)) for measure, held in rows if len(held) > 1
    ]
    return {"kinds": kinds, "refusing": list(_refusing(figures.runs)), "latency": _latency(figures.runs)}


def _refusing(runs: Sequence[Run]) -> Iterator[tuple[str, str, Markup]]:
    risk = risk_plot(runs)
    for run in runs:
        named = f": {run.name}" if len(runs) > 1 else ""
        spread, refused = distribution_plot(run), threshold_plot(run)
        if spread and refused:
            yield (
                f"How sure it was{named}",
                f"Questions by the confidence of the system, as shares of their sort. {apart(run)}",
                spread,
            )
            says = "What would be refused if answers were given only from this confidence on."
            yield f"Every threshold{named}", says, refused
    if risk:
        says = "Of the questions answered, the share answered wrongly, when only the surest are answered. It ends where the "
        yield "Risk and coverage", f"{says}system refuses.", risk


def _latency(runs: Sequence[Run]) -> Markup | None:
    held = [latency(run.outcomes) for run in runs]
    stages = dict.fromkeys(stage for timed in held for stage in timed)
    if not stages:
        return None
    return ranges("Seconds by stage", [(stage, [timed.get(stage) for timed in held]) for stage in stages])


def _looked_at(
    runs: Sequence[Run], measures: Sequence[Measure], halves: Collection[Split], most: int
) -> dict[str, Any]:
    """What went wrong with the first run."""
    others = [(run.name, by_question(run)) for run in runs[1:]]
    found = faults(runs[0], measures, halves, most)
    cases = [(fault, [case_of(failure, measures, others) for failure in fault.worst]) for fault in found]
    return {"faults": cases, "halves": [half for half in Split if half in halves]}


def _contents(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The sections that the page has."""
    yield "figures", "Key figures"
    for anchor, name, held in (
        ("comparison", "Is it better?", "comparisons"),
        ("kinds", "By kind", "kinds"),
        ("refusing", "When to refuse", "refusing"),
        ("latency", "How long it takes", "latency"),
    ):
        if context[held]:
            yield anchor, name
    yield from (("worst", "What went wrong"), ("measures", "All measures"), ("definitions", "Definitions"))


def _told(run: Run) -> Iterator[tuple[str, str]]:
    """What one wants to know of a run a year later, line by line."""
    yield "System", run.system
    yield "Asked", f"{day_words(run.begun)}{_clock(run.begun)}"
    counts = {half: len(run.half(half).outcomes) for half in Split}
    halves = ", ".join(f"{count} {half}" for half, count in counts.items() if count)
    yield "Questions", f"{run.questions or 'unnamed'}: {len(run.outcomes)} ({halves}), SHA-256 {run.digest[:12]}…"
    for name, value in run.setting.items():
        several = isinstance(value, Mapping)
        shown = ", ".join(_pair(inner, what) for inner, what in value.items()) if several else str(value)
        yield spoken(name[:1].upper() + name[1:]), shown


def _pair(name: str, value: object) -> str:
    """ "91 articles", "chromadb 1.5.9"."""
    return f"{value:,} {spoken(name)}" if isinstance(value, int) else f"{name} {value}"


def _clock(moment: str) -> str:
    """ ", 14:05 UTC" of "2026-11-24T14:05:00+00:00", "" where there is none."""
    return f", {moment[11:16]} UTC" if moment[10:11] == "T" else ""
