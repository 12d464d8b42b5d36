"""Citations: do they hold, do they carry what is said, and is each of them needed?

Recall and precision are those of ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations",
section 4.3, and its eval.py): a sentence is recalled when what it cites carries it together; a citation is precise when
its sentence is recalled and it carries the sentence alone, or the others do not carry it without this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.entailment import CARRIES, Entailment

from ..outcome import CitedPassage, Outcome, SaidSentence, Source
from ..question import EvalQuestion
from .entailment import words_carry
from .measure import Measure, Scores
from .ranking import average_precision
from .retrieval import gold_articles

MEASURES = (
    Measure("citations_hold", "citations whose words stand so in the archive; a sentence that cites nothing is broken"),
    Measure("citation_recall", "sentences that are carried by what they cite, taken together (ALCE)"),
    Measure("citation_precision", "citations that are needed by a sentence that is carried (ALCE)"),
    Measure("citation_f1", "the harmonic mean of citation recall and precision"),
    Measure("cited_gold", "citations of an article that answers the question"),
    Measure("cited_map", "average precision of the articles in the order in which they are cited (as in haiku.rag)"),
)


def scores(outcome: Outcome, entails: Entailment = words_carry) -> Scores:
    """Of an answer that says something; of one that is refused only ``cited_map``, which is 0 then."""
    if not outcome.answers:
        return {}
    said = () if outcome.refused else outcome.sentences
    found: dict[str, float] = _of_gold(outcome) if outcome.question.answerable else {}
    if not said:
        return found
    if all(cited.holds is not None for cited in outcome.citations):
        found["citations_hold"] = _hold(outcome)
    weighed = [_weighed(outcome, sentence, entails) for sentence in said]
    cited = sum(one.cited for one in weighed)
    recall = sum(one.recalled for one in weighed) / len(weighed)
    precision = sum(one.precise for one in weighed) / cited if cited else 0.0
    both = recall + precision
    return found | {
        "citation_recall": recall,
        "citation_precision": precision,
        "citation_f1": 2 * recall * precision / both if both else 0.0,
    }


def premise_of(cited: CitedPassage) -> str:
    """What a reader sees beside the sentence: the headline, who published it and when, and the passage."""
    source = cited.source
    known = (source.publisher, _written_out(source.published))
    head = f"{source.headline} ({', '.join(filter(None, known))})" if any(known) else source.headline
    return "\n\n".join(filter(None, (head, cited.passage or cited.quote)))


def _hold(outcome: Outcome) -> float:
    """A number that names no citation, and a sentence that cites nothing, are broken citations."""
    known = {cited.number for cited in outcome.citations}
    uncited = sum(not sentence.citations for sentence in outcome.sentences)
    nameless = sum(number not in known for sentence in outcome.sentences for number in set(sentence.citations))
    broken = sum(cited.holds is False for cited in outcome.citations) + uncited + nameless
    return 1 - broken / (len(outcome.citations) + uncited + nameless)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One sentence: whether it is recalled, how many citations it has, and how many of them are precise."""

    recalled: bool
    cited: int
    precise: int


def _weighed(outcome: Outcome, sentence: SaidSentence, entails: Entailment) -> _Weighed:
    """With a number that names no citation a sentence is not recalled; ALCE leaves its citations out of the precision, here
    they count as not precise."""
    numbers = list(dict.fromkeys(sentence.citations))
    cited = outcome.cited_by(replace(sentence, citations=tuple(numbers)))

    def carried(by: Sequence[CitedPassage]) -> bool:
        return bool(by) and entails("\n\n".join(map(premise_of, by)), sentence.text) >= CARRIES

    if len(cited) < len(numbers) or not carried(cited):
        return _Weighed(False, len(numbers), 0)
    if len(cited) == 1:
        return _Weighed(True, 1, 1)
    others = [[other for other in cited if other is not one] for one in cited]
    needed = [carried([one]) or not carried(rest) for one, rest in zip(cited, others, strict=True)]
    return _Weighed(True, len(numbers), sum(needed))


def _of_gold(outcome: Outcome) -> dict[str, float]:
    sources = [] if outcome.refused else [cited.source for cited in _in_order(outcome)]
    right = [source.is_one_of(outcome.question.gold) for source in sources]
    found = {"cited_map": _average_precision(sources, outcome.question)}
    if outcome.sentences and not outcome.refused:
        found["cited_gold"] = sum(right) / len(right) if right else 0.0
    return found


def _in_order(outcome: Outcome) -> list[CitedPassage]:
    """The citations as a reader comes upon them, each once; those that no sentence names come last."""
    read = [cited for sentence in outcome.sentences for cited in outcome.cited_by(sentence)]
    return list({cited.number: cited for cited in (*read, *outcome.citations)}.values())


def _average_precision(sources: Sequence[Source], question: EvalQuestion) -> float:
    """Over all gold articles. Where each fact alone answers, another telling that is not cited is not missed: then over the
    gold articles that are cited."""
    articles = list({source.article or source.url: source for source in sources}.values())
    right = [source.is_one_of(question.gold) for source in articles]
    wanted = max(sum(right), len(gold_articles(question))) if question.together else sum(right)
    return average_precision(right, wanted, len(right))


def _written_out(published: str) -> str:
    """2026-03-04T08:00:00+00:00 as "Wednesday 4 March 2026", as sentences name days."""
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return ""
    return f"{day:%A} {day.day} {day:%B %Y}"
