"""Judging: the answers on readers' pages that can be judged, and what becomes of a click on Right or Wrong."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..answer import Answer
from ..errors import DatelineError
from ..feedback import Feedback
from ..followup import Turn
from ..judgement import Judgement, Opinion

_REMEMBERED = 5_000  # answers, some 2 kB each; older ones can no longer be judged
_TOLD = {
    Opinion.RIGHT: "Noted as right.",
    Opinion.WRONG: "Noted as wrong.",
    Opinion.NONE: "Taken back.",
}
_TOLD_WITH_WORDS = "Noted as wrong, with your words."


class Judging:
    """Gives each answer a name that nobody can guess: who knows it has seen the answer, and may judge it."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback
        self._open: OrderedDict[str, Judgement] = OrderedDict()
        self._turn = threading.Lock()

    def offer(self, answer: Answer, turns: Sequence[Turn], asked_on: date | None, *, filtered: bool) -> str:
        """The name of a complete answer, by which it can be judged from now on."""
        name = secrets.token_hex(8)
        with self._turn:
            self._open[name] = Judgement.of(answer, turns, asked_on, filtered=filtered)
            if len(self._open) > _REMEMBERED:
                self._open.popitem(last=False)
        return name

    def judge(self, given: dict[str, str]) -> dict[str, str | bool]:
        """Keeps what a page sends: ``answer`` (its name), ``verdict`` (right, wrong, none) and ``comment``.

        Returns whether it was ``kept`` and the line to be ``told``; never raises for what a page may send.
        """
        judgement = self._open.get(given.get("answer", ""))
        if judgement is None:
            return {"kept": False, "told": "This answer is too old to be judged: ask again and judge the new one."}
        try:
            verdict = Opinion(given.get("verdict", ""))
            self._feedback.add(replace(judgement, **judgement.said(verdict, given.get("comment", ""))))
        except ValueError:
            return {"kept": False, "told": "This page is out of date: load it again."}
        except DatelineError as error:
            return {"kept": False, "told": str(error)}
        told = _TOLD_WITH_WORDS if verdict is Opinion.WRONG and given.get("comment", "").strip() else _TOLD[verdict]
        return {"kept": True, "told": told}
