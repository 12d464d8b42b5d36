"""Follow-up questions: "and what did he say about energy?" made to stand alone, by rule or by a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .answer import Answer
from .expectation import names
from .words import STOP_WORDS, terms, tokens

_LEADS = re.compile(r"^\s*(?:and|but|so|ok(?:ay)?|also|then)\b[,\s]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^\s*(?:what|how)\s+about\s+|^\s*about\s+", re.IGNORECASE)
_PERSON = re.compile(r"\b(he|she|him|her)\b(?!\s+(?:own))", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(his|her)\b", re.IGNORECASE)
_SAYS = r"(?:say|said|says|tell|told|think|call|promise|argue|warn|claim|announce|explain|deny|denied|want)"
_THING = re.compile(r"\b(it|this|that|they|them|there|those|these)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"^(?:in|on|at|for|from|with|by|of|to|under|after|before|since|until)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\babout\b.*$", re.IGNORECASE | re.DOTALL)
LONGEST_FOLLOWUP = 400  # characters
_LONGEST_MATTER = 200  # characters of the question before that are put back
_SHORT = 3  # a follow-up with fewer terms of its own leans on the question before


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of the chat (as it was searched for) and its answer."""

    question: str
    answer: Answer | None = None


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves out put back from the turns before; unchanged where it leaves nothing out.

    What is put back never makes it longer than `LONGEST_FOLLOWUP`; a question longer than that stands alone.
    """
    if not history or len(question) > LONGEST_FOLLOWUP:
        return question
    before = replace(history[-1], question=history[-1].question[:LONGEST_FOLLOWUP])
    return _completed(question, before)[:LONGEST_FOLLOWUP].rstrip()


def _completed(question: str, before: Turn) -> str:
    bare = _LEADS.sub("", question).strip()
    if _WHAT_ABOUT.match(bare):
        return _with_other_matter(before.question, _WHAT_ABOUT.sub("", bare))
    person = _person_of(before)
    if person and _points_to_person(bare):
        named = _PERSON.sub(lambda _: person, bare, count=1)
        return _capital(_POSSESSIVE.sub(lambda _: f"{person}'s", named, count=1))
    if _is_open(question, bare):
        return f"{_capital(bare)} ({_matter_of(before)})"
    return question


def _points_to_person(bare: str) -> bool:
    """A "he" or "she" that nobody named earlier in the same question can be."""
    pronoun = _PERSON.search(bare)
    return pronoun is not None and not names(bare[1 : pronoun.start()])


def _with_other_matter(before: str, matter: str) -> str:
    """ "What did X say about A?" and "what about B?" -> "What did X say about B?"; else both side by side."""
    matter = matter.strip(" ?.")
    if _ABOUT.search(before):
        return _ABOUT.sub(lambda _: f"about {matter}?", before)
    kept = [word for word in re.findall(r"[\w’'-]+", before) if not names(word) or word.lower() in STOP_WORDS]
    return f"{' '.join(kept)} {matter}?"


def _person_of(turn: Turn) -> str:
    """Whom "he" or "she" means: a name of the question that is a person's by its form, or who spoke in the answer.

    A lone word may be a river: it counts where it says something ("What did Kallas say") or spoke in the answer.
    """
    asked = [name for name in names(turn.question) if not name.isupper()]
    speakers = [citation.speaker for citation in turn.answer.citations if citation.speaker] if turn.answer else []
    spoke = {word for speaker in speakers for word in speaker.split()}
    for name in asked:
        if " " in name or name in spoke or re.search(rf"\b{re.escape(name)} {_SAYS}\b", turn.question):
            return name
    return speakers[0] if speakers else ""


def _is_open(question: str, bare: str) -> bool:
    """Whether it points back ("it", "there", "why?") or names too little to be searched by itself."""
    few = len(terms(bare)) < _SHORT
    if few and _FRAGMENT.match(bare):
        return True
    return not names(bare[1:]) and (bool(_THING.search(bare)) or few or bool(_LEADS.match(question) and few))


def _matter_of(turn: Turn) -> str:
    """The words of the earlier question that say what it was about."""
    matter = [
        word for word in re.findall(r"[\w’'-]+", turn.question) if tokens(word) and tokens(word)[0] not in STOP_WORDS
    ]
    return " ".join(dict.fromkeys(matter))[:_LONGEST_MATTER]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
