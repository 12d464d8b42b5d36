"""A judging model asked about whole runs: what it thinks of each answer, and which of two runs answers better."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from langchain_core.language_models import BaseChatModel
from scipy.stats import binomtest

from .judge import PROMPT_DIGEST, Better, judge, prefer
from .record import Run


def judged(run: Run, model: BaseChatModel, name: str) -> Run:
    """The run with the scores of `eval.judge.MEASURES` for every answer that could be judged."""
    given = [judge(outcome, model).scores if outcome.answers else {} for outcome in run.outcomes]
    told = {"judge": name, "judge_prompt": PROMPT_DIGEST}
    scores = tuple({**held, **more} for held, more in zip(run.scores, given, strict=True))
    return replace(run, scores=scores, setting={**run.setting, **told})


def preferred(base: Run, other: Run, model: BaseChatModel) -> str:
    """One line: how often each was preferred in both orders of asking, and the exact sign test of that."""
    answers = {outcome.question.id: outcome for outcome in other.outcomes}
    counted = Counter(
        prefer(outcome.question, _said(outcome), _said(answers[outcome.question.id]), model).better
        for outcome in base.outcomes
        if outcome.question.id in answers
    )
    won, lost = counted[Better.B], counted[Better.A]
    p = binomtest(won, won + lost).pvalue if won + lost else 1.0
    ties, none = counted[Better.TIE], counted[Better.UNJUDGED]
    return f"{other.name} {won}, {base.name} {lost}, ties {ties}, unjudged {none}; sign test p = {p:.4f}"


def _said(outcome) -> str:
    return outcome.text or outcome.notice
