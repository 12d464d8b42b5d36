"""Headlines as questions: each asks for the Reuters story that it stood over, which is in the archive without it.

Two forms of the same questions: as printed, all in capitals, and as a reader would type them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rag.words import terms

from .question_files import halves
from .reuters import stories

STORIES, QUESTIONS = 2_500, 300
NEWS, PRINTED, TYPED = "headlines-news", "headlines-as-printed", "headlines"
_SEED = 1987
_LEAST_CHARACTERS = 500  # shorter ones are tables of earnings, whose headlines are all alike
_LEAST_TERMS = 4
_FIRST_WORDS = 6
# After the last story of the collection, so that the day of asking tells nothing about the day of the story.
_ASKED_ON = date(1987, 10, 20)


def drawn(tarball: Path, folder: Path, count: int = STORIES, asked: int = QUESTIONS) -> dict[str, Path]:
    """Writes so many stories drawn by a fixed seed, and so many of their headlines as questions in both forms; returns the
    files of `NEWS`, `TYPED` and `PRINTED`."""
    long_enough = [story for story in stories(tarball) if len(story["body"]) >= _LEAST_CHARACTERS]
    held = random.Random(_SEED).sample(long_enough, min(count, len(long_enough)))
    spelling = spelling_of(story["body"] for story in held)
    chosen = _telling(held)[:asked]
    split = halves(story["url"] for story in chosen)
    forms = {
        PRINTED: [_question(s, s["headline"].upper(), split) for s in chosen],
        TYPED: [_question(s, as_typed(s["headline"], spelling), split) for s in chosen],
    }
    records = {NEWS: [_without_headline(story) for story in held]} | forms
    return {name: _written(lines, folder / f"{name}.jsonl") for name, lines in records.items()}


def spelling_of(texts: Iterable[str]) -> dict[str, str]:
    """How a collection mostly writes each word (truecasing; Lita et al. 2003), by the word in small letters."""
    counted = Counter(word.strip(".,;:\"'()<>") for text in texts for word in text.split())
    spelling: dict[str, str] = {}
    for word, _ in counted.most_common():
        spelling.setdefault(word.casefold(), word)
    return spelling


def as_typed(headline: str, spelling: Mapping[str, str]) -> str:
    """The headline in the letters of running text, its first a capital."""
    words = " ".join(spelling.get(word.casefold(), word.casefold()) for word in headline.split())
    return words[:1].upper() + words[1:]


def _telling(held: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The stories whose headline can be searched for: of some length, and over no other story or body."""
    headlines = Counter(story["headline"].casefold() for story in held)
    bodies = Counter(story["body"] for story in held)
    return [
        story
        for story in held
        if headlines[story["headline"].casefold()] == bodies[story["body"]] == 1
        and len(terms(story["headline"])) >= _LEAST_TERMS
    ]


def _without_headline(story: dict[str, str]) -> dict[str, str]:
    # An article needs a headline: its own first words tell the indexes nothing new.
    return story | {"headline": " ".join(story["body"].split()[:_FIRST_WORDS])}


def _question(story: dict[str, str], text: str, split: Mapping[str, str]) -> dict[str, Any]:
    told = {"id": story["url"].rpartition("/")[2], "text": text, "asked_on": _ASKED_ON.isoformat(), "kind": "headline"}
    return told | {"split": split[story["url"]], "gold": [{"url": story["url"]}]}


def _written(records: Iterable[Mapping[str, Any]], file: Path) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file
