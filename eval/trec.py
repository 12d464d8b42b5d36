"""A run in the files of TREC, so that trec_eval, ir_measures and their like measure it without us.

`articles.run` and `articles.qrels` rank and judge articles, `passages.run` and `passages.qrels` passages. Every article
with gold is judged relevant. Of passages only the found ones have names to be judged by (1 with a gold fact, 0 without);
the relevant ones that were not found stand as `not-found-1`, `not-found-2`, … where they could be counted, so that recall,
AP and nDCG come out as ours. Ids are percent-encoded (RFC 3986): the columns are parted by white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from .measures.retrieval import gold_articles, ranked_articles, ranked_passages, relevant_passages
from .outcome import Outcome
from .record import Run

# Everything that may stand in an address stays readable; white space, "%" and whatever is not ASCII is encoded.
_PLAIN = "!#$&'()*+,/:;=?@[]~"


def write(run: Run, folder: Path) -> list[Path]:
    """Writes the four files into the folder; questions without gold are in the runs and unjudged."""
    folder.mkdir(parents=True, exist_ok=True)
    tag = _id(run.name)
    articles = (line for o in run.outcomes for line in _ranking(o, ranked_articles(o), tag))
    passages = (line for o in run.outcomes for line in _ranking(o, ranked_passages(o), tag))
    judged = [outcome for outcome in run.outcomes if outcome.question.gold]
    return [
        _written(folder / "articles.run", articles),
        _written(folder / "articles.qrels", (line for o in judged for line in _gold_articles(o))),
        _written(folder / "passages.run", passages),
        _written(folder / "passages.qrels", (line for o in judged for line in _judged_passages(o))),
    ]


def _ranking(outcome: Outcome, ranked: Iterable[str], tag: str) -> Iterator[str]:
    """The score is the rank counted from behind: trec_eval sorts by score alone and breaks ties by the id."""
    ids = list(ranked)
    for rank, name in enumerate(ids, start=1):
        yield f"{_id(outcome.question.id)} Q0 {_id(name)} {rank} {len(ids) - rank + 1} {tag}"


def _gold_articles(outcome: Outcome) -> Iterator[str]:
    return (_judgement(outcome, name, 1) for name in gold_articles(outcome.question))


def _judged_passages(outcome: Outcome) -> Iterator[str]:
    found = ranked_passages(outcome)
    yield from (_judgement(outcome, name, int(relevant)) for name, relevant in found.items())
    missing = (relevant_passages(outcome) or 0) - sum(found.values())
    yield from (_judgement(outcome, f"not-found-{number}", 1) for number in range(1, missing + 1))


def _judgement(outcome: Outcome, name: str, relevance: int) -> str:
    return f"{_id(outcome.question.id)} 0 {_id(name)} {relevance}"


def _id(name: str) -> str:
    return quote(name, safe=_PLAIN, errors="surrogatepass") or "-"


def _written(file: Path, lines: Iterable[str]) -> Path:
    file.write_text("".join(f"{line}\n" for line in lines), "ascii")
    return file
