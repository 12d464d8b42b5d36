"""Desk: answers the readers of one archive, with the chat models that were found; filters as a reader types them."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..answer import Answer
from ..assistant import Assistant
from ..embedder import Embedder
from ..errors import DatelineError, WrongUse
from ..feedback import Feedback
from ..llm import QUOTING, chat_model, local_models
from ..receipt import Receipt
from ..search import Filter
from .cards import welcome_card
from .chat import Chat
from .judging import Judging
from .receipts import Receipts
from .wording import held_words

NO_MODEL = "No model (verbatim quotes)"
_FRAME = 0.06  # seconds between two pictures of a growing answer
_log = logging.getLogger("dateline")


@dataclass(frozen=True, slots=True)
class Offer:
    """A chat model that the reader may choose; one that was only ``found`` listening here never gets a key."""

    spec: str = QUOTING
    base_url: str | None = None
    found: bool = False


class Desk:
    """Answers readers from one archive, with the models that were found."""

    def __init__(self, assistant: Assistant, model: str | None = None, base_url: str | None = None) -> None:
        self._assistants = {NO_MODEL: assistant}
        self._offers = {NO_MODEL: Offer()} | ({model: Offer(model, base_url)} if model else {})
        self.archive = assistant.searcher.archive
        # Whether readers may add articles from the page, and from addresses of one's own network.
        self.adds, self.private = True, False
        self.first_choice = model or NO_MODEL
        self.strict = assistant.strict  # what the reader's box says at first
        self.judging: Judging | None = Judging(Feedback(self.archive))  # None: answers cannot be judged
        self.receipts = Receipts(self.archive)

    def models(self) -> list[str]:
        """What can be chosen now; servers on this machine's loopback are asked, nothing else."""
        for found in local_models():
            self._offers.setdefault(
                f"{found.spec.partition(':')[2]} ({found.server})", Offer(found.spec, found.base_url, found=True)
            )
        return list(self._offers)

    def assistant(self, choice: str) -> Assistant:
        """The assistant of an offered model; WrongUse for any other name, MissingExtra, ModelUnavailable."""
        offer = self._offers.get(choice)
        if offer is None:
            raise WrongUse(f"The model {choice} is not offered: choose one from the list.")
        if choice not in self._assistants:
            model = chat_model(offer.spec, offer.base_url, with_key=not offer.found)
            self._assistants[choice] = self._assistants[NO_MODEL].with_model(model, offer.spec)
        return self._assistants[choice]

    def answer(self, chat: Chat, choice: str, *chosen: Any) -> Iterator[None]:
        """Writes the growing answer into the chat; yields when there is something new to see. ``chosen`` are the filters
        as the reader typed them, and whether the answer is to be strict. What goes wrong becomes a line in the chat, never
        a traceback on the page."""
        if not chat.pending:
            return
        asked = chat.asked
        publishers, first, last, asked_on, strict = chosen
        try:
            only, day = chosen_filter(publishers, first, last), chosen_day(asked_on, "As if asked on")
            yield from self._answered(chat, choice, only, day, bool(strict))
        except DatelineError as error:
            chat.note(str(error))
            yield
        except Exception:  # a fault of ours: the reader gets a way on, the log gets the rest
            _log.exception("The question could not be answered")
            chat.note("Something went wrong here. Ask again; if it happens twice, run 'python -m rag verify'.")
            yield
        chat.settle(asked)

    def _answered(self, chat: Chat, choice: str, only: Filter, asked_on: date | None, strict: bool) -> Iterator[None]:
        shown, asked = 0.0, chat.asked
        stream = self.assistant(choice).stream(chat.pending, chat.turns, asked_on=asked_on, only=only, strict=strict)
        with closing(stream):
            for answer in stream:
                if not chat.waits_for(asked):
                    return
                if answer.complete or time.monotonic() - shown >= _FRAME:
                    receipt = self._receipt(chat, answer, only, asked_on)
                    chat.show(answer, self._judged(chat, answer, only, asked_on), receipt)
                    yield
                    shown = time.monotonic()

    def _judged(self, chat: Chat, answer: Answer, only: Filter, asked_on: date | None) -> str:
        """The name by which a complete answer can be judged."""
        if not answer.complete or self.judging is None:
            return ""
        return self.judging.offer(answer, chat.turns, asked_on, filtered=bool(only))

    def _receipt(self, chat: Chat, answer: Answer, only: Filter, asked_on: date | None) -> str:
        """The name by which the receipt of a complete answer can be had."""
        if not answer.complete:
            return ""
        searcher = self._assistants[NO_MODEL].searcher
        return self.receipts.offer(Receipt.of(answer, searcher, chat.turns, asked_on=asked_on, only=only))

    def warm(self) -> None:
        """Loads the embedding model and the indexes, so that the first reader does not wait for them."""
        try:
            self._assistants[NO_MODEL].ask(next(self.archive.usable_articles()).headline)
        except Exception as error:  # the page is open already, and says itself what is wrong when it is asked
            print(str(error) or repr(error), file=sys.stderr)

    @property
    def embedder(self) -> Embedder:
        return self._assistants[NO_MODEL].searcher.embedder

    def line(self) -> str:
        """ "91 articles, 4 March to 29 May 2026"."""
        return held_words(self.archive.counts()["articles"], *self.archive.span())

    def welcome(self) -> str:
        return welcome_card(self.archive.counts()["articles"], list(self.archive.publishers()), *self.archive.span())


def chosen_filter(publishers: list[str] | None, first: str | None, last: str | None) -> Filter:
    """What the reader lets through; WrongUse for a day that is none, or a period that ends before it begins."""
    only = Filter(frozenset(publishers or ()), chosen_day(first, "From"), chosen_day(last, "To"))
    if only.first and only.last and only.first > only.last:
        raise WrongUse("The filter ends before it begins: exchange the days in From and To.")
    return only


def chosen_day(text: str | None, label: str) -> date | None:
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongUse(f"“{text.strip()[:20]}” in {label} is no day: write it as 2026-03-31.") from None
