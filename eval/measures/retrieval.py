"""Is what a question needs among what was found? By passages, by facts and by articles; only where there is gold.

A passage is relevant by the rule of MultiHop-RAG (Tang and Yang 2024, `retrieval_evaluate.py`): it contains a gold fact,
spaces and newlines removed from both, in whatever article it stands. A gold fact without words makes every passage of its
article relevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.address import canonical

from ..outcome import FoundPassage, Outcome
from ..question import EvalQuestion, GoldFact
from .measure import Measure
from .ranking import average_precision, hit, ndcg, recall, reciprocal_rank

_K = 10

MEASURES = (
    Measure("hits@4", "one of the first 4 passages contains a gold fact"),
    Measure("hits@10", "one of the first 10 passages contains a gold fact"),
    Measure("mrr@10", "one over the rank of the first passage with a gold fact, 0 beyond rank 10"),
    Measure("facts@10", "share of what the answer takes (all gold facts, or any one of them) in the first 10 passages"),
    Measure("all_facts@10", "the first 10 passages hold everything that the answer takes"),
    Measure("multihop_map@10", "MultiHop-RAG's own rule, not standard MAP: new gold facts at a rank over that rank, summed, "
            "over the number of gold facts (at most 10)"),
    Measure("article_recall@10", "share of the gold articles among the first 10 articles"),
    Measure("article_map@10", "average precision of the articles, AP@10 of trec_eval"),
    Measure("article_ndcg@10", "nDCG@10 of the articles: gold ones gain 1"),
    Measure("article_mrr@10", "one over the rank of the first gold article, 0 beyond rank 10"),
    Measure("passage_recall@10", "share of the archive's passages with a gold fact among the first 10"),
    Measure("passage_map@10", "average precision of the passages, AP@10 of trec_eval"),
    Measure("passage_ndcg@10", "nDCG@10 of the passages: those with a gold fact gain 1"),
)  # fmt: skip


def scores(outcome: Outcome) -> dict[str, float]:
    """Its figures by name, each between 0 and 1; none where the right answer is a refusal."""
    if not outcome.question.gold:
        return {}
    return _of_facts(outcome) | _of_articles(outcome) | _of_passages(outcome)


def gold_articles(question: EvalQuestion) -> list[str]:
    """The articles that hold gold, each once and by one spelling of its address.

    Where each alone answers they are one, by the name of the first: copies of a story that are shown once miss nothing.
    """
    held = list(dict.fromkeys(canonical(fact.article) for fact in question.gold))
    return held if question.together else held[:1]


def ranked_articles(outcome: Outcome) -> list[str]:
    """The articles found, by the first of their passages; a gold one is called as `gold_articles` calls it."""
    return list(dict.fromkeys(_name(passage, outcome.question) for passage in outcome.found))


def ranked_passages(outcome: Outcome) -> dict[str, bool]:
    """Passage id -> is it relevant? In the order found; a passage that was listed twice keeps its better rank."""
    relevant: dict[str, bool] = {}
    for passage, facts in zip(outcome.found, _held(outcome), strict=True):
        relevant.setdefault(passage.id, bool(facts))
    return relevant


def relevant_passages(outcome: Outcome) -> int | None:
    """How many passages there were to find, never less than were found; None where nobody counted."""
    return None if outcome.relevant is None else max(outcome.relevant, sum(ranked_passages(outcome).values()))


def holds(passage: FoundPassage, fact: GoldFact) -> bool:
    """Whether a fact stands in the passage; a fact without words stands in every passage of its article."""
    words = bare(fact.text)
    return words in bare(passage.text) if words else passage.source.is_of(fact.article)


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Without spaces and newlines, as MultiHop-RAG compares."""
    return text.replace(" ", "").replace("\n", "")


def _of_facts(outcome: Outcome) -> dict[str, float]:
    held = _held(outcome)[:_K]
    relevances = [bool(facts) for facts in held]
    found = _share_met(outcome.question, held)
    return {
        "hits@4": hit(relevances, 4),
        "hits@10": hit(relevances, _K),
        "mrr@10": reciprocal_rank(relevances, _K),
        "facts@10": found,
        "all_facts@10": float(found == 1),
        "multihop_map@10": _multihop_map(held, len(outcome.question.gold)),
    }


def _of_articles(outcome: Outcome) -> dict[str, float]:
    gold = gold_articles(outcome.question)
    relevances = [name in gold for name in ranked_articles(outcome)]
    return _standard("article", relevances, len(gold)) | {"article_mrr@10": reciprocal_rank(relevances, _K)}


def _of_passages(outcome: Outcome) -> dict[str, float]:
    """0 where the archive holds no such passage: leaving it out would reward a splitter that cuts facts in two."""
    relevant = relevant_passages(outcome)
    return {} if relevant is None else _standard("passage", list(ranked_passages(outcome).values()), relevant)


def _standard(of: str, relevances: Sequence[bool], relevant: int) -> dict[str, float]:
    return {
        f"{of}_recall@10": recall(relevances, relevant, _K),
        f"{of}_map@10": average_precision(relevances, relevant, _K),
        f"{of}_ndcg@10": ndcg(relevances, relevant, _K),
    }


def _share_met(question: EvalQuestion, held: Iterable[set[str]]) -> float:
    found = set().union(*held)
    return len(found) / len({_need(fact) for fact in question.gold}) if question.together else float(bool(found))


def _multihop_map(held: Iterable[set[str]], gold: int) -> float:
    """A fact that is given twice counts twice below the line and once above it, as in `retrieval_evaluate.py`."""
    seen: set[str] = set()
    total = 0.0
    for rank, facts in enumerate(held, start=1):
        total += len(facts - seen) / rank
        seen |= facts
    return total / min(gold, 10)


def _held(outcome: Outcome) -> list[set[str]]:
    """Which needs each passage meets."""
    gold = [(fact, _need(fact)) for fact in outcome.question.gold]
    return [{need for fact, need in gold if holds(passage, fact)} for passage in outcome.found]


def _need(fact: GoldFact) -> str:
    """What tells one gold fact from another: its words, or its article where any word of that will do."""
    return bare(fact.text) or canonical(fact.article)


def _name(passage: FoundPassage, question: EvalQuestion) -> str:
    source = passage.source
    known = [canonical(fact.article) for fact in question.gold if source.is_of(fact.article)]
    if known:
        return known[0] if question.together else gold_articles(question)[0]
    return source.article or canonical(source.url) or passage.id
