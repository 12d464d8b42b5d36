"""Answers: is what was said right? Plain comparisons of text, numbers and days: no model judges another.

Exact match and token F1 are those of SQuAD (Rajpurkar et al. 2016; evaluate-v2.0.py), taken over the sentences and the
whole answer, since an answer here is made of quoted sentences and not of a span.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.quantity import quantities, without_source
from rag.words import tokens

from ..outcome import Outcome, SaidSentence
from .measure import Measure, Scores
from .named_days import date_match, without_days, years_in

# Shorter stretches stand in too many sentences to say that two are the same.
_LEAST_SHARED = 25
_LONGEST_SHORT_ANSWER = 4
_NO_WORDS_OF_THE_NEWS = ("yes", "no", "both", "neither")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)

MEASURES = (
    Measure("gold_quoted", "a sentence of the answer is a gold fact, or one holds the other"),
    Measure("gold_first", "the first sentence of the answer is a gold fact"),
    Measure("all_gold_quoted", "every gold fact is quoted, where the answer takes them all"),
    Measure("answer_found", "the words of a short reference answer stand side by side in a sentence"),
    Measure("exact", "the answer or one of its sentences is the reference answer (SQuAD)"),
    Measure("token_f1", "words shared with the reference answer, by the best sentence or the whole (SQuAD)"),
    Measure("number_match", "every number of the reference answer stands in the answer with its value"),
    Measure("date_match", "every day of the reference answer is named in the answer, in whatever words"),
    Measure("wrongly_refused", "questions that can be answered, refused", lower_is_better=True),
    Measure("sentences", "sentences of an answer", unit="sentences", is_plain=True),
    Measure("words", "words of an answer", unit="words", is_plain=True),
)


def scores(outcome: Outcome) -> Scores:
    """Of a question that can be answered all that can be asked of its gold and its reference, 0 where it was refused; of
    every answer its length."""
    if not outcome.answers:
        return {}
    said = () if outcome.refused else outcome.sentences
    length = {"sentences": float(len(said)), "words": float(sum(len(s.text.split()) for s in said))}
    found: dict[str, float] = {} if outcome.refused else length
    if outcome.question.answerable:
        found |= {"wrongly_refused": float(outcome.refused)}
        found |= _of_gold(outcome, said) | _of_reference(outcome, said)
    return found


def is_right(outcome: Outcome) -> bool:
    """Whether the answer quotes a gold fact; where a whole article is gold, whether it cites it."""
    if outcome.refused or not outcome.question.answerable:
        return False
    facts = [fact for fact in outcome.question.facts if fact.strip()]
    if facts:
        return gold_quoted([sentence.text for sentence in outcome.sentences], facts)
    return any(cited.source.is_one_of(outcome.question.gold) for cited in outcome.citations)


def gold_quoted(sentences: Sequence[str], facts: Sequence[str]) -> bool:
    """Whether one of the sentences is one of the facts, or one holds the other."""
    return any(says_the_same(sentence, fact) for sentence in sentences for fact in facts)


def says_the_same(sentence: str, fact: str) -> bool:
    """The same words, white space apart, or one of at least 25 characters within the other."""
    first, second = sorted((" ".join(sentence.split()), " ".join(fact.split())), key=len)
    return first == second or (len(first) >= _LEAST_SHARED and first in second)


def is_short(answer: str) -> bool:
    """Whether an answer is a name, a number, a day: something that the news itself would say in these words."""
    words = tokens(answer)
    return 0 < len(words) <= _LONGEST_SHORT_ANSWER and words[0] not in _NO_WORDS_OF_THE_NEWS


def answer_found(sentences: Sequence[str], answer: str) -> bool:
    """Whether the words of a short answer stand side by side in one of the sentences."""
    wanted = f" {' '.join(tokens(answer))} "
    return any(wanted in f" {' '.join(tokens(sentence))} " for sentence in sentences)


def exact(answer: str, reference: str) -> bool:
    """Equal but for case, ASCII punctuation, English articles and white space (SQuAD)."""
    return _normalised(answer) == _normalised(reference)


def token_f1(answer: str, reference: str) -> float:
    """The harmonic mean of the shares of words that each has in common with the other, 0 to 1 (SQuAD)."""
    said, wanted = _normalised(answer).split(), _normalised(reference).split()
    if not said or not wanted:
        return float(said == wanted)
    common = sum((Counter(said) & Counter(wanted)).values())
    return 2 * common / (len(said) + len(wanted))


def number_match(answer: str, reference: str) -> bool | None:
    """Whether the answer holds every number of the reference with the same value, and unit where the reference has one.
    None where the reference has no number but in its days."""
    wanted = [replace(quantity, rough=False) for quantity in quantities(without_days(reference))]
    if not wanted:
        return None
    text = f"{without_days(answer)} . {' . '.join(years_in(answer))}"  # "in May 2027" holds the number 2027
    held = [replace(quantity, rough=False) for quantity in quantities(text)]
    bare = [replace(quantity, unit="") for quantity in held]
    return not any(without_source([one], held if one.unit else bare) for one in wanted)


def _of_gold(outcome: Outcome, said: Sequence[SaidSentence]) -> dict[str, float]:
    facts = [fact for fact in outcome.question.facts if fact.strip()]
    texts = [sentence.text for sentence in said]
    if not facts:
        return {}
    found = {
        "gold_quoted": float(gold_quoted(texts, facts)),
        "gold_first": float(gold_quoted(texts[:1], facts)),
    }
    if outcome.question.together:
        found["all_gold_quoted"] = float(all(gold_quoted(texts, [fact]) for fact in facts))
    return found


def _of_reference(outcome: Outcome, said: Sequence[SaidSentence]) -> dict[str, float]:
    reference = outcome.question.answer
    if not reference.strip():
        return {}
    sentences = [sentence.text for sentence in said]
    texts = [*sentences, " ".join(sentences)]
    dated = [(sentence.text, _days_of(outcome, sentence)) for sentence in said]
    found = {
        "exact": float(any(exact(text, reference) for text in sentences and texts)),
        "token_f1": max((token_f1(text, reference) for text in sentences and texts), default=0.0),
        "number_match": number_match(texts[-1], reference),
        "date_match": date_match(dated, reference, outcome.question.asked_on),
    }
    if is_short(reference):
        found["answer_found"] = answer_found(sentences, reference)
    return {name: float(value) for name, value in found.items() if value is not None}


def _days_of(outcome: Outcome, sentence: SaidSentence) -> list[date]:
    """The days on which what the sentence cites was published."""
    days = (cited.source.published[:10] for cited in outcome.cited_by(sentence))
    return [day for text in days if (day := _day(text))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _normalised(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())
