"""Entailment: does a text carry a sentence? The measure that needs no model.

`words_carry` is the check that a reader of Dateline is shown (rag/evidence) and a look at each clause. What it passes may
still be wrong where no number, name, day, quotation or "not" gives it away; and a system that shows nothing but what this
check passes gets full marks by it. `rag.entailment.nli` is the independent witness.
"""

from __future__ import annotations

import re

from rag.answer import State
from rag.article import Article
from rag.citation import Citation
from rag.embedder import WordHashEmbedder
from rag.entailment import CARRIES
from rag.evidence import check
from rag.passage import Passage
from rag.sentences import Span, sentences
from rag.words import terms

# Of 125 honest sentences (eval/data/honest_sentences.jsonl) with "and" and a clause out of the air, the check of the
# whole sentence passed 116, a look at each clause passes 26; no honest sentence fell by it.
_CLAUSE_END = re.compile(r"[,;:–—]\s|\s(?:and|but|while|although|because|which|who|so)\s")
_FEWEST_TERMS = 2  # a clause of one word says nothing by itself


def words_carry(premise: str, hypothesis: str) -> float:
    """1 where the words stand in the premise as whole sentences, 0 where a number, name, day, quotation, speaker or "not"
    contradicts it; else the share of content words of the clause that has least of them there."""
    if not hypothesis.strip() or not premise.strip():
        return 0.0
    state = check(hypothesis, [_citation(premise, hypothesis)], WordHashEmbedder()).state
    if state is State.VERBATIM:
        return 1.0
    if state is State.MISMATCH:
        return 0.0
    held = _least_held(hypothesis, set(terms(premise)))
    return held if state is State.SUPPORTED else min(held, CARRIES) / 2


def _citation(premise: str, hypothesis: str) -> Citation:
    """The premise as a passage of its own, cited at the sentence that shares most words with the hypothesis."""
    wanted = set(terms(hypothesis))
    spans = sentences(premise) or [Span(0, len(premise))]
    closest = max(spans, key=lambda span: len(wanted & set(terms(span.of(premise)))))
    article = Article(identity="premise", headline="", body=premise)
    passage = Passage(article.id, article.revision, 0, 0, len(premise), premise)
    return Citation(1, article, passage, closest.start, closest.end)


def _least_held(hypothesis: str, held: set[str]) -> float:
    clauses = [set(terms(clause)) for clause in (hypothesis, *_CLAUSE_END.split(hypothesis))]
    shares = [len(words & held) / len(words) for words in clauses if len(words) >= _FEWEST_TERMS]
    return min(shares, default=float(clauses[0] <= held))
